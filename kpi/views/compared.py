"""Units beside each other with how sure their values are: never a comparison without uncertainty. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpi.definition import Definition, Shape
from kpi.spc.funnel import (
    Compared,
    Limits,
    average,
    compare_proportion,
    compare_proportions,
    compare_rates,
    funnel_curves,
)
from kpi.spc.intervals import Interval, rate_interval, wilson
from kpi.views.rows import Reading, UnitReading


@dataclass(frozen=True)
class Comparison:
    """What units are compared with: their pooled average, few cases or not, in the value's own unit. `funnel`: the
    limits from one case to the largest unit's, for shares (empty for rates, whose own intervals are held against the
    average)."""

    average: float
    funnel: tuple[Limits, ...] = ()


def with_uncertainty(definition: Definition, units: Sequence[UnitReading]) -> tuple[UnitReading, ...]:
    """Each unit with its interval and how it lies to the average; other values than shares and rates as they are.

    Shares have Wilson's interval and the funnel's limits, rates the exact Poisson interval or Byar's.
    """
    told = [replace(one, interval=interval_of(definition, one.reading)) for one in units]
    known = [at for at, one in enumerate(told) if one.interval is not None]
    if len(known) > 1:
        for at, found in zip(known, _compare(definition, [told[at].reading for at in known]), strict=True):
            told[at] = replace(told[at], compared=found)
    return tuple(told)


def comparison(definition: Definition, units: Sequence[UnitReading]) -> Comparison | None:
    """What these units were compared with; None where they were not."""
    readings = [one.reading for one in units if one.compared is not None]
    if not readings:
        return None
    numerators, denominators = zip(*map(_counts, readings), strict=True)
    middle = average(numerators, denominators, _multiplier(definition))
    if definition.shape is not Shape.SHARE:
        return Comparison(middle)
    return Comparison(middle, funnel_curves(middle, int(max(denominators))))


def against(found: Comparison, reading: Reading) -> Compared | None:
    """How a share that is no part of the average lies to it; None without cases."""
    numerator, denominator = _counts(reading)
    return compare_proportion(found.average, numerator, denominator) if denominator > 0 else None


def reaching(found: Comparison, cases: float) -> Comparison:
    """With a funnel that goes on to so many cases."""
    if not found.funnel or cases <= found.funnel[-1].cases:
        return found
    return replace(found, funnel=funnel_curves(found.average, int(cases)))


def interval_of(definition: Definition, reading: Reading) -> Interval | None:
    """The 95 % interval of a share or a rate that is made of counts; None for anything else."""
    numerator, denominator = _counts(reading)
    if reading.value is None or denominator <= 0 or numerator < 0:
        return None
    if definition.shape is Shape.SHARE and numerator <= denominator:
        return wilson(numerator, denominator)
    if definition.shape is Shape.RATE and numerator.is_integer():
        return rate_interval(int(numerator), denominator, multiplier=_multiplier(definition))
    return None


def _compare(definition: Definition, readings: Sequence[Reading]) -> tuple[Compared | None, ...]:
    numerators, denominators = zip(*map(_counts, readings), strict=True)
    if definition.shape is Shape.SHARE:
        return compare_proportions(numerators, denominators)
    return compare_rates([int(one) for one in numerators], denominators, multiplier=_multiplier(definition))


def _multiplier(definition: Definition) -> float:
    return definition.meaning.per or 1 if definition.shape is Shape.RATE else 1


def _counts(reading: Reading) -> tuple[float, float]:
    return float(reading.numerator or 0.0), float(reading.denominator or 0.0)
