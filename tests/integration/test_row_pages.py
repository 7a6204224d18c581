"""The page Underlag and its callbacks, as a browser calls them: also one that asks for what is not its reader's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import dash
import plotly.utils
import pytest
from dash import html
from sqlalchemy import Engine

from control import rows
from dashboard.context import Context
from dashboard.pages import cases
from dashboard.row_reading import register_row_reading
from dashboard.rules import Callbacks
from kpi.access import AccessDenied, Grant, Role, Viewer
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from tests.builders.case_world import PERSON, REASON, SECRET, auditor, chief, fill, logged, manager
from tests.builders.dash_calls import call, words
from tests.builders.figures import catalogue
from warehouse.database import open_engine, reading

ROWS = "cases-rows.children"


class Installation:
    """The callbacks on a world of rows; `viewer` may be changed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.viewer = chief()
        self.app = dash.Dash("underlag", suppress_callback_exceptions=True)
        self.app.layout = html.Div()
        register_row_reading(Callbacks(self.app), engine, lambda _organisation: self.viewer)

    def read(
        self, asked: Any, reason: str | None = REASON, *, pressed: str | None = "cases-show.n_clicks", page: Any = None
    ) -> Any:
        buttons = [] if page is None else [{"id": {"type": "cases-page", "page": page}, "value": 1}]
        inputs = {
            "cases-asked.data": asked,
            "cases-show.n_clicks": 1 if pressed == "cases-show.n_clicks" else None,
            '{"page":["ALL"],"type":"cases-page"}.n_clicks': buttons,
        }
        if page is not None:
            pressed = json.dumps({"page": page, "type": "cases-page"}, separators=(",", ":")) + ".n_clicks"
        return call(self.app, ROWS, inputs, {"cases-reason.value": reason}, pressed)

    def page(self, **query: str) -> str:
        """The page as it is sent to the browser."""
        with reading(self.engine) as connection:
            organisation = read_organisation(connection)
            definitions = cast("Any", SimpleNamespace(catalogue=catalogue()))
            context = Context(self.viewer, organisation, definitions, connection, query)
            found = cases.page(context)
        return json.dumps(found.children, cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)


def asked(unit: str = "1287-A", month: str = "2025-03", dataset: str = "deviations", page: Any = 1) -> dict[str, Any]:
    return {"dataset": dataset, "unit": unit, "month": month, "page": page}


