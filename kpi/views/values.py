"""Reads a figure's values: the only way from `kpi_value` to a page, the command line or a report.

Deny by default: a cell is given only when a grant allows its unit in its period, by the same rule that pages use
(`kpi.access`). Without a unit, what the viewer may not read is left out; asking for one unit that the viewer may never
read raises AccessDenied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select

from kpi.access import Viewer, can_read_figure, check_can_read_figure, exposure_of, is_operator
from kpi.cells import Cell, StoredCell, cells_of
from kpi.definition import Catalogue, Definition, find_definition
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType, periods_between
from kpi.query_cost import Asked, check_cost
from kpi.views.organisation import check_unit_is_known
from kpi.views.snapshot import Snapshot, snapshot
from warehouse import tables
from warehouse.limited import most_cells

__all__ = ["Cell", "Wanted", "figure_values", "several_values", "stored_cells"]


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
    if unit_code is not None:
        check_unit_is_known(unit_code, snapshot(connection).organisation)
    begins = first.to(definition.period) if first else None
    ends = Period.containing(last.last_day, definition.period) if last else None
    return several_values(connection, viewer, [Wanted(definition, unit_code, begins, ends)])[0]


_EARLIEST, _LATEST = 0, 999_999
"""Before and after every period's code."""


@dataclass(frozen=True)
class Wanted:
    """A figure's cells of one unit (None: of all), between two of its own periods (None: all)."""

    definition: Definition
    unit_code: str | None
    first: Period | None
    last: Period | None

    @property
    def codes(self) -> tuple[int, int]:
        """The first and last period as stored."""
        return self.first.code if self.first else _EARLIEST, self.last.code if self.last else _LATEST

    def among(self, cells: Iterable[StoredCell]) -> list[StoredCell]:
        """Those of the figure's cells that are wanted."""
        first, last = self.codes
        return [cell for cell in cells if first <= cell[2] <= last and self.unit_code in (None, cell[0])]


def several_values(connection: Connection, viewer: Viewer, wanted: Sequence[Wanted]) -> list[list[Cell]]:
    """Each one's cells that the viewer may read, as `figure_values`; read together.

    TooMuch, before anything is read, when it is more than the connection's engine allows a reader.
    """
    shared = snapshot(connection)
    most = most_cells(connection)
    if most is not None and not is_operator(viewer):
        check_cost([_asked(shared, one) for one in wanted], most)
    found = []
    for one, stored in zip(wanted, stored_cells(connection, wanted), strict=True):
        units = frozenset({one.unit_code}) if one.unit_code is not None else None
        standing = shared.standing(one.definition)
        cells = cells_of(
            one.definition, stored, shared.organisation, standing, units=units, first=one.first, last=one.last
        )
        found.append(_readable(one.definition, shared.organisation, viewer, cells, one.unit_code))
    return found


def _asked(shared: Snapshot, wanted: Wanted) -> Asked:
    definition = wanted.definition
    coverage = shared.standing(definition).coverage
    if not coverage:
        return Asked(0, 0)
    begins = Period.containing(min(one.first_on for one in coverage.values()), definition.period)
    ends = Period.containing(max(one.as_of for one in coverage.values()), definition.period)
    first, last = wanted.first or begins, wanted.last or ends
    periods = len(periods_between(max(begins, first), min(ends, last)))
    units = 1 if wanted.unit_code else len(shared.organisation.codes)
    return Asked(units, periods, shared.parts(definition))


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


_CELLS = (
    select(
        tables.kpi.c.kpi_id, tables.kpi_unit.c.unit_code, tables.kpi_value.c.level, tables.kpi_value.c.period,
        tables.kpi_value.c.split_no, tables.kpi_value.c.numerator, tables.kpi_value.c.denominator,
        tables.kpi_value.c.cases, tables.kpi_value.c.value, tables.kpi_value.c.basis,
    )
    .join(tables.kpi, tables.kpi.c.kpi_no == tables.kpi_value.c.kpi_no)
    .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == tables.kpi_value.c.unit_no)
    .where(tables.kpi_value.c.period.between(bindparam("first"), bindparam("last")))
)  # fmt: skip
_OF_FIGURES = _CELLS.where(tables.kpi.c.kpi_id.in_(bindparam("figures", expanding=True)))
_OF_A_UNIT = _OF_FIGURES.where(tables.kpi_unit.c.unit_code == bindparam("unit"))


def stored_cells(connection: Connection, wanted: Sequence[Wanted]) -> list[list[StoredCell]]:
    """Each one's stored cells, a statement for each period type and unit. Whoever asks sees to what may be read."""
    groups: dict[tuple[PeriodType, str | None], list[Wanted]] = {}
    for one in wanted:
        groups.setdefault((one.definition.period, one.unit_code), []).append(one)
    splits = snapshot(connection).splits
    by_figure: dict[tuple[str, str | None], list[StoredCell]] = {}
    for (_, unit), group in groups.items():
        values: dict[str, object] = {
            "figures": sorted({one.definition.id for one in group}),
            "first": min(one.codes[0] for one in group),
            "last": max(one.codes[1] for one in group),
        }
        query, values = (_OF_FIGURES, values) if unit is None else (_OF_A_UNIT, values | {"unit": unit})
        for row in connection.execute(query, values):
            kpi_id, code, level, period, split_no, n, d, cases, value, basis = row
            cell = (code, level, period, splits[split_no], n, d, cases, value, basis)
            by_figure.setdefault((kpi_id, unit), []).append(cell)
    return [one.among(by_figure.get((one.definition.id, one.unit_code), ())) for one in wanted]
