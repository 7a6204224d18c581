"""Units beside each other with how sure their values are: never a comparison without uncertainty. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpi.definition import Definition, Shape
from kpi.spc.funnel import Significance, compare_proportions
from kpi.spc.intervals import Interval, rate_interval, wilson
from kpi.views.rows import Reading, UnitReading

_SIDES = {Significance.HIGH_BY_FAR: 1, Significance.LOW_BY_FAR: -1}


def with_uncertainty(definition: Definition, units: Sequence[UnitReading]) -> tuple[UnitReading, ...]:
    """Each unit with its interval and its place in the funnel; other values than shares and rates as they are.

    Shares have Wilson's interval and the funnel's limits, rates the exact Poisson interval or Byar's.
    """
    told = [replace(one, interval=interval_of(definition, one.reading)) for one in units]
    if definition.shape is not Shape.SHARE:
        return tuple(told)
    known = [at for at, one in enumerate(told) if one.interval is not None]
    if len(known) > 1:
        numerators, below = zip(*(_counts(told[at].reading) for at in known), strict=True)
        for at, found in zip(known, compare_proportions(numerators, below), strict=True):
            if found is not None:
                told[at] = replace(told[at], side=_SIDES.get(found.significance, 0))
    return tuple(told)


def interval_of(definition: Definition, reading: Reading) -> Interval | None:
    """The 95 % interval of a share or a rate that is made of counts; None for anything else."""
    numerator, denominator = _counts(reading)
    if reading.value is None or denominator <= 0 or numerator < 0:
        return None
    if definition.shape is Shape.SHARE and numerator <= denominator:
        return wilson(numerator, denominator)
    if definition.shape is Shape.RATE and numerator.is_integer():
        return rate_interval(int(numerator), denominator, multiplier=definition.meaning.per or 1)
    return None


def _counts(reading: Reading) -> tuple[float, float]:
    return float(reading.numerator or 0.0), float(reading.denominator or 0.0)
