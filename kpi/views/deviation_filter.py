"""Which deviations are meant: how far back, of what sort, and where they stand on a day; and in which order. As SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, literal, not_, or_

from kpi.deviations import AGES, MUNICIPAL, WINDOW, Side
from kpi.period import Period
from kpi.views.sql_days import days_between
from warehouse.tables import VERSIONED

_TABLE = VERSIONED["deviations"]
_EARLIEST = date(1900, 1, 1)
USUAL_DAYS = 60
"""Within which feedback is due, where the definitions say nothing."""


class Back(StrEnum):
    """How far back from a month's last day."""

    MONTH = "month"
    YEAR = "year"
    ALL = "all"

    def first_day(self, month: Period) -> date:
        """The first day that counts."""
        if self is Back.ALL:
            return _EARLIEST
        return (month if self is Back.MONTH else month.shift(1 - WINDOW)).first_day


class Standing(StrEnum):
    """Where a deviation stands."""

    OPEN = "open"
    OPEN_30 = "open_30"
    OPEN_60 = "open_60"
    OPEN_90 = "open_90"
    OPEN_LONG = "open_long"
    CLOSED = "closed"
    ANSWERED_IN_TIME = "answered_in_time"
    ANSWERED_LATE = "answered_late"
    UNANSWERED = "unanswered"
    WAITING = "waiting"
    OVERDUE = "overdue"
    WITHOUT_ACTION = "without_action"


_AGE_OF = {
    Standing.OPEN_30: AGES[0], Standing.OPEN_60: AGES[1], Standing.OPEN_90: AGES[2], Standing.OPEN_LONG: AGES[3],
}  # fmt: skip


class Order(StrEnum):
    """The order of rows; those that are alike by day and key."""

    OLDEST = "oldest"
    NEWEST = "newest"
    UNIT = "unit"
    CATEGORY = "category"
    COUNTERPART = "counterpart"


@dataclass(frozen=True)
class DeviationFilter:
    """What of a unit's deviations; the default is every one of the month. `key`: only that one."""

    back: Back = Back.MONTH
    category: str | None = None
    counterpart: str | None = None
    reporter: str | None = None
    side: Side | None = None
    standing: Standing | None = None
    order: Order = Order.OLDEST
    due_days: int = USUAL_DAYS
    key: str | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether it is of some sort or standing only."""
        own = self.category, self.counterpart, self.reporter, self.side, self.standing, self.key
        return any(one is not None for one in own)

    def conditions(self, stand: date) -> list[ColumnElement[bool]]:
        """Of the sort and the standing on a day; when they were reported is asked elsewhere."""
        columns = _TABLE.c
        wanted = (
            (columns.category, self.category),
            (columns.counterpart_actor, self.counterpart),
            (columns.reporting_actor, self.reporter),
            (columns.deviation_id, self.key),
        )
        found = [column == value for column, value in wanted if value is not None]
        if self.side is not None:
            found.append(answers(self.side))
        if self.standing is not None:
            found.append(stands(self.standing, stand, self.due_days))
        return found


EVERY_ONE = DeviationFilter()
"""Of the month, oldest first."""


def order_by(order: Order) -> Sequence[ColumnElement[Any]]:
    """The columns to sort by."""
    columns = _TABLE.c
    last = (columns.reported_on, columns.deviation_id, columns.municipality_code)
    by = {Order.UNIT: columns.unit_code, Order.CATEGORY: columns.category, Order.COUNTERPART: columns.counterpart_actor}
    if order is Order.NEWEST:
        return tuple(one.desc() for one in last)
    return (by[order], *last) if order in by else last


def answers(side: Side) -> ColumnElement[bool]:
    """That the side owes the feedback."""
    ours = _TABLE.c.counterpart_actor.in_(sorted(MUNICIPAL))
    return ours if side is Side.OURS else not_(ours)


def by(column: ColumnElement[Any], day: date) -> ColumnElement[bool]:
    """That it had happened by the day."""
    return and_(column.is_not(None), column <= day)


def age(stand: date) -> ColumnElement[int]:
    """Days from the report to the day."""
    return days_between(literal(stand, Date), _TABLE.c.reported_on)


def age_group(stand: date) -> ColumnElement[int]:
    """The place in AGES."""
    days = age(stand)
    return case(*((days <= last, at) for at, (_, last) in enumerate(AGES) if last is not None), else_=len(AGES) - 1)


def stands(standing: Standing, stand: date, due_days: int) -> ColumnElement[bool]:
    """That a deviation stood so on the day. Feedback is due on day `due_days`; on that day's evening it is overdue."""
    columns = _TABLE.c
    closed, answered = by(columns.closed_on, stand), by(columns.feedback_on, stand)
    in_time = days_between(columns.feedback_on, columns.reported_on) <= due_days
    is_due = columns.reported_on <= stand - timedelta(days=due_days)
    if standing in _AGE_OF:
        first, last = _AGE_OF[standing]
        reported = columns.reported_on <= stand - timedelta(days=first)
        if last is None:
            return and_(not_(closed), reported)
        return and_(not_(closed), reported, columns.reported_on >= stand - timedelta(days=last))
    meanings = {
        Standing.OPEN: not_(closed),
        Standing.CLOSED: closed,
        Standing.ANSWERED_IN_TIME: and_(answered, in_time),
        Standing.ANSWERED_LATE: and_(answered, not_(in_time)),
        Standing.UNANSWERED: not_(answered),
        Standing.WAITING: and_(not_(answered), not_(is_due)),
        Standing.OVERDUE: and_(not_(answered), is_due),
        Standing.WITHOUT_ACTION: not_(by(columns.action_decided_on, stand)),
    }
    return meanings[standing]


def not_closed(stand: date) -> ColumnElement[bool]:
    """As Standing.OPEN, in the form that an index of closing days answers."""
    return or_(_TABLE.c.closed_on.is_(None), _TABLE.c.closed_on > stand)
