"""Deviations of one sort that come again and again at a unit: which series there are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpi.period import Period, periods_between

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
    """Deviations of a sort: the months that had any, in order, and how many there were. `is_faded`: they no longer come
    so often that they make a series."""

    sort: Sort
    months: tuple[Period, ...]
    count: int
    is_faded: bool = False


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


def faded(counts: Mapping[tuple[Sort, Period], int], last: Period, closed: Mapping[Sort, Period]) -> tuple[Series, ...]:
    """The series that were one in some of the six months before `last` and no longer are, the latest first, with what
    has come since. `counts`: twelve months back."""
    latest = {
        one.sort: (one, last.shift(-back))
        for back in range(WINDOW, -1, -1)
        for one in recurring(counts, last.shift(-back), closed)
    }
    found = []
    for sort, (one, then) in latest.items():
        if then < last:
            later = {month: counts.get((sort, month), 0) for month in periods_between(then.shift(1), last)}
            months = (*one.months, *(month for month, count in later.items() if count))
            found.append(Series(sort, months, one.count + sum(later.values()), is_faded=True))
    return tuple(sorted(found, key=lambda one: (-one.months[-1].code, one.sort)))
