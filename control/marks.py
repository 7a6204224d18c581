"""Marks in a figure's chart: where an action began, and where a person accepted a new usual level."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, insert, select

from control.actions.content import BoardAction
from kpi.access import Viewer
from kpi.period import Period, PeriodType
from warehouse import clock
from warehouse.action_tables import chart_mark

_LONGEST = 120


def mark_start(connection: Connection, viewer: Viewer, action: BoardAction, at: datetime) -> None:
    """The action's mark in the month that it begins, once; nothing for an action without a figure."""
    if action.kpi_id is not None and not _has_mark(connection, action, is_rebase=False):
        month = Period.containing(action.starts_on, PeriodType.MONTH)
        _add(connection, viewer, action, month, _short(action.what), is_rebase=False, at=at)


def mark_rebase(connection: Connection, viewer: Viewer, action: BoardAction, month: Period, at: datetime) -> bool:
    """The usual level counted anew from the month because of the action; False when it is already."""
    if _has_mark(connection, action, is_rebase=True):
        return False
    _add(connection, viewer, action, month, f"Åtgärd: {_short(action.what)}", is_rebase=True, at=at)
    return True


def has_rebase(connection: Connection, action: BoardAction) -> bool:
    """Whether a person has accepted a new usual level because of the action."""
    return _has_mark(connection, action, is_rebase=True)


def _has_mark(connection: Connection, action: BoardAction, *, is_rebase: bool) -> bool:
    return (
        connection.scalar(
            select(chart_mark.c.mark_no).where(
                and_(
                    chart_mark.c.action_no == action.number,
                    chart_mark.c.is_rebase == int(is_rebase),
                    chart_mark.c.removed_at.is_(None),
                )
            )
        )
        is not None
    )


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
