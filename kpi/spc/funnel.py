"""Units compared with their average: which differ by more than their size explains. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kpi.spc.compare import is_below
from kpi.spc.intervals import USUAL, WIDE, Interval, normal_quantile, rate_interval


class Significance(StrEnum):
    """How far from the average a unit lies, by the tail it lies in, as PHEindicatormethods writes it."""

    NONE = "Not significant"
    LOW = "Low (0.025)"
    LOW_BY_FAR = "Low (0.001)"
    HIGH = "High (0.025)"
    HIGH_BY_FAR = "High (0.001)"

    @property
    def side(self) -> int:
        """1 above the average, -1 below, 0 when it is not told apart from it."""
        return 0 if self is Significance.NONE else 1 if self in (Significance.HIGH, Significance.HIGH_BY_FAR) else -1

    @property
    def is_outside(self) -> bool:
        """Whether it lies beyond 99.8 %: more than usual variation."""
        return self in (Significance.HIGH_BY_FAR, Significance.LOW_BY_FAR)


@dataclass(frozen=True)
class Compared:
    """A unit's value and what it is judged by.

    Proportions: `usual` (95 %) and `wide` (99.8 %) are the funnel's limits at the unit's size, not cut at 0 or 1.
    Rates: they are the unit's own intervals, in the rate's unit.
    """

    value: float
    usual: Interval
    wide: Interval
    significance: Significance


@dataclass(frozen=True)
class Limits:
    """The funnel's limits for a proportion of so many cases, not cut at 0 or 1."""

    cases: int
    usual: Interval
    wide: Interval


def funnel_limits(middle: float, cases: float) -> tuple[Interval, Interval]:
    """Average +/- z x sqrt(average(1 - average) / n), z at 0.975 (95 %) and at 0.999 (99.8 %).

    ValueError unless 0 <= middle <= 1 and there are cases.
    """
    if not 0 <= middle <= 1 or cases <= 0:
        raise ValueError("a funnel has an average of 0..1, and cases above zero")
    spread = math.sqrt(middle * (1 - middle) / cases)
    usual, wide = (normal_quantile(confidence) * spread for confidence in (USUAL, WIDE))
    return Interval(middle - usual, middle + usual), Interval(middle - wide, middle + wide)


def funnel_curves(middle: float, largest: int) -> tuple[Limits, ...]:
    """The limits from one case to `largest`, closest where they bend the most: sizes grow by a tenth at a time."""
    sizes, size = {largest}, 1
    while size < largest:
        sizes.add(size)
        size += max(1, size // _STEP)
    return tuple(Limits(size, *funnel_limits(middle, size)) for size in sorted(sizes))


_STEP = 10


def average(numerators: Sequence[float], denominators: Sequence[float], multiplier: float = 1.0) -> float:
    """The units' pooled value; ValueError when the denominators add up to nothing."""
    total = math.fsum(denominators)
    if total <= 0:
        raise ValueError("there is nothing to average")
    return multiplier * math.fsum(numerators) / total


def compare_proportions(numerators: Sequence[float], denominators: Sequence[float]) -> tuple[Compared | None, ...]:
    """Each unit's proportion against the funnel's limits at its size.

    Spiegelhalter, Statistics in Medicine 24, 2005. None for a unit without cases (denominator 0). ValueError when the
    lengths differ or a proportion lies outside 0..1.
    """
    if any(not 0 <= cases <= below for cases, below in zip(numerators, denominators, strict=True)):
        raise ValueError("a proportion has 0 <= numerator <= denominator")
    middle = average(numerators, denominators)
    return tuple(
        compare_proportion(middle, cases, below) if below else None
        for cases, below in zip(numerators, denominators, strict=True)
    )


def compare_proportion(middle: float, numerator: float, denominator: float) -> Compared:
    """A proportion against the limits about an average, its own or others'. ValueError as `funnel_limits`."""
    value, (usual, wide) = numerator / denominator, funnel_limits(middle, denominator)
    return Compared(value, usual, wide, _judge(_side(value, usual), _side(value, wide)))


def compare_rates(
    events: Sequence[int], exposures: Sequence[float], *, multiplier: float = 1.0
) -> tuple[Compared | None, ...]:
    """Each unit's own interval (exact or Byar) against the average rate; None for a unit without exposure.

    ValueError when the lengths differ or a number is negative.
    """
    middle = average(events, exposures, multiplier)

    def compare(count: int, exposure: float) -> Compared:
        usual, wide = (rate_interval(count, exposure, share, multiplier=multiplier) for share in (USUAL, WIDE))
        significance = _judge(-_side(middle, usual), -_side(middle, wide))  # an interval above it: the unit is high
        return Compared(multiplier * count / exposure, usual, wide, significance)

    return tuple(
        compare(count, exposure) if exposure else None for count, exposure in zip(events, exposures, strict=True)
    )


def _side(value: float, interval: Interval) -> int:
    """-1 strictly below the interval, 1 strictly above, else 0."""
    return int(is_below(interval.upper, value)) - int(is_below(value, interval.lower))


def _judge(usual: int, wide: int) -> Significance:
    if wide:
        return Significance.HIGH_BY_FAR if wide > 0 else Significance.LOW_BY_FAR
    if usual:
        return Significance.HIGH if usual > 0 else Significance.LOW
    return Significance.NONE
