"""One figure over its periods, with its target.

A share is drawn over twelve months at a time, with the single months as faint points behind, since a month of few cases
swings. Other figures are drawn period by period. A point of few cases is hollow, an unfinished period a square.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import format as text
from dashboard import words
from dashboard.figures.frame import axis, layout, share_top
from dashboard.figures.palette import Palette
from dashboard.words import is_share
from kpi.definition import Definition
from kpi.status import Target
from kpi.views.rows import FigureRow, Reading

HEIGHT = 340
_LABELS = 6
"""So many months are named along the axis, at most."""


def trend(row: FigureRow, palette: Palette) -> dict[str, Any]:
    """The chart as plotly's own dict; a reading without value is a gap."""
    series = row.series
    ticks = _ticks(len(series))
    values = _values(row.definition, series)
    data = [_points(row, values, palette)]
    line = values
    if row.rolling:
        line = _values(row.definition, [one if one.is_covered else None for one in row.rolling])
        data.append(_rolling(row, line, palette))
    highest = _range(row.definition, row.target, values)
    return {
        "data": data,
        "layout": layout(
            palette,
            HEIGHT,
            margin={"l": 52, "r": 78, "t": 14, "b": 48},
            xaxis=axis(
                palette,
                tickvals=ticks,
                ticktext=[_two_lines(series[at]) for at in ticks],
                tickangle=0,
                ticks="outside",
                ticklen=6,
                tickcolor="rgba(0,0,0,0)",
                showgrid=False,
                range=[-0.6, len(series) - 0.4],
            ),
            yaxis=axis(
                palette,
                ticksuffix=f"{text.NBSP}%" if is_share(row.definition) else "",
                range=[0, highest],
            ),
            **_beside(row, line, highest, palette),
        ),
    }


def _points(row: FigureRow, values: Sequence[float | None], palette: Palette) -> dict[str, Any]:
    faint = bool(row.rolling)
    colour = palette.muted if faint else palette.ink
    return {
        "type": "scatter",
        "mode": "markers" if faint else "lines+markers",
        "x": list(range(len(values))),
        "y": list(values),
        "connectgaps": False,
        "line": {"color": colour, "width": 2.2},
        "marker": {
            "size": 6 if faint else 8,
            "symbol": ["square" if one.is_preliminary else "circle" for one in row.series],
            "color": [palette.surface if _is_few(row.definition, one) else colour for one in row.series],
            "line": {"color": colour, "width": 1.4 if faint else 1.8},
        },
        "text": [_hover(row.definition, one) for one in row.series],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def _rolling(row: FigureRow, values: Sequence[float | None], palette: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(range(len(values))),
        "y": list(values),
        "connectgaps": False,
        "line": {"color": palette.ink, "width": 2.8},
        "text": [_hover(row.definition, one) for one in row.rolling],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _beside(row: FigureRow, line: Sequence[float | None], highest: float, palette: Palette) -> dict[str, Any]:
    """The target's line, and beside the chart what it and the last value are."""
    last = next((value for value in reversed(line) if value is not None), None)
    notes = []
    shapes = []
    level = None
    if row.target is not None:
        level = row.target.level * _factor(row.definition)
        shapes = [level_line(level, palette, "y")]
        name = "nivå" if row.target.is_watch else "mål"
        words_ = f"{name} {text.quantity(row.target.level, row.definition.unit, row.definition.decimals)}"
        notes.append(_note(level, words_, palette.accent))
    if last is not None and (level is None or abs(last - level) > 0.07 * highest):
        notes.append(_note(last, f"<b>{_written(row.definition, last)}</b>", palette.ink))
    return {"shapes": shapes, "annotations": notes}


def level_line(level: float, palette: Palette, along: str) -> dict[str, Any]:
    """A dashed line at a level of the `along` axis, across the whole chart."""
    across = "x" if along == "y" else "y"
    return {
        "type": "line",
        f"{along}0": level,
        f"{along}1": level,
        f"{across}0": 0,
        f"{across}1": 1,
        f"{across}ref": "paper",
        "layer": "below",
        "line": {"color": palette.accent, "width": 1.8, "dash": "6px,4px"},
    }


def _note(level: float, words_: str, colour: str) -> dict[str, Any]:
    return {
        "x": 1.01,
        "y": level,
        "xref": "paper",
        "xanchor": "left",
        "yanchor": "middle",
        "showarrow": False,
        "text": words_,
        "font": {"color": colour, "size": 13},
    }


def _written(definition: Definition, drawn: float) -> str:
    if definition.unit == "per_1000":
        return text.number(drawn, definition.decimals)
    return text.quantity(drawn / _factor(definition), definition.unit, definition.decimals)


def _values(definition: Definition, readings: Sequence[Reading | None]) -> list[float | None]:
    factor = _factor(definition)
    return [None if one is None or one.value is None else one.value * factor for one in readings]


def _factor(definition: Definition) -> int:
    return 100 if is_share(definition) else 1


def _is_few(definition: Definition, one: Reading) -> bool:
    return definition.unit != "count" and one.cases < definition.minimum_cases


def _two_lines(one: Reading) -> str:
    """A narrow label, so that a phone holds as many as a wide screen."""
    return text.month(one.last, short=True).replace(text.NBSP, "<br>")


def _hover(definition: Definition, one: Reading) -> str:
    parts = [f"<b>{words.span(one)}</b>", words.value(definition, one), words.basis(definition, one)]
    return "<br>".join(part for part in parts if part) + ("<br>preliminärt" if one.is_preliminary else "")


def _range(definition: Definition, target: Target | None, values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    if target is not None:
        known.append(target.level * _factor(definition))
    return share_top(known) * 1.04 if is_share(definition) else max([*known, 1.0]) * 1.12


def _ticks(count: int) -> list[int]:
    step = max(1, -(-count // _LABELS))
    return list(range(count - 1, -1, -step))[::-1]
