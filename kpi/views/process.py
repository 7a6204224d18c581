"""A place's plans (SIP) through the seven steps, and who comes to their meetings: the board's own counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Subquery, and_, case, extract, func, select

from kpi.access import Viewer
from kpi.access.figures import READS_INSIDE
from kpi.attendance import AttendanceMatrix, Called, SchoolGap, attendance, school_gap
from kpi.definition import Catalogue
from kpi.moment import known
from kpi.organisation import Organisation, Unit, swedish_key
from kpi.period import Period, PeriodType, periods_between
from kpi.process import STEPS, Limits, PlanDays, Process, Step, Way, follow, grouped, process
from kpi.rolling import YEAR
from kpi.views.inside import Inside, figures_beside, place_inside
from kpi.views.reached import Reached, reached
from kpi.views.rows import FigureRow
from warehouse.contract import FAMILY
from warehouse.tables import VERSIONED

LAG = 6
"""Months from the last initiative that is followed to the day that it is followed to: so that steps have had time."""
FIGURES = (
    "sip_met_30d", "sip_lead_time", "sip_full_attendance", "sip_followed_up_in_time", "sip_follow_up_overdue",
    "sip_closed_evaluated", "sip_dormant", "sip_declined",
)  # fmt: skip
"""The key figures that say the same, each in its own way."""
GAP, ABSENCE = "sip_school_gap", "sip_absence_by_actor"
_MET, _LATE = ("sip_met_30d", "met_days", 30), ("sip_follow_up_overdue", "overdue_days", 31)
_TERTIALS = 9
_FOLLOW_UP, _STEPS_END = STEPS.index(Step.FOLLOW_UP), 3 + len(STEPS)
_SIPS, _PARTICIPANTS, _ROUNDS = (VERSIONED[name] for name in ("sips", "sip_participants", "sip_follow_ups"))


@dataclass(frozen=True)
class ProcessPage:
    """What the page shows. `first` and `last`: the months of the initiatives that are followed, to the day `until`;
    `before`: those of the year before, followed as long; `is_whole`: whether deliveries hold all of them. `caller`: the
    calling actor that is chosen, None for all; the matrix and the gaps hold every caller. `gaps`: of the twelve months
    that end with each of the last tertials."""

    place: Inside
    first: Period
    last: Period
    until: date
    is_whole: bool
    limits: Limits
    callers: tuple[str, ...]
    caller: str | None
    whole: Process
    before: Process | None
    by_caller: tuple[tuple[str, Process], ...]
    by_unit: tuple[tuple[Unit, Process], ...]
    by_month: tuple[tuple[Period, Process], ...]
    matrix: AttendanceMatrix
    gaps: tuple[SchoolGap, ...]
    figures: tuple[FigureRow, ...]
    met_in_time: FigureRow | None
    """The share of initiatives with a meeting in time, over a longer time; of every calling actor."""
    fewest: int
    """Fewer cases than this are not told as a share or a median."""
    fewest_in_gap: int


def process_page(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    organisation: Organisation,
    *,
    unit_code: str | None = None,
    month: Period | None = None,
    caller: str | None = None,
) -> ProcessPage | None:
    """The page of a place and month; None when nothing is computed. Raises as `place_inside`."""
    found = place_inside(connection, viewer, organisation, unit_code, month)
    if found is None:
        return None
    last = found.month.shift(-LAG)
    first = last.shift(1 - YEAR)
    held = found.held.get(_MET[0])
    until = min(found.month.last_day, held.as_of) if held is not None else found.month.last_day
    limits = Limits(_parameter(catalogue, *_MET), _parameter(catalogue, *_LATE) - 1)
    begins = first.shift(-YEAR), _gap_ends(found.month)[0].shift(1 - YEAR)
    days = min(begins).first_day, found.month.last_day
    reach = reached(connection, viewer, READS_INSIDE, organisation, found.unit.code, *days)
    every = _plans(connection, reach, begins[0], last)
    earlier = [one for one in every if one.initiated_on < first.first_day]
    current = follow((one for one in every if one.initiated_on >= first.first_day), until, limits)
    chosen = [one for one in current if caller in (None, one.plan.caller)]
    old = [one for one in earlier if caller in (None, one.caller)]
    called = _called(connection, reach, begins[1], found.month)
    attended = found.held.get(ABSENCE)
    attended_from = attended.first_on if attended is not None else None
    months = {found.month.shift(-at) for at in range(YEAR)}
    return ProcessPage(
        found,
        first,
        last,
        until,
        held is not None and held.first_on <= first.first_day,
        limits,
        tuple(sorted({one.plan.caller for one in current})),
        caller,
        process(chosen),
        _before(old, first, until, held.first_on, limits) if held is not None else None,
        _by_caller(current),
        _by_unit(chosen, organisation, found),
        _by_month(chosen, first, last),
        attendance(one for one in called if one.month in months),
        _gaps(called, found.month, attended_from),
        figures_beside(connection, catalogue, viewer, organisation, found, FIGURES),
        next(iter(figures_beside(connection, catalogue, viewer, organisation, found, _MET[:1], is_long=True)), None),
        catalogue.definitions[ABSENCE].minimum_cases if ABSENCE in catalogue.definitions else 5,
        catalogue.definitions[GAP].minimum_cases if GAP in catalogue.definitions else 10,
    )


def _parameter(catalogue: Catalogue, kpi_id: str, name: str, otherwise: int) -> int:
    """A figure's parameter, so that the page says what the figure says."""
    definition = catalogue.definitions.get(kpi_id)
    return dict(definition.parameters).get(name, otherwise) if definition is not None else otherwise


