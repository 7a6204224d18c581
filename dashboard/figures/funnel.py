"""The funnel: each unit's share against how many cases it rests on, with the limits of usual variation.

The further to the right, the more cases and the narrower the funnel about the average. Units are letters that stand by
their names in the chart below, since names do not fit; one outside is a triangle the way it lies, with its name; one of
few cases is hollow. Municipalities that stand beside are diamonds with their names; they are no part of the average.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from textwrap import wrap
from typing import Any

from dashboard import comparison, words
from dashboard.figures.frame import axis, beside, layout, plain, room_beside
from dashboard.figures.palette import Palette
from dashboard.figures.place_labels import place_labels
from dashboard.figures.scale import factor
from kpi.definition import Definition
from kpi.format import NBSP
from kpi.views.compared import Comparison, reaching
from kpi.views.funnel_places import FunnelPlace
from kpi.views.rows import UnitReading

HEIGHT = 340
_TOP, _STEP = 100.0, 20.0
_WIDEST_NAME, _WIDEST_PLACE = 18, 12


def funnel(
    definition: Definition,
    compared: Comparison,
    units: Sequence[UnitReading],
    palette: Palette,
    places: Sequence[FunnelPlace] = (),
) -> dict[str, Any]:
    """The chart as plotly's own dict."""
    elsewhere = [(one, one.reading) for one in places if one.reading is not None]
    others = [(one.denominator or 0.0, (one.value or 0.0) * factor(definition)) for _, one in elsewhere]
    found = reaching(compared, max([0.0, *(cases for cases, _ in others)]))
    drawn = [one for one in units if one.compared is not None]
    letters = _letters(units, drawn)
    times = factor(definition)
    points = [(_cases(one), (one.reading.value or 0.0) * times) for one in drawn]
    lowest, highest = _range([value for _, value in (*points, *others)], found.average * times)
    most = max(cases for cases, _ in (*points, *others)) * 1.08
    right = found.funnel[-1]
    edges = [
        beside(found.average * times, f"snitt {comparison.average(definition, found)}", palette.muted),
        *(
            beside(level, f"99,8{NBSP}%", palette.muted)
            for level in (right.wide.lower * times, right.wide.upper * times)
            if lowest < level < highest and abs(level - found.average * times) > 0.07 * (highest - lowest)
        ),
    ]
    return {
        "data": [
            *_lines(found, times, palette),
            _points(definition, drawn, points, found, letters, palette),
            *([_diamonds(definition, [one for one, _ in elsewhere], others, found, palette)] if elsewhere else []),
        ],
        "layout": layout(
            palette,
            HEIGHT,
            margin={"l": 52, "r": room_beside(edges, 60), "t": 14, "b": 52},
            xaxis=axis(
                palette,
                range=[0, most],
                nticks=6,
                tickangle=0,
                showgrid=False,
                title={"text": "antal fall", "standoff": 8, "font": {"size": 13}},
            ),
            yaxis=axis(palette, range=[lowest, highest], dtick=_STEP, ticksuffix=f"{NBSP}%"),
            annotations=[
                *_names(
                    [*points, *others],
                    [
                        *((one.unit.name if one.side else "", _WIDEST_NAME) for one in drawn),
                        *((one.municipality, _WIDEST_PLACE) for one, _ in elsewhere),
                    ],
                    [*letters, *("" for _ in elsewhere)],
                    (most, lowest, highest),
                    palette,
                ),
                *edges,
            ],
        ),
    }


def _cases(one: UnitReading) -> float:
    return one.reading.denominator or 0.0


