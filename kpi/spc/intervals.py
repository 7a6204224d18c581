"""How sure a proportion or a rate is: Wilson's interval, and the exact Poisson interval or Byar's. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

USUAL = 0.95
"""Confidence of the usual interval: 2.5 % on each side."""

WIDE = 0.998
"""Confidence of the wide interval: 0.1 % on each side (about three standard deviations)."""

BYAR_FROM = 10
"""Events from which Byar's approximation takes over from the exact interval (PHEindicatormethods 2.1.0)."""


@dataclass(frozen=True)
class Interval:
    """From lower to upper, in the unit of what it belongs to."""

    lower: float
    upper: float


def normal_quantile(confidence: float) -> float:
    """Standard deviations from the middle of a normal distribution that hold that share of it (0.95 gives 1.96)."""
    if not 0 < confidence < 1:
        raise ValueError("a confidence lies between 0 and 1")
    return NormalDist().inv_cdf(1 - (1 - confidence) / 2)


def wilson(cases: float, denominator: float, confidence: float = USUAL) -> Interval:
    """The interval of the proportion cases / denominator, within 0 and 1; no continuity correction.

    Wilson, Journal of the American Statistical Association 22, 1927. ValueError unless 0 <= cases <= denominator and
    the denominator is above zero.
    """
    if denominator <= 0 or not 0 <= cases <= denominator:
        raise ValueError("a proportion has 0 <= cases <= denominator, and a denominator above zero")
    z = normal_quantile(confidence)
    middle = 2 * cases + z**2
    reach = z * math.sqrt(z**2 + 4 * cases * (1 - cases / denominator))
    below = 2 * (denominator + z**2)
    return Interval(
        0.0 if cases == 0 else (middle - reach) / below,
        1.0 if cases == denominator else (middle + reach) / below,
    )


def rate_interval(events: int, exposure: float, confidence: float = USUAL, *, multiplier: float = 1.0) -> Interval:
    """The interval of the rate multiplier x events / exposure; ValueError when events < 0 or exposure <= 0."""
    if exposure <= 0 or events < 0:
        raise ValueError("a rate has events >= 0 and an exposure above zero")
    count = exact_poisson(events, confidence) if events < BYAR_FROM else byar(events, confidence)
    return Interval(count.lower * multiplier / exposure, count.upper * multiplier / exposure)


def exact_poisson(events: int, confidence: float = USUAL) -> Interval:
    """The expected counts between which so many events are no surprise: each tail holds half of what is left out.

    Garwood, Biometrika 28, 1936 (the same as chi-square quantiles / 2 with 2x and 2x + 2 degrees of freedom). The sum
    of the tail is solved for, so no other distribution is needed. Meant for few events.
    """
    tail = (1 - confidence) / 2
    lower = _expected_where(lambda expected: _at_most(events - 1, expected), 1 - tail) if events else 0.0
    return Interval(lower, _expected_where(lambda expected: _at_most(events, expected), tail))


def byar(events: float, confidence: float = USUAL) -> Interval:
    """Byar's approximation of the exact Poisson interval (Breslow and Day, Statistical Methods in Cancer Research II,
    1987); events above zero."""
    z, above = normal_quantile(confidence), events + 1
    return Interval(
        events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3,
        above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3,
    )


def _at_most(events: int, expected: float) -> float:
    """The probability of so many events or fewer."""
    return math.fsum(math.exp(-expected) * expected**k / math.factorial(k) for k in range(events + 1))


def _expected_where(probability: Callable[[float], float], wanted: float) -> float:
    """The expected count at which a probability that falls with it is as wanted; halved until floats are neighbours."""
    low, high = 0.0, 1.0
    while probability(high) > wanted:
        low, high = high, 2 * high
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if probability(middle) > wanted else (low, middle)
    return high
