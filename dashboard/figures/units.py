"""Units beside each other in order of name, never ranked: a dot per unit, hollow where cases are few, n written out."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from dashboard import format as text
from dashboard import words
from dashboard.figures.frame import axis, layout, share_top
from dashboard.figures.palette import Palette
from dashboard.figures.scale import factor, is_per_cent, scaled
from dashboard.figures.trend import level_line
from kpi.definition import Definition
from kpi.status import Target
from kpi.views.rows import UnitReading

_ROW = 40
_WIDEST_NAME = 20


def units(
    definition: Definition, target: Target | None, found: Sequence[UnitReading], palette: Palette
) -> dict[str, Any]:
    """The chart as plotly's own dict; bars from zero for counts, dots for shares and days."""
    counts = definition.unit == "count"
    values = scaled(definition, [one.reading for one in found])
    level = None if target is None or counts else target.level * factor(definition)
    known = [value for value in (*values, level) if value is not None]
    highest = share_top(known) if is_per_cent(definition) else max([*known, 1.0])
    places = list(range(len(found)))
    trace: dict[str, Any] = {
        "y": places,
        "x": values,
        "text": [_hover(definition, one) for one in found],
        "hovertemplate": "%{text}<extra></extra>",
    }
    if counts:
        trace |= {"type": "bar", "orientation": "h", "width": 0.5, "textposition": "none"}
        trace |= {"marker": {"color": palette.accent}}
    else:
        colours = [palette.surface if one.is_small else palette.ink for one in found]
        trace |= {"type": "scatter", "mode": "markers", "cliponaxis": False}
        trace |= {"marker": {"size": 12, "color": colours, "line": {"color": palette.ink, "width": 2}}}
        trace |= _intervals(definition, found, palette)
    return {
        "data": [trace],
        "layout": layout(
            palette,
            64 + _ROW * max(len(found), 1),
            margin={"l": 52, "r": 84, "t": 8, "b": 36},
            xaxis=axis(
                palette,
                range=[0, highest * 1.04],
                tickangle=0,
                **(_share_ticks(highest) if is_per_cent(definition) else {"nticks": 4}),
            ),
            yaxis=axis(
                palette,
                range=[len(found) - 0.4, -0.6],
                tickvals=places,
                ticktext=[_name(one.unit.name) for one in found],
                tickfont={"color": palette.ink},
                showgrid=not counts,
            ),
            shapes=[] if level is None else [level_line(level, palette, "x")],
            annotations=[_beside(definition, place, one, palette) for place, one in zip(places, found, strict=True)],
        ),
    }


def _intervals(definition: Definition, found: Sequence[UnitReading], palette: Palette) -> dict[str, Any]:
    """How far each value may be from what it measures, as a line through its dot."""
    if not any(one.interval for one in found):
        return {}
    reach = [
        (0.0, 0.0)
        if one.interval is None or one.reading.value is None
        else (one.interval.upper - one.reading.value, one.reading.value - one.interval.lower)
        for one in found
    ]
    times = factor(definition)
    return {
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [max(up, 0.0) * times for up, _ in reach],
            "arrayminus": [max(down, 0.0) * times for _, down in reach],
            "color": palette.muted,
            "thickness": 1.6,
            "width": 5,
        }
    }


def _beside(definition: Definition, place: int, one: UnitReading, palette: Palette) -> dict[str, Any]:
    tell = words.value if definition.unit == "count" else words.short_basis
    return {
        "x": 1.015,
        "y": place,
        "xref": "paper",
        "xanchor": "left",
        "showarrow": False,
        "text": tell(definition, one.reading),
        "font": {"color": palette.ink, "size": 13},
    }


def _hover(definition: Definition, one: UnitReading) -> str:
    parts = [f"<b>{one.unit.name}</b>", words.value(definition, one.reading), words.basis(definition, one.reading)]
    return "<br>".join(part for part in parts if part)


def _share_ticks(highest: float) -> dict[str, Any]:
    ticks = [0.0, highest / 2, highest]
    return {"tickvals": ticks, "ticktext": [text.percent(tick / 100) for tick in ticks]}


def _name(name: str) -> str:
    return "<br>".join(wrap(name, _WIDEST_NAME))
