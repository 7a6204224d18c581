"""Sums over several periods, and what they are compared with. Pure; the only place that adds up cells for readers.

Numerators and denominators are summed apart and divided last. Medians and stocks are never summed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kpi.definition import Definition, Shape
from kpi.period import Period, periods_between
from kpi.views.rows import Change, Part, Reading

YEAR = 12


def is_held(period: Period, first_on: date | None, as_of: date | None) -> bool:
    """Whether deliveries reach into the period: it begins by as-of, and not before coverage's first month."""
    if first_on is None or as_of is None:
        return False
    return period.first_day <= as_of and period.last_day >= first_on


def reading(period: Period, cells: Mapping[Period, Reading], first_on: date | None, as_of: date | None) -> Reading:
    """The stored reading of one period; without one an empty reading, which is covered when deliveries hold it."""
    found = cells.get(period)
    if found is not None:
        return found
    held = is_held(period, first_on, as_of)
    return Reading(period, period, None, None, None, 0, covered=int(held))


def total(definition: Definition, parts: Sequence[Reading]) -> Reading:
    """The split cells of one period as one: sums, divided last. Only for what adds up."""
    if not definition.adds_up:
        raise ValueError(f"{definition.id} adds up to nothing")
    first = parts[0]
    return _summed(definition, parts, first.first, first.last, 1, max(part.covered for part in parts))


def window(definition: Definition, months: Sequence[Reading]) -> Reading:
    """Consecutive months as one reading. Only for what adds up."""
    if not definition.adds_up:
        raise ValueError(f"{definition.id} adds up to nothing")
    covered = sum(one.is_covered for one in months)
    return _summed(definition, months, months[0].first, months[-1].last, len(months), covered)


def _summed(
    definition: Definition, parts: Iterable[Reading], first: Period, last: Period, periods: int, covered: int
) -> Reading:
    found = [part for part in parts if part.numerator is not None]
    numerator = sum(part.numerator or 0.0 for part in found) if found else None
    denominator: float | None = None
    value = numerator
    if definition.shape is Shape.SHARE:
        denominator = sum(part.denominator or 0.0 for part in found) if found else None
        value = numerator / denominator if numerator is not None and denominator else None
    return Reading(
        first,
        last,
        numerator,
        denominator,
        value,
        sum(part.cases for part in found),
        periods,
        covered,
        any(part.is_preliminary for part in found),
        " ".join(dict.fromkeys(part.note for part in found if part.note)) or None,
    )


def months_back(last: Period, count: int) -> list[Period]:
    """The `count` periods that end with `last`, the oldest first."""
    return periods_between(last.shift(1 - count), last)


def compare(now: Reading, before: Reading, minimum_cases: int, *, needs_cases: bool, from_zero: bool = False) -> Change:
    """Two readings beside each other. A share or median of fewer cases than the minimum is not compared, nor is a
    window that deliveries do not hold whole. `from_zero`: the difference is of their distances from zero."""
    whole = now.is_covered and before.is_covered
    enough = not needs_cases or min(now.cases, before.cases) >= minimum_cases
    if whole and enough and now.value is not None and before.value is not None:
        if from_zero:
            return Change(now, before, abs(now.value) - abs(before.value))
        return Change(now, before, now.value - before.value)
    return Change(now, before, None)


@dataclass(frozen=True)
class Matrix:
    """Counts split by two codes. `cells` holds the counted pairs only; sums are over the axes as given."""

    senders: tuple[str, ...]
    receivers: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    sent: Mapping[str, int]
    received: Mapping[str, int]
    total: int

    def at(self, sender: str | None, receiver: str | None) -> int:
        """A count or a sum; None is all senders, or all receivers."""
        if sender is None:
            return self.total if receiver is None else self.received.get(receiver, 0)
        return self.sent.get(sender, 0) if receiver is None else self.cells.get((sender, receiver), 0)

    def change_to(self, count: int, sender: str | None, receiver: str | None) -> int:
        """How many more a later count of the same is."""
        return count - self.at(sender, receiver)


def matrix(parts: Sequence[Part]) -> Matrix:
    """Parts split by two columns as a matrix with row and column sums; axes in order of code."""
    cells = {(part.split[0][1], part.split[1][1]): int(part.reading.numerator or 0) for part in parts}
    senders = tuple(sorted({sender for sender, _ in cells}))
    receivers = tuple(sorted({receiver for _, receiver in cells}))
    return Matrix(
        senders,
        receivers,
        cells,
        {one: sum(cells.get((one, other), 0) for other in receivers) for one in senders},
        {one: sum(cells.get((other, one), 0) for other in senders) for one in receivers},
        sum(cells.values()),
    )
