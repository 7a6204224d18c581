"""What a board's controls come to: which are late, which are due, which are done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Connection, or_, select

from control.occasions.described import Described, adopted_contents, describe, described
from control.occasions.occasion import Occasion, occasions_of
from control.plan.store import is_closed
from kpi.access import Viewer, check_can_read_control
from warehouse.plan_tables import control_occasion

_DONE_SHOWN = timedelta(days=366)


class Standing(StrEnum):
    """Where an occasion stands on a day, in the order that it is read."""

    LATE = "late"
    DUE = "due"  # its period has ended
    COMING = "coming"
    DONE = "done"


@dataclass(frozen=True)
class Listed:
    """An occasion in a list."""

    described: Described
    standing: Standing

    @property
    def occasion(self) -> Occasion:
        """The occasion itself."""
        return self.described.occasion


def standing_of(occasion: Occasion, today: date) -> Standing:
    """Of one that is not cancelled."""
    if occasion.is_done:
        return Standing.DONE
    if occasion.is_late(today):
        return Standing.LATE
    return Standing.DUE if occasion.period.last_day < today else Standing.COMING


def occasion(connection: Connection, viewer: Viewer, number: int) -> Described:
    """One. AccessDenied for another board's, NotFound when there is none."""
    found = describe(connection, number)
    check_can_read_control(viewer, found.occasion.board_code)
    return found


def occasions(
    connection: Connection, viewer: Viewer, board_code: str, plan_no: int | None, today: date
) -> tuple[Listed, ...]:
    """The late ones first, then what is due and what is coming, by day; then what is done, the newest first.

    Of one plan, else of all the board's, but for what was done more than a year ago, and for what was left undone when
    its plan was closed. AccessDenied for another's board.
    """
    check_can_read_control(viewer, board_code)
    table = control_occasion
    of_plan = (
        table.c.plan_no == plan_no
        if plan_no is not None
        else or_(table.c.status == "due", table.c.due_on >= today - _DONE_SHOWN)
    )
    rows = connection.execute(
        select(table).where(table.c.board_code == board_code, table.c.status != "cancelled", of_plan)
    ).all()
    found = occasions_of(rows)
    if plan_no is None:
        closed = {one for one in {each.plan_no for each in found} if is_closed(connection, one)}
        found = tuple(one for one in found if one.is_done or one.plan_no not in closed)
    contents = {number: adopted_contents(connection, number) for number in {one.plan_no for one in found}}
    listed = [Listed(described(one, contents[one.plan_no]), standing_of(one, today)) for one in found]
    return tuple(sorted(listed, key=_order))


def _order(one: Listed) -> tuple[int, int, str]:
    order = list(Standing).index(one.standing)
    day = one.occasion.due_on.toordinal()
    return order, -day if one.standing is Standing.DONE else day, one.described.control.what
