"""One figure over its periods, with its target.

A share is drawn over twelve months at a time, with the single months as faint points behind, since a month of few cases
swings. Other figures are drawn period by period; published statistics with a line across the years that were not
measured. A point of few cases is hollow, an unfinished period a square.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from dashboard import words
from dashboard.figures.frame import axis, beside, layout, room_beside
from dashboard.figures.narrow import SHORT
from dashboard.figures.palette import Palette
from dashboard.figures.periods import ALONG, MOST_LABELS, labels_of, ticks_of
from dashboard.figures.scale import drawn_levels, factor, scaled, value_axis, written
from dashboard.parts import part_words, sort_key
from kpi import format as text
from kpi.definition import Definition
from kpi.period import Period
from kpi.spc.verdict import Mark
from kpi.status import Target
from kpi.variation import limit_within
from kpi.views.rows import FigureRow, PartSeries, Reading

HEIGHT = 340
TOP_WITH_NOTE = 30
"""The margin above a chart with a word there."""
MOST_LINES = 3
"""More parts than this cannot be told apart as lines."""
_ROOM = 60
"""To the right of a chart with little to say there."""
_NAME = 12
"""Letters in a line of a part's name, where the chart is narrow."""
_DASHES = ("solid", "dash", "dot")


def trend(row: FigureRow, palette: Palette) -> dict[str, Any]:
    """The chart as plotly's own dict; a reading without value is a gap."""
    values = scaled(row.definition, row.series)
    data = [] if shows_no_month(row) else [_points(row, values, palette)]
    line = values
    if row.rolling:
        line = scaled(row.definition, [one if one.is_covered else None for one in row.rolling])
        data.append(_rolling(row, line, palette))
    data += _usual(row, palette) + _signals(row, values, palette)
    known = [value for value in values if value is not None] + drawn_levels(row.definition, row.target)
    known += _limits(row)
    return _chart(row, data, known, _beside(row, line, known, palette), palette)


def shows_no_month(row: FigureRow) -> bool:
    """Whether a single month's share would say more than its few cases can bear."""
    return row.variation.is_small and bool(row.rolling)


def charted(row: FigureRow) -> list[Mark | None]:
    """The control chart's marks in step with the series; empty when there are no limits to draw."""
    marks = list(row.variation.marks)[-len(row.series) :]
    if not any(one.lower is not None or one.upper is not None for one in marks):
        return []
    return [None] * (len(row.series) - len(marks)) + marks


def _usual(row: FigureRow, palette: Palette) -> list[dict[str, Any]]:
    """The usual level, and the limits of usual variation; what lies beyond what a share can be is not drawn."""
    marks = charted(row)
    if not marks:
        return []
    drawn = []
    for name, width, dash in (("upper", 1.1, "dot"), ("lower", 1.1, "dot"), ("centre", 1.2, "solid")):
        levels = [getattr(one, name) if one is not None else None for one in marks]
        drawn.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": list(range(len(levels))),
                "y": [_within(row.definition, level) for level in levels],
                "line": {"color": palette.muted, "width": width, "dash": dash, "shape": "hvh"},
                "hoverinfo": "skip",
                "connectgaps": False,
            }
        )
    return drawn


def _limits(row: FigureRow) -> list[float]:
    """The limits of usual variation, as they are drawn."""
    marks = [one for one in charted(row) if one is not None]
    ends = [_within(row.definition, level) for one in marks for level in (one.upper, one.lower)]
    return [one for one in ends if one is not None]


def _within(definition: Definition, level: float | None) -> float | None:
    found = limit_within(definition, level)
    return None if found is None else found * factor(definition)


