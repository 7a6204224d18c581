"""What deviations in collaboration add up to: by category, from and to, times against limits, age, what recurs.

Pure. The counts come from `kpi.views.deviation_counts`; a side is who answers, by the actor that it arose with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kpi.period import Period
from kpi.rolling import Matrix

MUNICIPAL = frozenset({"socialtjanst", "forskola", "skola", "elevhalsa", "oppen_forskola"})
"""The actors for whom the municipality answers; the definitions' `municipal_counterpart` says the same."""
WINDOW = 12
"""Months that the page looks back."""


class Side(StrEnum):
    """Who owes the feedback: the municipality, or the counterpart."""

    OURS = "ours"
    THEIRS = "theirs"


class State(StrEnum):
    """Where a deviation stands with something that it waits for, on a day."""

    IN_TIME = "in_time"
    LATE = "late"
    WAITING = "waiting"
    OVERDUE = "overdue"
    ENDED = "ended"  # closed without


@dataclass(frozen=True)
class Tally:
    """Deviations of one category between two actors."""

    category: str
    reporter: str
    counterpart: str
    count: int


@dataclass(frozen=True)
class Bar:
    """A category's deviations, the share that it makes together with those above it, and its length beside the most
    frequent one's."""

    category: str
    count: int
    cumulative: float
    length: float = 1.0


def pareto(tallies: Iterable[Tally]) -> tuple[Bar, ...]:
    """The categories, the most frequent first."""
    counts: dict[str, int] = {}
    for one in tallies:
        counts[one.category] = counts.get(one.category, 0) + one.count
    total, most, above, bars = sum(counts.values()), max(counts.values(), default=0), 0, []
    for category, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        above += count
        bars.append(Bar(category, count, above / total, count / most))
    return tuple(bars)


def counted(bars: Iterable[Bar]) -> int:
    """All categories' deviations."""
    return sum(one.count for one in bars)


def matrix(tallies: Iterable[Tally]) -> Matrix:
    """Who reported × whom it arose with, with margins."""
    cells: dict[tuple[str, str], int] = {}
    for one in tallies:
        at = (one.reporter, one.counterpart)
        cells[at] = cells.get(at, 0) + one.count
    sent: dict[str, int] = {}
    received: dict[str, int] = {}
    for (reporter, counterpart), count in cells.items():
        sent[reporter] = sent.get(reporter, 0) + count
        received[counterpart] = received.get(counterpart, 0) + count
    return Matrix(tuple(sent), tuple(received), cells, sent, received, sum(sent.values()))


def chosen(tallies: Iterable[Tally], category: str | None, counterpart: str | None) -> list[Tally]:
    """Those of the category and counterpart; None is every one."""
    return [one for one in tallies if category in (None, one.category) and counterpart in (None, one.counterpart)]


# --- times ------------------------------------------------------------------

BIN_DAYS, LAST_BIN = 10, 12
"""A chart's columns are ten days wide; the last holds all beyond 120 days."""
_GIVEN = (State.IN_TIME, State.LATE)


@dataclass(frozen=True)
class Waited:
    """So many deviations got it after, or have waited for it, that many days."""

    state: State
    days: int
    count: int


@dataclass(frozen=True)
class Times:
    """How long something took. `bins`: each column of days by state; `median`: days, of what was given."""

    counts: Mapping[State, int]
    bins: tuple[Mapping[State, int], ...]
    median: float | None

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def due(self) -> int:
        """Those whose answer has come, or should have."""
        return sum(self.counts.get(one, 0) for one in (*_GIVEN, State.OVERDUE))


def times(found: Iterable[Waited]) -> Times:
    """Counts, columns and median."""
    counts: dict[State, int] = {}
    bins: list[dict[State, int]] = [{} for _ in range(LAST_BIN + 1)]
    given: dict[int, int] = {}
    for one in found:
        counts[one.state] = counts.get(one.state, 0) + one.count
        column = bins[bin_of(one.days)]
        column[one.state] = column.get(one.state, 0) + one.count
        if one.state in _GIVEN:
            given[one.days] = given.get(one.days, 0) + one.count
    return Times(counts, tuple(bins), median_of(given))


def bin_of(days: int) -> int:
    """The column that the days belong to: 0–10, 11–20, …; what was dated before its report counts as day 0."""
    return min(max(days - 1, 0) // BIN_DAYS, LAST_BIN)


def median_of(counts: Mapping[int, int]) -> float | None:
    """The median of values with how often each occurs; None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    middles = [_at(counts, at) for at in ((total - 1) // 2, total // 2)]
    return sum(middles) / 2


def _at(counts: Mapping[int, int], place: int) -> int:
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if place < passed:
            return value
    raise IndexError(place)


# --- age of the open --------------------------------------------------------

AGES: tuple[tuple[int, int | None], ...] = ((0, 30), (31, 60), (61, 90), (91, None))
"""Days open, from and to."""


@dataclass(frozen=True)
class Open:
    """Open deviations of one age (a place in AGES), category and counterpart."""

    age: int
    category: str
    counterpart: str
    count: int


@dataclass(frozen=True)
class Ageing:
    """The open by age, and what most of the oldest are about: (category, counterpart, how many of them)."""

    counts: tuple[int, ...]
    leading: tuple[str, str, int] | None

    @property
    def total(self) -> int:
        """All open."""
        return sum(self.counts)

    @property
    def long(self) -> int:
        """Those open longest."""
        return self.counts[-1]


def ageing(found: Iterable[Open]) -> Ageing:
    """By age. Nothing leads that is not at least two, and more than any other."""
    counts = [0] * len(AGES)
    about: dict[tuple[str, str], int] = {}
    for one in found:
        counts[one.age] += one.count
        if one.age == len(AGES) - 1:
            at = (one.category, one.counterpart)
            about[at] = about.get(at, 0) + one.count
    ranked = sorted(((count, *at) for at, count in about.items()), reverse=True)
    leads = bool(ranked) and ranked[0][0] > max([1, *(one[0] for one in ranked[1:2])])
    return Ageing(tuple(counts), (ranked[0][1], ranked[0][2], ranked[0][0]) if leads else None)


# --- what comes back --------------------------------------------------------


@dataclass(frozen=True)
class Pattern:
    """The same category with the same counterpart at one unit: how many were reported, how many of those came again
    soon after an earlier one, and in which months."""

    unit_code: str
    category: str
    counterpart: str
    count: int
    recurring: int
    months: tuple[Period, ...] = ()


def by_weight(patterns: Iterable[Pattern]) -> Sequence[Pattern]:
    """Those that came back most often first."""
    return sorted(patterns, key=lambda one: (-one.recurring, -one.count, one.unit_code, one.category, one.counterpart))
