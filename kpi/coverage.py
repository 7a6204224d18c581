"""From which day to which deliveries hold what a figure counts; and which children a rate divides by.

Coverage is per municipality: from the first event's month to the as-of. Inside it a count without events is zero;
outside it is missing (the deliveries' contract). Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kpi.definition import Meaning
from kpi.period import Period, PeriodType, periods_between
from kpi.placement import Placement
from warehouse.contract import DATASETS

AsOf = dict[tuple[str, str], date]
"""The latest day that a dataset's deliveries speak for, by dataset and municipality ('' = rows name none)."""
FirstEvents = dict[tuple[str, str], date]
"""The first event's day by dataset and municipality."""
Children = dict[str, dict[int, int]]
"""Children 0–17 by municipality and year."""


@dataclass(frozen=True)
class Coverage:
    """`first_on` is the first day of a month; both days included."""

    first_on: date
    as_of: date

    def holds(self, period: Period) -> bool:
        """Whether a period without events may be called zero: begun after the first event's month began, and begun
        by the as-of (the unfinished period is preliminary, not missing)."""
        return self.first_on <= period.first_day <= self.as_of


@dataclass(frozen=True)
class Standing:
    """What deliveries say of one figure, by municipality: its coverage, the as-of days of reported values ('' = rows
    name none) and the earliest year with known children; and the municipalities that any figure has coverage of."""

    coverage: Mapping[str, Coverage]
    reported: Mapping[str, date]
    first_children: Mapping[str, int]
    delivering: frozenset[str]


def latest_as_of(as_of: AsOf, datasets: tuple[str, ...], everywhere: Iterable[str] = ()) -> dict[str, date]:
    """Per municipality: the latest as-of of these datasets. What a dataset without municipalities of its own says for
    all holds for every municipality of `everywhere`."""
    latest: dict[str, date] = {}
    for (dataset, municipality), day in as_of.items():
        if dataset in datasets:
            is_for_all = not municipality and not DATASETS[dataset].has_municipality
            for code in [*everywhere, ""] if is_for_all else [municipality] if municipality else []:
                latest[code] = max(day, latest.get(code, day))
    return latest


def coverage_of(
    own: Collection[str], datasets: tuple[str, ...], as_of: AsOf, first: FirstEvents, everywhere: Iterable[str] = ()
) -> dict[str, Coverage]:
    """Per municipality; one without any event of the datasets `own` has none.

    `datasets` are all that the figure reads: the latest of them is its as-of.
    """
    days = latest_as_of(as_of, datasets, everywhere)
    begun: dict[str, date] = {}
    for (dataset, municipality), day in first.items():
        if dataset in own:
            begun[municipality] = min(day, begun.get(municipality, day))
    return {
        municipality: Coverage(day.replace(day=1), days[municipality])
        for municipality, day in begun.items()
        if municipality in days
    }


def within_validity(found: Mapping[str, Coverage], meaning: Meaning) -> dict[str, Coverage]:
    """The coverage as far as the figure holds (`valid_from`, `valid_to`): outside it there is nothing, not zero."""
    first = meaning.first.first_day if meaning.first else date.min
    last = meaning.last.last_day if meaning.last else date.max
    clipped = {code: Coverage(max(one.first_on, first), min(one.as_of, last)) for code, one in found.items()}
    return {code: one for code, one in clipped.items() if one.first_on <= one.as_of}


def children_in(by_year: Mapping[int, int], year: int) -> tuple[int, int] | None:
    """The children to divide by in a year and the year they are of: the latest not after it, else the earliest."""
    if not by_year:
        return None
    chosen = max((one for one in by_year if one <= year), default=min(by_year))
    return by_year[chosen], chosen


Covered = tuple[str, int, date, int | None, bool, bool]
"""municipality (its unit's code), period, day, children, is_whole, is_divided: as `kpi.compile` says."""


def covered_children(
    type_: PeriodType, coverage: Mapping[str, Coverage], children: Children, placements: list[Placement]
) -> Iterator[Covered]:
    """A rate's denominators where it divides by children."""
    for municipality, unit, period, day in _municipalities(type_, coverage, placements):
        found = children_in(children.get(municipality, {}), period.year)
        if found is not None:
            is_whole = coverage[municipality].holds(period)
            yield unit, period.code, day, found[0], is_whole, found[0] > 0


def covered_standing(
    type_: PeriodType, coverage: Mapping[str, Coverage], divisor: Mapping[str, Coverage], placements: list[Placement]
) -> Iterator[Covered]:
    """Where a rate's events are held (`coverage`), and what they are divided by (`divisor`)."""
    either = {
        code: Coverage(min(one.first_on for one in both), max(one.as_of for one in both))
        for code in coverage.keys() | divisor.keys()
        if (both := [one[code] for one in (coverage, divisor) if code in one])
    }
    for municipality, unit, period, day in _municipalities(type_, either, placements):
        holds = [municipality in one and one[municipality].holds(period) for one in (coverage, divisor)]
        yield unit, period.code, day, None, holds[0], holds[1]


def _municipalities(
    type_: PeriodType, coverage: Mapping[str, Coverage], placements: list[Placement]
) -> Iterator[tuple[str, str, Period, date]]:
    """municipality_code, unit_code, period, day: every municipality's own unit, in the periods of its coverage."""
    for placement in placements:
        top = placement.chain[0]
        municipality = top.municipality_code or placement.unit_code
        covered = coverage.get(municipality)
        if top.level != "municipality" or covered is None:
            continue
        for period in periods_between(*(Period.containing(day, type_) for day in (covered.first_on, covered.as_of))):
            day = min(period.last_day, covered.as_of)
            if placement.first <= day <= placement.last:
                yield municipality, placement.unit_code, period, day


def roster(
    type_: PeriodType, rolling: int, coverage: Mapping[str, Coverage], placements: list[Placement]
) -> Iterator[tuple[int, str, int, int]]:
    """placement_no, unit_code, period, month: every unit that exists at a period's end (or on as-of), where deliveries
    hold the period's whole window."""
    for number, placement in enumerate(placements):
        top = placement.municipality
        covered = coverage.get(top.municipality_code or top.code) if top else None
        if placement.chain[0].level != "unit" or covered is None:
            continue
        for period in periods_between(*(Period.containing(day, type_) for day in (covered.first_on, covered.as_of))):
            newest = Period.containing(period.last_day, PeriodType.MONTH)
            begins = newest.shift(1 - rolling).first_day if rolling else period.first_day
            day = min(period.last_day, covered.as_of)
            if covered.first_on <= begins and placement.first <= day <= placement.last:
                yield number, placement.unit_code, period.code, newest.code
