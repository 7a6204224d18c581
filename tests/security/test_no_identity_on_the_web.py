"""A personal identity number that somebody sends stands in no answer, log line or sentence of an error."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

NUMBER = "201509169809"
SPELLED = (NUMBER, "20150916-9809", "150916-9809")

_PROGRAM = """
import json, os, sys
from pathlib import Path
from sqlalchemy import create_engine, text
from dashboard.app import create_app
from dashboard.login.demo import DemoLogin
from warehouse.identity.mask import mask_text
from kpi.loader import DefinitionError, read_catalogue
from tests.builders.closed_world import BOARD
from tests.builders.warehouse import deliver
from warehouse.database import open_engine
from warehouse.errors import UserError
from warehouse.log import configure_log
from warehouse.migrate import upgrade
from warehouse.settings import Settings, load_settings

folder, numbers = Path(sys.argv[1]), sys.argv[2:]
settings = Settings(data_dir=folder)
configure_log(folder, mask_text)
engine = open_engine(settings.warehouse_url)
upgrade(engine)
deliver(engine, "2025-06-30", org_units=BOARD)
client = create_app(engine, settings, login=DemoLogin()).server.test_client()
client.get("/")
client.environ_base["HTTP_X_SAMKOLL_CSRF"] = client.get_cookie("samkoll-csrf").value
shown = {"output": "..main.children...navigation.children...title.data..",
         "outputs": [{"id": "main", "property": "children"}, {"id": "navigation", "property": "children"},
                     {"id": "title", "property": "data"}], "changedPropIds": ["address.pathname"]}
for number in numbers:
    def page(path, search):
        values = (("address", "pathname", path), ("address", "search", search), ("viewer-changed", "data", 0))
        return {**shown, "inputs": [{"id": i, "property": p, "value": v} for i, p, v in values]}
    said = [client.get(f"/nyckeltal/{number}"), client.get(f"/?enhet={number}"), client.put(f"/{number}"),
            client.get(f"/ladda-ned/jamforelse/{number}.csv?enhet={number}&slut={number}"),
            client.get(f"/_dash-component-suites/{number}/{number}.js"), client.get(f"/assets/{number}.css"),
            client.post("/_dash-update-component", json={"output": number, number: [number]}),
            client.post("/_dash-update-component", data="{" + number, content_type="application/json"),
            client.post("/_dash-update-component", json=page(f"/nyckeltal/{number}", f"?enhet={number}")),
            client.post("/_dash-update-component", json=page(f"/jamforelse/{number}", f"?slut={number}")),
            client.post("/_dash-update-component", json=page(f"/{number}", f"?manad={number}"))]
    for answer in said:
        print(answer.status_code, answer.text)
    for bad in (f"facts: {number}", f"facts: {{}}\\nfigures:\\n  '{number}': 1", f"{number}: 1", f"facts: [{number}",
                f"facts: {{plan: {{title: T, from: '{number}', unit: '{number}'}}}}", f"a: &{number} 1"):
        try:
            read_catalogue(bad.encode(), "f.yaml")
        except DefinitionError as error:
            print("DEFINITION", error)
    for name in ("SETTLE_SECONDS", "NIGHTLY_AT", "MAX_FILE_MB"):
        os.environ["SAMKOLL_" + name] = number + "x"
        try:
            load_settings()
        except UserError as error:
            print("SETTINGS", error)
        del os.environ["SAMKOLL_" + name]
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a process answers and logs when it is sent the number in every place, by where it stands."""
    folder = tmp_path_factory.mktemp("web")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAMKOLL_")}
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder), *SPELLED],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2], env=environment,
    )  # fmt: skip
    log = folder / "log" / "samkoll.jsonl"
    return {"answers": ran.stdout, "stderr": ran.stderr, "log": log.read_text("utf-8") if log.exists() else ""}


@pytest.mark.parametrize("where", ["answers", "stderr", "log"])
def test_the_number_stands_nowhere(written: dict[str, str], where: str) -> None:
    found = [line[:400] for line in written[where].splitlines() if re.search(r"150916[-+ ]?9809", line)]
    assert found == []


def test_everything_was_asked(written: dict[str, str]) -> None:
    said = written["answers"]
    assert said.count("DEFINITION") >= 5 * len(SPELLED)
    assert said.count("SETTINGS") == 3 * len(SPELLED)
    assert "[personnummer]” är ingen period" in said
