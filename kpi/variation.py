"""Whether a figure's latest month is more than usual variation, and whether usual variation reaches the target. Pure.

The chart is chosen by `kpi.spc.choice`; what it says is put together here in the terms of any figure, whichever chart
drew it. Sentences are in `kpi.variation_words`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kpi.definition import Definition, Rebase, Shape
from kpi.period import PeriodType
from kpi.spc.choice import Measure, Reason, choose_chart
from kpi.spc.compare import side_of
from kpi.spc.control import ControlChart, control_chart
from kpi.spc.icons import Direction, assurance
from kpi.spc.rules import Label
from kpi.spc.series import ChartError, ChartType, Division, Series
from kpi.spc.verdict import NOTHING, SMALL, Mark, Signal, Told, Variation
from kpi.spc.xmr import XmrChart, XmrSettings, xmr_chart
from kpi.status import Bound, Target
from kpi.views.rows import Reading

_MEASURES = {Shape.SHARE: Measure.PROPORTION, Shape.RATE: Measure.RATE, Shape.COUNT: Measure.COUNT,
             Shape.NUMBER: Measure.INDEX}  # fmt: skip


def rebases_for(definition: Definition, board_code: str | None, municipality_code: str | None) -> tuple[Rebase, ...]:
    """The months from which the figure's usual level is worked out anew there."""
    return tuple(
        one
        for one in definition.rebases
        if one.board in (None, board_code) and one.municipality in (None, municipality_code)
    )


FEWEST = 7
"""Months: no rule of a run speaks of fewer, so neither a change nor its absence is told."""


def variation_of(
    definition: Definition, readings: Sequence[Reading], target: Target | None, rebases: Sequence[Rebase] = ()
) -> Variation:
    """The variation of a figure's monthly readings, the oldest first; an unfinished month is left out of the chart.

    `SMALL` for shares of too few cases a month. `NOTHING` for what has no monthly value (other periods, gaps,
    published statistics) or fewer than `FEWEST` of them, for what rests on several months at a time and, unless its
    definition fixes a chart, for what stands: the same plans are counted month after month, and every rule takes months
    for independent.
    """
    measure = _MEASURES.get(definition.shape)
    is_dependent = definition.meaning.rolling or (definition.meaning.is_stock and definition.chart == "auto")
    if measure is None or definition.period is not PeriodType.MONTH or is_dependent:
        return NOTHING
    if sum(one.value is not None and not one.is_preliminary for one in readings) < FEWEST:
        return NOTHING
    series = _series(definition, readings, measure)
    begins = {one.first.first_day for one in rebases}
    parts = Division(tuple(at for at, day in enumerate(series.dates) if at and day in begins))
    fixed = ChartType(definition.chart) if definition.chart != "auto" else None
    try:
        choice = choose_chart(measure, series, fixed=fixed, division=parts)
        chart = choice.chart
        if chart is None:
            return SMALL if choice.reason is Reason.SMALL_DENOMINATORS else NOTHING
        if chart is ChartType.XMR:
            return _of_xmr(definition, xmr_chart(series, _settings(definition, target, frozenset(begins))))
        return _of_control(definition, control_chart(chart, series, parts), target)
    except ChartError:
        return NOTHING


def direction_of(definition: Definition) -> Direction:
    """Which way is better; what should lie near zero has no better way for a chart."""
    return Direction(definition.direction) if definition.direction in ("increase", "decrease") else Direction.NEUTRAL


def _series(definition: Definition, readings: Sequence[Reading], measure: Measure) -> Series:
    days = tuple(one.last.first_day for one in readings)
    known = [one if one.value is not None and not one.is_preliminary else None for one in readings]
    if measure in (Measure.PROPORTION, Measure.RATE):
        per = definition.meaning.per or 1
        numerators = tuple(one.numerator if one else None for one in known)
        below = tuple(one.denominator / per if one and one.denominator is not None else None for one in known)
        return Series(days, numerators, below)
    return Series(days, tuple(one.value if one else None for one in known))


def _settings(definition: Definition, target: Target | None, begins: frozenset[date]) -> XmrSettings:
    return XmrSettings(direction_of(definition), _level(target), begins)


def _level(target: Target | None) -> float | None:
    return target.level if target is not None and target.bound is not Bound.WITHIN else None


def _of_xmr(definition: Definition, chart: XmrChart) -> Variation:
    marks = tuple(Mark(one.mean, one.lower, one.upper, one.label.sign) for one in chart.points)
    latest = next((one for one in reversed(chart.points) if one.value is not None), None)
    if latest is None or latest.lower is None:
        return Variation(ChartType.XMR, marks, Told.UNKNOWN, assurance=chart.assurance)
    signal = _SIGNALS.get(latest.label)
    sign = latest.label.sign
    length = _lasting([one.label.sign for one in chart.points if one.value is not None]) if signal else 0
    if signal is Signal.RUN:
        length = _lasting([one.side or 0 for one in chart.points])
    return Variation(ChartType.XMR, marks, _told(sign, definition), signal, sign, length, chart.assurance)


_SIGNALS = {
    Label.ABOVE_LIMIT: Signal.OUTSIDE, Label.BELOW_LIMIT: Signal.OUTSIDE, Label.RISING: Signal.TREND,
    Label.FALLING: Signal.TREND, Label.CLOSE_ABOVE: Signal.TWO_OF_THREE, Label.CLOSE_BELOW: Signal.TWO_OF_THREE,
    Label.SHIFT_ABOVE: Signal.RUN, Label.SHIFT_BELOW: Signal.RUN,
}  # fmt: skip


def _of_control(definition: Definition, chart: ControlChart, target: Target | None) -> Variation:
    sides = [side_of(one.value, one.centre) or 0 for one in chart.points]
    marks = tuple(
        Mark(one.centre, one.lower, one.upper, side if one.is_outside else 0)
        for one, side in zip(chart.points, sides, strict=True)
    )
    known = [at for at, one in enumerate(chart.points) if one.value is not None]
    if not known:
        return Variation(chart.type, marks, Told.UNKNOWN)
    last = chart.points[known[-1]]
    sure = None
    if last.lower is not None and last.upper is not None:
        sure = assurance(last.lower, last.upper, _level(target), direction_of(definition))
    useful = [sides[at] for at in known if sides[at] and chart.points[at].part == last.part]
    length, longest = _lasting(useful), chart.runs[last.part - 1].longest_allowed
    if marks[known[-1]].sign:
        sign, signal, length = marks[known[-1]].sign, Signal.OUTSIDE, 1
    elif chart.runs[last.part - 1].is_signal and longest is not None and length > longest:
        sign, signal = useful[-1], Signal.RUN
    else:
        return Variation(chart.type, marks, Told.USUAL, assurance=sure)
    return Variation(chart.type, marks, _told(sign, definition), signal, sign, length, sure)


def _lasting(signs: Sequence[int]) -> int:
    """How many at the end are the same, and not 0."""
    length = 0
    while length < len(signs) and signs[-1 - length] and signs[-1 - length] == signs[-1]:
        length += 1
    return length


def _told(sign: int, definition: Definition) -> Told:
    if not sign:
        return Told.USUAL
    better = direction_of(definition).sign
    if not better:
        return Told.HIGHER if sign > 0 else Told.LOWER
    return Told.IMPROVEMENT if sign == better else Told.CONCERN


def limit_within(definition: Definition, limit: float | None) -> float | None:
    """A limit of usual variation as far as the figure's values can go: from zero, a share to one."""
    if limit is None:
        return None
    found = max(limit, 0.0)
    return min(found, 1.0) if definition.unit == "percent" else found
