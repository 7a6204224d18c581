"""Moving ranges: how much a series usually changes from one point to the next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kpi.spc.compare import is_below, mean

D2 = 1.128
"""Mean range of two draws from a normal distribution, in standard deviations (Montgomery, Introduction to Statistical
Quality Control, appendix VI): a mean moving range / 1.128 estimates the standard deviation."""

D4 = 3.267
"""Upper limit of a moving range, in mean moving ranges (D4 for two draws, Montgomery appendix VI). A range at or above
it is screened out before the mean is taken again, once (Nelson, Journal of Quality Technology 14:4, 1982)."""


def moving_ranges(values: Sequence[float | None]) -> list[float | None]:
    """|y - the one before|, for every value but the first; None when either is missing: a gap is never bridged."""
    return [None if a is None or b is None else abs(b - a) for a, b in pairwise(values)]


def average_moving_range(values: Sequence[float | None], *, screen: bool = True) -> float | None:
    """The mean moving range in the values' unit; None without ranges, or when screening keeps none (all are equal)."""
    ranges = moving_ranges(values)
    average = mean(ranges)
    if average is None or not screen:
        return average
    return mean(one for one in ranges if one is not None and is_below(one, D4 * average))
