"""The municipalities of a funnel as a table, with those that may not be held against the units, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import comparison, neighbours, released, words
from dashboard.components.data_table import Column, data_table
from dashboard.components.hidden_value import hidden_mark
from kpi.definition import Definition
from kpi.views.compared import Comparison
from kpi.views.funnel_places import FunnelPlace


def places_table(definition: Definition, compared: Comparison, places: Sequence[FunnelPlace]) -> html.Div:
    """A row for each."""
    columns = [
        Column("Kommun"), Column("Värde", is_number=True), Column("Underlag"), Column("Mot enheternas snitt")
    ]  # fmt: skip
    return data_table(
        f"{definition.name}: kommuner i tratten", columns, [_line(definition, compared, one) for one in places]
    )


def _line(definition: Definition, compared: Comparison, one: FunnelPlace) -> list[Any]:
    name: list[Any] = [one.municipality, *([" (egen)"] if one.is_own else [])]
    if one.unit is not None and one.unit.level != "municipality":
        name += [html.Br(), html.Span(one.unit.name, className="muted")]
    if one.is_hidden:
        return [name, hidden_mark(), released.HIDDEN, ""]
    if one.reading is None:
        return [name, words.NOTHING, "", neighbours.standing(one.standing) or released.NOT_RELEASED]
    told = comparison.place_remark(one, compared)
    return [name, words.value(definition, one.reading), words.basis(definition, one.reading), told]
