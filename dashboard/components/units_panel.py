"""The units of a board beside each other, in order of name; a chart with its table, or the parts of each in a table."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import html

from dashboard import format as text
from dashboard import words
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.graph import graph
from dashboard.figures.units import units
from dashboard.parts import part_words, sort_key
from kpi.definition import Definition
from kpi.views.rows import FigurePage, UnitReading

_NO_UNITS = {
    "board": "Nyckeltalet finns för nämnden och nivåerna över, inte per enhet.",
    "municipality": "Nyckeltalet finns för kommunen och nivåerna över, inte per enhet.",
    "region": "Nyckeltalet finns bara för regionen.",
}


def units_panel(found: FigurePage) -> html.Section | None:
    """The panel; None on a unit's own page and for others' statistics."""
    row = found.row
    definition = row.definition
    if row.unit.level == "unit" or row.is_context:
        return None
    if "unit" not in definition.levels:
        return _panel("Enheter", states.empty(_NO_UNITS.get(definition.levels[-1], _NO_UNITS["municipality"])))
    if not found.units:
        return _panel("Enheter", states.empty(f"Ingen enhet har några fall {words.when(definition, row.judged)}."))
    if row.is_told_by_parts:
        return _parts(found)
    when = words.span(found.units[0].reading)
    if found.units[0].reading.periods == 1:
        when = words.period(definition, found.units[0].reading)
    title = f"Enheter, {when}"
    columns = [Column("Enhet"), Column("Värde", is_number=True), Column("Underlag")]
    caption = _order(found)
    if _has_intervals(found):
        columns.append(Column("Osäkerhet (95 %)", is_number=True))
        caption += " Strecket är osäkerheten (95 %): när två streck går in i varandra är skillnaden inte säker."
    columns.append(Column("Anmärkning"))
    if definition.unit != "count" and definition.minimum_cases:
        caption += " Ihålig punkt: få fall, läs med försiktighet."
    return _panel(
        title,
        graph(
            "units",
            partial(units, definition, row.target, found.units),
            [caption],
            f"{definition.name} per enhet, {when}. Värdena står i tabellen under diagrammet.",
            data_table(f"{definition.name} per enhet, {when}", columns, [_line(found, one) for one in found.units]),
        ),
    )


def _panel(title: str, *children: Any) -> html.Section:
    return html.Section([html.H2(title), *children], className="panel")


def _order(found: FigurePage) -> str:
    order = "Enheterna står i namnordning, inte i rangordning."
    if found.row.unit.level in ("region", "delregional", "municipality"):
        return f"{order} Bara de enheter visas som du får läsa."
    return order


def _line(found: FigurePage, one: UnitReading) -> list[str]:
    definition = found.row.definition
    few = one.is_small and definition.unit != "count"
    cells = [one.unit.name, words.value(definition, one.reading), words.basis(definition, one.reading)]
    if _has_intervals(found):
        cells.append(_interval(definition, one))
    return [*cells, ", ".join(part for part in (_SIDES[one.side], "få fall" if few else "") if part)]


_SIDES = {1: "tydligt över enheternas genomsnitt", -1: "tydligt under enheternas genomsnitt", 0: ""}


def _has_intervals(found: FigurePage) -> bool:
    return any(one.interval for one in found.units)


def _interval(definition: Definition, one: UnitReading) -> str:
    if one.interval is None:
        return words.NOTHING
    ends = [
        text.quantity(end, definition.unit, definition.decimals) for end in (one.interval.lower, one.interval.upper)
    ]
    return f"{ends[0]} till {ends[1]}"


def _parts(found: FigurePage) -> html.Section:
    definition = found.row.definition
    splits = sorted(
        {part.split for one in found.units for part in one.parts}, key=lambda one: sort_key(definition, one)
    )
    columns = [
        Column("Enhet"),
        *(Column(text.capital(part_words(definition, split)), is_number=True) for split in splits),
    ]
    rows = []
    for one in found.units:
        told = {part.split: words.value(definition, part.reading) for part in one.parts}
        rows.append([one.unit.name, *(told.get(split, words.NOTHING) for split in splits)])
    title = f"Enheter, {words.period(definition, found.row.current)}"
    note = html.P(_order(found), className="muted small")
    return _panel(title, data_table(title, columns, rows), note)