# --- plans --------------------------------------------------------------------


def _plans(connection: Connection, reach: Reached, first: Period, last: Period) -> list[PlanDays]:
    """The plans initiated in the months first..last at the place's units. An agreed follow-up and its day come from the
    rounds where round 1 is delivered as one, else from the plan, as the figures have it."""
    table, rounds = _SIPS, _rounds()
    rows = connection.execute(
        select(
            table.c.unit_code,
            func.coalesce(table.c.calling_actor, table.c.initiator_actor).label("caller"),
            table.c.initiated_on,
            *(table.c[one.value] for one in STEPS),
            table.c.consent,
            table.c.consent_on,
            table.c.closed_reason,
            table.c.agreed_follow_up_on,
            rounds.c.has_first,
            rounds.c.round_agreed_on,
            rounds.c.round_held_on,
        )
        .join_from(
            table,
            rounds,
            and_(rounds.c.municipality_code == table.c.municipality_code, rounds.c.sip_id == table.c.sip_id),
            isouter=True,
        )
        .where(
            known(table, None),
            table.c.initiated_on.between(first.first_day, last.last_day),
            reach.holds(table.c.unit_code, table.c.initiated_on),
        )
        .order_by(table.c.initiated_on, table.c.sip_id)
    )
    return [_plan(row) for row in rows]


def _rounds() -> Subquery:
    """A plan's rounds of follow-up as one row: the earliest agreed day, and the earliest that was held."""
    table = _ROUNDS
    return (
        select(
            table.c.municipality_code,
            table.c.sip_id,
            func.max(case((table.c.follow_up_no == 1, 1), else_=0)).label("has_first"),
            func.min(table.c.agreed_on).label("round_agreed_on"),
            func.min(table.c.held_on).label("round_held_on"),
        )
        .where(known(table, None))
        .group_by(table.c.municipality_code, table.c.sip_id)
        .subquery()
    )


def _plan(row: Any) -> PlanDays:
    unit_code, caller, initiated_on, *days = row[:_STEPS_END]
    consent, consent_on, reason, agreed_on, has_first, round_agreed_on, round_held_on = row[_STEPS_END:]
    agreed, held = [round_agreed_on], [round_held_on]
    if not has_first:
        agreed.append(agreed_on)
        held.append(days[_FOLLOW_UP])
    days[_FOLLOW_UP] = _earliest(held)
    return PlanDays(unit_code, caller, initiated_on, tuple(days), consent, consent_on, reason, _earliest(agreed))


