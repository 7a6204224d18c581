"""From which day to which deliveries hold what a figure counts; and which children a rate divides by.

Coverage is per municipality: from the first event's month to the as-of. Inside it a count without events is zero;
outside it is missing (contract.md, "Zero or missing"). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kpi.definition import Definition, Fact
from kpi.period import Period, periods_between
from kpi.placement import Placement

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


def latest_as_of(as_of: AsOf, datasets: tuple[str, ...]) -> dict[str, date]:
    """Per municipality: the latest as-of of these datasets."""
    latest: dict[str, date] = {}
    for (dataset, municipality), day in as_of.items():
        if dataset in datasets and municipality:
            latest[municipality] = max(day, latest.get(municipality, day))
    return latest


def coverage_of(fact: Fact, datasets: tuple[str, ...], as_of: AsOf, first: FirstEvents) -> dict[str, Coverage]:
    """Per municipality; one without any event of the fact's own datasets has none.

    `datasets` are all that the figure reads: the latest of them is its as-of.
    """
    own = {branch.dataset for branch in fact.branches}
    days = latest_as_of(as_of, datasets)
    begun: dict[str, date] = {}
    for (dataset, municipality), day in first.items():
        if dataset in own:
            begun[municipality] = min(day, begun.get(municipality, day))
    return {
        municipality: Coverage(day.replace(day=1), days[municipality])
        for municipality, day in begun.items()
        if municipality in days
    }


def children_in(by_year: Mapping[int, int], year: int) -> tuple[int, int] | None:
    """The children to divide by in a year and the year they are of: the latest not after it, else the earliest."""
    if not by_year:
        return None
    chosen = max((one for one in by_year if one <= year), default=min(by_year))
    return by_year[chosen], chosen


def covered_children(
    definition: Definition, coverage: Mapping[str, Coverage], children: Children, placements: list[Placement]
) -> Iterator[tuple[str, str, str, int, date, int, bool]]:
    """A rate's denominators: kpi_id, municipality_code, unit_code, period, day, children, is_whole."""
    for placement in placements:
        top = placement.chain[0]
        municipality = top.municipality_code or placement.unit_code
        covered = coverage.get(municipality)
        if top.level != "municipality" or covered is None:
            continue
        begins, ends = (Period.containing(day, definition.period) for day in (covered.first_on, covered.as_of))
        for period in periods_between(begins, ends):
            day = min(period.last_day, covered.as_of)
            found = children_in(children.get(municipality, {}), period.year)
            if found is not None and placement.first <= day <= placement.last:
                is_whole = covered.holds(period)
                yield definition.id, municipality, placement.unit_code, period.code, day, found[0], is_whole
