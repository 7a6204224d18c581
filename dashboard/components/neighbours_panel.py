"""The own value beside other municipalities': a chart of what may be compared, and a table of everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from dash import html

from dashboard import neighbours, released, words
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.graph import graph
from dashboard.components.hidden_value import hidden_mark
from dashboard.components.released_cells import value_cell
from dashboard.figures.units import units
from kpi import format as text
from kpi.definition import Shape
from kpi.disclosure.suppressed import Suppressed
from kpi.views.comparison import ComparedFigure, PlaceValue
from kpi.views.neighbours import NeighbourValue, Standing
from kpi.views.rows import UnitReading


def neighbours_panel(found: ComparedFigure, own_name: str, others: Sequence[NeighbourValue]) -> html.Section | None:
    """Andra kommuner; None where there are none to show. `own_name`: the page's municipality."""
    if not others:
        return None
    heading = html.H2(neighbours.OTHERS, id="andra-kommuner")
    told = [one for one in others if one.value is not None]
    if not told:
        sentence = f"Ingen av de andra kommunerna har släppt nyckeltalet till och med {text.month(found.end)}."
        return html.Section([heading, states.empty(sentence), _sources(others)], className="panel")
    children: list[Any] = [heading, html.P(neighbours.lead(found, own_name), className="panel-lead")]
    title = f"{found.definition.name}, {own_name} och andra kommuner"
    table = data_table(title, _columns(found, others), _lines(found, own_name, others))
    drawn = _drawn(found, own_name, told)
    if drawn:
        hidden = [at for at, one in enumerate(drawn) if one.reading.value is None]
        draw = partial(units, found.definition, None, drawn, hidden=hidden)
        alternative = f"{title}. Värdena står i tabellen under diagrammet."
        children.append(
            graph("neighbours", draw, [_caption(found, drawn)], alternative, table, explained="Enhetsdiagram")
        )
    else:
        children.append(table)
    return html.Section([*children, _sources(others)], className="panel")


def _sources(others: Sequence[NeighbourValue]) -> html.P:
    return html.P(f"{'. '.join(neighbours.sources(others))}.", className="lead-note")


def _drawn(found: ComparedFigure, own_name: str, told: Sequence[NeighbourValue]) -> list[UnitReading]:
    """The own value first, then those that may be held against it; nothing when no two of them are shown."""
    values = [(own_name, found.value)]
    values += [
        (one.neighbour.name, one.value) for one in told if one.value is not None and one.standing is Standing.COMPARED
    ]
    rows = [_reading(found, name, value) for name, value in values]
    return rows if sum(one.reading.value is not None for one in rows) > 1 else []


def _reading(found: ComparedFigure, name: str, value: PlaceValue) -> UnitReading:
    shown = released.judged_reading(value, found.end)
    is_small = shown is not None and shown.cases < found.definition.minimum_cases
    named = name if value.unit.level == "municipality" else f"{name}, {value.unit.name}"
    unit = replace(value.unit, name=named)
    return UnitReading(unit, shown or released.time_of(value, found.end), is_small, interval=value.interval)


def _caption(found: ComparedFigure, drawn: Sequence[UnitReading]) -> str:
    told = ["Den egna kommunen står först, sedan de andra i namnordning."]
    if released.has_intervals(found.definition):
        told.append("Strecket är osäkerheten (95 %): när två streck går in i varandra är skillnaden inte säker.")
    if any(one.is_small for one in drawn) and found.definition.unit != "count":
        told.append("Ihålig punkt: få fall.")
    if any(one.reading.value is None for one in drawn):
        told.append(f"Två punkter ({released.MARKER}): {released.HIDDEN}.")
    return " ".join(told)


def _columns(found: ComparedFigure, others: Sequence[NeighbourValue]) -> list[Column]:
    columns = [Column("Kommun"), Column("Värde", is_number=True)]
    if _has_basis(found) or any(neighbours.remark(one) for one in _rows(found, others)):
        columns.append(Column("Underlag" if _has_basis(found) else "Anmärkning"))
    columns.append(Column("Tid"))
    has_intervals = released.has_intervals(found.definition)
    return [*columns, Column("Osäkerhet (95 %)", is_number=True)] if has_intervals else columns


def _has_basis(found: ComparedFigure) -> bool:
    return found.definition.shape is not Shape.COUNT


def _rows(found: ComparedFigure, others: Sequence[NeighbourValue]) -> list[NeighbourValue]:
    return [neighbours.as_own(found), *others]


def _lines(found: ComparedFigure, own_name: str, others: Sequence[NeighbourValue]) -> list[list[Any]]:
    names = [own_name, *(one.neighbour.name for one in others)]
    rows = _rows(found, others)
    has_third = len(_columns(found, others)) > (4 if released.has_intervals(found.definition) else 3)
    return [_line(found, name, one, has_third=has_third) for name, one in zip(names, rows, strict=True)]


def _line(found: ComparedFigure, name: str, one: NeighbourValue, *, has_third: bool) -> list[Any]:
    cells: list[Any] = [_place(name, one), value_cell(one.definition, one.value.judged if one.value else None)]
    if has_third:
        told = [part for part in (neighbours.basis(one, found.end), neighbours.remark(one)) if part]
        cells.append(text.capital("; ".join(told)))
    cells.append(text.capital(neighbours.time(one, found.end)))
    if released.has_intervals(found.definition):
        cells.append(_interval(one))
    return cells


def _place(name: str, one: NeighbourValue) -> Any:
    """The municipality, and under it the board when it is a board's value."""
    if one.value is None or one.value.unit.level == "municipality":
        return name
    return [name, html.Br(), html.Span(one.value.unit.name, className="muted")]


def _interval(one: NeighbourValue) -> Any:
    if one.value is None:
        return ""
    if isinstance(one.value.judged, Suppressed):
        return hidden_mark()
    return words.NOTHING if one.value.interval is None else released.interval(one.definition, one.value.interval)