def _range(values: Sequence[float], middle: float) -> tuple[float, float]:
    """From a whole twenty below the lowest to one above the highest, within what a share can be, with air for marks."""
    low = max(0.0, (min([*values, middle]) - _STEP) // _STEP * _STEP)
    high = min(_TOP, -(-(max([*values, middle]) + _STEP) // _STEP) * _STEP)
    air = 0.04 * (high - low)
    return low - air, high + air


def _lines(found: Comparison, times: int, palette: Palette) -> list[dict[str, Any]]:
    """The average, the 95 % limits dashed and the 99.8 % limits solid; what no share can be is not drawn."""
    told = [
        ([found.average for _ in found.funnel], 1.2, "solid"),
        *(
            ([getattr(getattr(one, which), end) for one in found.funnel], width, dash)
            for which, width, dash in (("usual", 1.2, "4px,4px"), ("wide", 1.6, "solid"))
            for end in ("lower", "upper")
        ),
    ]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [one.cases for one in found.funnel],
            "y": [level * times if 0 <= level <= 1 else None for level in levels],
            "line": {"color": palette.muted, "width": width, "dash": dash},
            "hoverinfo": "skip",
        }
        for levels, width, dash in told
    ]


def _points(
    definition: Definition, drawn: Sequence[UnitReading], points: Sequence[tuple[float, float]], found: Comparison,
    letters: Sequence[str], palette: Palette,
) -> dict[str, Any]:  # fmt: skip
    colours = [mark_colour(definition, one, palette) for one in drawn]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [cases for cases, _ in points],
        "y": [value for _, value in points],
        "cliponaxis": False,
        "marker": {
            "size": [
                16 if one.side else 19 if len(told) == 1 else 12 for one, told in zip(drawn, letters, strict=True)
            ],
            "symbol": [{1: "triangle-up", -1: "triangle-down", 0: "circle"}[one.side] for one in drawn],
            "color": [palette.surface if one.is_small else colour for one, colour in zip(drawn, colours, strict=True)],
            "line": {"color": colours, "width": 2},
            "opacity": 1,
        },
        "text": letters,
        "textposition": ["middle right" if len(told) > 1 else "middle center" for told in letters],
        "textfont": {
            "size": 12,
            "color": [
                palette.ink if one.is_small or len(told) > 1 else palette.surface
                for one, told in zip(drawn, letters, strict=True)
            ],
        },
        "hovertext": [_hover(definition, one, found) for one in drawn],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def letter(at: int, count: int) -> str:
    """What stands for a unit in the funnel, in the order of their names; nothing when there are too many."""
    return ascii_uppercase[at] if count <= len(ascii_uppercase) else ""


def _letters(units: Sequence[UnitReading], drawn: Sequence[UnitReading]) -> list[str]:
    """Each drawn unit's letter, nothing for those outside, which have their names. Those on the same spot have their
    letters together (`A B`), beside it."""
    own = {one.unit.code: letter(at, len(units)) for at, one in enumerate(units)}
    spots: dict[tuple[float, float | None], list[str]] = {}
    for one in drawn:
        spots.setdefault((_cases(one), one.reading.value), []).append(own[one.unit.code])
    told = [spots[_cases(one), one.reading.value] for one in drawn]
    return ["" if one.side else " ".join(found).strip() for one, found in zip(drawn, told, strict=True)]


def mark_colour(definition: Definition, one: UnitReading, palette: Palette) -> str:
    """Better or worse than the average when it lies outside and one of them is better; else ink."""
    better = {"increase": 1, "decrease": -1}.get(definition.direction, 0)
    if not one.side or not better:
        return palette.ink
    return palette.good if one.side == better else palette.off


def _names(
    points: Sequence[tuple[float, float]],
    told: Sequence[tuple[str, int]],
    letters: Sequence[str],
    within: tuple[float, float, float],
    palette: Palette,
) -> list[dict[str, Any]]:
    """The names of units outside and of municipalities, each no wider than so many letters."""
    most, lowest, highest = within
    spots = [(cases / most, (value - lowest) / (highest - lowest)) for cases, value in points]
    names = ["<br>".join(map(plain, wrap(one, width))) for one, width in told]
    return [
        {
            "x": points[label.at][0],
            "y": points[label.at][1],
            "text": f"<b>{label.text}</b>",
            "showarrow": False,
            "xanchor": label.xanchor,
            "yanchor": label.yanchor,
            "xshift": label.xshift,
            "yshift": label.yshift,
            "align": label.xanchor,
            "font": {"color": palette.ink, "size": 13},
        }
        for label in place_labels(spots, names, [own if len(own) > 1 else "" for own in letters])
    ]


def _diamonds(
    definition: Definition,
    places: Sequence[FunnelPlace],
    points: Sequence[tuple[float, float]],
    found: Comparison,
    palette: Palette,
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [cases for cases, _ in points],
        "y": [value for _, value in points],
        "cliponaxis": False,
        "marker": {
            "size": 13,
            "symbol": "diamond",
            "color": [palette.surface if one.is_small else palette.accent for one in places],
            "line": {"color": palette.accent, "width": 2},
            "opacity": 1,
        },
        "hovertext": [_hover_of_place(definition, one, found) for one in places],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _hover_of_place(definition: Definition, one: FunnelPlace, found: Comparison) -> str:
    reading = one.reading
    told = [words.value(definition, reading), words.basis(definition, reading)] if reading is not None else []
    return "<br>".join([f"<b>{plain(one.municipality)}</b>", *told, comparison.place_remark(one, found)])


def _hover(definition: Definition, one: UnitReading, found: Comparison) -> str:
    told = [
        f"<b>{plain(one.unit.name)}</b>",
        words.value(definition, one.reading),
        words.basis(definition, one.reading),
    ]
    if one.interval is not None:
        told.append(f"95{NBSP}%: {words.interval(definition, one.interval)}")
    return "<br>".join([*told, comparison.remark(definition, one, found)])
