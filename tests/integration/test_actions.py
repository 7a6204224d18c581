"""Actions and what is said about figures, on both databases: who may, what is kept, and two people at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select

from control.actions.content import Status, to_remind_of
from control.actions.form import ActionForm
from control.actions.judging import sign_effect
from control.actions.store import effects, history, read_action, read_actions
from control.actions.work import change_action, comment_action, move_action, remind_of, start_action
from control.locking import ChangedMeanwhile
from control.remarks import latest, read_remarks, unanswered, without_answer, write_remark
from kpi.access import OPERATOR, AccessDenied, Grant, Role, Viewer
from kpi.period import Period
from kpi.views.errors import NotFound
from kpi.views.rows import FigureRow
from tests.builders.closed_world import unit_row
from tests.builders.figures import catalogue, share_row
from tests.builders.warehouse import deliver
from warehouse.action_tables import chart_mark
from warehouse.audit_tables import audit_event
from warehouse.database import reading, writing
from warehouse.errors import UserError

BOARD, UNIT, OTHER = "1287-SN", "1287-A", "1287-BN"
TODAY, AT = date(2025, 3, 10), datetime(2025, 3, 10, 9, tzinfo=UTC)
FIGURE = "sip_full_attendance"
FORM = ActionForm(
    what="Mötestider bokas med bup i förväg",
    root_cause="Bup kallas för sent",
    responsible="Enhetschefen Barn och familj",
    starts_on="2025-03-01",
    due_on="2025-05-31",
    expected_from="55",
    expected_to="85",
)


def of(role: Role, board: str = BOARD, *units: str) -> Viewer:
    return Viewer(role.value, (Grant(role, "1287", frozenset({board}), frozenset(units)),))


CHIEF, MANAGER, STRANGER = of(Role.CHIEF), of(Role.UNIT_MANAGER, BOARD, UNIT), of(Role.CHIEF, OTHER)


@pytest.fixture
def board(engine: Engine) -> Engine:
    units = [
        unit_row("1287", "municipality", None), unit_row(BOARD, "board", "1287", "social"),
        unit_row(OTHER, "board", "1287", "education"), unit_row(UNIT, "unit", BOARD), unit_row("1287-B", "unit", BOARD),
    ]  # fmt: skip
    deliver(engine, "2025-02-28", org_units=units)
    return engine


def start(engine: Engine, viewer: Viewer = CHIEF, form: ActionForm = FORM, **more: Any) -> int:
    told = {"kpi_id": FIGURE, "today": TODAY, "at": AT} | more
    return start_action(engine, viewer, catalogue(), BOARD, form, **told)


def now(engine: Engine, number: int) -> Any:
    with reading(engine) as connection:
        return read_action(connection, CHIEF, number)


def told(engine: Engine, number: int) -> list[tuple[str, str, Any]]:
    with reading(engine) as connection:
        one = read_action(connection, CHIEF, number)
        return [(each.kind, each.text, dict(each.changed)) for each in history(connection, CHIEF, one)]


def logged(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as connection:
        found = connection.execute(
            select(audit_event.c.action, audit_event.c.resource, audit_event.c.board_code).order_by(
                audit_event.c.event_no
            )
        )
        return [tuple(one) for one in found]


def test_an_action_from_start_to_end(board: Engine) -> None:
    number = start(board)
    one = now(board, number)
    assert (one.status, one.expected_from, one.expected_to, one.first_due_on) == (
        Status.STARTED, 0.55, 0.85, date(2025, 5, 31),
    )  # fmt: skip
    with reading(board) as connection:
        (mark,) = connection.execute(select(chart_mark)).all()
    assert (mark.kpi_id, mark.board_code, mark.month, mark.is_rebase) == (FIGURE, BOARD, 202503, 0)
    later = replace(FORM, due_on="2025-06-30", responsible="Verksamhetsutvecklaren")
    with pytest.raises(UserError, match="Skälet till att dagen flyttas saknas"):
        change_action(board, CHIEF, catalogue(), number, one.edits, later)
    change_action(board, CHIEF, catalogue(), number, one.edits, later, reason="Bup har ny chef", at=AT)
    moved = now(board, number)
    assert (moved.due_on, moved.first_due_on) == (date(2025, 6, 30), date(2025, 5, 31))
    comment_action(board, CHIEF, number, "Första mötet är bokat", at=AT)
    with writing(board) as connection:
        assert to_remind_of([moved], date(2025, 6, 10)) == []
        with pytest.raises(UserError, match="behöver ingen påminnelse"):
            remind_of(connection, CHIEF, moved, today=date(2025, 6, 10), at=AT)
        assert to_remind_of([moved], date(2025, 6, 16)) == to_remind_of([moved], date(2025, 7, 1)) == [moved]
        with pytest.raises(AccessDenied):
            remind_of(connection, of(Role.AUDITOR), moved, today=date(2025, 6, 16), at=AT)
        assert "ska vara klar 30\u00a0juni\u00a02025" in remind_of(
            connection, OPERATOR, moved, today=date(2025, 6, 16), at=AT
        )
    june = date(2025, 6, 20)
    move_action(board, CHIEF, number, moved.edits, Status.DONE, on=june, today=june, at=AT)
    assert now(board, number).was_in_time is False, "by the day that was promised first"
    assert [kind for kind, _, _ in told(board, number)] == ["changed", "reminder", "comment", "changed", "made"]
    changed = told(board, number)[3]
    assert changed[1] == "Bup har ny chef"
    assert changed[2]["due_on"] == ["2025-05-31", "2025-06-30"]
    assert [one[0] for one in logged(board)] == [
        "action_started", "action_changed", "action_commented", "action_reminded", "action_changed",
    ]  # fmt: skip
    assert {one[1:] for one in logged(board)} == {(f"åtgärd {number}", BOARD)}


def test_a_planned_action_begins_when_a_person_says_so(board: Engine) -> None:
    number = start(board, form=replace(FORM, starts_on="2025-04-01"))
    one = now(board, number)
    assert one.status is Status.PLANNED
    with pytest.raises(UserError, match="ingen effekt att bedöma"):
        sign_effect(board, CHIEF, catalogue(), number, "yes", "Det går bra", today=TODAY)
    with pytest.raises(UserError, match="framåt i tiden"):
        move_action(board, CHIEF, number, 0, Status.STARTED, on=date(2025, 4, 8), today=TODAY)
    began = date(2025, 4, 8)
    move_action(board, CHIEF, number, 0, Status.STARTED, on=began, today=began, at=AT)
    assert now(board, number).starts_on == began
    with reading(board) as connection:
        assert connection.scalar(select(chart_mark.c.month)) == 202504
    with pytest.raises(UserError, match="Skälet saknas"):
        move_action(board, CHIEF, number, 1, Status.CANCELLED, on=began, today=began)
    move_action(board, CHIEF, number, 1, Status.CANCELLED, on=began, today=began, text="Ersätts av en annan", at=AT)
    with pytest.raises(UserError, match="avbruten och kan inte bli pågår"):
        move_action(board, CHIEF, number, 2, Status.STARTED, on=began, today=began)


def test_two_people_at_once_lose_nothing(board: Engine) -> None:
    number = start(board)
    seen = now(board, number).edits
    change_action(board, CHIEF, catalogue(), number, seen, replace(FORM, what="Tider bokas en månad före"), at=AT)
    with pytest.raises(ChangedMeanwhile, match="Åtgärden sparades inte"):
        change_action(board, of(Role.CONTROLLER), catalogue(), number, seen, replace(FORM, what="Något annat"))
    with pytest.raises(ChangedMeanwhile):
        move_action(board, CHIEF, number, seen, Status.DONE, on=TODAY, today=TODAY)
    assert now(board, number).what == "Tider bokas en månad före"
    assert len(told(board, number)) == 2, "what was refused left no event"


def test_another_boards_action_is_refused_and_a_unit_manager_manages_the_own_units(board: Engine) -> None:
    whole, own = start(board), start(board, MANAGER, unit_code=UNIT)
    for viewer in (STRANGER, of(Role.SECRETARY), of(Role.DPO)):
        with reading(board) as connection, pytest.raises(AccessDenied):
            read_action(connection, viewer, whole)
        with pytest.raises(AccessDenied):
            comment_action(board, viewer, whole, "Hej")
        with pytest.raises(AccessDenied):
            start(board, viewer)
    for refused in (lambda: comment_action(board, MANAGER, whole, "Hej"), lambda: start(board, MANAGER),
                    lambda: start(board, MANAGER, unit_code="1287-B"),
                    lambda: sign_effect(board, MANAGER, catalogue(), whole, "yes", "Ja", today=TODAY),
                    lambda: comment_action(board, of(Role.PRESIDIUM), whole, "Hej")):  # fmt: skip
        with pytest.raises(AccessDenied):
            refused()
    comment_action(board, MANAGER, own, "Vi börjar på måndag")
    with reading(board) as connection:
        assert [one.number for one in read_actions(connection, MANAGER)] == [whole, own]
        assert read_actions(connection, STRANGER) == ()
        with pytest.raises(AccessDenied):
            read_actions(connection, STRANGER, BOARD)
        with pytest.raises(NotFound):
            read_action(connection, CHIEF, 999)
    with pytest.raises(UserError, match="hör inte till nämnden"):
        start(board, unit_code=OTHER)


def test_an_effect_is_signed_and_the_newest_counts(board: Engine) -> None:
    number = start(board)
    with pytest.raises(UserError, match="Effekten är inte vald"):
        sign_effect(board, CHIEF, catalogue(), number, "kanske", "Vet inte", today=TODAY)
    for effect in ("too_early", "partly"):
        sign_effect(board, CHIEF, catalogue(), number, effect, f"Bedömning: {effect}", today=TODAY, at=AT)
    with reading(board) as connection:
        one = read_action(connection, CHIEF, number)
        signed = effects(connection, CHIEF, one)
    assert (one.effect, [each.effect for each in signed]) == ("partly", ["partly", "too_early"])
    assert signed[0].before is None, "nothing is computed here"
    assert (signed[0].signed_by, signed[0].assessed_on) == ("chief", TODAY)


def test_remarks_follow_each_other_and_answer_for_red_figures(board: Engine) -> None:
    red, march = share_row(40, 100, kpi_id=FIGURE), Period.parse("2025-03")
    rows = [red, share_row(95, 100)]

    def write(text: str, seen: int | None = None, kind: str = "comment", viewer: Viewer = CHIEF) -> int:
        return write_remark(
            board, viewer, catalogue(), BOARD, FIGURE, march, kind, text, seen=seen, at=AT
        )  # fmt: skip

    with reading(board) as connection:
        assert unanswered(connection, CHIEF, BOARD, rows) == (red,)
    first = write("Bup har haft vakanser")
    with pytest.raises(ChangedMeanwhile):
        write("Jag visste inte att någon redan hade skrivit")
    second = write("Bup har haft vakanser till maj", seen=first)
    reason = write("Beror på få fall", kind="no_action")
    for viewer in (of(Role.DEVELOPER), of(Role.PRESIDIUM), MANAGER, STRANGER):
        with pytest.raises(AccessDenied):
            write("Hej", viewer=viewer)
    with pytest.raises(UserError, match="styrs inte av någon annan"):
        write("Vi svarar i juni", kind="counterpart")
    write_remark(board, CHIEF, catalogue(), BOARD, "deviation_feedback_60d", march, "counterpart", "Vi svarar", at=AT)
    with reading(board) as connection:
        found = read_remarks(connection, CHIEF, BOARD, FIGURE)
        assert [one.number for one in found] == [reason, second, first]
        assert [one.number for one in latest(found)] == [reason, second]
        assert unanswered(connection, CHIEF, BOARD, rows) == ()
        may = in_period(red, "2025-05")
        assert unanswered(connection, CHIEF, BOARD, [may]) == (may,)
        yearly = in_period(red, "2024")
        assert unanswered(connection, CHIEF, BOARD, [yearly]) == (yearly,)
    write_remark(board, CHIEF, catalogue(), BOARD, FIGURE, Period.parse("2024"), "no_action", "Mäts en gång om året")
    with reading(board) as connection:
        assert unanswered(connection, CHIEF, BOARD, [yearly]) == (), "as the figure's page writes it"
        with pytest.raises(AccessDenied):
            read_remarks(connection, STRANGER, BOARD)
    assert logged(board)[0] == ("figure_remarked", f"{FIGURE} 2025-03", BOARD)


def test_an_action_answers_for_the_periods_it_is_under_way_in(board: Engine) -> None:
    red, number = share_row(40, 100, kpi_id=FIGURE), start(board)
    done = date(2025, 5, 20)
    move_action(board, CHIEF, number, 0, Status.DONE, on=done, today=done, at=AT)
    with reading(board) as connection:
        actions = read_actions(connection, CHIEF, BOARD)
    for period, is_answered in (("2025-02", False), ("2025-03", True), ("2025-T2", True), ("2025-06", False)):
        assert (without_answer([in_period(red, period)], actions, ()) == ()) is is_answered, period


def in_period(row: FigureRow, period: str) -> FigureRow:
    one = Period.parse(period)
    return replace(row, current=replace(row.current, first=one, last=one))