def _signals(row: FigureRow, values: Sequence[float | None], palette: Palette) -> list[dict[str, Any]]:
    """The months that are more than usual variation: a triangle the way they lie."""
    marks = charted(row)
    found = [
        (at, value, mark.sign)
        for at, (value, mark) in enumerate(zip(values, marks, strict=False))
        if value is not None and mark is not None and mark.sign
    ]
    if not found:
        return []
    better = {"increase": 1, "decrease": -1}.get(row.definition.direction, 0)
    colours = {True: palette.good, False: palette.off}
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [at for at, _, _ in found],
            "y": [value for _, value, _ in found],
            "marker": {
                "size": 11,
                "symbol": ["triangle-up" if sign > 0 else "triangle-down" for _, _, sign in found],
                "color": [colours[sign == better] if better else palette.ink for _, _, sign in found],
                "line": {"color": palette.surface, "width": 1},
            },
            "hoverinfo": "skip",
            "cliponaxis": False,
        }
    ]


def lines(row: FigureRow, palette: Palette) -> dict[str, Any]:
    """The parts of a figure that is told by them, as lines with their names at the end; at most three."""
    series = sorted(row.part_series, key=lambda one: sort_key(row.definition, one.split))[:MOST_LINES]
    drawn = [scaled(row.definition, one.readings) for one in series]
    known = [value for line in drawn for value in line if value is not None]
    known += drawn_levels(row.definition, row.target)
    data = [
        _part(row.definition, one, values, dash, palette)
        for one, values, dash in zip(series, drawn, _DASHES, strict=False)
    ]
    ends = [
        (part_words(row.definition, one.split), last)
        for one, values in zip(series, drawn, strict=True)
        if (last := next((value for value in reversed(values) if value is not None), None)) is not None
    ]
    told = [(name, f"<b>{written(row.definition, last)}</b>", last) for name, last in ends]
    notes = [beside(last, f"{name} {value}", palette.ink) for name, value, last in told]
    short = {SHORT: ["<br>".join([*wrap(name, _NAME), value]) for name, value, _ in told]}
    return _chart(row, data, known, {"annotations": notes, "shapes": [], "meta": short}, palette, labels=3)


def _chart(
    row: FigureRow, data: list[dict[str, Any]], known: Sequence[float], more: dict[str, Any], palette: Palette,
    *, labels: int = MOST_LABELS,
) -> dict[str, Any]:  # fmt: skip
    ticks = ticks_of(len(row.series), labels)
    room = room_beside(more["annotations"], _ROOM)
    told = [(month, "ny definition") for month in row.changed_in]
    told += [(one.first, "ny nivå") for one in row.rebases if row.variation.marks]
    told += [(one.month, "åtgärd") for one in row.marks]
    marks = _beside_each_other([(at, note) for month, note in told if (at := place_of(row, month)) is not None])
    more |= {
        "shapes": [*more["shapes"], *(upright(at, palette) for at, _ in marks)],
        "annotations": [
            *more["annotations"],
            *(upright_note(at, len(row.series), note, palette) for at, note in marks),
        ],
    }
    return {
        "data": data,
        "layout": layout(
            palette,
            HEIGHT,
            margin={"l": 52, "r": room, "t": TOP_WITH_NOTE if marks else 14, "b": 48},
            xaxis=axis(
                palette,
                tickvals=ticks,
                ticktext=labels_of([row.series[at].last for at in ticks]),
                range=[-0.6, len(row.series) - 0.4],
                **ALONG,
            ),
            yaxis=axis(palette, zerolinecolor=palette.muted) | value_axis(row.definition, known),
            **more,
        ),
    }


