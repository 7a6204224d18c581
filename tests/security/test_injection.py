"""What others have written is text on every page, what an address holds is a value to the database, an expression is no
program, and a path leads no further than its folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Engine

from control.login.tokens import issue_token
from control.release.package import PackageRefused, read_package
from dashboard.app import create_app
from dashboard.notice import notice
from dashboard.places import ADDRESSES
from dashboard.still import TYPE
from etl.drop import put_away, waiting_files
from kpi.access import OPERATOR, Role
from kpi.loader import DefinitionError, read_catalogue
from tests.builders.asked import REFUSED, Asked
from tests.builders.attacked_world import EVERY_ROLE, FIGURE, OWN_UNIT, UNITS, XSS, viewer_as
from tests.builders.dash_calls import PAGE, LoginAs, post
from tests.builders.packages import SHARE, TRUSTED
from tests.builders.rendered import unfolded
from tests.builders.warehouse import deliver
from warehouse import clock
from warehouse.settings import ROOT, Settings

VALID = (ROOT / "tests" / "fixtures" / "definitions" / "valid.yaml").read_text("utf-8")

# --- scripts in what others have written ------------------------------------

_AS_TEXT = {"children", "label", "value", "data", "aria-label", "title", "placeholder", "alt"}
"""Properties that the components show as text."""
_SAFE_ADDRESS = re.compile(r"(/(?!/)|#|data:image/svg\+xml)[^\x00-\x20]*")


def walk(rendered: Any, inside: str = "children") -> Iterator[tuple[str, str, str]]:
    """Every text of an answer: the component, the property and the text; what a chart draws is `figure`."""
    if isinstance(rendered, str):
        yield "", inside, rendered
    elif isinstance(rendered, list):
        for one in rendered:
            yield from walk(one, inside)
    elif isinstance(rendered, dict) and rendered.get("type") == TYPE:
        yield from walk(unfolded([rendered]), inside)
    elif isinstance(rendered, dict) and "props" in rendered and "type" in rendered:
        for name, value in rendered["props"].items():
            is_chart = name == "figure" or (rendered["type"] == "Store" and isinstance(rendered["props"]["id"], dict))
            for kind, where, told in walk(value, "figure" if is_chart else name):
                yield kind or rendered["type"], where, told
    elif isinstance(rendered, dict):
        for name, value in rendered.items():
            yield from walk(value, inside if inside in ("figure", "data", "children") else name)


PAGES = (
    *((path, "") for path in ADDRESSES.values()), (f"/nyckeltal/{FIGURE}", "?manad=2025-02"),
    (f"/jamforelse/{SHARE}", ""), (f"/jamforelse/{SHARE}", "?enhet=1287&slut=2025-04"),
    ("/underlag", "?enhet=1287-SN-B&manad=2025-02"), ("/atkomst", "?vem=egen"),
)  # fmt: skip


@pytest.mark.parametrize("role", EVERY_ROLE[:-1], ids=str)
def test_what_others_have_written_is_text_on_every_page(ask: Asked, role: Role) -> None:
    for path, search in PAGES:
        answer = ask.page(role, path, search)
        for kind, name, told in walk(answer.json["response"]):
            assert "Markdown" not in kind
            assert "dangerously" not in name.lower()
            if name in ("href", "src", "action", "srcDoc"):
                assert _SAFE_ADDRESS.fullmatch(told), (path, told)
            elif name == "figure":
                assert "<img" not in told
                assert "<a " not in told
            elif "<img" in told or "javascript:" in told:
                assert name in _AS_TEXT, (path, kind, name)


def test_the_hostile_texts_are_on_the_pages(ask: Asked) -> None:
    """So that the test above can fail."""
    for role, path, search, where in (
        (Role.PRESIDIUM, f"/nyckeltal/{FIGURE}", "?manad=2025-02", "Solgården"),
        (Role.CONTROLLER, "/leveranser", "", "egen-fil.csv"), (Role.CONTROLLER, "/leveranser", "?leverans=3", ""),
        (Role.AUDITOR, "/underlag", "", "Granskar"), (Role.ADMIN, "/anvandare", "", "egen-chef"),
        (Role.DPO, "/atkomst", "?vem=egen-dpo", "egen-dpo"), (Role.PRESIDIUM, "/nyckeltal", "", "Avvikelser"),
    ):  # fmt: skip
        texts = [told for _, name, told in walk(ask.page(role, path, search).json["response"]) if name != "figure"]
        assert any("<img" in told and where in told for told in texts), (role, path)


def test_a_charts_texts_hold_no_markup_of_others(ask: Asked) -> None:
    """The chart library reads a text as HTML with links: a unit's name could lead to a stranger's page."""
    answer = ask.page(Role.PRESIDIUM, f"/nyckeltal/{FIGURE}", "?manad=2025-02")
    drawn = [told for _, name, told in walk(answer.json["response"]) if name == "figure"]
    named = [told for told in drawn if "Solgården" in told]
    assert named
    assert not any("<img" in told or "<a " in told for told in drawn)
    assert all("&lt;img" in told for told in named)


def test_a_notice_is_escaped() -> None:
    page = notice(XSS, f"{XSS}\nrad", 403, link=(XSS, '/"><script>')).get_data(as_text=True)
    assert "<img src=x" not in page
    assert "<script" not in page
    assert 'href="/&quot;&gt;&lt;script&gt;"' in page


def test_an_answer_of_words_is_no_html(ask: Asked) -> None:
    for address in (f"/finns-inte/{quote(XSS)}", f"/ladda-ned/jamforelse/{quote(XSS, safe='')}.csv", f"/?enhet={XSS}"):
        answer = ask.get(Role.PRESIDIUM, address)
        assert "<img" not in answer.get_data(as_text=True)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


# --- what an address holds --------------------------------------------------

ODD = (
    "' or 1=1 --", "1287-SN-A' or '1'='1", "1287-SN-_", "1287-SN%", "%", "_", "\\", '"', "\x00", "1287-SN-A\x00", "😀",
    "\ufffe", "\u202e", "1287-sn-a", " 1287-SN-A", "x" * 900, "${jndi:x}", "{{7*7}}", "1287-SN-A; drop table kpi",
)  # fmt: skip
_BY = {"/": "enhet", f"/nyckeltal/{FIGURE}": "enhet", "/jamforelse": "enhet", f"/jamforelse/{SHARE}": "enhet"}


@pytest.fixture
def hostile(engine: Engine, tmp_path: Path) -> tuple[Any, LoginAs]:
    """The application on both databases, with units alone."""
    deliver(engine, "2025-06-30", org_units=UNITS)
    login = LoginAs(viewer_as(Role.PRESIDIUM))
    settings = Settings(data_dir=tmp_path, requests_per_minute=10**6)
    return create_app(engine, settings, login=login).server.test_client(), login


def test_a_parameter_is_a_value_to_the_database(hostile: tuple[Any, LoginAs]) -> None:
    """As something unknown, on both databases: PostgreSQL takes no NUL, neither takes half a sign."""
    client, login = hostile
    asked = [(Role.PRESIDIUM, path, name) for path, name in _BY.items()]
    asked += [(Role.CHIEF, "/underlag", name) for name in ("enhet", "slag", "manad", "sida", "overlamning")]
    asked += [(Role.CONTROLLER, "/leveranser", name) for name in ("leverans", "sida")]
    asked += [(Role.DPO, "/atkomst", name) for name in ("vem", "vad", "manad", "sida")]
    for role, path, name in asked:
        login.is_now = viewer_as(role)
        unknown = post(client, PAGE, [path, f"?{name}=okand", 0]).status_code
        assert unknown < 500
        for odd in ODD:
            assert post(client, PAGE, [path, f"?{name}={quote(odd)}", 0]).status_code == unknown, (path, name, odd)
        for odd in ("\ud800", "\x00"):  # as no browser sends them
            assert post(client, PAGE, [path, f"?{name}={odd}", 0]).status_code == 400, (path, name)


def test_a_query_of_the_api_is_one_too(hostile: tuple[Any, LoginAs], engine: Engine) -> None:
    client, _ = hostile
    _, token = issue_token(engine, OPERATOR, "program", viewer_as(Role.CONTROLLER).grants, 9)
    for path in (f"nyckeltal/{FIGURE}?enhet=", f"slappt/{SHARE}?enhet=", f"nyckeltal/{FIGURE}?fran=", "nyckeltal/"):
        for odd in ODD[:-8]:
            answer = client.get(f"/api/{path}{quote(odd)}", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code in REFUSED or answer.json == [], (path, odd)
            assert client.get("/api/nyckeltal", headers={"Authorization": f"Bearer {odd!r}"}).status_code == 401


def test_a_path_is_a_value_too(hostile: tuple[Any, LoginAs]) -> None:
    client, _ = hostile
    for odd in ODD:
        for path in ("/nyckeltal/", "/jamforelse/", "/", "/leveranser/"):
            wanted = 400 if "\x00" in odd else 404
            assert post(client, PAGE, [f"{path}{odd}", "", 0]).status_code == wanted, (path, odd)
        if len(odd) < 500:
            assert client.get(f"/ladda-ned/jamforelse/{quote(odd, safe='')}.csv").status_code == 404, odd


# --- expressions ------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').system('id')", "read_csv('/etc/passwd')", "(select 1)", "exists (select 1)",
        "severity = high; drop table kpi", "severity = (select version())", "severity = high union select 1",
        "attach '/tmp/x' as y", "copy x to '/tmp/y'", "getenv('HOME')", "read_text('/etc/passwd') = high",
        "severity in (select code from source)", "severity = high -- x", "severity = high /* x */", "pragma version",
        "install httpfs", "current_setting('x')", "severity || 'x'", "list_value(1)", "1 = 1", "severity::text = high",
        "severity like '%'", "case when severity = high then 1 end", "{fn now()}", "severity = $1", "severity = ?",
    ],
)  # fmt: skip
def test_an_expression_is_no_program(expression: str) -> None:
    """Whatever is not a comparison of the fact's own columns is refused with its line and a sentence."""
    lines = VALID.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.lstrip().startswith("numerator:"))
    indent = lines[at][: lines[at].index("numerator:")]
    lines[at] = f"{indent}numerator: '{expression.replace(chr(39), chr(39) * 2)}'\n"
    with pytest.raises(DefinitionError) as refused:
        read_catalogue("".join(lines).encode(), "f.yaml", boards={"1287-SN": "1287"})
    assert any(
        problem.line == at + 1 and problem.message.startswith("täljaren i ") for problem in refused.value.problems
    )


