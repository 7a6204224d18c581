"""A released figure over its closed periods: the chart, and its table with the same facts."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import html

from dashboard import released, words
from dashboard.components.data_table import Column, data_table
from dashboard.components.graph import graph
from dashboard.components.released_cells import count_cell, value_cell
from dashboard.figures.closed_periods import closed_periods
from dashboard.figures.trend import is_few
from kpi import format as text
from kpi.definition import Definition, Shape
from kpi.released import reading_of
from kpi.views.comparison import ComparedFigure, PeriodValue


def compared_series_panel(found: ComparedFigure) -> html.Section:
    """Utveckling per stängd period."""
    definition = found.definition
    return html.Section(
        [
            html.H2("Utveckling per stängd period"),
            graph(
                "closed",
                partial(closed_periods, definition, found.value.target, found.series),
                [_caption(found)],
                f"Linjediagram över {definition.name}. {_alternative(found)}",
                _table(found),
                explained="Stängd period",
            ),
        ],
        className="panel",
    )


def _caption(found: ComparedFigure) -> str:
    told = ["En punkt är en stängd period."]
    readings = [reading_of(one.content, one.period, one.period) for one in found.series]
    if any(one is None for one in readings):
        told.append(f"Två punkter ({released.MARKER}) vid axeln: {released.HIDDEN}.")
    if any(one is not None and is_few(found.definition, one) for one in readings):
        told.append("Ihålig punkt: få fall.")
    if found.value.target is not None:
        told.append(f"Streckad linje: {words.target(found.definition, found.value.target)}.")
    return " ".join(told)


def _alternative(found: ComparedFigure) -> str:
    told = []
    for one in found.series:
        reading = reading_of(one.content, one.period, one.period)
        value = released.HIDDEN if reading is None else words.value(found.definition, reading)
        told.append(f"{text.capital(text.month(one.period))}: {value}.")
    return " ".join(told)


def _table(found: ComparedFigure) -> html.Div:
    definition = found.definition
    has_parts = definition.shape in (Shape.SHARE, Shape.RATE)
    columns = [Column("Period")]
    if has_parts:
        columns += [Column("Täljare", is_number=True), Column("Nämnare", is_number=True)]
    columns.append(Column("Värde", is_number=True))
    if definition.adds_up:
        columns.append(Column("Senaste 12 mån", is_number=True))
    rows = [_line(definition, one, has_parts=has_parts) for one in reversed(found.series)]
    return data_table(f"{definition.name}, {found.value.unit.name}, per stängd period", columns, rows)


def _line(definition: Definition, one: PeriodValue, *, has_parts: bool) -> list[Any]:
    cells: list[Any] = [text.capital(text.month(one.period))]
    if has_parts:
        cells += [count_cell(one.content, "numerator"), count_cell(one.content, "denominator")]
    cells.append(value_cell(definition, one.content))
    if definition.adds_up:
        cells.append(value_cell(definition, one.twelve))
    return cells
