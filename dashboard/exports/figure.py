"""One figure at one place as a file: its closed periods, the units below, and the parts of the year. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dashboard import parts as part
from dashboard import texts
from dashboard.exports.about import about, file_name, municipality_names
from dashboard.exports.cells import BLANK, WORDS, Cell, told, value_cells
from dashboard.exports.comparison import PlaceRow, period_words, place_row, rests_on
from dashboard.exports.neighbours import neighbour_facts, neighbours_table, printed_neighbours
from dashboard.exports.tables import Column, Export, Printed, PrintedTable, Table, as_printed, span
from kpi import format as text
from kpi.definition import Definition, Shape
from kpi.disclosure.suppressed import Suppressed
from kpi.organisation import Organisation
from kpi.released import Shown
from kpi.views.comparison import ComparedFigure
from kpi.views.neighbours import NeighbourValue
from kpi.views.rows import Split

_MEASURED = Column("Måttenhet", 16, is_text=True)
_ALL = "alla"
_LEFT_OUT = ("Måttenhet",)
"""Of what stands on paper: there every value has its unit."""


def figure_export(found: ComparedFigure, organisation: Organisation, others: Sequence[NeighbourValue] = ()) -> Export:
    """Everything of the figure at the place as a file. `others`: the figure in other municipalities."""
    definition, unit = found.definition, found.value.unit
    above = municipality_names([unit], organisation)
    place = unit.name if unit.level == "municipality" or not above else f"{unit.name}, {above[0]}"
    until = text.month(found.end)
    periods, units, parts = _periods(found), _units(found), _parts(found)
    tables = [periods, units, parts]
    printed = [as_printed(periods, _LEFT_OUT), _printed_units(found, units.title), as_printed(parts, _LEFT_OUT)]
    told = about([definition], [unit], organisation, found.end, found.closings, is_synthetic=found.is_synthetic)
    if others:
        columns = _value_columns(definition)
        tables.insert(2, neighbours_table(found, above[0], others, columns))
        printed.insert(2, printed_neighbours(found, above[0], others, columns))
        told = replace(told, facts=(*told.facts, *neighbour_facts(others)))
    return Export(
        file_name("jamforelse", definition.id, place, str(found.end)),
        f"{definition.name}, {place}",
        _lead(found),
        definition.description,
        f"Släppt till och med {until}",
        tuple(table for table in tables if table.rows),
        tuple(table for table in printed if table.rows),
        told,
    )


def _lead(found: ComparedFigure) -> str:
    """The judged value in one sentence."""
    row = place_row(found.definition, found.value, found.value.unit.name, found.end)
    if isinstance(row.cells.value, Suppressed):
        return f"Värdet för {row.place}, {row.time}, {row.cells.value.words}."
    basis = f" ({rests_on(row, '95 %-intervall ')})" if rests_on(row) else ""
    standing = f" {told(row.standing)}." if row.standing != BLANK else ""
    return f"{row.place}, {row.time}: {told(row.cells.value)}{basis}.{standing}"


def _periods(found: ComparedFigure) -> Table:
    definition = found.definition
    columns = [Column("Period", 30, is_text=True), *_value_columns(definition), _MEASURED]
    if definition.adds_up:
        columns += [
            replace(one, heading=f"12 mån, {one.heading.lower()}", width=14) for one in _value_columns(definition)
        ]
    rows = []
    for one in found.series:
        line: list[Cell] = [period_words(definition, one.period), *_value(definition, one.content)]
        line.append(WORDS[definition.unit])
        if definition.adds_up:
            line += _value(definition, one.twelve)
        rows.append(tuple(line))
    return Table("Perioder", "Stängda perioder", tuple(columns), tuple(rows))


def _units(found: ComparedFigure) -> Table:
    """The place itself and what lies below it."""
    definition = found.definition
    columns = (
        Column("Plats", 36, is_text=True),
        Column("Tid", 30, is_text=True),
        *_value_columns(definition),
        _MEASURED,
        *([Column("95 %-intervall, nedre", 14), Column("95 %-intervall, övre", 14)] if _has_parts(definition) else []),
        Column("Läge mot mål", 32, is_text=True),
        Column("Anmärkning", 56, is_text=True),
    )
    rows = []
    for row in _place_rows(found):
        cells = row.cells
        counts = (cells.numerator, cells.denominator) if _has_parts(definition) else ()
        sure = (cells.lower, cells.upper) if _has_parts(definition) else ()
        rows.append(
            (row.place, row.time, *counts, cells.value, WORDS[definition.unit], *sure, row.standing, row.remark)
        )
    unit = found.value.unit
    below = f" och dess {'enheter' if unit.level == 'board' else 'nämnder'}" if found.units else ""
    return Table("Enheter", f"{unit.name}{below}", columns, tuple(rows))


def _place_rows(found: ComparedFigure) -> list[PlaceRow]:
    return [place_row(found.definition, value, value.unit.name, found.end) for value in (found.value, *found.units)]


def _printed_units(found: ComparedFigure, title: str) -> PrintedTable:
    """As `_units`, narrower: the time below the place, the interval in one cell."""
    has_parts = _has_parts(found.definition)
    columns = (
        Column("Plats", 26, is_text=True),
        *_value_columns(found.definition),
        *([Column("95 %-intervall", 14)] if has_parts else []),
        Column("Läge mot mål", 22, is_text=True),
    )
    rows = []
    for row in _place_rows(found):
        cells = row.cells
        counts = (Printed(cells.numerator), Printed(cells.denominator)) if has_parts else ()
        sure = (Printed(span(cells.lower, cells.upper)),) if has_parts else ()
        rows.append((Printed(row.place, (row.time,)), *counts, Printed(cells.value), *sure, Printed(row.standing)))
    return PrintedTable(title, columns, tuple(rows))


def _parts(found: ComparedFigure) -> Table:
    """Cells and margins: a column that a margin sums over says `alla`."""
    definition = found.definition
    names = _split_columns(found.parts)
    columns = (
        *(Column(texts.SPLITS.get(name, name), 28, is_text=True) for name in names),
        *_value_columns(definition),
        _MEASURED,
    )
    ordered = sorted(found.parts, key=lambda one: _order(definition, names, one[0]))
    rows = tuple(
        (*_split_cells(definition, names, split), *_value(definition, shown), WORDS[definition.unit])
        for split, shown in ordered
    )
    year = text.month(found.parts_of) if found.parts_of is not None else ""
    return Table("Delar", f"Delar, {year}", columns, rows)


def _split_columns(parts: Iterable[tuple[Split, Shown]]) -> list[str]:
    return list(dict.fromkeys(name for split, _ in sorted(parts, key=lambda one: -len(one[0])) for name, _ in split))


def _split_cells(definition: Definition, names: Iterable[str], split: Split) -> list[Cell]:
    values = dict(split)
    return [part.part_words(definition, ((name, values[name]),)) if name in values else _ALL for name in names]


def _order(definition: Definition, names: Iterable[str], split: Split) -> tuple[tuple[tuple[int, str], ...], ...]:
    """Column by column in the parts' own order; a margin after what it sums."""
    values = dict(split)
    return tuple(
        part.sort_key(definition, ((name, values[name]),)) if name in values else ((10_000, ""),) for name in names
    )


def _has_parts(definition: Definition) -> bool:
    return definition.shape in (Shape.SHARE, Shape.RATE)


def _value_columns(definition: Definition) -> list[Column]:
    above, below = part.headings(definition)
    counts = [Column(above, 12), Column(below, 12)] if _has_parts(definition) else []
    return [*counts, Column("Värde", 10, is_main=True)]


def _value(definition: Definition, shown: Shown | None) -> list[Cell]:
    cells = value_cells(definition, shown)
    counts = [cells.numerator, cells.denominator] if _has_parts(definition) else []
    return [*counts, cells.value]
