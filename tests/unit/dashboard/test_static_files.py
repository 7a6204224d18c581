"""What browsers load besides data: kept for a year by an address that follows the content, packed, and little."""

from __future__ import annotations

import gzip
import re
import subprocess
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from werkzeug.test import TestResponse

from dashboard import packing
from dashboard.app import create_app
from dashboard.headers import StrictDash
from dashboard.login.demo import DemoLogin
from dashboard.rules import ENDPOINTS, For
from dashboard.static_files import PLOTLY, StaticFiles
from kpi.access import Place
from warehouse.settings import ROOT, Settings

MOST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> StrictDash:
    settings = Settings(data_dir=tmp_path_factory.mktemp("static"))
    made = create_app(create_engine("sqlite://"), settings, login=DemoLogin())
    assert isinstance(made, StrictDash)
    made._setup_server()  # else done at the first request, which here is for no page
    return made


@pytest.fixture(scope="module")
def client(app: StrictDash) -> FlaskClient:
    return app.server.test_client()


@pytest.fixture(scope="module")
def addresses(app: StrictDash) -> list[str]:
    """All that the document names, plotly.js, and what the style sheets name."""
    with app.server.test_request_context("/"):
        document = app.index()
    named = re.findall(r'(?:src|href|plotlyjs_url)"?[=:] ?"((?:/|\\u002f)[^"]+)"', document)
    found = [one.encode().decode("unicode_escape") for one in named]
    styles = [one for one in found if ".css" in one]
    assert len(found) > 20
    return found + re.findall(r'url\("([^"]+)"\)', "".join(_body(app.server.test_client(), one) for one in styles))


def _get(client: FlaskClient, address: str, encoding: str) -> TestResponse:
    return client.get(address, headers={"Accept-Encoding": encoding})


def _body(client: FlaskClient, address: str) -> str:
    return _get(client, address, "identity").text


def test_each_is_kept_for_a_year_and_packed(client: FlaskClient, addresses: list[str]) -> None:
    sizes = {}
    for address in addresses:
        answer, plain = _get(client, address, "gzip, deflate, br, zstd"), _get(client, address, "identity")
        assert answer.status_code == plain.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert plain.headers.get("Content-Encoding") is None
        is_packed = ".woff2" not in address
        assert answer.headers.get("Content-Encoding") == ("br" if is_packed else None), address
        assert (brotli.decompress(answer.data) if is_packed else answer.data) == plain.data
        sizes[address] = len(answer.data)
    assert [one for one in sizes if "plotly.min.js" in one]
    assert sum(sizes.values()) < MOST_BYTES - 60_000, sizes  # the rest is for headers and the page itself
    assert not [one for one in sizes if "dash_table" in one or "ag_grid" in one], "no page needs it"


def test_older_browsers_get_gzip_and_who_has_it_gets_nothing(client: FlaskClient, addresses: list[str]) -> None:
    (script,) = (one for one in addresses if "samkoll.js" in one)
    answer = _get(client, script, "gzip")
    assert gzip.decompress(answer.data).decode() == _body(client, script)
    again = client.get(script, headers={"Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(script, headers={"Accept-Encoding": "br", "If-None-Match": answer.headers["ETag"]})
    assert other.status_code == 200


def test_an_address_that_does_not_follow_the_content_is_asked_for_each_time(client: FlaskClient) -> None:
    for address in ("/assets/samkoll.js", "/assets/samkoll.js?m=0123456789abcdef"):
        assert client.get(address).headers["Cache-Control"] == "no-cache"
    assert client.get("/_dash-component-suites/plotly/package_data/plotly.min.js").status_code == 404
    for outside in ("/assets/../app.py", "/assets/%2e%2e/app.py", "/assets/" + "a" * 300):
        assert client.get(outside).status_code == 404


def test_an_address_changes_with_the_content(tmp_path: Path) -> None:
    files, one = StaticFiles(), tmp_path / "one.js"
    one.write_text("first")
    before = files.file(one).digest
    one.write_text("second, and longer")
    assert files.file(one).digest != before
    assert files.file(one).data == b"second, and longer"


def test_what_holds_data_at_an_address_that_anybody_can_write_is_not_packed() -> None:
    with_data = {name for name, whom in ENDPOINTS.items() if isinstance(whom, Place) or whom is For.PROGRAM}
    assert with_data.isdisjoint(packing._PACKED)


def test_the_wheel_has_what_is_served() -> None:
    """The build takes all of the room that git does not ignore."""
    assert '"dashboard"' in re.findall(r"^packages = (.+)$", (ROOT / "pyproject.toml").read_text("utf-8"), re.M)[0]
    files = [*PLOTLY.parent.glob("*.*"), *(ROOT / "dashboard" / "assets").iterdir()]
    ignored = subprocess.run(["git", "check-ignore", *map(str, files)], cwd=ROOT, capture_output=True, check=False)
    assert ignored.returncode == 1, ignored.stdout
    assert {"plotly.min.js", "LICENCES.txt", "README.md", "build.mjs", "package-lock.json"} <= {
        one.name for one in files
    }
