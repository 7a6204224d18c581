"""Which chart a figure gets when its definition fixes none. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kpi.spc.compare import is_below, is_equal, mean, median, present
from kpi.spc.control import check_values, rows_of
from kpi.spc.limits import Row, proportion_sigma_z, rate_sigma_z
from kpi.spc.series import ChartType, Division, Series

FEWEST_POINTS = 12
"""With fewer values limits mean little: a run chart."""

FEWEST_CASES = 10
"""A proportion with a smaller median denominator is not shown by month: one case would move it by ten points."""

SMALLEST_MEAN = 5
"""A count with a smaller mean is rare: its limits would reach below zero."""


class Measure(StrEnum):
    """What a figure measures."""

    PROPORTION = "proportion"  # cases of cases; 1 is 100 %
    RATE = "rate"  # events per exposure
    COUNT = "count"
    MEDIAN_DAYS = "median_days"
    INDEX = "index"


class Reason(StrEnum):
    """Why a chart was chosen."""

    FIXED = "fixed"
    SMALL_DENOMINATORS = "small_denominators"
    AT_AN_EXTREME = "at_an_extreme"
    RARE_EVENTS = "rare_events"
    FEW_POINTS = "few_points"
    USUAL = "usual"
    OVERDISPERSED = "overdispersed"


@dataclass(frozen=True)
class Choice:
    """The chart, and why. None: no chart by month but rolling 12 months or tertials, with numbers and no icons."""

    chart: ChartType | None
    reason: Reason


def choose_chart(
    measure: Measure,
    series: Series,
    *,
    fixed: ChartType | None = None,
    division: Division | None = None,
    has_event_days: bool = False,
) -> Choice:
    """The chart that suits a monthly series; `fixed` is the definition's own choice and is never questioned.

    Denominators come with proportions and rates (ChartError without). `has_event_days`: the days between events are
    known, so that rare events can have a t chart. `division` tells the parts; p' and u' are offered by the last one.
    """
    if fixed is not None:
        return Choice(fixed, Reason.FIXED)
    if measure in _SHEWHART:
        check_values(_SHEWHART[measure][0], series)
    if measure is Measure.PROPORTION and _has_small_denominators(series):
        return Choice(None, Reason.SMALL_DENOMINATORS)
    rare = ChartType.TIME_BETWEEN if has_event_days else None
    values = present(series.ratios())
    if _is_at_an_extreme(values, measure):
        return Choice(rare, Reason.AT_AN_EXTREME)
    if len(values) < FEWEST_POINTS:
        return Choice(ChartType.RUN, Reason.FEW_POINTS)
    if measure in _SHEWHART:
        return _shewhart(measure, rows_of(series.in_order(), division or Division())[-1])
    if measure is Measure.COUNT and is_below(mean(values) or 0.0, SMALLEST_MEAN):
        return Choice(rare, Reason.RARE_EVENTS)
    return Choice(ChartType.XMR, Reason.USUAL)


_SHEWHART = {
    Measure.PROPORTION: (ChartType.PROPORTION, ChartType.PROPORTION_PRIME, proportion_sigma_z),
    Measure.RATE: (ChartType.RATE, ChartType.RATE_PRIME, rate_sigma_z),
}


def _shewhart(measure: Measure, rows: list[Row]) -> Choice:
    """p or u; p' or u' where the values vary more than their size explains (sigma_z > 1)."""
    plain, prime, sigma_z = _SHEWHART[measure]
    width = sigma_z(rows)
    if width is not None and is_below(1.0, width):
        return Choice(prime, Reason.OVERDISPERSED)
    return Choice(plain, Reason.USUAL)


def _has_small_denominators(series: Series) -> bool:
    typical = median(series.denominators or ())
    return typical is not None and is_below(typical, FEWEST_CASES)


def _is_at_an_extreme(values: list[float], measure: Measure) -> bool:
    """Whether more than half of the months lie on 0, or more than half on 100 %."""
    extremes = (0.0, 1.0) if measure is Measure.PROPORTION else (0.0,)
    return any(2 * sum(is_equal(value, extreme) for value in values) > len(values) for extreme in extremes)
