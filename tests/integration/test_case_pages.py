"""Deviations on the page Underlag: narrowed by the address, one of them with its way, and the road back."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.case_question import way_of
from tests.builders.case_world import REASON, chief, fill, logged, manager
from tests.builders.dash_calls import call, post, words
from tests.integration.test_row_pages import ROWS, Installation, asked
from warehouse.database import open_engine


@pytest.fixture(scope="module")
def made(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    path = tmp_path_factory.mktemp("case-pages") / "samkoll.db"
    shutil.copyfile(_sqlite_template, path)
    engine: Engine = fill(open_engine(f"sqlite:///{path}"))
    yield Installation(engine)
    engine.dispose()


def opened(made: Installation, store: Any, key: Any, reason: str | None = REASON, page: Any = 1) -> Any:
    """What the button of one deviation answers."""
    identity = {"case": key, "page": page, "type": "cases-case"}
    (output,) = (one for one in made.app.callback_map if one.startswith("cases-rows.children@"))
    button = {"id": identity, "property": "n_clicks", "value": 1}
    changed = json.dumps(identity, separators=(",", ":")) + ".n_clicks"
    answer = post(
        made.app.server.test_client(), output, [], [store, reason], inputs=[[button]], changedPropIds=[changed]
    )
    return json.loads(answer.data)["response"]["cases-rows"]["children"]


def test_a_chief_opens_one_by_the_same_reason_and_goes_back_to_the_page_of_the_list(made: Installation) -> None:
    made.viewer = chief()
    listed = json.dumps(made.read(asked("1287-C", "2025-04"), page=2))
    assert '"id": {"type": "cases-case", "case": "C' in listed
    found = opened(made, asked("1287-C", "2025-04"), "C007", page=2)
    told = words(found)
    assert "Oklart ansvar, motpart BUP, öppen sedan 21 dagar. Läsningen har sparats i loggen." in told
    assert "Återkoppling väntar, inte förfallen 21 dagar sedan rapporten; ska komma senast 8 juni 2025" in told
    assert logged(made.engine)[-1] == ("chef", "rows_read", f"deviations 2025-04; 1287-C; skäl: {REASON}; rader: C007")
    assert '"id": {"type": "cases-page", "page": 2}' in json.dumps(found)
    before = logged(made.engine)
    assert "Skriv varför" in words(opened(made, asked("1287-C", "2025-04"), "C007", "kort"))
    assert logged(made.engine) == before


def test_a_unit_manager_has_addresses_that_hold_the_question_and_no_key(made: Installation) -> None:
    made.viewer = manager("1287-C")
    way = "/avvikelser?enhet=1287-C&manad=2025-04"
    store = asked("1287-C", "2025-04") | {"kategori": "oklart_ansvar", "tid": "ar", "way": way}
    listed = json.dumps(made.read(store, None, pressed=None))
    rest = "fran=%2Favvikelser%3Fenhet%3D1287-C%26manad%3D2025-04"
    start = "/underlag?slag=avvikelser&enhet=1287-C&manad=2025-04&tid=ar&kategori=oklart_ansvar"
    assert f"{start}&sida=2&{rest}" in listed
    assert "C02-28" not in "".join(re.findall(r'"href": "[^"]*"', listed))
    assert "från maj\u00a02024 till april\u00a02025" in json.loads(f"[{listed}]")[0][0]["props"]["children"][1]
    assert logged(made.engine)[-1][2].startswith("deviations 2024-05 till 2025-04; 1287-C; skäl: None; ")
    one = words(opened(made, store, "C02-28", None))
    assert one.startswith("← Alla i listan Oklart ansvar, motpart BUP, öppen sedan 61 dagar.")
    assert "skulle ha kommit senast 29 april 2025" in one
    before = logged(made.engine)
    come = {"id": {"type": "cases-page", "page": 1}, "value": None}
    inputs = {"cases-asked.data": store, "cases-show.n_clicks": None,
              '{"page":["ALL"],"type":"cases-page"}.n_clicks': [come]}  # fmt: skip
    pressed = '{"page":1,"type":"cases-page"}.n_clicks'
    assert call(made.app, ROWS, inputs, {"cases-reason.value": None}, pressed) is None, "the way back has just come"
    assert logged(made.engine) == before
    page = made.page(slag="avvikelser", enhet="1287-C", manad="2025-04", fran=way)
    assert f'"href": "{way}"' in page


@pytest.mark.parametrize(
    "forged",
    [{"kategori": "x"}, {"lage": "x"}, {"motpart": ["bup"]}, {"tid": 3}, {"due": 0}, {"due": "60"}, {"effect": True}],
    ids=repr,
)  # fmt: skip
def test_a_forged_choice_is_refused(made: Installation, forged: dict[str, Any]) -> None:
    made.viewer = manager("1287-C")
    answer = made.read(asked("1287-C", "2025-04") | forged, None, pressed=None)
    assert answer["props"]["className"] == "notice"
    assert "A03-10" not in words(answer)


def test_one_of_another_unit_is_not_found_by_its_key(made: Installation) -> None:
    made.viewer = manager("1287-C")
    for key in ("A03-10", "finns inte", "x" * 300, None, 1):
        assert "A03-10" not in words(opened(made, asked("1287-C", "2025-03"), key, None))
    assert "har ett förlopp" in words(opened(made, asked("1287-C", "2025-03", "sips"), "S1", None))


@pytest.mark.parametrize(
    ("told", "is_ours"),
    [("/avvikelser?enhet=1287-SN", True), ("/nyckeltal/deviation_open_90d?enhet=1", True), ("/avvikelser", True),
     ("//exempel.se", False), ("https://exempel.se/avvikelser", False), ("/avvikelserna", False), ("/", False),
     ("/nyckeltal/../leveranser", False), ("/nyckeltal//exempel.se", False), ("/avvikelser?" + "x" * 500, False),
     (None, False), (5, False)],
)  # fmt: skip
def test_a_way_back_is_a_page_of_ours(told: Any, *, is_ours: bool) -> None:
    assert way_of(told) == (told if is_ours else None)
