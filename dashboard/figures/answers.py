"""The answers of groups as bars of a hundred per cent, from most to least, each answer in a shade of its own; who does
not know comes last and is striped, since it is no step of the scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import texts
from dashboard.figures.frame import axis, layout
from dashboard.figures.palette import Palette
from kpi import format as text
from kpi.views.surveys import ANSWERS, Question

_ROW = 62
STRENGTHS = (1.0, 0.8, 0.46, 0.22)
"""How much of the accent each step of the scale has; `assets/5-assessments.css` has the same for the words beside."""
_INSIDE = 0.1
"""A narrower part has no number in it; the table has."""
_DARKEST = 0.5
"""From so much of the accent the number in it has the surface's colour."""


def answers(question: Question, names: Sequence[str], palette: Palette) -> dict[str, Any]:
    """The chart as plotly's own dict. `names`: what stands above each group's bar."""
    places = list(range(len(names)))
    return {
        "data": [_trace(question, at, places, palette) for at in range(len(ANSWERS))],
        "layout": layout(
            palette,
            12 + _ROW * len(names),
            margin={"l": 0, "r": 0, "t": 4, "b": 4},
            barmode="stack",
            xaxis=axis(palette, range=[0, 100], visible=False),
            yaxis=axis(palette, range=[len(names) - 0.6, -0.7], visible=False),
            annotations=[
                {
                    "x": 0, "xref": "paper", "xanchor": "left", "y": place - 0.48, "yanchor": "middle",
                    "showarrow": False, "text": name, "font": {"color": palette.ink, "size": 13},
                }
                for place, name in zip(places, names, strict=True)
            ],
        ),
    }  # fmt: skip


def _trace(question: Question, at: int, places: list[int], palette: Palette) -> dict[str, Any]:
    word = text.capital(texts.PARTS["answer"][ANSWERS[at]])
    shares = [one.shares[at] for one in question.groups]
    is_step = at < len(STRENGTHS)
    colour = _mixed(palette.accent, palette.surface, STRENGTHS[at]) if is_step else palette.surface
    marker: dict[str, Any] = {"color": colour, "line": {"color": palette.accent, "width": 1}}
    if not is_step:
        marker["pattern"] = {"shape": "/", "fgcolor": palette.muted, "bgcolor": palette.surface, "size": 6}
    is_dark = is_step and STRENGTHS[at] >= _DARKEST
    return {
        "type": "bar",
        "orientation": "h",
        "name": word,
        "width": 0.5,
        "y": places,
        "x": [share * 100 for share in shares],
        "marker": marker,
        "text": [text.percent(share) if is_step and share >= _INSIDE else "" for share in shares],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": palette.surface if is_dark else palette.ink, "size": 13},
        "customdata": [f"{word}: {text.number(one.counts[at])} ({text.percent(share)})"
                       for one, share in zip(question.groups, shares, strict=True)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _mixed(colour: str, ground: str, strength: float) -> str:
    """The colour laid thinly on the ground, as hex."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(one * strength + other * (1 - strength)):02x}" for one, other in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
