"""What every chart shares: plain dicts (a `go.Figure` costs a hundred times more), no tools, nothing sent anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from dashboard.figures.palette import FONT, Palette

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
}
_GAP, _LETTER = 7, 7.3
"""Pixels between a chart and what stands beside it, and a letter's width there."""


def plain(told: str) -> str:
    """What somebody has written, as a chart's text: the library reads texts as simple HTML with links."""
    return escape(told, quote=False)


def layout(palette: Palette, height: int, **more: Any) -> dict[str, Any]:
    """A calm frame: no grid but faint horizontal lines, Swedish separators, no dragging."""
    return {
        "height": height,
        "margin": {"l": 52, "r": 16, "t": 12, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": palette.muted},
        "separators": ",\u00a0",
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": palette.surface,
            "bordercolor": palette.muted,
            "font": {"family": FONT, "size": 13, "color": palette.ink},
        },
        **more,
    }


def axis(palette: Palette, **more: Any) -> dict[str, Any]:
    """An axis with the frame's colours; large numbers are written out, never as `20k`."""
    return {
        "gridcolor": palette.line,
        "linecolor": palette.line,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
        "exponentformat": "none",
        "separatethousands": True,
        **more,
    }


def beside(level: float, told: str, colour: str) -> dict[str, Any]:
    """Words to the right of the chart, at a level; `room_beside` says what margin they need."""
    return {
        "x": 1, "xref": "paper", "xanchor": "left", "xshift": _GAP, "y": level, "yanchor": "middle", "align": "left",
        "showarrow": False, "text": told, "font": {"color": colour, "size": 13},
    }  # fmt: skip


def room_beside(notes: Iterable[dict[str, Any]], least: int) -> int:
    """The right margin that holds the widest of these notes."""
    lines = [line for one in notes for line in re.sub(r"</?b>", "", one["text"]).split("<br>")]
    return max(least, 2 * _GAP + round(max(map(len, lines), default=0) * _LETTER))


def share_top(drawn: Sequence[float]) -> float:
    """Where an axis of per cent ends: a whole twenty above the highest value, and never beyond a hundred."""
    highest = max(drawn, default=0.0)
    return min(100.0, max(20.0, -(-highest * 1.05 // 20) * 20))
