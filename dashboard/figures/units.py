"""Units beside each other in order of name, never ranked: a dot per unit, hollow where cases are few, n written out.

Shares and rates have their 95 % interval as a line through the dot. Rates, which have no funnel, are held against the
units' average with the 99.8 % interval as a thin line: a unit whose thin line does not reach it is a triangle. What is
not shown has its marker in the dot's place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from dashboard import words
from dashboard.comparison import FEW
from dashboard.figures.frame import axis, beside, layout, plain, room_beside, share_top
from dashboard.figures.funnel import letter, mark_colour
from dashboard.figures.hidden import markers
from dashboard.figures.narrow import SHORT, cut
from dashboard.figures.palette import Palette
from dashboard.figures.scale import factor, is_per_cent, scaled, value_range
from dashboard.figures.trend import level_line
from kpi import format as text
from kpi.definition import Definition
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.spc.intervals import Interval
from kpi.status import Target
from kpi.views.rows import UnitReading

_ROW = 50
_SYMBOLS = {1: "triangle-right", -1: "triangle-left", 0: "circle"}
_NOT_SHOWN = "visas inte"


def units(
    definition: Definition,
    target: Target | None,
    found: Sequence[UnitReading],
    palette: Palette,
    average: float | None = None,
    *,
    is_lettered: bool = False,
    hidden: Collection[int] = (),
) -> dict[str, Any]:
    """The chart as plotly's own dict; bars from zero for counts, dots for shares, rates and days. `average`: what rates
    are held against. `is_lettered`: each name has the letter that stands for it in the funnel. `hidden`: the places of
    those whose values are not shown, whatever their readings say."""
    counts = definition.unit == "count"
    lines = _lines(definition, None if counts else target, average, palette)
    highest = _highest(definition, found, [line["x0"] for line, _ in lines])
    places = list(range(len(found)))
    values = scaled(definition, [None if at in hidden else one.reading for at, one in enumerate(found)])
    trace: dict[str, Any] = {
        "y": places,
        "x": values,
        "text": [_not_shown(one) if at in hidden else _hover(definition, one) for at, one in enumerate(found)],
        "hovertemplate": "%{text}<extra></extra>",
    }
    if counts:
        trace |= {"type": "bar", "orientation": "h", "width": 0.3, "textposition": "none"}
        trace |= {"marker": {"color": palette.accent}}
    else:
        trace |= {
            "type": "scatter",
            "mode": "markers",
            "cliponaxis": False,
            "marker": _marks(definition, found, palette),
        }
        trace |= _reach(definition, found, [one.interval for one in found], highest, _line(palette, 2.2, 5))
    known = [value for value in (*values, *(line["x0"] for line, _ in lines)) if value is not None]
    low, high = value_range(definition, known) if definition.unit == "points" else (0.0, highest * 1.04)
    marks = [markers([0.0] * len(hidden), sorted(hidden), [_not_shown(found[at]) for at in sorted(hidden)], palette,
                     "middle right")] if hidden else []  # fmt: skip
    bases = [
        beside(at, _NOT_SHOWN if at in hidden else _basis(definition, one), palette.ink) for at, one in enumerate(found)
    ]
    lettered = len(found) if is_lettered else None
    names = [_named(at, one.unit.name, lettered) for at, one in enumerate(found)]
    short = [_named(at, cut(one.unit.name), lettered) for at, one in enumerate(found)]
    return {
        "data": [*_wide(definition, found, average, highest, palette), trace, *marks],
        "layout": layout(
            palette,
            48 + (16 if lines else 0) + _ROW * max(len(found), 1),
            margin={"l": 26, "r": room_beside(bases, 60), "t": 24 if lines else 8, "b": 36},
            xaxis=axis(
                palette,
                range=[low, high],
                tickangle=0,
                zeroline=low < 0,
                zerolinecolor=palette.muted,
                **(_share_ticks(highest) if is_per_cent(definition) else {"nticks": 4}),
            ),
            yaxis=axis(
                palette, range=[len(found) - 0.5, -0.75], tickvals=places, showticklabels=False, showgrid=not counts
            ),
            shapes=[line for line, _ in lines],
            annotations=[
                *(_name(place, told, palette) for place, told in zip(places, names, strict=True)),
                *bases,
                *(_head(line, told) for line, told in lines),
            ],
            meta={SHORT: short},
        ),
    }


def _lines(
    definition: Definition, target: Target | None, average: float | None, palette: Palette
) -> list[tuple[dict[str, Any], str]]:
    """The target's line and the average's, each with its words."""
    found = []
    if target is not None:
        name = "nivå" if target.is_watch else "mål"
        line = level_line(target.level * factor(definition), palette, "x")
        found.append((line, f"{name} {words.level(definition, target)}"))
    if average is not None:
        line = level_line(average * factor(definition), palette, "x")
        line["line"] = {"color": palette.muted, "width": 1.4, "dash": "solid"}
        found.append((line, f"snitt {text.number(average * factor(definition), definition.decimals)}"))
    return found


def _highest(definition: Definition, found: Sequence[UnitReading], levels: Sequence[float]) -> float:
    """Where the axis ends: beyond every value, line and 95 % interval."""
    known = [value for value in (*scaled(definition, [one.reading for one in found]), *levels) if value is not None]
    known += [one.interval.upper * factor(definition) for one in found if one.interval is not None]
    return share_top(known) if is_per_cent(definition) else max([*known, 1.0])


def _marks(definition: Definition, found: Sequence[UnitReading], palette: Palette) -> dict[str, Any]:
    colours = [mark_colour(definition, one, palette) for one in found]
    return {
        "size": [15 if one.side else 12 for one in found],
        "symbol": [_SYMBOLS[one.side] for one in found],
        "color": [palette.surface if one.is_small else colour for one, colour in zip(found, colours, strict=True)],
        "line": {"color": colours, "width": 2},
        "opacity": 1,
    }


def _wide(
    definition: Definition, found: Sequence[UnitReading], average: float | None, highest: float, palette: Palette
) -> list[dict[str, Any]]:
    """The 99.8 % intervals that decide, where there is an average to hold them against; without marks of their own."""
    if average is None:
        return []
    wide = [one.compared.wide if one.compared is not None else None for one in found]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "y": list(range(len(found))),
            "x": scaled(definition, [one.reading for one in found]),
            "marker": {"size": 1, "color": palette.muted},
            "hoverinfo": "skip",
            **_reach(definition, found, wide, highest * 1.04, _line(palette, 0.9, 0)),
        }
    ]


def _line(palette: Palette, thickness: float, width: int) -> dict[str, Any]:
    return {"color": palette.muted, "thickness": thickness, "width": width}


def _reach(
    definition: Definition,
    found: Sequence[UnitReading],
    intervals: Sequence[Interval | None],
    highest: float,
    line: dict[str, Any],
) -> dict[str, Any]:
    """How far each value may be from what it measures, as a line through its dot, no further than the axis goes."""
    if not any(intervals):
        return {}
    times = factor(definition)
    reach = [
        (0.0, 0.0)
        if interval is None or one.reading.value is None
        else (min(interval.upper * times, highest) - one.reading.value * times,
              (one.reading.value - interval.lower) * times)
        for interval, one in zip(intervals, found, strict=True)
    ]  # fmt: skip
    return {
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [max(up, 0.0) for up, _ in reach],
            "arrayminus": [max(down, 0.0) for _, down in reach],
            **line,
        }
    }


def _head(line: dict[str, Any], told: str) -> dict[str, Any]:
    return {
        "x": line["x0"],
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "text": told,
        "font": {"color": line["line"]["color"], "size": 13},
    }


def _basis(definition: Definition, one: UnitReading) -> str:
    tell = words.value if definition.unit == "count" else words.short_basis
    return tell(definition, one.reading) + (f"<br>{FEW}" if one.is_small else "")


def _hover(definition: Definition, one: UnitReading) -> str:
    parts = [
        f"<b>{plain(one.unit.name)}</b>",
        words.value(definition, one.reading),
        words.basis(definition, one.reading),
    ]
    if one.interval is not None:
        parts.append(f"95{text.NBSP}%: {words.interval(definition, one.interval)}")
    return "<br>".join(part for part in parts if part)


def _not_shown(one: UnitReading) -> str:
    return f"<b>{plain(one.unit.name)}</b><br>{SUPPRESSED.words}"


def _share_ticks(highest: float) -> dict[str, Any]:
    ticks = [0.0, highest / 2, highest]
    return {"tickvals": ticks, "ticktext": [text.percent(tick / 100) for tick in ticks]}


def _named(at: int, name: str, lettered: int | None) -> str:
    mark = "" if lettered is None else letter(at, lettered)
    return f"<b>{mark}</b>{text.NBSP * 2}{plain(name)}" if mark else plain(name)


def _name(place: int, told: str, palette: Palette) -> dict[str, Any]:
    """A unit's name above its line, so that a phone keeps its width for the values."""
    return {
        "x": 0,
        "y": place,
        "xref": "paper",
        "xanchor": "left",
        "yanchor": "middle",
        "yshift": 17,
        "showarrow": False,
        "text": told,
        "bgcolor": palette.surface,
        "borderpad": 1,
        "font": {"color": palette.ink, "size": 13},
    }
