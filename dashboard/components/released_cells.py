"""A released value in a table's cell: the number, the marker with its words, or that it is not released."""

from __future__ import annotations

from typing import Any, Literal

from dashboard import released, words
from dashboard.components.hidden_value import hidden_mark
from kpi import format as text
from kpi.definition import Definition
from kpi.disclosure.suppressed import Suppressed
from kpi.released import Shown


def value_cell(definition: Definition, shown: Shown | None) -> Any:
    """The value with its unit."""
    if shown is None:
        return released.NOT_RELEASED
    if isinstance(shown, Suppressed):
        return hidden_mark()
    if shown.value is None:
        return words.NOTHING
    return text.quantity(shown.value, definition.unit, definition.decimals)


def count_cell(shown: Shown | None, piece: Literal["numerator", "denominator", "cases"]) -> Any:
    """One of the counts behind the value."""
    if shown is None:
        return released.NOT_RELEASED
    if isinstance(shown, Suppressed):
        return hidden_mark()
    found = {"numerator": shown.numerator, "denominator": shown.denominator, "cases": shown.cases}[piece]
    return words.NOTHING if found is None else text.number(found)
