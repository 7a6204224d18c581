"""Deviations counted in the warehouse: one pass over an index for each question, never a row.

Of what the viewer reaches (`kpi.views.reached`); standings on a day are told of what is known now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    and_,
    case,
    extract,
    false,
    func,
    literal,
    select,
    true,
    tuple_,
)

from kpi.deviations import Open, Pattern, Side, State, Tally, Waited
from kpi.moment import known
from kpi.period import Period, PeriodType
from kpi.views.deviation_filter import age_group, answers, by, not_closed
from kpi.views.reached import Reached
from kpi.views.sql_days import days_between
from warehouse.tables import VERSIONED

_TABLE = VERSIONED["deviations"]
_C = _TABLE.c
_SHORTEST, _LONGEST, _MONTH = 28, 31, 32
"""Days in a month, at least and at most; and a month's weight when days are compared by year, month and day."""


@dataclass(frozen=True)
class Counted:
    """What is counted: what is reached, reported on the days first..last, of the category and with the counterpart
    (None: any). `stand`: the day for which standings are told."""

    reached: Reached
    first: date
    last: date
    stand: date
    category: str | None = None
    counterpart: str | None = None

    def rows(self, *, first: date | None = None) -> ColumnElement[bool]:
        """The rows, from another day on when one is given."""
        return and_(
            known(_TABLE, None),
            _C.reported_on.between(first or self.first, self.last),
            self.reached.holds(_C.unit_code, _C.reported_on),
            self.sort(),
        )

    def sort(self) -> ColumnElement[bool]:
        """Of the category and with the counterpart."""
        wanted = ((_C.category, self.category), (_C.counterpart_actor, self.counterpart))
        return and_(literal(1) == 1, *(column == value for column, value in wanted if value is not None))


def tallies(connection: Connection, counted: Counted) -> list[Tally]:
    """By category, who reported and whom it arose with."""
    by_ = (_C.category, _C.reporting_actor, _C.counterpart_actor)
    query = select(*by_, func.count()).where(counted.rows()).group_by(*by_)
    return [Tally(*row) for row in connection.execute(query)]


def reported_by_unit(connection: Connection, counted: Counted) -> dict[str, int]:
    """How many each unit has reported; those that have reported nothing are not there."""
    query = select(_C.unit_code, func.count()).where(counted.rows()).group_by(_C.unit_code)
    return {row.unit_code: row[1] for row in connection.execute(query)}


def feedback(connection: Connection, counted: Counted, due_days: int) -> dict[Side, list[Waited]]:
    """Days to feedback, or of waiting for it, by who owes it."""
    came = by(_C.feedback_on, counted.stand)
    days = _days_to(_C.feedback_on, _C.reported_on, counted.stand)
    state = _against(came, days, due_days)
    side = case((answers(Side.OURS), Side.OURS.value), else_=Side.THEIRS.value)
    found: dict[Side, list[Waited]] = {one: [] for one in Side}
    columns = side.label("side"), state.label("state"), days.label("days")
    for owes, stands, took, count in _counted(connection, counted.rows(), columns):
        found[Side(owes)].append(Waited(State(stands), took, count))
    return found


def decided(connection: Connection, counted: Counted) -> list[Waited]:
    """Days to a decided action, which has no limit: decided, still waiting, or closed without."""
    came = by(_C.action_decided_on, counted.stand)
    days = _days_to(_C.action_decided_on, _C.reported_on, counted.stand)
    state = case(
        (came, State.IN_TIME.value),
        (by(_C.closed_on, counted.stand), State.ENDED.value),
        else_=State.WAITING.value,
    )
    rows = _counted(connection, counted.rows(), (state.label("state"), days.label("days")))
    return [Waited(State(stands), took, count) for stands, took, count in rows]


def assessed(connection: Connection, counted: Counted, after_days: int) -> list[Waited]:
    """Days from a decided action to its assessed effect, or of waiting for it."""
    days = _days_to(_C.effect_assessed_on, _C.action_decided_on, counted.stand)
    state = _against(by(_C.effect_assessed_on, counted.stand), days, after_days)
    where = and_(counted.rows(), by(_C.action_decided_on, counted.stand))
    rows = _counted(connection, where, (state.label("state"), days.label("days")))
    return [Waited(State(stands), took, count) for stands, took, count in rows]


def _days_to(column: ColumnElement[date], since: ColumnElement[date], stand: date) -> ColumnElement[int]:
    """Days to what happened by the day, else to the day."""
    return days_between(case((by(column, stand), column), else_=literal(stand, Date)), since)


