"""One figure over its periods: a line, hollow points for few cases, an unfinished period as a square, the target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import format as text
from dashboard import words
from dashboard.figures.frame import axis, layout
from dashboard.figures.palette import Palette
from dashboard.words import is_share
from kpi.definition import Definition
from kpi.status import Target
from kpi.views.rows import Reading


def trend(definition: Definition, target: Target | None, series: Sequence[Reading], palette: Palette) -> dict[str, Any]:
    """The chart as plotly's own dict. `series`: oldest first; a reading without value is a gap."""
    labels = [text.month(one.last, short=True) for one in series]
    factor = 100 if is_share(definition) else 1
    values = [None if one.value is None else one.value * factor for one in series]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": list(range(len(series))),
            "y": values,
            "connectgaps": False,
            "line": {"color": palette.ink, "width": 2},
            "marker": {
                "size": 8,
                "symbol": ["square-open" if one.is_preliminary else "circle" for one in series],
                "color": [_fill(definition, one, palette) for one in series],
                "line": {"color": palette.ink, "width": 1.8},
            },
            "text": [_hover(definition, one) for one in series],
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]
    return {
        "data": data,
        "layout": layout(
            palette,
            330,
            xaxis=axis(
                palette,
                tickvals=_ticks(len(series)),
                ticktext=[labels[at] for at in _ticks(len(series))],
                showgrid=False,
                range=[-0.6, len(series) - 0.4],
            ),
            yaxis=axis(
                palette,
                rangemode="tozero",
                ticksuffix="\u00a0%" if is_share(definition) else "",
                range=_range(definition, target, values),
            ),
            **_target(definition, target, len(series), factor, palette),
        ),
    }


def _fill(definition: Definition, one: Reading, palette: Palette) -> str:
    few = definition.unit != "count" and one.cases < definition.minimum_cases
    return palette.surface if few else palette.ink


def _hover(definition: Definition, one: Reading) -> str:
    parts = [f"<b>{text.month(one.last)}</b>", words.value(definition, one), words.basis(definition, one)]
    return "<br>".join(part for part in parts if part) + ("<br>preliminärt" if one.is_preliminary else "")


def _range(definition: Definition, target: Target | None, values: Sequence[float | None]) -> list[float] | None:
    if is_share(definition):
        return [0, 104]
    known = [value for value in values if value is not None]
    level = target.level if target else 0.0
    return [0, max([*known, level, 1.0]) * 1.12]


def _target(definition: Definition, target: Target | None, count: int, factor: int, palette: Palette) -> dict[str, Any]:
    if target is None:
        return {}
    level = target.level * factor
    line = {
        "type": "line",
        "x0": -0.6,
        "x1": count - 0.4,
        "y0": level,
        "y1": level,
        "line": {"color": palette.accent, "width": 1.8, "dash": "6px,4px"},
        "layer": "below",
    }
    label = {
        "x": 0, "y": level, "xref": "paper", "yanchor": "bottom", "xanchor": "left", "showarrow": False,
        "text": text.capital(words.target(definition, target)), "font": {"color": palette.accent, "size": 13},
    }  # fmt: skip
    return {"shapes": [line], "annotations": [label]}


def _ticks(count: int) -> list[int]:
    step = max(1, -(-count // 8))
    return list(range(count - 1, -1, -step))[::-1]
