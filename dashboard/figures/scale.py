"""How a figure's values lie on an axis: per cent and percentage points times a hundred, the rest as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.figures.frame import share_top
from kpi import format as text
from kpi.definition import Definition
from kpi.format import BEST_LEVEL
from kpi.status import Bound, Target
from kpi.views.rows import Reading


def factor(definition: Definition) -> int:
    """What a value is drawn times."""
    return 100 if definition.is_share else 1


def is_per_cent(definition: Definition) -> bool:
    """Whether the axis is in per cent."""
    return definition.unit in ("percent", "percent_as_given")


def scaled(definition: Definition, readings: Sequence[Reading | None]) -> list[float | None]:
    """Values as they are drawn; None where there is none."""
    times = factor(definition)
    return [None if one is None or one.value is None else one.value * times for one in readings]


def drawn_levels(definition: Definition, target: Target | None) -> list[float]:
    """Where the target's lines lie: one, or one on each side of zero."""
    if target is None:
        return []
    level = target.level * factor(definition)
    return [level, -level] if target.bound is Bound.WITHIN else [level]


def value_range(definition: Definition, known: Sequence[float]) -> tuple[float, float]:
    """From zero, or as far below it as a gap goes, to above the highest."""
    if is_per_cent(definition):
        return 0.0, share_top(known) * 1.04
    if definition.unit == "points":
        room = 0.15 * (max([*known, 10.0]) - min([*known, 0.0]))
        return min([value - room for value in known if value < 0], default=0.0), max([*known, 0.0]) + room
    top = [*known, float(BEST_LEVEL if definition.unit == "level" else 1)]
    return 0.0, max(top) * 1.12


def value_axis(definition: Definition, known: Sequence[float]) -> dict[str, Any]:
    """An axis' range and marks."""
    low, high = value_range(definition, known)
    found: dict[str, Any] = {"range": [low, high]}
    if is_per_cent(definition):
        found["ticksuffix"] = f"{text.NBSP}%"
    if definition.unit == "points":
        found["zeroline"] = True
    return found


def written(definition: Definition, drawn: float) -> str:
    """A drawn value with a short unit, for a note in the chart."""
    value = drawn / factor(definition)
    if definition.unit == "points":
        return text.signed(drawn, definition.decimals)
    if definition.unit in text.PER or definition.unit == "level":
        return text.number(value, definition.decimals)
    return text.quantity(value, definition.unit, definition.decimals)
