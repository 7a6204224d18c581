"""The XmR chart of Making Data Count: usual variation of single values, part by part. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from kpi.spc.compare import is_below, is_equal, mean, present, side_of
from kpi.spc.icons import Assurance, Direction, PointType, Variation, assurance, point_type, variation
from kpi.spc.moving_range import average_moving_range
from kpi.spc.rules import Label, find_shifts, find_trends, find_two_of_three, label_points
from kpi.spc.series import ChartError, Series

LIMIT = 2.66
"""Mean moving ranges from the mean to a limit: 3 / 1.128 in two decimals, three standard deviations (Wheeler,
Understanding Variation). Making Data Count uses it rounded."""

NEAR_LIMIT = 2 * (LIMIT / 3)
"""Mean moving ranges from the mean to a near limit: two standard deviations."""

FULL_PART = 13
"""A part with fewer rows is short: its limits are provisional (NHSRplotthedots 0.2.2)."""

SMALLEST_BASE = 12
"""The fewest rows that limits may be fixed on (NHSRplotthedots 0.2.2)."""


@dataclass(frozen=True)
class XmrSettings:
    """How an XmR chart is drawn. ChartError when limits are to be fixed on fewer than 12 rows.

    `rebases`: dates of the series that begin a new part. `fix_after`: limits rest on so many first rows of each part
    (missing months count as rows) and apply to all of it. `screen`: unusually large moving ranges are left out.
    """

    direction: Direction
    target: float | None = None
    rebases: frozenset[date] = frozenset()
    fix_after: int | None = None
    screen: bool = True

    def __post_init__(self) -> None:
        if self.fix_after is not None and self.fix_after < SMALLEST_BASE:
            raise ChartError(f"Gränserna måste bygga på minst {SMALLEST_BASE} månader (fix_after_n_points).")


@dataclass(frozen=True)
class XmrLimits:
    """Mean and limits of one part in the values' unit; the limits are None where variation cannot be told."""

    mean: float | None
    lower: float | None = None
    upper: float | None = None
    near_lower: float | None = None
    near_upper: float | None = None


@dataclass(frozen=True)
class XmrPoint:
    """A month in the chart. `outside`, `side` and `close` are None where the value or the line is missing."""

    day: date
    value: float | None
    part: int
    mean: float | None
    lower: float | None
    upper: float | None
    outside: bool | None
    side: int | None
    close: bool | None
    in_shift: bool
    in_trend: bool
    in_two_of_three: bool
    label: Label
    type: PointType
    is_short_part: bool

    @property
    def is_signal(self) -> bool:
        """Whether the point is more than usual variation."""
        return self.label is not Label.COMMON_CAUSE


@dataclass(frozen=True)
class XmrChart:
    """The chart: its points by date and what its icons say.

    `variation_day` is the last month that has a value, which `variation` speaks of; None when no month has one.
    """

    points: tuple[XmrPoint, ...]
    variation: Variation
    variation_day: date | None
    assurance: Assurance | None

    @property
    def is_latest_missing(self) -> bool:
        """Whether the series ends with a month without a value."""
        return bool(self.points) and self.points[-1].value is None


class _Spread(Enum):
    """What a part's values are like."""

    USUAL = auto()
    CONSTANT = auto()  # all equal, two or more
    UNKNOWN = auto()  # no moving range to build on: too few values, or hardly any differ


@dataclass(frozen=True)
class _Part:
    spread: _Spread
    points: tuple[XmrPoint, ...]


