"""Numbers that may be equal but for rounding, and the averages of values of which some are missing. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable

TOLERANCE = 1e-9
"""How far apart two equal numbers may be: absolutely below 1, relatively above."""


def is_equal(a: float, b: float) -> bool:
    """Whether |a - b| <= 1e-9 x max(1, |a|, |b|)."""
    return abs(a - b) <= TOLERANCE * max(1.0, abs(a), abs(b))


def is_below(a: float, b: float) -> bool:
    """Whether a < b, and not equal."""
    return a < b and not is_equal(a, b)


def side_of(value: float | None, line: float | None) -> int | None:
    """1 above the line, -1 below, 0 on it; None when either is missing."""
    if value is None or line is None:
        return None
    if is_equal(value, line):
        return 0
    return 1 if value > line else -1


def present(values: Iterable[float | None]) -> list[float]:
    """The values that are not missing, in order."""
    return [value for value in values if value is not None]


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of those that are not missing; None without any."""
    found = present(values)
    return math.fsum(found) / len(found) if found else None


def median(values: Iterable[float | None]) -> float | None:
    """The median of those that are not missing; None without any."""
    found = present(values)
    return float(statistics.median(found)) if found else None
