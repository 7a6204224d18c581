"""A figure over the periods that have been closed: a dot for each, and the marker at the axis where it is not shown, so
that a hidden period is neither zero nor a gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import words
from dashboard.figures.frame import axis, layout, room_beside
from dashboard.figures.hidden import markers
from dashboard.figures.palette import Palette
from dashboard.figures.periods import ALONG, labels_of, ticks_of
from dashboard.figures.scale import drawn_levels, scaled, value_axis, value_range, written
from dashboard.figures.trend import is_few, level_line, target_note
from kpi import format as text
from kpi.definition import Definition
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.period import Period
from kpi.released import reading_of
from kpi.status import Target
from kpi.views.comparison import PeriodValue
from kpi.views.rows import Reading

HEIGHT = 300
_MOST_WRITTEN = 8
"""With more periods than this the values are not written in the chart."""


def closed_periods(
    definition: Definition, target: Target | None, series: Sequence[PeriodValue], palette: Palette
) -> dict[str, Any]:
    """The chart as plotly's own dict."""
    readings = [reading_of(one.content, one.period, one.period) for one in series]
    values = scaled(definition, readings)
    known = [value for value in values if value is not None] + drawn_levels(definition, target)
    data = [_points(definition, readings, values, palette)]
    hidden = [at for at, one in enumerate(readings) if one is None]
    if hidden:
        floor = value_range(definition, known)[0]
        data.append(markers(hidden, [floor] * len(hidden), [_not_shown(series[at].period) for at in hidden], palette))
    ticks = ticks_of(len(series))
    notes = [] if target is None else [target_note(definition, target, palette)]
    return {
        "data": data,
        "layout": layout(
            palette,
            HEIGHT,
            margin={"l": 52, "r": room_beside(notes, 24), "t": 14, "b": 48},
            xaxis=axis(
                palette,
                tickvals=ticks,
                ticktext=labels_of([series[at].period for at in ticks]),
                range=[-0.6, len(series) - 0.4],
                **ALONG,
            ),
            yaxis=axis(palette, zerolinecolor=palette.muted) | value_axis(definition, known),
            shapes=[level_line(level, palette, "y") for level in drawn_levels(definition, target)],
            annotations=notes,
        ),
    }


def _points(
    definition: Definition, readings: Sequence[Reading | None], values: Sequence[float | None], palette: Palette
) -> dict[str, Any]:
    few = [one is not None and is_few(definition, one) for one in readings]
    return {
        "type": "scatter",
        "mode": "lines+markers+text" if len(values) <= _MOST_WRITTEN else "lines+markers",
        "x": list(range(len(values))),
        "y": list(values),
        "connectgaps": False,
        "line": {"color": palette.ink, "width": 2.2},
        "marker": {
            "size": 9,
            "color": [palette.surface if one else palette.ink for one in few],
            "line": {"color": palette.ink, "width": 1.8},
        },
        "text": ["" if value is None else written(definition, value) for value in values],
        "textposition": "top center",
        "textfont": {"color": palette.ink, "size": 13},
        "hovertext": [_hover(definition, one) for one in readings],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def _not_shown(period: Period) -> str:
    return f"<b>{text.capital(text.month(period))}</b><br>{SUPPRESSED.words}"


def _hover(definition: Definition, one: Reading | None) -> str:
    if one is None:
        return SUPPRESSED.words
    parts = [f"<b>{text.capital(text.month(one.last))}</b>", words.value(definition, one), words.basis(definition, one)]
    return "<br>".join(part for part in parts if part)
