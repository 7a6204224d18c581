"""The answers of a distribution as plain bars from zero, in the scale's own order, each with its number and share."""

from __future__ import annotations

from typing import Any

from dashboard import words
from dashboard.figures.frame import axis, beside, layout, room_beside, share_top
from dashboard.figures.palette import Palette
from dashboard.parts import in_order, part_words
from kpi import format as text
from kpi.views.rows import FigureRow, Part

_ROW = 40
_OUTSIDE = "dont_know"
"""The answer that is no step of the scale: it is drawn fainter."""


def bars(row: FigureRow, palette: Palette) -> dict[str, Any]:
    """The chart as plotly's own dict."""
    parts = in_order(row.definition, row.parts)
    values = [(part.reading.value or 0.0) * 100 for part in parts]
    highest = share_top(values)
    places = list(range(len(parts)))
    ticks = [0.0, highest / 2, highest]
    notes = [beside(place, label(row, part), palette.ink) for place, part in zip(places, parts, strict=True)]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "width": 0.62,
                "y": places,
                "x": values,
                "marker": {
                    "color": [palette.muted if _is_outside(part) else palette.accent for part in parts],
                },
                "text": [label(row, part) for part in parts],
                "textposition": "none",
                "hovertemplate": "%{text}<extra></extra>",
            }
        ],
        "layout": layout(
            palette,
            56 + _ROW * max(len(parts), 1),
            margin={"l": 52, "r": room_beside(notes, 60), "t": 4, "b": 32},
            xaxis=axis(
                palette,
                range=[0, highest * 1.02],
                tickangle=0,
                tickvals=ticks,
                ticktext=[text.percent(tick / 100) for tick in ticks],
            ),
            yaxis=axis(
                palette,
                range=[len(parts) - 0.4, -0.6],
                tickvals=places,
                ticktext=[text.capital(part_words(row.definition, part.split)) for part in parts],
                tickfont={"color": palette.ink},
                showgrid=False,
            ),
            annotations=notes,
        ),
    }


def label(row: FigureRow, part: Part) -> str:
    """`23 (36 %)`."""
    return f"{text.number(part.reading.numerator or 0)} ({words.value(row.definition, part.reading)})"


def _is_outside(part: Part) -> bool:
    return part.split[0][1] == _OUTSIDE
