"""Marks in a figure's chart: where an action began, and where a person accepted a new usual level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from control.actions.content import BoardAction
from kpi.access import Viewer
from kpi.period import Period, PeriodType
from warehouse import clock
from warehouse.action_tables import chart_mark

OF_ACTION = "Åtgärd: "
"""How the note of a new level begins, before the action that gave it."""

_LONGEST = 120


@dataclass(frozen=True)
class Mark:
    """A mark that stands; `is_rebase`: the usual level is counted anew from its month."""

    number: int
    month: Period
    is_rebase: bool


def marks_of(connection: Connection, action: BoardAction) -> tuple[Mark, ...]:
    """The action's marks that stand."""
    rows = connection.execute(
        select(chart_mark.c.mark_no, chart_mark.c.month, chart_mark.c.is_rebase)
        .where(chart_mark.c.action_no == action.number, chart_mark.c.removed_at.is_(None))
        .order_by(chart_mark.c.month, chart_mark.c.mark_no)
    )
    return tuple(Mark(row.mark_no, Period.from_code(row.month), bool(row.is_rebase)) for row in rows)


def end_mark(connection: Connection, viewer: Viewer, action: BoardAction, number: int, at: datetime) -> Mark | None:
    """Take a mark of the action out of the chart; None when it does not stand there, or not any longer."""
    row = connection.execute(
        update(chart_mark)
        .where(
            chart_mark.c.mark_no == number, chart_mark.c.action_no == action.number, chart_mark.c.removed_at.is_(None)
        )
        .values(removed_at=clock.utc(at), removed_by=viewer.user[:80])
        .returning(chart_mark.c.mark_no, chart_mark.c.month, chart_mark.c.is_rebase)
    ).one_or_none()
    return None if row is None else Mark(row.mark_no, Period.from_code(row.month), bool(row.is_rebase))


def mark_start(connection: Connection, viewer: Viewer, action: BoardAction, at: datetime) -> None:
    """The action's mark in the month that it begins, once; nothing for an action without a figure."""
    if action.kpi_id is not None and not _has_mark(connection, action, is_rebase=False):
        month = Period.containing(action.starts_on, PeriodType.MONTH)
        _add(connection, viewer, action, month, _short(action.what), is_rebase=False, at=at)


def mark_rebase(connection: Connection, viewer: Viewer, action: BoardAction, month: Period, at: datetime) -> bool:
    """The usual level counted anew from the month because of the action; False when it is already."""
    if _has_mark(connection, action, is_rebase=True):
        return False
    _add(connection, viewer, action, month, f"{OF_ACTION}{_short(action.what)}", is_rebase=True, at=at)
    return True


def has_rebase(connection: Connection, action: BoardAction) -> bool:
    """Whether a person has accepted a new usual level because of the action."""
    return _has_mark(connection, action, is_rebase=True)


def _has_mark(connection: Connection, action: BoardAction, *, is_rebase: bool) -> bool:
    return any(one.is_rebase == is_rebase for one in marks_of(connection, action))


def _add(
    connection: Connection, viewer: Viewer, action: BoardAction, month: Period, note: str, *, is_rebase: bool,
    at: datetime,
) -> None:  # fmt: skip
    connection.execute(
        insert(chart_mark).values(
            municipality_code=action.municipality_code,
            board_code=action.board_code,
            unit_code=action.unit_code,
            kpi_id=action.kpi_id,
            month=month.code,
            note=note,
            is_rebase=int(is_rebase),
            action_no=action.number,
            made_at=clock.utc(at),
            made_by=viewer.user[:80],
        )
    )


def _short(what: str) -> str:
    first = what.split("\n")[0]
    return first if len(first) <= _LONGEST else first[: _LONGEST - 1] + "…"