# --- paths ------------------------------------------------------------------

UP = ("../", "..%2f", "%2e%2e/", "..%5c", "....//", "%252e%252e%252f", "/", "//etc/passwd", "..;/")


@pytest.mark.parametrize("role", [Role.PRESIDIUM, Role.ADMIN], ids=str)
def test_no_path_leads_out_of_its_folder(ask: Asked, role: Role) -> None:
    secrets = ("create_app", "[project]", "root:", "SQLite format", "samkoll.db", "facts:")
    for up in UP:
        for target in ("app.py", "pyproject.toml", "etc/passwd", "samkoll.db", "kpi_definitions.yaml"):
            for base in ("/assets/", "/ladda-ned/", "/ladda-ned/jamforelse/", "/_dash-component-suites/dash/"):
                answer = ask.client.get(f"{base}{up * 3}{target}")
                ask.world.login.is_now = viewer_as(role)
                assert answer.status_code < 500
                text = answer.get_data(as_text=True)
                assert answer.status_code in (301, 302, 308, 400, 403, 404) or not any(one in text for one in secrets)
    with ask.client.get("/assets/1-tokens.css") as kept:
        assert (kept.status_code, b"--" in kept.data) == (200, True)


def test_a_download_is_called_by_our_names_only(ask: Asked) -> None:
    answer = ask.get(Role.PRESIDIUM, f"/ladda-ned/jamforelse/{SHARE}.csv?enhet=1287-SN&slut=2025-04")
    assert re.fullmatch(r'attachment; filename="[a-z0-9._-]+\.csv"', answer.headers["Content-Disposition"])
    for extension in ("exe", "csv%0d%0aSet-Cookie:x=1", "pdf%00"):
        answer = ask.get(Role.PRESIDIUM, f"/ladda-ned/jamforelse/{SHARE}.{extension}")
        assert answer.status_code in REFUSED
        assert "x=1" not in str(answer.headers)


