"""What lies below a place, in order of name: a chart with uncertainty, and its table; the hidden have their marker."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from dash import html

from dashboard import released, words
from dashboard.comparison import sentence as told_of
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.funnel_graph import funnel_graph
from dashboard.components.graph import graph
from dashboard.components.hidden_value import hidden_mark
from dashboard.components.released_cells import value_cell
from dashboard.figures.units import units
from kpi import format as text
from kpi.definition import Shape
from kpi.views.compared import comparison, with_uncertainty
from kpi.views.comparison import ComparedFigure, PlaceValue
from kpi.views.funnel_places import released_places
from kpi.views.neighbours import NeighbourValue
from kpi.views.rows import UnitReading

_ORDER = "Ordningen är namnordning, inte rangordning."


def compared_units_panel(
    found: ComparedFigure, own_name: str = "", others: Sequence[NeighbourValue] = ()
) -> html.Section | None:
    """Enheter, or nämnder below a municipality; None on a unit's own page. `others`: other municipalities, which stand
    in the units' funnel beside the own, `own_name`."""
    level = found.value.unit.level
    if level == "unit":
        return None
    heading = "Enheter" if level == "board" else "Nämnder"
    if not found.units:
        sentence = f"Nyckeltalet är inte släppt per {'enhet' if level == 'board' else 'nämnd'}."
        return html.Section([html.H2(heading), states.empty(sentence)], className="panel")
    title = f"{found.definition.name}, {heading.lower()}"
    table = data_table(title, _columns(found), [_line(found, one) for one in found.units])
    why = _why_not_drawn(found)
    if why is not None:
        return html.Section([html.H2(heading), table, html.P(f"{_ORDER} {why}", className="legend")], className="panel")
    rows = _compared(found)
    judged = comparison(found.definition, rows) if level == "board" else None
    sentence = told_of(found.definition, judged, rows) if judged is not None else ""
    has_funnel = judged is not None and bool(judged.funnel)
    draw = partial(units, found.definition, found.value.target, rows, is_lettered=has_funnel, hidden=_hidden(found))
    told = f"{title}. Värdena står i tabellen under diagrammet."
    children: list[Any] = [html.H2(heading)]
    if sentence:
        hidden = " De dolda är inte med i snittet." if _hidden(found) else ""
        children.append(html.P(f"{sentence}{hidden}", className="panel-lead"))
    if has_funnel and judged is not None:
        places = released_places(found, own_name, others, rows)
        children.append(funnel_graph(found.definition, judged, rows, places, is_whole=not _hidden(found)))
    chart = graph("units", draw, [_caption(found)], told, table, explained="Enhetsdiagram")
    return html.Section([*children, chart], className="panel")


def _compared(found: ComparedFigure) -> list[UnitReading]:
    """The units; those that are shown with how they lie to each other, since nothing else is known of the hidden."""
    rows = [_unit(found, one) for one in found.units]
    shown = [at for at in range(len(rows)) if at not in _hidden(found)]
    for at, one in zip(shown, with_uncertainty(found.definition, [rows[at] for at in shown]), strict=True):
        rows[at] = one
    return rows


def _hidden(found: ComparedFigure) -> list[int]:
    return [at for at, one in enumerate(found.units) if released.judged_reading(one, found.end) is None]


def _why_not_drawn(found: ComparedFigure) -> str | None:
    """Why there is no chart: values of different time are not drawn on one axis, and markers alone say nothing."""
    if released.is_of_different_time(found.units, found.end):
        return "De ritas inte i samma diagram, eftersom de gäller olika tid: se tabellen."
    if len(_hidden(found)) == len(found.units):
        return f"Två punkter ({released.MARKER}): {released.HIDDEN}."
    return None


def _unit(found: ComparedFigure, one: PlaceValue) -> UnitReading:
    """As a reading; a hidden one has none, and nobody may say that its cases are few."""
    shown = released.judged_reading(one, found.end)
    is_small = shown is not None and shown.cases < found.definition.minimum_cases
    return UnitReading(one.unit, shown or released.time_of(one, found.end), is_small, interval=one.interval)


def _caption(found: ComparedFigure) -> str:
    told = [_ORDER]
    if released.has_intervals(found.definition):
        told.append("Strecket är osäkerheten (95 %): när två streck går in i varandra är skillnaden inte säker.")
    if any(one.is_small for one in _compared(found)) and found.definition.unit != "count":
        told.append("Ihålig punkt: få fall.")
    if _hidden(found):
        told.append(f"Två punkter ({released.MARKER}): {released.HIDDEN}.")
    return " ".join(told)


def _has_basis(found: ComparedFigure) -> bool:
    return found.definition.shape is not Shape.COUNT


def _columns(found: ComparedFigure) -> list[Column]:
    columns = [Column("Enhet" if found.value.unit.level == "board" else "Nämnd"), Column("Värde", is_number=True)]
    if _has_basis(found) or _hidden(found):
        columns.append(Column("Underlag" if _has_basis(found) else "Anmärkning"))
    columns.append(Column("Tid"))
    return (
        [*columns, Column("Osäkerhet (95 %)", is_number=True)] if released.has_intervals(found.definition) else columns
    )


def _line(found: ComparedFigure, one: PlaceValue) -> list[Any]:
    definition = found.definition
    reading = released.judged_reading(one, found.end)
    cells = [one.unit.name, value_cell(definition, one.judged)]
    if _has_basis(found) or _hidden(found):
        cells.append(released.HIDDEN if reading is None else words.basis(definition, reading))
    cells.append(text.capital(released.over(definition, one, found.end)))
    if released.has_intervals(definition):
        cells.append(_interval(found, one, is_hidden=reading is None))
    return cells


def _interval(found: ComparedFigure, one: PlaceValue, *, is_hidden: bool) -> Any:
    if is_hidden:
        return hidden_mark()
    return words.NOTHING if one.interval is None else released.interval(found.definition, one.interval)
