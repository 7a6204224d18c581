"""A figure under two definitions: before as a thin dashed line, after as a solid one, told apart without colour too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.figures.frame import axis, layout
from dashboard.figures.palette import Palette
from dashboard.figures.scale import factor
from kpi import format as text
from kpi.definition import Definition
from kpi.period import Period

_HEIGHT = 260
Values = Mapping[Period, tuple[float | None, float | None]]


def before_after(definition: Definition, values: Values, palette: Palette) -> dict[str, Any]:
    """The chart as plotly's own dict."""
    times = factor(definition)
    periods = [text.capital(text.month(period)) for period in values]
    styles = (("Före", "dash", palette.muted, "circle-open"), ("Efter", "solid", palette.accent, "circle"))
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": periods,
            "y": [_scaled(pair[side], times) for pair in values.values()],
            "line": {"dash": dash, "width": 2, "color": colour},
            "marker": {"symbol": symbol, "size": 7, "color": colour},
            "connectgaps": False,
            "hovertemplate": f"%{{x}}<br>{name}: %{{y:.1f}}<extra></extra>",
        }
        for side, (name, dash, colour, symbol) in enumerate(styles)
    ]
    return {
        "data": traces,
        "layout": layout(
            palette,
            _HEIGHT,
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.15, "font": {"color": palette.ink}},
            xaxis=axis(palette, type="category", nticks=8, showgrid=False),
            yaxis=axis(palette, ticksuffix=" %" if times == 100 else "", rangemode="tozero", nticks=5),
        ),
    }


def _scaled(value: float | None, times: int) -> float | None:
    return None if value is None else value * times
