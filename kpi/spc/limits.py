"""Centre line and limits of run, I, mr, p, u, c, p' and u' charts, for one part of a series. Pure.

Each function takes the part's rows and gives the line, and a lower and an upper limit for every row, in the unit of the
row's value. Formulas: Montgomery, Introduction to Statistical Quality Control (chapters 6 and 7); Laney, Quality
Engineering 14:4, 2002, for p' and u'. The base is what the lines rest on; a gap in it is never bridged, a point that is
excluded from it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kpi.spc.compare import mean, median, present
from kpi.spc.moving_range import D2, D4, average_moving_range, moving_ranges

SIGMAS = 3
"""Standard deviations from the centre line to a limit (Shewhart)."""


@dataclass(frozen=True)
class Row:
    """One row of a part. `value` is numerator / denominator where the chart has denominators."""

    value: float | None
    numerator: float | None
    denominator: float | None
    is_base: bool


@dataclass(frozen=True)
class Lines:
    """What is drawn of a part: values and limits by row, one centre line. None where there is nothing to draw."""

    values: tuple[float | None, ...]
    centre: float | None
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]


def flat_lines(values: Sequence[float | None], centre: float | None, lower: float | None, upper: float | None) -> Lines:
    """Lines with the same limits in every row."""
    return Lines(tuple(values), centre, (lower,) * len(values), (upper,) * len(values))


def base_values(rows: Sequence[Row]) -> list[float | None]:
    """The values that the lines rest on; missing ones stay, as gaps."""
    return [row.value for row in rows if row.is_base]


def run_lines(rows: Sequence[Row]) -> Lines:
    """Run chart: the median, without limits."""
    return flat_lines([row.value for row in rows], median(base_values(rows)), None, None)


def individuals_lines(rows: Sequence[Row]) -> Lines:
    """I chart: mean +/- 3 x screened mean moving range / 1.128. Without limits when no ranges are left."""
    values, base = [row.value for row in rows], base_values(rows)
    centre, average = mean(base), average_moving_range(base)
    if centre is None or average is None:
        return flat_lines(values, centre, None, None)
    reach = SIGMAS * average / D2
    return flat_lines(values, centre, centre - reach, centre + reach)


def moving_range_lines(rows: Sequence[Row]) -> Lines:
    """mr chart: the values become moving ranges; from 0 to 3.267 x their mean, not screened."""
    ranges = [None, *moving_ranges([row.value for row in rows])]
    centre = mean(one for one, row in zip(ranges, rows, strict=True) if row.is_base)
    if centre is None:
        return flat_lines(ranges, None, None, None)
    return flat_lines(ranges, centre, 0.0, D4 * centre)


def count_lines(rows: Sequence[Row]) -> Lines:
    """c chart: the mean count +/- 3 x its root, cut at 0. Denominators are not used."""
    counts = [row.numerator for row in rows]
    centre = mean(row.numerator for row in rows if row.is_base)
    if centre is None:
        return flat_lines(counts, None, None, None)
    reach = SIGMAS * math.sqrt(centre)
    return flat_lines(counts, centre, max(centre - reach, 0.0), centre + reach)


def proportion_lines(rows: Sequence[Row]) -> Lines:
    """p chart: pooled proportion p +/- 3 x sqrt(p(1 - p) / n) per row, cut at 0 and 1."""
    return _pooled_lines(rows, _proportion_variance, ceiling=1.0)


def proportion_prime_lines(rows: Sequence[Row]) -> Lines:
    """p' chart (Laney): as p with limits sigma_z times as wide. Without limits when sigma_z cannot be told."""
    return _pooled_lines(rows, _proportion_variance, ceiling=1.0, is_prime=True)


def rate_lines(rows: Sequence[Row]) -> Lines:
    """u chart: pooled rate u +/- 3 x sqrt(u / n) per row, cut at 0."""
    return _pooled_lines(rows, _rate_variance)


def rate_prime_lines(rows: Sequence[Row]) -> Lines:
    """u' chart (Laney): as u with limits sigma_z times as wide."""
    return _pooled_lines(rows, _rate_variance, is_prime=True)


def proportion_sigma_z(rows: Sequence[Row]) -> float | None:
    """How many times wider than binomial the proportions vary from row to row; None when it cannot be told."""
    return _sigma_z(rows, pooled(rows), _proportion_variance)


def rate_sigma_z(rows: Sequence[Row]) -> float | None:
    """How many times wider than Poisson the rates vary from row to row; None when it cannot be told."""
    return _sigma_z(rows, pooled(rows), _rate_variance)


def pooled(rows: Sequence[Row]) -> float | None:
    """The base's numerators over its denominators; rows without a value count in neither."""
    told = [row for row in rows if row.is_base and row.value is not None]
    total = math.fsum(present(row.denominator for row in told))
    return math.fsum(present(row.numerator for row in told)) / total if total else None


Variance = Callable[[float], float]
"""From the centre line, the variance of a row with denominator 1."""


def _proportion_variance(centre: float) -> float:
    return max(centre * (1 - centre), 0.0)


def _rate_variance(centre: float) -> float:
    return centre


def _pooled_lines(
    rows: Sequence[Row], variance: Variance, *, ceiling: float = math.inf, is_prime: bool = False
) -> Lines:
    values, centre = tuple(row.value for row in rows), pooled(rows)
    width = _sigma_z(rows, centre, variance) if is_prime else 1.0
    if centre is None or width is None:
        return flat_lines(values, centre, None, None)
    reaches = [None if s is None else SIGMAS * s * width for s in _deviations(rows, centre, variance)]
    lower = tuple(None if reach is None else max(centre - reach, 0.0) for reach in reaches)
    upper = tuple(None if reach is None else min(centre + reach, ceiling) for reach in reaches)
    return Lines(values, centre, lower, upper)


def _deviations(rows: Sequence[Row], centre: float, variance: Variance) -> list[float | None]:
    """Each row's standard deviation; None in a month without a value."""
    return [
        math.sqrt(variance(centre) / row.denominator) if row.value is not None and row.denominator else None
        for row in rows
    ]


def _sigma_z(rows: Sequence[Row], centre: float | None, variance: Variance) -> float | None:
    """The screened mean moving range of the base's standardised values, / 1.128."""
    if centre is None or not variance(centre):
        return None
    base = [row for row in rows if row.is_base]
    scores = [
        (row.value - centre) / deviation if row.value is not None and deviation else None
        for row, deviation in zip(base, _deviations(base, centre, variance), strict=True)
    ]
    average = average_moving_range(scores)
    return None if average is None else average / D2
