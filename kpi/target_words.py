"""A target's words: its level, which side is good, and whether a board has decided it. Pure."""

from __future__ import annotations

from kpi import format as text
from kpi.definition import Definition
from kpi.status import Bound, Target


def level(definition: Definition, found: Target) -> str:
    """A target's level with its unit; how far from zero has no sign."""
    if definition.unit == "points":
        return text.points(found.level, definition.decimals)
    return text.quantity(found.level, definition.unit, definition.decimals)


def target(definition: Definition, found: Target | None, *, with_proposed: bool = True) -> str:
    """`minst 90 %, föreslaget`; `bevakas över 10 %`; `högst 5 procentenheters skillnad`; `inget mål`."""
    if found is None:
        return "inget mål"
    if found.is_watch:
        words = f"bevakas {'under' if found.bound is Bound.AT_LEAST else 'över'} {level(definition, found)}"
    else:
        words = bounded(definition, found)
    return words if found.is_decided or not with_proposed else f"{words}, {proposed(found)}"


def bounded(definition: Definition, found: Target) -> str:
    """`minst 90 %`, `100 % (alla)`, `högst 5 procentenheters skillnad`."""
    if definition.is_share and found.bound is Bound.AT_LEAST and found.level >= 1:
        return f"{level(definition, found)} (alla)"
    words = f"{'minst' if found.bound is Bound.AT_LEAST else 'högst'} {level(definition, found)}"
    return f"{words}s skillnad" if found.bound is Bound.WITHIN else words


def proposed(found: Target) -> str:
    """The word that tells that no board has decided the level."""
    return "föreslagen nivå" if found.is_watch else "föreslaget"
