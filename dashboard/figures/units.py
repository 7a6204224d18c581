"""Units beside each other in order of name, never ranked: a dot per unit, hollow where cases are few, n written out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import words
from dashboard.figures.frame import axis, layout
from dashboard.figures.palette import Palette
from dashboard.words import is_share
from kpi.definition import Definition
from kpi.status import Target
from kpi.views.rows import UnitReading


def units(
    definition: Definition, target: Target | None, found: Sequence[UnitReading], palette: Palette
) -> dict[str, Any]:
    """The chart as plotly's own dict; bars from zero for counts, dots for shares and days."""
    factor = 100 if is_share(definition) else 1
    names = [one.unit.name for one in found]
    values = [None if one.reading.value is None else one.reading.value * factor for one in found]
    written = [
        f"{words.value(definition, one.reading)}  {words.basis(definition, one.reading)}".strip() for one in found
    ]
    colours = [palette.surface if one.is_small else palette.ink for one in found]
    common: dict[str, Any] = {
        "y": names,
        "x": values,
        "text": written,
        "hovertemplate": "<b>%{y}</b><br>%{text}<extra></extra>",
        "cliponaxis": False,
    }
    if definition.unit == "count":
        trace = {
            "type": "bar", "orientation": "h", **common, "textposition": "outside", "width": 0.5,
            "marker": {"color": palette.accent}, "textfont": {"color": palette.ink},
        }  # fmt: skip
    else:
        trace = {
            "type": "scatter", "mode": "markers", **common,
            "marker": {"size": 12, "color": colours, "line": {"color": palette.ink, "width": 2}},
        }  # fmt: skip
    high = 100.0 if is_share(definition) else max([value for value in values if value is not None] or [1.0])
    shapes = []
    if target is not None and definition.unit != "count":
        level = target.level * factor
        high = max(high, level)
        shapes = [
            {
                "type": "line",
                "x0": level,
                "x1": level,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "layer": "below",
                "line": {"color": palette.accent, "width": 1.8, "dash": "6px,4px"},
            }
        ]
    return {
        "data": [trace],
        "layout": layout(
            palette,
            80 + 38 * max(len(found), 1),
            xaxis=axis(
                palette,
                range=[0, high * (1.25 if definition.unit == "count" else 1.06)],
                ticksuffix="\u00a0%" if is_share(definition) else "",
            ),
            yaxis=axis(
                palette,
                autorange="reversed",
                type="category",
                showgrid=definition.unit != "count",
                tickfont={"color": palette.ink},
            ),
            shapes=shapes,
        ),
    }
