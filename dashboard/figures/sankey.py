"""Flows between actors: who sends to the left, who receives to the right, each in order of its Swedish name, so that
the same actor stands in the same place whatever the numbers are. A band's width is how many; the shade only tells
neighbouring senders apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import texts
from dashboard.figures.frame import layout
from dashboard.figures.palette import Palette
from kpi import format as text
from kpi.organisation import swedish_key
from kpi.rolling import Matrix

_ROW, _PAD, _LEAST = 62, 22, 260
_STRENGTHS = ("4d", "80")
"""How much of the accent a band has, as two hexadecimal digits."""


def sankey(found: Matrix, palette: Palette) -> dict[str, Any]:
    """The chart as plotly's own dict. What is zero has no band."""
    senders = in_order([one for one in found.senders if found.sent[one]])
    receivers = in_order([one for one in found.receivers if found.received[one]])
    height = max(_LEAST, _ROW * max(len(senders), len(receivers)))
    pairs = [(one, other) for one in senders for other in receivers if found.cells.get((one, other))]
    left, right = [found.sent[one] for one in senders], [found.received[one] for one in receivers]
    return {
        "data": [
            {
                "type": "sankey",
                "arrangement": "fixed",
                "node": {
                    "label": [_name(one, count) for one, count in zip(senders, left, strict=True)]
                    + [_name(one, count) for one, count in zip(receivers, right, strict=True)],
                    "x": [0.001] * len(senders) + [0.999] * len(receivers),
                    "y": _middles(left, height, found.total) + _middles(right, height, found.total),
                    "pad": _PAD,
                    "thickness": 14,
                    "color": palette.accent,
                    "line": {"width": 0},
                    "hovertemplate": "%{label}<extra></extra>",
                },
                "link": {
                    "source": [senders.index(one) for one, _ in pairs],
                    "target": [len(senders) + receivers.index(other) for _, other in pairs],
                    "value": [found.cells[pair] for pair in pairs],
                    "color": [palette.accent + _STRENGTHS[senders.index(one) % 2] for one, _ in pairs],
                    "customdata": [
                        f"{_actor(one)} → {texts.actor(other)}<br>{text.number(found.cells[one, other])}"
                        for one, other in pairs
                    ],
                    "hovertemplate": "%{customdata}<extra></extra>",
                },
                "textfont": {"color": palette.ink, "size": 13},
            }
        ],
        "layout": layout(palette, height + 24, margin={"l": 2, "r": 2, "t": 12, "b": 12}),
    }


def in_order(actors: Sequence[str]) -> list[str]:
    """By Swedish name."""
    return sorted(actors, key=lambda one: swedish_key(texts.actor(one)))


def _actor(code: str) -> str:
    return text.capital(texts.actor(code))


def _name(code: str, count: int) -> str:
    return f"{_actor(code)} {text.number(count)}"


def _middles(counts: Sequence[int], height: int, total: int) -> list[float]:
    """Where each bar's middle lies from above, as a part of the height: in order, with the same space between."""
    room = height - _PAD * (len(counts) - 1)
    found, at = [], 0.0
    for count in counts:
        size = room * count / total
        found.append(round((at + size / 2) / height, 4))
        at += size + _PAD
    return found
