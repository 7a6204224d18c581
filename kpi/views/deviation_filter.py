"""Which deviations are meant: of what sort, and where they stand on a day. As SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Date, and_, case, literal, not_, or_

from kpi.deviations import AGES, MUNICIPAL, Side
from kpi.views.case_filter import CaseFilter, Day, Order, Orders
from kpi.views.sql_days import days_between
from warehouse.tables import VERSIONED

_TABLE = VERSIONED["deviations"]
USUAL_DAYS = 60
"""Within which feedback is due, where the definitions say nothing."""


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


@dataclass(frozen=True, kw_only=True)
class DeviationFilter(CaseFilter):
    """What of a unit's deviations."""

    ORDERS: ClassVar[Orders] = {
        Order.UNIT: _TABLE.c.unit_code,
        Order.CATEGORY: _TABLE.c.category,
        Order.COUNTERPART: _TABLE.c.counterpart_actor,
    }
    GENERAL = CaseFilter.GENERAL | {"due_days"}
    category: str | None = None
    counterpart: str | None = None
    reporter: str | None = None
    side: Side | None = None
    standing: Standing | None = None
    due_days: int = USUAL_DAYS

    def conditions(self, stand: date, first: date, last: date) -> list[ColumnElement[bool]]:
        """As `CaseFilter.conditions`."""
        columns = _TABLE.c
        wanted = (
            (columns.category, self.category),
            (columns.counterpart_actor, self.counterpart),
            (columns.reporting_actor, self.reporter),
        )
        found = [column == value for column, value in wanted if value is not None]
        if self.side is not None:
            found.append(answers(self.side))
        if self.standing is not None:
            found.append(stands(self.standing, stand, self.due_days))
        if self.by is Day.CLOSED:
            found.append(columns.closed_on.between(first, last))
        return found


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
