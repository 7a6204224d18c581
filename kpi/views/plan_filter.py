"""Which plans (SIP) are meant: who initiated and called, who was called and came, where they stand on a day. As SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ColumnElement, Select, Table, and_, case, func, not_, or_, select, true, tuple_

from kpi.moment import known
from kpi.views.case_filter import CaseFilter, Day, Order, Orders
from kpi.views.deviation_filter import by
from warehouse.tables import VERSIONED

_TABLE, _PARTICIPANTS = VERSIONED["sips"], VERSIONED["sip_participants"]
_KEY = _TABLE.c.municipality_code, _TABLE.c.sip_id
_CALLER = func.coalesce(_TABLE.c.calling_actor, _TABLE.c.initiator_actor)


class PlanStanding(StrEnum):
    """Where a plan stands."""

    ONGOING = "ongoing"
    CLOSED = "closed"
    WITHOUT_CALL = "without_call"
    WITHOUT_MEETING = "without_meeting"
    WITHOUT_COORDINATOR = "without_coordinator"
    CLOSED_UNEVALUATED = "closed_unevaluated"
    FOLLOW_UP_OVERDUE = "follow_up_overdue"


OVERDUE_DAYS = 31
"""From so many days after the first agreed day a follow-up that has not been held is overdue, as in the definitions."""


class Came(StrEnum):
    """Whether a called party came."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class PlanFilter(CaseFilter):
    """What of a unit's plans. `caller`: who called, else who initiated; `called`: an actor called to some meeting, of
    the time where meetings decide it; `came`: whether it did."""

    ORDERS: ClassVar[Orders] = {Order.UNIT: _TABLE.c.unit_code, Order.CALLER: _CALLER}
    initiator: str | None = None
    caller: str | None = None
    called: str | None = None
    came: Came | None = None
    consent: str | None = None
    standing: PlanStanding | None = None

    def conditions(self, stand: date, first: date, last: date) -> list[ColumnElement[bool]]:
        """As `CaseFilter.conditions`."""
        wanted = (
            (_TABLE.c.initiator_actor, self.initiator), (_CALLER, self.caller), (_TABLE.c.consent, self.consent)
        )  # fmt: skip
        found = [column == value for column, value in wanted if value is not None]
        if self.standing is not None:
            found.append(_stands(self.standing, stand))
        if self.called is not None or self.came is not None or self.by is Day.MEETING:
            found.append(tuple_(*_KEY).in_(self._met(first, last)))
        if self.by in _COLUMNS:
            found.append(_COLUMNS[self.by].between(first, last))
        if self.by in _RELATED:
            found.append(_related(self.by, first, last))
        return found

    def _met(self, first: date, last: date) -> Select[tuple[str, str]]:
        """The plans with such a party at such a meeting. A meeting's day is the earliest that is told of it, as the
        figures have it."""
        table = _PARTICIPANTS
        party = [] if self.called is None else [table.c.actor == self.called]
        party += [] if self.came is None else [table.c.attended.is_(self.came is Came.YES)]
        if self.by is not Day.MEETING:
            return _keys(table).where(*party)
        day, is_there = func.min(table.c.met_on), func.max(case((and_(true(), *party), 1), else_=0))
        meetings = _keys(table).group_by(table.c.municipality_code, table.c.sip_id, table.c.meeting_no)
        return meetings.having(and_(day.between(first, last), is_there == 1))


_COLUMNS = {Day.CALLED: _TABLE.c.called_on, Day.FIRST_MEETING: _TABLE.c.met_on, Day.CLOSED: _TABLE.c.closed_on}
_RELATED = {
    Day.FOLLOW_UP: (VERSIONED["sip_follow_ups"], "agreed_on"),
    Day.ACTIVITY: (VERSIONED["sip_activities"], "due_on"),
}


def _related(day: Day, first: date, last: date) -> ColumnElement[bool]:
    """That a row of the plan's has the day; of follow-ups also the plan itself, where it holds the only one."""
    table, column = _RELATED[day]
    some = tuple_(*_KEY).in_(_keys(table).where(table.c[column].between(first, last)))
    if day is not Day.FOLLOW_UP:
        return some
    return or_(some, _of_the_plan(_TABLE.c.agreed_follow_up_on.between(first, last)))


def _of_the_plan(follow_up: ColumnElement[bool]) -> ColumnElement[bool]:
    """That it is so of the follow-up in the plan itself, which is the first round where no such round is delivered."""
    rounds = VERSIONED["sip_follow_ups"]
    return and_(follow_up, not_(tuple_(*_KEY).in_(_keys(rounds).where(rounds.c.follow_up_no == 1))))


def _is_overdue(stand: date) -> ColumnElement[bool]:
    """That some follow-up was agreed to be held long before the day, and has not been, in a plan that goes on."""
    rounds, latest = VERSIONED["sip_follow_ups"], stand - timedelta(days=OVERDUE_DAYS)
    waiting = _keys(rounds).where(rounds.c.agreed_on <= latest, not_(by(rounds.c.held_on, stand)))
    own = and_(_TABLE.c.agreed_follow_up_on <= latest, not_(by(_TABLE.c.followed_up_on, stand)))
    return and_(not_(by(_TABLE.c.closed_on, stand)), or_(tuple_(*_KEY).in_(waiting), _of_the_plan(own)))


def _keys(table: Table) -> Select[tuple[str, str]]:
    return select(table.c.municipality_code, table.c.sip_id).where(known(table, None))


def _stands(standing: PlanStanding, stand: date) -> ColumnElement[bool]:
    closed = by(_TABLE.c.closed_on, stand)
    meanings = {
        PlanStanding.ONGOING: not_(closed),
        PlanStanding.CLOSED: closed,
        PlanStanding.WITHOUT_CALL: not_(by(_TABLE.c.called_on, stand)),
        PlanStanding.WITHOUT_MEETING: not_(by(_TABLE.c.met_on, stand)),
        PlanStanding.WITHOUT_COORDINATOR: func.coalesce(_TABLE.c.coordinator_named, False).is_(False),
        PlanStanding.CLOSED_UNEVALUATED: and_(closed, not_(by(_TABLE.c.evaluated_on, stand))),
        PlanStanding.FOLLOW_UP_OVERDUE: _is_overdue(stand),
    }
    return meanings[standing]
