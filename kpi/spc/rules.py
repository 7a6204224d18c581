"""The rules of the XmR chart (Making Data Count) and the label that a point gets when several hold. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

from kpi.spc.compare import side_of

SHIFT_POINTS = 7
"""Consecutive points strictly on one side of the mean that make a shift (Making Data Count)."""

TREND_POINTS = 7
"""Consecutive points, each strictly beyond the one before, that make a trend (Making Data Count)."""


class Label(StrEnum):
    """Why a point is marked, as NHSRplotthedots writes it."""

    COMMON_CAUSE = "Common Cause"
    ABOVE_LIMIT = "Above UCL"
    BELOW_LIMIT = "Below LCL"
    RISING = "7 Point Trend (Increasing)"
    FALLING = "7 Point Trend (Decreasing)"
    CLOSE_ABOVE = "2 in 3 Above CL"
    CLOSE_BELOW = "2 in 3 Below CL"
    SHIFT_ABOVE = "7 Points Above CL"
    SHIFT_BELOW = "7 Points Below CL"

    @property
    def sign(self) -> int:
        """1 towards higher values, -1 towards lower, 0 for common cause."""
        if self is Label.COMMON_CAUSE:
            return 0
        return 1 if self in (Label.ABOVE_LIMIT, Label.RISING, Label.CLOSE_ABOVE, Label.SHIFT_ABOVE) else -1


def find_shifts(sides: Sequence[int | None]) -> list[bool]:
    """Which points are part of a shift; `sides` of the mean as `side_of` gives them. 0 and None end a run."""
    flags = [False] * len(sides)
    for start, stop in _streaks(sides):
        if stop - start >= SHIFT_POINTS:
            flags[start:stop] = [True] * (stop - start)
    return flags


def find_trends(values: Sequence[float | None]) -> list[bool]:
    """Which points are part of a trend. An equal neighbour and a missing month end it."""
    flags = [False] * len(values)
    for start, stop in _streaks(_steps(values)):  # step k lies between the points k and k + 1
        if stop - start >= TREND_POINTS - 1:
            flags[start : stop + 1] = [True] * (stop - start + 1)
    return flags


def find_two_of_three(sides: Sequence[int | None], close: Sequence[bool | None]) -> list[bool]:
    """Which points are close to a limit, with another close one among three in a row strictly on the same side."""
    flags = [False] * len(sides)
    for start in range(len(sides) - 2):
        three = range(start, start + 3)
        near = [at for at in three if close[at]]
        if sides[start] and len({sides[at] for at in three}) == 1 and len(near) >= 2:
            for at in near:
                flags[at] = True
    return flags


def label_points(
    values: Sequence[float | None],
    sides: Sequence[int | None],
    outside: Sequence[bool | None],
    *,
    trends: Sequence[bool],
    two_of_three: Sequence[bool],
    shifts: Sequence[bool],
) -> list[Label]:
    """Each point's one label: outside before trend, before two of three, before shift."""
    labels = []
    for at, side in enumerate(sides):
        is_above = side == 1
        if outside[at]:
            labels.append(Label.ABOVE_LIMIT if is_above else Label.BELOW_LIMIT)
        elif trends[at]:
            labels.append(Label.RISING if _trend_direction(values, trends, at) > 0 else Label.FALLING)
        elif two_of_three[at]:
            labels.append(Label.CLOSE_ABOVE if is_above else Label.CLOSE_BELOW)
        elif shifts[at]:
            labels.append(Label.SHIFT_ABOVE if is_above else Label.SHIFT_BELOW)
        else:
            labels.append(Label.COMMON_CAUSE)
    return labels


def _trend_direction(values: Sequence[float | None], trends: Sequence[bool], at: int) -> int:
    """The step to the next point of a trend, so that a peak shared by two belongs to the later; else the step into it.

    A flat step to a next trend is no direction: then two trends stand side by side and share no point.
    """
    forward = side_of(values[at + 1], values[at]) if at + 1 < len(values) and trends[at + 1] else None
    return forward or side_of(values[at], values[at - 1]) or 0


def _steps(values: Sequence[float | None]) -> list[int | None]:
    return [side_of(after, before) for before, after in pairwise(values)]


def _streaks(signs: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """Start and stop of each stretch of equal signs that are neither 0 nor missing."""
    start = 0
    for stop in range(1, len(signs) + 1):
        if stop == len(signs) or signs[stop] != signs[start]:
            if signs[start]:
                yield start, stop
            start = stop
