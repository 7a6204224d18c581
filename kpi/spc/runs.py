"""Runs analysis by Anhøj's two rules: too long a run, or too few crossings of the centre line. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Runs:
    """The runs of one part. The numbers are None when no point counts; a point on the line does not count."""

    useful: int
    longest: int | None
    longest_allowed: int | None
    crossings: int | None
    fewest_crossings: int | None
    is_signal: bool


def analyse_runs(sides: Iterable[int | None]) -> Runs:
    """The runs of points above (1) and below (-1) the centre line; points on it (0) or missing (None) are dropped."""
    lengths = [len(list(run)) for _, run in groupby(side for side in sides if side)]
    if not lengths:
        return Runs(0, None, None, None, None, is_signal=False)
    useful, longest, crossings = sum(lengths), max(lengths), len(lengths) - 1
    allowed, fewest = longest_run_allowed(useful), fewest_crossings(useful)
    return Runs(useful, longest, allowed, crossings, fewest, is_signal=longest > allowed or crossings < fewest)


def longest_run_allowed(useful: int) -> int:
    """The longest run that chance explains among so many points: log2(n) rounded, + 3 (Schilling, Mathematics Magazine
    85:2, 2012; Anhøj and Olesen, PLoS ONE 9:11, 2014)."""
    return round(math.log2(useful)) + 3


def fewest_crossings(useful: int) -> int:
    """The fewest crossings that chance explains: the 5 % quantile of a binomial with n - 1 tosses of a fair coin (Chen,
    2010; Anhøj and Olesen, PLoS ONE 9:11, 2014). Counted in whole numbers, so no rounding decides."""
    tosses = useful - 1
    below, crossings = 1, 0
    while 20 * below < 2**tosses:
        crossings += 1
        below += math.comb(tosses, crossings)
    return crossings
