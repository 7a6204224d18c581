"""Run, I, mr, p, u, c, p', u', g and t charts, each with the analysis of its runs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from kpi.spc import limits, rare
from kpi.spc.compare import is_below, present, side_of
from kpi.spc.limits import Lines, Row
from kpi.spc.runs import Runs, analyse_runs
from kpi.spc.series import ChartError, ChartType, Division, Series

LINES: Mapping[ChartType, Callable[[Sequence[Row]], Lines]] = MappingProxyType(
    {
        ChartType.RUN: limits.run_lines,
        ChartType.INDIVIDUALS: limits.individuals_lines,
        ChartType.MOVING_RANGE: limits.moving_range_lines,
        ChartType.PROPORTION: limits.proportion_lines,
        ChartType.PROPORTION_PRIME: limits.proportion_prime_lines,
        ChartType.RATE: limits.rate_lines,
        ChartType.RATE_PRIME: limits.rate_prime_lines,
        ChartType.COUNT: limits.count_lines,
        ChartType.CASES_BETWEEN: rare.cases_between_lines,
        ChartType.TIME_BETWEEN: rare.time_between_lines,
    }
)

_PROPORTIONS = (ChartType.PROPORTION, ChartType.PROPORTION_PRIME)
_WITH_DENOMINATORS = (*_PROPORTIONS, ChartType.RATE, ChartType.RATE_PRIME)
_NEVER_NEGATIVE = (*_WITH_DENOMINATORS, ChartType.COUNT, ChartType.CASES_BETWEEN)


@dataclass(frozen=True)
class ControlPoint:
    """A point in the chart, in the unit of its value; None where there is no value, line or limit. Parts from 1."""

    day: date
    value: float | None
    part: int
    centre: float | None
    lower: float | None
    upper: float | None
    is_outside: bool


@dataclass(frozen=True)
class ControlChart:
    """The chart: its points by date, and the runs of each part (part 1 first)."""

    type: ChartType
    points: tuple[ControlPoint, ...]
    runs: tuple[Runs, ...]


def control_chart(type_: ChartType, series: Series, division: Division | None = None) -> ControlChart:
    """Draw the chart as asked, whether or not it is the one that suits the series best.

    ChartError when `type_` is `xmr` (see `kpi.spc.xmr`), when p, u, p' or u' has no denominators, when a count is
    negative or greater than its denominator in a proportion, and when a time between events is not above zero.
    """
    check_values(type_, series)
    ordered, division = series.in_order(), division or Division()
    points: list[ControlPoint] = []
    runs = []
    for number, (span, rows) in enumerate(
        zip(division.spans(len(ordered.dates)), rows_of(ordered, division), strict=True), start=1
    ):
        lines = LINES[type_](rows)
        points += _points(lines, ordered.dates[span.start : span.stop], number)
        runs.append(_runs(type_, lines, [at + 1 not in division.exclude for at in span]))
    return ControlChart(type_, tuple(points), tuple(runs))


def rows_of(ordered: Series, division: Division) -> list[list[Row]]:
    """The rows of each part of a series that is in order; at least one row in each."""
    values, below = ordered.ratios(), ordered.denominators or (None,) * len(ordered.values)
    return [
        [Row(values[at], ordered.values[at], below[at], division.is_base(at)) for at in span]
        for span in division.spans(len(values))
    ]


def check_values(type_: ChartType, series: Series) -> None:
    """ChartError, with a Swedish sentence, when the chart cannot be drawn from such values."""
    values = present(series.values)
    if type_ not in LINES:
        raise ChartError(f"Diagrammet {type_} ritas inte här.")
    if type_ in _WITH_DENOMINATORS and series.denominators is None:
        raise ChartError(f"Diagrammet {type_} kräver nämnare (n).")
    if type_ in _NEVER_NEGATIVE and any(value < 0 for value in values):
        raise ChartError(f"Diagrammet {type_} räknar fall, och ett värde är negativt.")
    if type_ is ChartType.TIME_BETWEEN and any(value <= 0 for value in values):
        raise ChartError("Diagrammet t kräver tider större än noll mellan händelserna.")
    if type_ in _PROPORTIONS and any(
        value is not None and below and value > below
        for value, below in zip(series.values, series.denominators or (), strict=True)
    ):
        raise ChartError(f"Diagrammet {type_} visar en andel, och en täljare är större än sin nämnare.")


def _points(lines: Lines, days: Sequence[date], part: int) -> list[ControlPoint]:
    return [
        ControlPoint(day, value, part, lines.centre, lower, upper, _is_outside(value, lower, upper))
        for day, value, lower, upper in zip(days, lines.values, lines.lower, lines.upper, strict=True)
    ]


def _is_outside(value: float | None, lower: float | None, upper: float | None) -> bool:
    """Strictly beyond a limit that there is."""
    if value is None:
        return False
    return (lower is not None and is_below(value, lower)) or (upper is not None and is_below(upper, value))


def _runs(type_: ChartType, lines: Lines, included: Sequence[bool]) -> Runs:
    """The part's runs. Moving ranges that are neighbours share a value, so an mr chart never signals by runs."""
    sides = [side_of(value, lines.centre) for value, is_in in zip(lines.values, included, strict=True) if is_in]
    found = analyse_runs(sides)
    return replace(found, is_signal=False) if type_ is ChartType.MOVING_RANGE else found
