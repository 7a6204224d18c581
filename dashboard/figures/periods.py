"""Periods along an axis: which are named, and how, so that a phone holds as many names as a wide screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpi import format as text
from kpi.period import Period

MOST_LABELS = 6
"""So many periods are named along the axis, at most."""
ALONG: dict[str, Any] = {
    "tickangle": 0,
    "ticks": "outside",
    "ticklen": 6,
    "tickcolor": "rgba(0,0,0,0)",
    "showgrid": False,
}
"""The axis of periods."""


def ticks_of(count: int, most: int = MOST_LABELS) -> list[int]:
    """Which of so many periods are named, the last always."""
    step = max(1, -(-count // most))
    return list(range(count - 1, -1, -step))[::-1]


def labels_of(periods: Sequence[Period]) -> list[str]:
    """Narrow labels, the year under the first of its own only."""
    told = [text.month(one, short=True).split(text.NBSP) for one in periods]
    return [
        one[0] if at and len(one) > 1 and one[-1] == told[at - 1][-1] else "<br>".join(one)
        for at, one in enumerate(told)
    ]
