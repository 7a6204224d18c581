"""A figure before and after an action: its values, the usual level before with its limits drawn on through what came
after, the level after, and what was promised."""

from __future__ import annotations

from typing import Any

from control.actions.effect import Comparison
from dashboard.figures.frame import axis, beside, layout, room_beside
from dashboard.figures.palette import Palette
from dashboard.figures.periods import ALONG, labels_of, ticks_of
from dashboard.figures.scale import factor, scaled, value_axis, written
from dashboard.figures.trend import TOP_WITH_NOTE, level_line, place_of, upright, upright_note
from kpi.period import Period
from kpi.views.rows import FigureRow

_HEIGHT = 320


def effect_chart(
    row: FigureRow, found: Comparison, began: Period, expected_to: float | None, palette: Palette
) -> dict[str, Any]:
    """The chart as plotly's own dict. `began`: the month."""
    values, times = scaled(row.definition, row.series), factor(row.definition)
    promised = None if expected_to is None else expected_to * times
    limits = [level for level in (found.before.lower, found.before.upper) if level is not None] if found.before else []
    known = [value for value in (*values, promised, *(level * times for level in limits)) if value is not None]
    data = [_values(row, values, palette)]
    end = len(row.series) - 1
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    if found.before is not None:
        start = _at(row, found.before.first)
        data += [
            _line(start, end, level * times, palette.muted, dash)
            for level, dash in ((found.before.level, "solid"), (found.before.lower, "dot"), (found.before.upper, "dot"))
            if level is not None
        ]
    if found.after is not None and found.after.level is not None:
        drawn = found.after.level * times
        data.append(_line(_at(row, found.after.first), end, drawn, palette.accent, "solid", width=3))
        notes.append(beside(drawn, f"efter <b>{written(row.definition, drawn)}</b>", palette.accent))
    if promised is not None:
        shapes.append(level_line(promised, palette, "y"))
    room = room_beside(notes, 60)
    at = place_of(row, began)
    if at is not None:
        shapes.append(upright(at, palette))
        notes.append(upright_note(at, len(row.series), "åtgärden börjar", palette))
    ticks = ticks_of(len(row.series))
    return {
        "data": data,
        "layout": layout(
            palette,
            _HEIGHT,
            margin={"l": 52, "r": room, "t": 14 if at is None else TOP_WITH_NOTE, "b": 48},
            xaxis=axis(
                palette,
                tickvals=ticks,
                ticktext=labels_of([row.series[one].last for one in ticks]),
                range=[-0.6, len(row.series) - 0.4],
                **ALONG,
            ),
            yaxis=axis(palette, zerolinecolor=palette.muted) | value_axis(row.definition, known),
            shapes=shapes,
            annotations=notes,
        ),
    }


def side_of(found: Comparison, period: Period) -> str:
    """Whether a period counts as before or after; neither, for the one that the action began in."""
    for level, name in ((found.before, "före"), (found.after, "efter")):
        if level is not None and level.first <= period <= level.last:
            return name
    return "räknas inte"


def _at(row: FigureRow, period: Period) -> int:
    return place_of(row, period) or 0


def _values(row: FigureRow, values: list[float | None], palette: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(values))),
        "y": values,
        "connectgaps": False,
        "line": {"color": palette.ink, "width": 1.6},
        "marker": {"size": 7, "color": palette.ink},
        "text": [
            f"{label.replace('<br>', ' ')}: {written(row.definition, value) if value is not None else '–'}"
            for label, value in zip(labels_of([one.last for one in row.series]), values, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def _line(start: int, end: int, level: float, colour: str, dash: str, *, width: float = 1.2) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [start, end],
        "y": [level, level],
        "line": {"color": colour, "width": width, "dash": dash},
        "hoverinfo": "skip",
    }
