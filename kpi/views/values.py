"""Reads a figure's values: the only way from `kpi_value` to a page, the command line or a report.

Deny by default: a cell is given only when a grant allows its unit in its period, by the same rule that pages use
(`kpi.access`). Without a unit, what the viewer may not read is left out; asking for one unit that the viewer may never
read raises AccessDenied.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from kpi.access import Viewer, can_read_figure, check_can_read_figure, exposure_of, is_operator
from kpi.cells import Cell, StoredCell, cells_of
from kpi.definition import Catalogue, Definition, find_definition
from kpi.organisation import Organisation
from kpi.period import Period
from kpi.views.organisation import check_unit_is_known
from kpi.views.snapshot import snapshot
from warehouse import tables

__all__ = ["Cell", "figure_values"]


def figure_values(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    kpi_id: str,
    *,
    unit_code: str | None = None,
    first: Period | None = None,
    last: Period | None = None,
) -> list[Cell]:
    """The figure's cells that the viewer may read, sorted by unit, period and split; zeros included.

    `first` and `last` may be of another period type: they are widened to the figure's. UserError for an unknown figure
    or unit; AccessDenied when `unit_code` is out of the viewer's reach.
    """
    definition = find_definition(catalogue, kpi_id)
    shared = snapshot(connection)
    organisation = shared.organisation
    if unit_code is not None:
        check_unit_is_known(unit_code, organisation)
    begins = first.to(definition.period) if first else None
    ends = Period.containing(last.last_day, definition.period) if last else None
    cells = cells_of(
        definition,
        _stored(connection, kpi_id, unit_code, begins, ends),
        organisation,
        shared.standing(definition),
        units=frozenset({unit_code}) if unit_code is not None else None,
        first=begins,
        last=ends,
    )
    return _readable(definition, organisation, viewer, cells, unit_code)


def _readable(
    definition: Definition, organisation: Organisation, viewer: Viewer, cells: list[Cell], unit_code: str | None
) -> list[Cell]:
    if is_operator(viewer):
        return cells
    exposure = exposure_of(definition)

    @cache
    def may_read(unit: str, period: Period) -> bool:
        days = period.first_day, period.last_day
        return can_read_figure(viewer, organisation, unit, *days, areas=definition.areas, exposure=exposure)

    readable = [cell for cell in cells if may_read(cell.unit_code, cell.period)]
    if unit_code is not None and not readable:
        spans = organisation.spans(unit_code)
        days = (cells[0].period.first_day, cells[-1].period.last_day) if cells else _whole(spans[-1])
        check_can_read_figure(viewer, organisation, unit_code, *days, areas=definition.areas, exposure=exposure)
    return readable


def _whole(unit: Any) -> tuple[date, date]:
    return unit.valid_from, unit.valid_to or date.max


def _stored(
    connection: Connection, kpi_id: str, unit_code: str | None, first: Period | None, last: Period | None
) -> list[StoredCell]:
    value = tables.kpi_value
    query = (
        select(
            tables.kpi_unit.c.unit_code, value.c.level, value.c.period, tables.kpi_split.c.split,
            value.c.numerator, value.c.denominator, value.c.cases, value.c.value, value.c.basis,
        )
        .join(tables.kpi, tables.kpi.c.kpi_no == value.c.kpi_no)
        .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == value.c.unit_no)
        .join(tables.kpi_split, tables.kpi_split.c.split_no == value.c.split_no)
        .where(tables.kpi.c.kpi_id == kpi_id)
    )  # fmt: skip
    if unit_code is not None:
        query = query.where(tables.kpi_unit.c.unit_code == unit_code)
    if first is not None:
        query = query.where(value.c.period >= first.code)
    if last is not None:
        query = query.where(value.c.period <= last.code)
    return [tuple(row) for row in connection.execute(query)]