def test_a_package_and_a_dropped_file_go_no_further(tmp_path: Path) -> None:
    with pytest.raises(PackageRefused):
        read_package(b"{}", "../../etc/passwd", TRUSTED, clock.now())
    drop, outside = tmp_path / "drop", tmp_path / "outside"
    drop.mkdir()
    outside.mkdir()
    (outside / "secret.csv").write_text("x")
    (drop / "link.csv").symlink_to(outside / "secret.csv")
    (drop / "folder").symlink_to(outside, target_is_directory=True)
    odd = [drop / name for name in ("$(id).csv", "-rf.csv", "a\nb.csv", "x..%2f..%2fy.csv")]
    for path in odd:
        path.write_text("a")
    assert waiting_files(drop) == odd
    for path in odd:
        assert put_away(path, drop, "done").parent == drop / "done"
    assert [one.name for one in outside.iterdir()] == ["secret.csv"]


def test_a_reader_of_rows_meets_no_other_unit_by_a_sign_that_stands_for_any(ask: Asked) -> None:
    for odd in ("%", "1287-SN-_", "*", "1287-SN-A' or '1'='1"):
        asked = {"dataset": "deviations", "unit": odd, "month": "2025-02", "page": 1}
        inputs = [{"id": "a", "property": "data", "value": asked}, {"id": "b", "property": "n_clicks", "value": 1}, []]
        answer = ask.call(Role.UNIT_MANAGER, "cases-rows.children", [], [None], inputs=inputs)
        assert (answer.status_code, OWN_UNIT in answer.text) == (403, False)