def _earliest(days: Sequence[date | None]) -> date | None:
    return min((one for one in days if one is not None), default=None)


def _before(plans: Sequence[PlanDays], first: Period, until: date, held_from: date, limits: Limits) -> Process | None:
    """The year before, followed as long; None where deliveries do not hold all of it."""
    if held_from > first.shift(-YEAR).first_day:
        return None
    return process(follow(plans, until - timedelta(days=365), limits))


def _by_caller(ways: Sequence[Way]) -> tuple[tuple[str, Process], ...]:
    groups = grouped(ways, lambda one: one.caller)
    return tuple((caller, process(groups[caller])) for caller in sorted(groups))


def _by_unit(ways: Sequence[Way], organisation: Organisation, found: Inside) -> tuple[tuple[Unit, Process], ...]:
    groups = grouped(ways, lambda one: one.unit_code)
    units = [unit for code in groups if (unit := organisation.on(code, found.month.last_day)) is not None]
    units.sort(key=lambda one: swedish_key(one.name))
    return tuple((unit, process(groups[unit.code])) for unit in units)


def _by_month(ways: Sequence[Way], first: Period, last: Period) -> tuple[tuple[Period, Process], ...]:
    groups = grouped(ways, lambda one: (one.initiated_on.year, one.initiated_on.month))
    return tuple((month, process(groups.get((month.year, month.number), ()))) for month in periods_between(first, last))


# --- meetings -----------------------------------------------------------------


def _called(connection: Connection, reach: Reached, first: Period, last: Period) -> list[Called]:
    """The professionals called to meetings of the months first..last of the place's plans, by month, caller and actor.
    A meeting's day is the earliest that is told of it, as the figures have it."""
    table, plan = _PARTICIPANTS, _SIPS
    key = table.c.municipality_code, table.c.sip_id, table.c.meeting_no
    meeting = select(*key, func.min(table.c.met_on).label("met_on")).where(known(table, None)).group_by(*key).subquery()
    group = (
        extract("year", meeting.c.met_on),
        extract("month", meeting.c.met_on),
        func.coalesce(plan.c.calling_actor, plan.c.initiator_actor),
        table.c.actor,
    )
    rows = connection.execute(
        select(*group, func.count(), func.sum(case((table.c.attended, 1), else_=0)))
        .join_from(table, meeting, and_(*(meeting.c[one.name] == one for one in key)))
        .join(plan, and_(plan.c.municipality_code == table.c.municipality_code, plan.c.sip_id == table.c.sip_id))
        .where(
            known(table, None),
            known(plan, None),
            table.c.actor.not_in(FAMILY),
            meeting.c.met_on.between(first.first_day, last.last_day),
            reach.holds(plan.c.unit_code, meeting.c.met_on),
        )
        .group_by(*group)
    )
    return [
        Called(Period(PeriodType.MONTH, int(year), int(month)), caller, actor, called, int(attended))
        for year, month, caller, actor, called, attended in rows
    ]


def _gap_ends(month: Period) -> list[Period]:
    """The last months of the tertials that have ended by the month, the oldest first."""
    tertial = month.to(PeriodType.TERTIAL)
    tertial = tertial if tertial.last_day <= month.last_day else tertial.shift(-1)
    return [Period.containing(tertial.shift(-at).last_day, PeriodType.MONTH) for at in reversed(range(_TERTIALS))]


def _gaps(called: Sequence[Called], month: Period, held_from: date | None) -> tuple[SchoolGap, ...]:
    """Of the tertials whose twelve months deliveries hold whole."""
    ends = [one for one in _gap_ends(month) if held_from and held_from <= one.shift(1 - YEAR).first_day]
    return tuple(school_gap(called, one.shift(1 - YEAR), one) for one in ends)