def xmr_chart(series: Series, settings: XmrSettings) -> XmrChart:
    """The XmR chart of a series (its ratios when it has denominators).

    Limits are mean +/- 2.66 x the screened mean moving range of each part's base, never cut at 0 or 1. A part whose
    mean moving range is 0, or that has none, has no limits: when its values are equal it is common cause and its value
    is judged against the target; when they differ it has no flags and no icons.
    """
    ordered = series.in_order()
    values = ordered.ratios()
    parts = [
        _draw_part(number, ordered.dates[start:stop], values[start:stop], settings)
        for number, start, stop in _spans(ordered.dates, settings.rebases)
    ]
    points = tuple(point for part in parts for point in part.points)
    told = [(part, point) for part in parts for point in part.points if point.value is not None]
    if not told:
        return XmrChart(points, Variation.NOT_AVAILABLE, None, None)
    part, latest = told[-1]
    icon = Variation.NOT_AVAILABLE if part.spread is _Spread.UNKNOWN else variation(latest.type, settings.direction)
    return XmrChart(points, icon, latest.day, _assurance(parts[-1], settings))


def xmr_limits(base: Sequence[float | None], *, screen: bool = True) -> XmrLimits:
    """Mean and limits that rest on these values."""
    middle, average = mean(base), average_moving_range(base, screen=screen)
    if middle is None or average is None or is_equal(average, 0):
        return XmrLimits(middle)
    far, near = LIMIT * average, NEAR_LIMIT * average
    return XmrLimits(middle, middle - far, middle + far, middle - near, middle + near)


def _spans(dates: Sequence[date], rebases: frozenset[date]) -> list[tuple[int, int, int]]:
    """Number, start and stop of each part. Numbers count the rebases so far, so a rebase of the first row gives 1."""
    starts = sorted({0} | {at for at, day in enumerate(dates) if day in rebases}) if dates else []
    first = int(bool(dates) and dates[0] in rebases)
    stops = [*starts[1:], len(dates)]
    return [(first + number, *span) for number, span in enumerate(zip(starts, stops, strict=False))]


def _draw_part(number: int, dates: Sequence[date], values: Sequence[float | None], settings: XmrSettings) -> _Part:
    limits = xmr_limits(values[: settings.fix_after], screen=settings.screen)
    spread = _spread(values, limits)
    sides = [side_of(value, limits.mean) for value in values]
    outside = [_is_beyond(value, limits.lower, limits.upper) for value in values]
    close = [
        None if beyond is None else not beyond and bool(_is_beyond(value, limits.near_lower, limits.near_upper))
        for value, beyond in zip(values, outside, strict=True)
    ]
    has_rules = spread is not _Spread.UNKNOWN
    none = [False] * len(values)
    shifts = find_shifts(sides) if has_rules else none
    trends = find_trends(values) if has_rules else none
    two_of_three = find_two_of_three(sides, close)
    labels = label_points(values, sides, outside, trends=trends, two_of_three=two_of_three, shifts=shifts)
    return _Part(
        spread,
        tuple(
            XmrPoint(
                day=day,
                value=values[at],
                part=number,
                mean=limits.mean,
                lower=limits.lower,
                upper=limits.upper,
                outside=outside[at],
                side=sides[at],
                close=close[at],
                in_shift=shifts[at],
                in_trend=trends[at],
                in_two_of_three=two_of_three[at],
                label=labels[at],
                type=point_type(labels[at], settings.direction),
                is_short_part=len(values) < FULL_PART,
            )
            for at, day in enumerate(dates)
        ),
    )


def _spread(values: Sequence[float | None], limits: XmrLimits) -> _Spread:
    if limits.lower is not None:
        return _Spread.USUAL
    found = present(values)
    is_constant = len(found) > 1 and all(is_equal(value, found[0]) for value in found)
    return _Spread.CONSTANT if is_constant else _Spread.UNKNOWN


def _is_beyond(value: float | None, lower: float | None, upper: float | None) -> bool | None:
    """Strictly below the lower or above the upper; None when something is missing."""
    if value is None or lower is None or upper is None:
        return None
    return is_below(value, lower) or is_below(upper, value)


def _assurance(part: _Part, settings: XmrSettings) -> Assurance | None:
    last = part.points[-1]
    if last.lower is not None and last.upper is not None:
        return assurance(last.lower, last.upper, settings.target, settings.direction)
    if part.spread is _Spread.CONSTANT and last.mean is not None:
        return assurance(last.mean, last.mean, settings.target, settings.direction)
    return None