@pytest.fixture(scope="module")
def _engine(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("row-pages") / "samkoll.db"
    shutil.copyfile(_sqlite_template, path)
    engine = fill(open_engine(f"sqlite:///{path}"))
    yield engine
    engine.dispose()


@pytest.fixture
def made(_engine: Engine) -> Installation:
    return Installation(_engine)


def test_a_chief_sees_nothing_before_the_reason_and_then_the_rows(made: Installation) -> None:
    before = logged(made.engine)
    page = made.page(slag="avvikelser", enhet="1287-A", manad="2025-03")
    assert "Varför behöver du läsa uppgifter om enskilda?" in page
    assert "A03-10" not in page
    assert made.read(asked(), pressed=None) is None, "the page has come, nobody has asked"
    refused = words(made.read(asked(), "kort"))
    assert refused.startswith("Skriv varför du behöver läsa uppgifter om enskilda")
    assert "A03" not in refused
    assert logged(made.engine) == before
    told = words(made.read(asked()))
    assert told.startswith("Åtta avvikelser i 1287-A i mars 2025. Läsningen har sparats i loggen. ")
    assert "A03-10 1287-A 10 mar 2025 Oklart ansvar allvarlighet hög Socialtjänst → BUP saknas" in told
    assert logged(made.engine)[-1][2].count("A03-10") == 1


def test_no_answer_holds_a_person_or_free_text(made: Installation) -> None:
    for dataset, key in (("deviations", "A03-10"), ("sips", "S1"), ("referrals", "H1")):
        answer = json.dumps(made.read(asked(dataset=dataset)), ensure_ascii=False)
        assert key in answer
        for hidden in (PERSON, SECRET, "2015", "Store"):
            assert hidden not in answer


def test_pages_are_turned_with_the_same_reason(made: Installation) -> None:
    first = made.read(asked("1287-C", "2025-04"))
    assert "Rad 1–50 av 121" in words(first)
    second = words(made.read(asked("1287-C", "2025-04"), page=2))
    assert "Rad 51–100 av 121" in second
    assert "Skriv varför" in words(made.read(asked("1287-C", "2025-04"), None, page=2))
    assert REASON not in json.dumps(first, ensure_ascii=False)
    for wrong in (0, -1, 99, 10**9, "2", None, 1.5, True):
        told = words(made.read(asked("1287-C", "2025-04", page=wrong)))
        assert "finns inte" in told, wrong
    assert "finns inte" in words(made.read(asked("1287-C", "2025-04"), page=99))


def test_a_unit_manager_reads_at_once_and_turns_pages_by_address(made: Installation) -> None:
    made.viewer = manager("1287-C")
    found = made.read(asked("1287-C", "2025-04", page=2), None, pressed=None)
    assert "Rad 51–100 av 121" in words(found)
    links = json.dumps(found)
    assert "/underlag?slag=avvikelser&enhet=1287-C&manad=2025-04&sida=3" in links
    assert '"hidden": true' in made.page(enhet="1287-C", manad="2025-04")


@pytest.mark.parametrize(
    "forged",
    [
        asked("1287-B"),
        asked("1287-BN"),
        asked("1287"),
        asked("okänd"),
        asked("' or 1=1 --"),
        asked(dataset="sip_participants"),
        asked(dataset="audit_event"),
        asked(dataset="sips") | {"kallad": "' or 1=1 --"},
        asked(dataset="sips") | {"lage": ["pagar"]},
        asked("1287-BN", dataset="sips") | {"dag": "mote", "tid": "hela"},
        asked(month="2025"),
        asked(month="mars"),
        {},
        [],
        "1287-A",
        None,
    ],
)
def test_what_the_browser_forges_is_refused(made: Installation, forged: Any) -> None:
    before = [line for line in logged(made.engine) if line[1] != "access_refused"]
    for viewer in (chief(), manager("1287-A")):
        made.viewer = viewer
        answer = made.read(forged)
        assert answer["props"]["className"] == "notice"
        assert "03-10" not in words(answer)
    assert [line for line in logged(made.engine) if line[1] != "access_refused"] == before


def test_what_cannot_be_recorded_is_not_shown(made: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(rows, "record", broken)
    assert words(made.read(asked())).startswith("Något gick fel hos oss, och därför visas inga rader.")


ROLES_OF_ROWS = (Role.CHIEF, Role.UNIT_MANAGER, Role.AUDITOR, Role.OPERATOR)


@pytest.mark.parametrize("role", [one for one in Role if one not in ROLES_OF_ROWS])
def test_the_page_is_not_for_others(made: Installation, role: Role) -> None:
    made.viewer = Viewer(role.value, (Grant(role, "1287", frozenset({"1287-SN"})),))
    with pytest.raises(AccessDenied, match="Underlag"):
        made.page()
    assert "A03" not in words(made.read(asked()))


def test_an_address_that_is_not_the_readers_is_refused(made: Installation) -> None:
    for unit in ("1287-B", "1287-BN", "1287", "okänd"):
        with pytest.raises(AccessDenied):
            made.page(enhet=unit, manad="2025-03")
    for wrong in ({"slag": "personer"}, {"manad": "2031-01"}, {"manad": "x"}, {"sida": "0"}, {"overlamning": "1"}):
        with pytest.raises(NotFound):
            made.page(**wrong)


def test_a_sample_goes_from_the_chief_to_the_auditor_and_no_further(made: Installation) -> None:
    asked_for = {"cases-asked.data": asked("1287-C", "2025-04")}

    def give(size: Any, reason: str | None = REASON) -> str:
        state = {"handover-size.value": size, "handover-reason.value": reason, **asked_for}
        inputs = {"handover-do.n_clicks": 1}
        return words(call(made.app, "handover-done.children", inputs, state, "handover-do.n_clicks"))

    for wrong in (0, 201, 122, "10", None, 1.5, True):
        assert "urvalet" in give(wrong).lower(), wrong
    assert "Skriv varför" in give(3, "kort")
    assert give(3).startswith("Urval 1 är överlämnat: 3 av 121 rader")
    made.viewer = auditor()
    assert "Urval\u00a01" in made.page()
    assert "C0" not in made.page(overlamning="1")
    inputs: dict[str, Any] = {"handover-open.data": 1}
    told = words(call(made.app, "handover-rows.children", inputs, {}, None))
    assert told.startswith("3 avvikelser av 121, lottade. Läsningen har sparats i loggen. Överlämnat ")
    assert "A03" not in words(made.read(asked())), "the auditor samples nothing by free choice"
    assert "Bara förvaltningschefen" in give(3)
    for viewer in (auditor("1287-BN"), chief(), manager("1287-C")):
        made.viewer = viewer
        refused = words(call(made.app, "handover-rows.children", inputs, {}, None))
        assert refused == "Det överlämnade urvalet läses bara av nämndens revisor."
        with pytest.raises(NotFound):
            made.page(overlamning="1")
    made.viewer = auditor()
    for wrong in (2, 0, "1", None, {"x": 1}):
        assert "finns inte" in words(call(made.app, "handover-rows.children", {"handover-open.data": wrong}, {}, None))
