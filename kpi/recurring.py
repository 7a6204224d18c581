"""Deviations of one sort that come again and again at a unit: which series there are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpi.period import Period

WINDOW = 6
"""Months that are looked back on, as `deviation_recurring` does."""
LEAST = 3
"""In so many of them a deviation of the sort makes a series."""


@dataclass(frozen=True, order=True)
class Sort:
    """What is the same about a series' deviations."""

    unit_code: str
    category: str
    counterpart: str


@dataclass(frozen=True)
class Series:
    """Deviations of a sort: the months that had any, in order, and how many there were."""

    sort: Sort
    months: tuple[Period, ...]
    count: int


def recurring(
    counts: Mapping[tuple[Sort, Period], int], last: Period, closed: Mapping[Sort, Period]
) -> tuple[Series, ...]:
    """The series in the months up to `last`, the longest first. `counts`: deviations by sort and month; `closed`: the
    month up to which a sort's series has been closed, later deviations begin a new one."""
    first = last.shift(1 - WINDOW)
    months: dict[Sort, dict[Period, int]] = {}
    for (sort, month), count in counts.items():
        if first <= month <= last and count and (sort not in closed or month > closed[sort]):
            months.setdefault(sort, {})[month] = count
    found = [
        Series(sort, tuple(sorted(held)), sum(held.values())) for sort, held in months.items() if len(held) >= LEAST
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.months), -one.count, one.sort)))