def _against(came: ColumnElement[bool], days: ColumnElement[int], limit: int) -> ColumnElement[str]:
    return case(
        (and_(came, days <= limit), State.IN_TIME.value),
        (came, State.LATE.value),
        (days < limit, State.WAITING.value),
        else_=State.OVERDUE.value,
    )


def _counted(
    connection: Connection, where: ColumnElement[bool], columns: Sequence[ColumnElement[Any]]
) -> Sequence[Any]:
    inner = select(*columns).where(where).subquery()
    query = select(*inner.c, func.count()).group_by(*inner.c)
    return connection.execute(query).all()


def open_by_age(connection: Connection, counted: Counted) -> list[Open]:
    """Those not closed on the day, whenever they were reported, by age, category and counterpart."""
    columns = age_group(counted.stand).label("age"), _C.category, _C.counterpart_actor
    where = and_(counted.rows(), not_closed(counted.stand))
    return [Open(*row) for row in _counted(connection, where, columns)]


# --- what comes back --------------------------------------------------------

_SORT = (_C.municipality_code, _C.unit_code, _C.category, _C.counterpart_actor)


def patterns(connection: Connection, counted: Counted, within_months: int) -> list[Pattern]:
    """What was reported again at the same unit, of the same category and with the same counterpart, no later than so
    many months after an earlier one: as the figure of recurring deviations counts. Two of one day are one occasion.

    The earlier one may lie before the window; whose it was does not matter for the figure, and is not told here.
    """
    begins = Period.containing(counted.first, PeriodType.MONTH).shift(-within_months).first_day
    earlier = and_(
        known(_TABLE, None),
        _C.unit_code.in_(sorted(counted.reached.units)),
        _C.reported_on.between(begins, counted.last),
        counted.sort(),
    )
    days = select(*_SORT, _C.reported_on, func.count().label("n")).where(earlier).group_by(*_SORT, _C.reported_on)
    each = days.subquery()
    order = [each.c[column.name] for column in _SORT]
    before = func.lag(each.c.reported_on).over(partition_by=order, order_by=each.c.reported_on)
    seen = select(each, before.label("before")).subquery()
    apart = days_between(seen.c.reported_on, seen.c.before)
    again = case(
        (seen.c.before.is_(None), false()),
        (apart <= within_months * _SHORTEST, true()),
        (apart > within_months * _LONGEST, false()),
        else_=_ordinal(seen.c.reported_on) <= _ordinal(seen.c.before, within_months),
    )  # nearly always told by the days alone, which cost less
    sums = func.sum(seen.c.n), func.sum(case((again, seen.c.n), else_=0)).label("again")
    sort = seen.c.unit_code, seen.c.category, seen.c.counterpart_actor
    query = (
        select(*sort, *sums)
        .where(
            seen.c.reported_on.between(counted.first, counted.last),
            counted.reached.holds(seen.c.unit_code, seen.c.reported_on),
        )
        .group_by(*sort)
        .having(sums[1] > 0)
    )
    return [Pattern(unit, category, with_, int(n), int(a)) for unit, category, with_, n, a in connection.execute(query)]


def _ordinal(day: ColumnElement[date], months: int = 0) -> ColumnElement[int]:
    """A number that grows with the day, so many months later: the 31st stands for the last of a shorter month."""
    year, month = extract("year", day), extract("month", day)
    return (year * 12 + month + months) * _MONTH + extract("day", day)


def months_of(
    connection: Connection, counted: Counted, found: Sequence[Pattern]
) -> dict[tuple[str, str, str], tuple[Period, ...]]:
    """The months in which these patterns' deviations were reported."""
    if not found:
        return {}
    sort = _C.unit_code, _C.category, _C.counterpart_actor
    wanted = tuple_(*sort).in_([(one.unit_code, one.category, one.counterpart) for one in found])
    columns = (*sort, extract("year", _C.reported_on).label("year"), extract("month", _C.reported_on).label("month"))
    months: dict[tuple[str, str, str], list[Period]] = {}
    query = select(*columns).where(counted.rows(), wanted).distinct().order_by(*columns)
    for unit, category, counterpart, year, month in connection.execute(query):
        months.setdefault((unit, category, counterpart), []).append(Period(PeriodType.MONTH, int(year), int(month)))
    return {at: tuple(own) for at, own in months.items()}
