"""Attendance when school calls and at other meetings, over twelve months at a time: two lines, solid and dashed, with
their names at the ends. A point of few cases is hollow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dashboard.figures.frame import axis, layout
from dashboard.figures.palette import Palette
from dashboard.figures.periods import ALONG, labels_of, ticks_of
from kpi import format as text
from kpi.attendance import Attended, SchoolGap

_HEIGHT = 300
SCHOOL, OTHERS = "När skolan kallar", "Övriga möten"


def school(gaps: Sequence[SchoolGap], fewest: int, palette: Palette) -> dict[str, Any]:
    """The chart as plotly's own dict."""
    ends = ticks_of(len(gaps), 5)
    return {
        "data": [
            _line(SCHOOL, gaps, lambda one: one.school, fewest, palette.accent, "solid", palette),
            _line(OTHERS, gaps, lambda one: one.others, fewest, palette.muted, "dash", palette),
        ],
        "layout": layout(
            palette,
            _HEIGHT,
            margin={"l": 48, "r": 16, "t": 30, "b": 48},
            xaxis=axis(
                palette,
                tickvals=ends,
                ticktext=labels_of([gaps[at].last for at in ends]),
                range=[-0.4, len(gaps) - 0.6],
                **ALONG,
            ),
            yaxis=axis(palette, range=[0, 104], ticksuffix=f"{text.NBSP}%", dtick=25),
            annotations=_names(gaps, palette),
        ),
    }


def _line(
    name: str,
    gaps: Sequence[SchoolGap],
    side: Callable[[SchoolGap], Attended],
    fewest: int,
    colour: str,
    dash: str,
    palette: Palette,
) -> dict[str, Any]:
    found = [side(one) for one in gaps]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(range(len(gaps))),
        "y": [None if one.share is None else one.share * 100 for one in found],
        "line": {"color": colour, "width": 2.6, "dash": dash},
        "marker": {
            "size": 9,
            "color": [palette.surface if one.called < fewest else colour for one in found],
            "line": {"color": colour, "width": 2},
        },
        "text": [
            f"<b>{name}</b><br>tolv månader till och med {text.month(gap.last)}<br>"
            f"{text.number(one.attended)} av {text.number(one.called)} deltog"
            for gap, one in zip(gaps, found, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def _names(gaps: Sequence[SchoolGap], palette: Palette) -> list[dict[str, Any]]:
    """Above and below the last points, the higher line's name above."""
    last = gaps[-1]
    if last.school.share is None or last.others.share is None:
        return []
    higher_is_school = last.school.share > last.others.share
    sides = ((SCHOOL, last.school.share, palette.accent, higher_is_school),
             (OTHERS, last.others.share, palette.muted, not higher_is_school))  # fmt: skip
    return [
        {
            "x": len(gaps) - 1, "y": share * 100, "xanchor": "right", "yanchor": "bottom" if is_above else "top",
            "yshift": 8 if is_above else -8, "showarrow": False, "text": f"{name} <b>{text.percent(share)}</b>",
            "font": {"color": colour, "size": 13},
        }
        for name, share, colour, is_above in sides
    ]  # fmt: skip
