"""Closing from the page, on both databases: what is left, what is asked of the scheduler, what changed afterwards."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, Executable, delete, select

import etl.progress
from control.actions.content import Status
from control.actions.form import ActionForm
from control.actions.work import move_action, start_action
from control.audit.actions import Action
from control.release.asking import ask_to_close
from control.release.check_list import CheckList, Matter, check_list
from control.release.closing import close_period
from control.release.decide import Decision, decide
from control.release.store import closings
from control.remarks import read_remarks, write_remark
from dashboard.app import create_app
from etl.requests import carry_out_requests
from kpi.access import OPERATOR, AccessDenied, Grant, Role, Viewer
from kpi.compute import compute
from kpi.period import Period
from kpi.views.figure import figure
from kpi.views.organisation import read_organisation
from kpi.views.rows import FigurePage
from tests.builders.closed_world import BOARD, choose, fill, plan_rows
from tests.builders.dash_calls import PAGE, LoginAs, post, words
from tests.builders.plan_world import EXTRACT, adopted_plan
from tests.builders.warehouse import deliver
from warehouse import clock
from warehouse.action_tables import figure_remark
from warehouse.audit_tables import audit_event
from warehouse.database import reading, write_unless_busy, writing
from warehouse.errors import UserError
from warehouse.settings import Settings
from warehouse.tables import job_request

TODAY = date(2026, 3, 1)
FIRST, APRIL = Period.parse("2025-T1"), Period.parse("2025-04")
FIGURES = ("sip_established", "sip_consent_unknown", "sip_follow_up_agreed", "actions_on_time")
CATALOGUE = choose(*FIGURES)
WHY_NONE = "Ett nytt stöd för handläggarna prövas redan."
MET = {"1287-A": [6] * 12, "1287-B": [7] * 12, "1287-C": [8] * 12}


def _viewer(role: Role, board: str = "1287-SN") -> Viewer:
    return Viewer(role.value, (Grant(role, "1287", frozenset({board})),))


CONTROLLER = _viewer(Role.CONTROLLER)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def world(engine: Engine) -> Engine:
    return fill(engine, CATALOGUE, BOARD, sips=plan_rows(MET))


def _list(engine: Engine, viewer: Viewer = CONTROLLER, wanted: Period | None = None) -> CheckList:
    with reading(engine) as connection:
        return check_list(connection, CATALOGUE, viewer, "1287-SN", today=TODAY, wanted=wanted)


def _figure(engine: Engine) -> FigurePage:
    with reading(engine) as connection:
        found = figure(
            connection, CATALOGUE, CONTROLLER, read_organisation(connection), "sip_established", unit_code="1287-SN"
        )
    assert found is not None
    return found


def _ask(engine: Engine, period: Period = FIRST, viewer: Viewer = CONTROLLER, correction: str | None = None) -> int:
    why = WHY_NONE if correction is None else None
    return ask_to_close(
        engine, viewer, CATALOGUE, "1287-SN", period, today=TODAY, correction=correction, without_action=why
    )


def _carry_out(engine: Engine, settings: Settings) -> tuple[str, str]:
    assert carry_out_requests(engine, settings) == 1
    with reading(engine) as connection:
        row = connection.execute(select(job_request).order_by(job_request.c.request_id.desc()).limit(1)).one()
    return row.state, row.message


def test_before_any_closing_the_newest_is_proposed_and_nothing_is_left(world: Engine) -> None:
    found = _list(world)
    assert [str(one.period) for one in found.periods] == [f"{year}-T{no}" for year in (2025, 2024) for no in (3, 2, 1)]
    assert found.chosen is not None
    assert str(found.chosen.period) == "2025-T3"
    counts = {one.matter: one.count for one in found.checks}
    assert counts == dict.fromkeys(Matter, 0) | {Matter.REMARKS: 1}
    assert found.left[0].names == ("Uppföljningsdatum avtalat",), "half of the plans have one; 95 % should"
    for kind, is_left in (("comment", True), ("no_action", False)):
        write_remark(
            world, CONTROLLER, CATALOGUE, "1287-SN", "sip_follow_up_agreed", found.chosen.period, kind, "Nytt stöd."
        )
        assert bool(_list(world).left) is is_left, "what is said of it is no reason"
    late = _list(world, wanted=Period.parse("2026-T1"))
    assert late.chosen == found.chosen, "a period that is not over is none of them"


def test_a_red_figure_without_an_action_or_a_reason_stops_a_closing(world: Engine) -> None:
    by_operator = partial(close_period, world, CATALOGUE, OPERATOR, "1287-SN", FIRST)
    with pytest.raises(UserError, match=r"saknas för Uppföljningsdatum avtalat\. Starta en åtgärd, eller"):
        ask_to_close(world, CONTROLLER, CATALOGUE, "1287-SN", FIRST, today=TODAY, without_action=" ")
    with pytest.raises(UserError, match="saknas för Uppföljningsdatum avtalat"):
        close_period(world, CATALOGUE, CONTROLLER, "1287-SN", FIRST)
    adopted_plan(world, EXTRACT, board="1287-SN", with_units=False)
    with pytest.raises(UserError, match="saknas för Uppföljningsdatum avtalat"):
        by_operator()
    by_operator(without_action=WHY_NONE)
    with reading(world) as connection:
        (kept,) = read_remarks(connection, CONTROLLER, "1287-SN")
        (released,) = closings(connection)
    assert (kept.kpi_id, kept.kind, kept.period, kept.text) == ("sip_follow_up_agreed", "no_action", APRIL, WHY_NONE)
    assert (kept.by, kept.at) == (OPERATOR.user, clock.utc(released.header.closed_at)), "so that its papers tell it"


def test_an_action_that_is_under_way_answers_for_the_figure(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = fill(sqlite_engine, CATALOGUE, BOARD, sips=plan_rows(MET))
    form = ActionForm(
        "Påminn om uppföljning", "Mallen saknar fältet.", "Controllern", "2026-02-20", "2026-04-01", cost_class="low"
    )
    number = start_action(world, CONTROLLER, CATALOGUE, "1287-SN", form, today=TODAY, kpi_id="sip_follow_up_agreed")

    def cancelled_meanwhile(*cells: Any, **more: Any) -> Decision:
        move_action(world, CONTROLLER, number, 0, Status.CANCELLED, on=TODAY, today=TODAY, text="Behövs inte.")
        return decide(*cells, **more)

    with monkeypatch.context() as patch:
        patch.setattr("control.release.closing.decide", cancelled_meanwhile)
        with pytest.raises(UserError, match="saknas för Uppföljningsdatum avtalat"):
            close_period(world, CATALOGUE, CONTROLLER, "1287-SN", FIRST)
    start_action(world, CONTROLLER, CATALOGUE, "1287-SN", form, today=TODAY, kpi_id="sip_follow_up_agreed")
    close_period(world, CATALOGUE, CONTROLLER, "1287-SN", FIRST)


def test_closed_by_the_scheduler_for_whoever_asked(
    world: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    def watched(engine: Engine, statement: Executable) -> bool:
        done = write_unless_busy(engine, statement)
        steps.extend(one.progress.step for one in _list(engine).requests if one.progress is not None)
        return done

    monkeypatch.setattr(etl.progress, "write_unless_busy", watched)
    number = _ask(world)
    assert _ask(world, Period.parse("2025-T2")) == number, "one at a time"
    assert _list(world).is_waiting
    state, message = _carry_out(world, settings)
    assert steps, "seen by others while the work went on"
    assert set(steps) <= {"Samlar", "Döljer", "Angriper"}
    assert [one.progress for one in _list(world).requests] == [None]
    assert (state, message.split(" ")[1:3]) == ("done", ["värden", "är"]), message
    found = _list(world)
    assert found.chosen is not None
    assert str(found.chosen.period) == "2025-T2", "the next one"
    closed = next(one for one in found.periods if one.period == FIRST)
    assert [one.header.closed_by for one in closed.closings] == ["controller"]
    with reading(world) as connection:
        told = list(connection.scalars(select(audit_event.c.action).order_by(audit_event.c.event_no)))
    asked = [one for one in told if one in (Action.CLOSING_REQUESTED, Action.PERIOD_CLOSED)]
    assert asked == [Action.CLOSING_REQUESTED, Action.PERIOD_CLOSED]
    assert told[-1] == Action.PERIOD_CLOSED
    with pytest.raises(UserError, match="redan stängd"):
        _ask(world)


def test_a_change_after_the_closing_is_told_with_both_values_until_it_is_corrected(
    world: Engine, settings: Settings
) -> None:
    _ask(world)
    _carry_out(world, settings)
    assert not _figure(world).row.changed_since
    late = plan_rows({"1287-A": [0, 2] + [0] * 10})[:2]
    deliver(world, "2026-03-01", sips=[one | {"sip_id": f"late-{at}"} for at, one in enumerate(late)])
    compute(world, CATALOGUE)
    (changed,) = _figure(world).row.changed_since
    assert (str(changed.period), changed.closed.value, changed.now.value) == ("2025-02", 21.0, 23.0)
    with pytest.raises(UserError, match="Skriv varför"):
        _ask(world, correction=" ")
    with writing(world) as connection:
        connection.execute(delete(figure_remark))  # a correction asks for no answer: it is about what was closed
    _ask(world, correction="Två planer registrerades sent")
    assert _carry_out(world, settings)[0] == "done"
    assert not _figure(world).row.changed_since
    first = next(one for one in _list(world).periods if one.period == FIRST)
    assert [one.header.reason for one in first.closings] == [None, "Två planer registrerades sent"]


def test_who_may(world: Engine) -> None:
    for role in (Role.PRESIDIUM, Role.CHIEF, Role.SECRETARY, Role.AUDITOR):
        assert _list(world, _viewer(role)).periods
        with pytest.raises(AccessDenied):
            _ask(world, viewer=_viewer(role))
    for viewer in (_viewer(Role.MEMBER), _viewer(Role.CONTROLLER, "1287-UN"), _viewer(Role.DEVELOPER)):
        with pytest.raises(AccessDenied):
            _list(world, viewer)
        with pytest.raises(AccessDenied):
            _ask(world, viewer=viewer)


@pytest.fixture
def login() -> LoginAs:
    return LoginAs(CONTROLLER)


@pytest.fixture
def page(world: Engine, tmp_path: Path, login: LoginAs) -> FlaskClient:
    return create_app(world, Settings(data_dir=tmp_path), login=login).server.test_client()


def test_the_rule_is_chosen_by_its_button_alone_by_who_sees_what_stands(page: FlaskClient, world: Engine) -> None:
    known = page.get("/_dash-dependencies").json
    rule = next(one["output"] for one in known if "closing-done" in one["output"])
    again = next(one["output"] for one in known if one["inputs"][0]["id"] == "closing-poll")
    shown, address = {"board": "1287-SN", "every": ""}, ""

    def rules_told() -> list[str]:
        with reading(world) as connection:
            query = select(audit_event.c.resource).where(audit_event.c.action == Action.CLOSING_RULE_SET)
            return list(connection.scalars(query))

    def is_left(output: str, inputs: list[Any], state: list[Any]) -> bool:
        answer = post(page, output, inputs, state)
        return answer.status_code == 204 or not answer.json["response"]

    assert is_left(again, [0], ["/stangning", address]), "the page has just been drawn"
    for clicks in (None, 0):
        assert is_left(rule, [clicks], ["month", shown, address]), "its fields have just been drawn"
    unchosen = post(page, rule, [1], [None, shown, address]).json["response"]
    assert "Välj vilka perioder" in words(unchosen["closing-done"]["children"])
    assert rules_told() == []
    chosen = words(post(page, rule, [1], ["month", shown, address]).json["response"]["main"]["children"])
    assert "Valet är sparat" in chosen
    assert "Nämnden stänger månader." in chosen, "the page shows at once what waits from now on"
    late = post(page, rule, [1], ["quarter", shown, address]).json["response"]
    assert "någon annan har ändrat det" in words(late["closing-done"]["children"])
    post(page, rule, [1], ["month", shown | {"every": "month"}, address])
    assert rules_told() == ["1287-SN stänger månader"], "what holds already is not set again"


CLOSE = "..closing-result.children...closing-poll.disabled.."


def _texts(rendered: Any) -> list[str]:
    if isinstance(rendered, str):
        return [rendered.replace("\xa0", " ")]
    if isinstance(rendered, list):
        return [one for each in rendered for one in _texts(each)]
    return [one for each in rendered["props"].values() for one in _texts(each)] if _is_component(rendered) else []


def _is_component(rendered: Any) -> bool:
    return isinstance(rendered, dict) and "props" in rendered


def test_the_page_asks_and_tells(page: FlaskClient, login: LoginAs, world: Engine, tmp_path: Path) -> None:
    shown = post(page, PAGE, ["/stangning", "", 0]).json["response"]["main"]["children"]
    assert "tredje tertialet 2025" in words(shown)
    chosen = {"board": "1287-SN", "period": "2025-T1"}
    told = post(page, CLOSE, [1], ["", chosen]).json["response"]["closing-result"]["children"]
    assert "Uppföljningsdatum avtalat" in words(told)
    answer = post(page, CLOSE, [1], [WHY_NONE, chosen])
    assert "Begäran är lämnad" in words(answer.json["response"]["closing-result"]["children"])
    assert carry_out_requests(world, Settings(data_dir=tmp_path)) == 1
    closed = post(page, PAGE, ["/stangning", "?period=2025-T1", 0]).json["response"]["main"]["children"]
    assert {"Rätta första tertialet 2025", "Varför rättas perioden?"} <= set(_texts(closed))
    login.is_now = _viewer(Role.CHIEF)
    refused = post(page, CLOSE, [1], [None, chosen | {"period": "2025-T2"}])
    assert refused.status_code == 403
    forged = post(page, CLOSE, [1], [None, chosen | {"period": "2025-99"}])
    assert "finns inte" in words(forged.json["response"]["closing-result"]["children"])
    with reading(world) as connection:
        assert connection.execute(select(job_request)).all().__len__() == 1
