"""Other municipalities' values as a file's table: the cells that the page's panel shows. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import neighbours
from dashboard.exports.cells import BLANK, WORDS, Cell, ValueCells, value_cells
from dashboard.exports.tables import Column, Printed, PrintedTable, Table, span
from kpi import format as text
from kpi.definition import Shape
from kpi.views.comparison import ComparedFigure
from kpi.views.neighbours import NeighbourValue, Standing


def neighbours_table(
    found: ComparedFigure, own_name: str, others: Sequence[NeighbourValue], values: Sequence[Column]
) -> Table:
    """The own value first, then each neighbour's. `values`: the figure's columns of counts and value."""
    has_parts = len(values) > 1
    columns = (
        Column("Kommun", 26, is_text=True),
        Column("Plats", 26, is_text=True),
        Column("Tid", 30, is_text=True),
        *values,
        Column("Måttenhet", 16, is_text=True),
        *([Column("95 %-intervall, nedre", 14), Column("95 %-intervall, övre", 14)] if has_parts else []),
        Column("Anmärkning", 56, is_text=True),
    )
    rows = []
    for name, one in _rows(found, own_name, others):
        cells = _cells(one)
        counts: tuple[Cell, ...] = (cells.numerator, cells.denominator) if has_parts else ()
        sure: tuple[Cell, ...] = (cells.lower, cells.upper) if has_parts else ()
        unit = WORDS[one.definition.unit]
        rows.append((name, _place(one), _time(found, one), *counts, cells.value, unit, *sure, _remark(one)))
    return Table(neighbours.OTHERS, f"{own_name} och andra kommuner", columns, tuple(rows))


def printed_neighbours(
    found: ComparedFigure, own_name: str, others: Sequence[NeighbourValue], values: Sequence[Column]
) -> PrintedTable:
    """As `neighbours_table`, narrower: place and time below the municipality, the interval in one cell."""
    has_parts = len(values) > 1
    columns = (
        Column("Kommun", 26, is_text=True),
        *values,
        *([Column("95 %-intervall", 14)] if has_parts else []),
        Column("Anmärkning", 22, is_text=True),
    )
    rows = []
    for name, one in _rows(found, own_name, others):
        cells = _cells(one)
        counts = (Printed(cells.numerator), Printed(cells.denominator)) if has_parts else ()
        sure = (Printed(span(cells.lower, cells.upper)),) if has_parts else ()
        below = tuple(part for part in (_place(one), _time(found, one)) if part and part != name)
        rows.append((Printed(name, below), *counts, Printed(cells.value), *sure, Printed(_remark(one))))
    return PrintedTable(f"{own_name} och andra kommuner", columns, tuple(rows))


def neighbour_facts(others: Sequence[NeighbourValue]) -> tuple[tuple[str, str], ...]:
    """Whose packages the values come from, signed by which key."""
    seen = {one.neighbour.municipality_code: one.neighbour for one in others}
    return tuple((neighbours.OTHERS, f"{neighbours.source(one)}{_signed(one.fingerprint)}.") for one in seen.values())


def _signed(fingerprint: str | None) -> str:
    return f", signerat med nyckeln {fingerprint[:16]}" if fingerprint else ""


def _rows(found: ComparedFigure, own_name: str, others: Sequence[NeighbourValue]) -> list[tuple[str, NeighbourValue]]:
    return [(own_name, neighbours.as_own(found)), *((one.neighbour.name, one) for one in others)]


def _cells(one: NeighbourValue) -> ValueCells:
    """Counts only where they count the same thing."""
    shown = one.value.judged if one.value is not None else None
    cells = value_cells(one.definition, shown, one.value.interval if one.value is not None else None)
    if one.standing is Standing.OTHER_DEFINITION and one.definition.shape in (Shape.SHARE, Shape.RATE):
        return ValueCells(BLANK, BLANK, cells.value)
    return cells


def _place(one: NeighbourValue) -> str:
    return one.value.unit.name if one.value is not None else ""


def _time(found: ComparedFigure, one: NeighbourValue) -> str:
    return neighbours.full_time(one, found.end)


def _remark(one: NeighbourValue) -> str:
    return text.capital(neighbours.remark(one))
