"""The board's year and notices as each role sees them, and by what is posted; no browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import dash
import pytest
from sqlalchemy import Engine, select

from control.notices.reminders import remind
from control.year.days import DateKind
from control.year.planning import read_year
from dashboard.app import create_app
from dashboard.routes import render
from kpi.access import OPERATOR, Role, Viewer
from kpi.live import LiveCatalogue
from tests.builders import action_world as world
from tests.builders.dash_calls import LoginAs, post, words
from tests.builders.figures import catalogue
from tests.builders.rendered import told
from warehouse import clock
from warehouse.database import open_engine, reading
from warehouse.paper_tables import board_date, notice
from warehouse.settings import Settings

TODAY = date(2026, 3, 2)
SECRETARY, CHIEF = world.of(Role.SECRETARY), world.of(Role.CHIEF)
T1 = f"{world.BOARD}|tertial|2026-T1"


@dataclass
class Made:
    engine: Engine
    app: dash.Dash
    being: LoginAs
    live: LiveCatalogue

    def page(self, viewer: Viewer, path: str, search: str = "") -> str:
        return told(render(self.engine, self.live, lambda _: viewer, path, search).page.children)

    def send(self, viewer: Viewer, form: str, seen: Mapping[str, int], **fields: str) -> Any:
        ids = [{"type": f"{form}-field", "name": name} for name in fields]
        state = [
            [{"id": one, "property": "value", "value": fields[one["name"]]} for one in ids],
            [{"id": one, "property": "id", "value": one} for one in ids],
            {"id": "year-about", "property": "data", "value": dict(seen)},
            {"id": "address", "property": "search", "value": ""},
        ]
        return self._post(viewer, f"{form}-said.children", [1], state=state)

    def press(self, viewer: Viewer, where: str, state: list[str], **identity: Any) -> Any:
        named = json.dumps(dict(sorted(identity.items())), separators=(",", ":"))
        more = {
            "inputs": [[{"id": identity, "property": "n_clicks", "value": 1}]],
            "changedPropIds": [f"{named}.n_clicks"],
        }  # fmt: skip
        return self._post(viewer, where, [], state, **more)

    def _post(self, viewer: Viewer, where: str, inputs: list[Any], told_: Any = (), /, **more: Any) -> Any:
        self.being.is_now = viewer
        rules = self.app.server.config["SAMKOLL_CALLBACKS"]
        key = next(one for one in rules if one.endswith(f"...{where}.."))
        return post(self.app.server.test_client(), key, inputs, told_, **more)

    def days(self) -> dict[DateKind, Any]:
        with reading(self.engine) as connection:
            return {one.kind: one for one in read_year(connection, OPERATOR, [world.BOARD, world.OTHER])}


def said(answer: Any, form: str) -> str:
    return words(answer.get_json()["response"][f"{form}-said"]["children"])


@pytest.fixture(scope="module")
def filled(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("year") / "samkoll.db"
    shutil.copyfile(_sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    world.fill(engine, catalogue())
    world.act(engine, catalogue())
    with engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    engine.dispose()
    return path


@pytest.fixture
def made(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    shutil.copyfile(filled, tmp_path / "samkoll.db")
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    engine = open_engine(f"sqlite:///{tmp_path / 'samkoll.db'}")
    settings, being = Settings(data_dir=tmp_path), LoginAs(SECRETARY)
    live = LiveCatalogue(settings.definitions, settings.last_good_definitions)
    return Made(engine, create_app(engine, settings, login=being), being, live)


def test_the_secretary_accepts_moves_and_cancels(made: Made) -> None:
    before = made.page(SECRETARY, "/handlingar")
    assert "Inget återstår i nämndens år." in before
    assert "Lägg in de föreslagna dagarna" in before
    risk = f"{world.BOARD}|risk_analysis|2027"
    answer = made.send(SECRETARY, "year-accept", {}, **{T1: "2026-06-11", risk: "  "})
    assert answer.status_code == 200
    assert set(made.days()) == {DateKind.TERTIAL}, "an emptied field is not put in"
    page = made.page(SECRETARY, "/handlingar")
    assert "Tertialuppföljning för första tertialet~2026 11~juni~2026, om 101~dagar." in page
    one = made.days()[DateKind.TERTIAL]
    told_ = {"which": str(one.number), "on": "2026-06-18"}
    assert made.send(SECRETARY, "year-move", {str(one.number): 0}, **told_).status_code == 200
    again = made.send(SECRETARY, "year-move", {str(one.number): 0}, **(told_ | {"on": "2026-06-17"}))
    assert "någon annan har ändrat" in said(again, "year-move")
    wrong = made.send(SECRETARY, "year-move", {str(one.number): 1}, **(told_ | {"on": "i juni"}))
    assert "Dag" in said(wrong, "year-move")
    assert "Skälet saknas" in said(made.send(SECRETARY, "year-cancel", {str(one.number): 1}, which=str(one.number),
                                             reason=""), "year-cancel")  # fmt: skip
    added = {"board": world.BOARD, "kind": "audit_answer", "period": "2025-T3", "on": "2026-04-15"}
    assert "Välj vad" in said(made.send(SECRETARY, "year-add", {}, **(added | {"period": "x"})), "year-add")
    assert made.send(SECRETARY, "year-add", {}, **added).status_code == 200
    assert "Yttrande över revisionsrapport" in made.page(SECRETARY, "/handlingar")


def test_everybody_who_reads_papers_sees_the_year_and_only_who_makes_them_its_forms(made: Made) -> None:
    made.send(SECRETARY, "year-accept", {}, **{T1: "2026-06-11"})
    for role in (Role.MEMBER, *world.ROLES):
        page = made.page(world.of(role), "/handlingar")
        assert "Nämndens år" in page
        assert "11~juni~2026" in page
        assert ("Flytta en dag" in page) is (role is Role.CONTROLLER), role
    other = made.page(world.of(Role.MEMBER, world.OTHER), "/handlingar")
    assert "11~juni~2026" not in other
    number = made.days()[DateKind.TERTIAL].number
    for viewer in (CHIEF, world.of(Role.SECRETARY, world.OTHER)):
        answer = made.send(viewer, "year-move", {str(number): 0}, which=str(number), on="2026-06-18")
        assert answer.status_code == 403


def test_the_overview_tells_what_is_next_and_what_is_late(made: Made) -> None:
    assert "Nästa handling:" not in made.page(CHIEF, "/")
    risk = f"{world.BOARD}|risk_analysis|2027"
    made.send(SECRETARY, "year-accept", {}, **{T1: "2026-06-11", risk: "2026-10-15"})
    assert "Nästa handling: tertialuppföljning för första tertialet~2026, 11~juni~2026." in made.page(CHIEF, "/")
    before = made.page(CHIEF, "/", "?manad=2025-06")
    assert "juni~2025" in before
    assert "Nästa handling:" not in before, "what comes next today is not next to an earlier month"
    clock_late = date(2026, 6, 12)
    with pytest.MonkeyPatch.context() as later:
        later.setattr(clock, "today", lambda: clock_late)
        page = made.page(CHIEF, "/")
        whole = made.page(SECRETARY, "/handlingar")
    assert "Försenad: tertialuppföljning för första tertialet~2026, skulle ha varit klar 11~juni~2026." in page
    assert "Nästa handling: riskanalys inför 2027, 15~oktober~2026." in page
    assert whole.index("Tertialuppföljning för") < whole.index("Riskanalys inför 2027")
    assert "Försenad sedan 11~juni~2026." in whole


def test_a_decision_is_told_by_the_secretary_and_read_by_the_administration(made: Made) -> None:
    with reading(made.engine) as connection:
        assert connection.scalars(select(notice.c.notice_no)).all() == []
    monday = date(2025, 10, 20)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(clock, "today", lambda: monday)
        page = made.page(SECRETARY, "/handlingar")
        assert "Nämnden har beslutat om en åtgärd, som ska vara klar 15~december~2025" in page
        assert "Att meddela förvaltningen" not in made.page(CHIEF, "/handlingar")
        refused = made.press(CHIEF, "decision-told.children", [""], type="decision-tell", key="action 2")
        assert refused.status_code == 403
        answer = made.press(SECRETARY, "decision-told.children", [""], type="decision-tell", key="action 2")
        assert answer.status_code == 200
        assert "Att meddela förvaltningen" not in made.page(SECRETARY, "/handlingar")
    for role in world.ROLES:
        path = "/atgarder" if role is Role.DEVELOPER else "/"
        assert "Påminnelser och besked Nämnden har beslutat om en åtgärd" in made.page(world.of(role), path), role
    assert "Påminnelser och besked" not in made.page(CHIEF, "/atgarder"), "it stands on the overview"
    assert "Påminnelser och besked" not in made.page(world.of(Role.CHIEF, world.OTHER), "/")
    stranger = world.of(Role.CHIEF, world.OTHER)
    assert made.press(stranger, "notice-result.children", ["/", ""], type="notice-read", number=1).status_code == 403
    assert made.press(CHIEF, "notice-result.children", ["/", ""], type="notice-read", number=99).status_code == 404
    assert made.press(CHIEF, "notice-result.children", ["/", ""], type="notice-read", number=1).status_code == 200
    page = made.page(CHIEF, "/")
    assert "Inget nytt. Du har läst allt." in page
    assert "Lästa meddelanden (1)" in page
    assert "Inget nytt" not in made.page(world.of(Role.PRESIDIUM), "/")


def test_reminders_stand_on_the_overview(made: Made) -> None:
    assert remind(made.engine, OPERATOR, today=TODAY) > 0
    assert "En åtgärd skulle ha varit klar 15~december~2025" in made.page(CHIEF, "/")
    with reading(made.engine) as connection:
        assert connection.scalars(select(board_date.c.date_no)).all() == []
