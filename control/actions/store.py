"""Reads actions, their history and what they were judged to have done; what the viewer may not read is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from control.actions.content import ActionEvent, BoardAction, CostClass, Effect, Origin, SignedEffect, Status
from kpi.access import Viewer, check_can_read_control, control_boards, is_operator
from kpi.views.errors import NotFound
from warehouse import clock
from warehouse.action_tables import action, action_effect, action_event


def read_actions(
    connection: Connection, viewer: Viewer, board_code: str | None = None, *, kpi_id: str | None = None
) -> tuple[BoardAction, ...]:
    """The actions of a board (else of all whose control the viewer reads), by their day. AccessDenied for a board whose
    control the viewer does not read."""
    wanted = select(action).order_by(action.c.due_on, action.c.action_no)
    if board_code is not None:
        check_can_read_control(viewer, board_code)
        wanted = wanted.where(action.c.board_code == board_code)
    elif not is_operator(viewer):
        wanted = wanted.where(action.c.board_code.in_(sorted(control_boards(viewer))))
    if kpi_id is not None:
        wanted = wanted.where(action.c.kpi_id == kpi_id)
    return _built(connection, connection.execute(wanted).all())


def read_action(connection: Connection, viewer: Viewer, number: int) -> BoardAction:
    """One action. NotFound when there is none, AccessDenied for another board's."""
    found = connection.execute(select(action).where(action.c.action_no == number)).all()
    if not found:
        raise NotFound("Åtgärden finns inte. Välj en i listan över åtgärder.")
    check_can_read_control(viewer, found[0].board_code)
    return _built(connection, found)[0]


def history(connection: Connection, viewer: Viewer, one: BoardAction) -> tuple[ActionEvent, ...]:
    """What has happened with it, the newest first."""
    check_can_read_control(viewer, one.board_code)
    rows = connection.execute(
        select(action_event)
        .where(action_event.c.action_no == one.number)
        .order_by(action_event.c.event_no.desc())
    )  # fmt: skip
    return tuple(ActionEvent(row.kind, row.text, row.changed or {}, clock.utc(row.at), row.by) for row in rows)


def effects(connection: Connection, viewer: Viewer, one: BoardAction) -> tuple[SignedEffect, ...]:
    """What it was judged to have done, the newest first."""
    check_can_read_control(viewer, one.board_code)
    rows = connection.execute(
        select(action_effect)
        .where(action_effect.c.action_no == one.number)
        .order_by(action_effect.c.effect_no.desc())
    )  # fmt: skip
    return tuple(
        SignedEffect(
            row.effect_no, Effect(row.effect), row.motivation, row.before, row.after, row.assessed_on,
            clock.utc(row.signed_at), row.signed_by,
        )
        for row in rows
    )  # fmt: skip


def _built(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[BoardAction, ...]:
    judged = _judged(connection, [row.action_no for row in rows])
    return tuple(
        BoardAction(
            row.action_no, row.municipality_code, row.board_code, row.unit_code, row.what, row.root_cause,
            Origin(row.origin), row.origin_reference, row.kpi_id, row.responsible, row.starts_on, row.due_on,
            row.first_due_on, row.expected_from, row.expected_to, CostClass(row.cost_class), Status(row.status),
            row.done_on, row.edits, clock.utc(row.made_at), row.made_by, judged.get(row.action_no),
        )
        for row in rows
    )  # fmt: skip


def _judged(connection: Connection, numbers: Iterable[int]) -> dict[int, Effect]:
    latest = (
        select(func.max(action_effect.c.effect_no))
        .where(action_effect.c.action_no.in_(list(numbers)))
        .group_by(action_effect.c.action_no)
    )
    rows = connection.execute(
        select(action_effect.c.action_no, action_effect.c.effect).where(action_effect.c.effect_no.in_(latest))
    )
    return {row.action_no: Effect(row.effect) for row in rows}