def _beside_each_other(marks: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The marks, those of one period as one."""
    notes: dict[int, list[str]] = {}
    for at, note in marks:
        notes.setdefault(at, []).append(note)
    return [(at, ", ".join(dict.fromkeys(found))) for at, found in notes.items()]


def place_of(row: FigureRow, month: Period) -> int | None:
    """Where in the series a month lies; None outside it."""
    holds = (at for at, one in enumerate(row.series) if one.first.first_day <= month.first_day <= one.last.last_day)
    return next(holds, None)


def upright(at: int, palette: Palette) -> dict[str, Any]:
    """A dotted line up through the chart where something changed."""
    line = {"color": palette.muted, "width": 1.4, "dash": "dot"}
    return {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "layer": "below", "line": line}


def upright_note(at: int, count: int, note: str, palette: Palette) -> dict[str, Any]:
    """What the line is, above the chart, on the side with more room; `count`: of the periods."""
    return {
        "x": at, "y": 1, "yref": "paper", "xanchor": "right" if 2 * at >= count else "left", "yanchor": "bottom",
        "showarrow": False, "xshift": 0, "text": note, "font": {"color": palette.muted, "size": 12},
    }  # fmt: skip


def _points(row: FigureRow, values: Sequence[float | None], palette: Palette) -> dict[str, Any]:
    faint = bool(row.rolling)
    colour = palette.muted if faint else palette.ink
    return {
        "type": "scatter",
        "mode": "markers" if faint else "lines+markers",
        "x": list(range(len(values))),
        "y": list(values),
        "connectgaps": row.is_context,
        "line": {"color": colour, "width": 2.2},
        "marker": {
            "size": 6 if faint else 8,
            "symbol": ["square" if one.is_preliminary else "circle" for one in row.series],
            "color": [palette.surface if is_few(row.definition, one) else colour for one in row.series],
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


def _part(
    definition: Definition, one: PartSeries, values: Sequence[float | None], dash: str, palette: Palette
) -> dict[str, Any]:
    name = text.capital(part_words(definition, one.split))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(values))),
        "y": list(values),
        "connectgaps": True,
        "line": {"color": palette.ink, "width": 2.2, "dash": dash},
        "marker": {"size": 8, "color": palette.ink},
        "text": [f"{name}<br>{_hover(definition, reading)}" for reading in one.readings],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def _beside(row: FigureRow, line: Sequence[float | None], known: Sequence[float], palette: Palette) -> dict[str, Any]:
    """The target's lines, and beside the chart what it and the last value are."""
    last = next((value for value in reversed(line) if value is not None), None)
    levels = drawn_levels(row.definition, row.target)
    notes = []
    if row.target is not None:
        notes.append(target_note(row.definition, row.target, palette))
    room = 0.07 * (max(known, default=1.0) - min([*known, 0.0]))
    if last is not None and (not levels or abs(last - levels[0]) > room):
        notes.append(beside(last, f"<b>{written(row.definition, last)}</b>", palette.ink))
    return {"shapes": [level_line(level, palette, "y") for level in levels], "annotations": notes}


def target_note(definition: Definition, target: Target, palette: Palette) -> dict[str, Any]:
    """What the target's line is, to the right of the chart."""
    if definition.unit == "points":
        level = f"±{text.number(target.level * 100, definition.decimals)}"
    else:
        level = text.quantity(target.level, definition.unit, definition.decimals)
    at = drawn_levels(definition, target)[0]
    return beside(at, f"{'nivå' if target.is_watch else 'mål'} {level}", palette.accent)


def level_line(level: float, palette: Palette, along: str) -> dict[str, Any]:
    """A dashed line at a level of the `along` axis, across the whole chart. Above, since what lies below lies below
    the grid too, whose own line would cut its dashes in two."""
    across = "x" if along == "y" else "y"
    return {
        "type": "line",
        f"{along}0": level,
        f"{along}1": level,
        f"{across}0": 0,
        f"{across}1": 1,
        f"{across}ref": "paper",
        "layer": "above",
        "line": {"color": palette.accent, "width": 1.8, "dash": "6px,4px"},
    }


def is_few(definition: Definition, one: Reading) -> bool:
    """Whether a value rests on too few cases to be judged; counts are what they are."""
    return one.value is not None and definition.unit != "count" and one.cases < definition.minimum_cases


def _hover(definition: Definition, one: Reading) -> str:
    parts = [f"<b>{words.span(one)}</b>", words.value(definition, one), words.basis(definition, one)]
    return "<br>".join(part for part in parts if part) + ("<br>preliminärt" if one.is_preliminary else "")
