"""The table twin of the units' charts: the same facts, in order of name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import comparison, words
from dashboard.components.data_table import Column, data_table
from dashboard.parts import part_words, sort_key
from kpi import format as text
from kpi.definition import Definition, Kind
from kpi.views.compared import Comparison, interval_of
from kpi.views.rows import Part, UnitReading

_SHORT = 12


def units_table(
    title: str, definition: Definition, found: Sequence[UnitReading], compared: Comparison | None
) -> html.Div:
    """Value, basis, 95 % interval where there is one, and how the unit lies to the average."""
    has_intervals = any(one.interval for one in found)
    columns = [Column("Enhet"), Column("Värde", is_number=True), Column("Underlag")]
    if has_intervals:
        columns.append(Column("Osäkerhet (95 %)", is_number=True))
    columns.append(Column("Jämfört med snittet" if compared else "Anmärkning"))
    return data_table(title, columns, [_line(definition, one, compared, has_intervals) for one in found])


def _line(definition: Definition, one: UnitReading, compared: Comparison | None, has_intervals: bool) -> list[str]:
    basis = words.basis(definition, one.reading)
    if len(basis) <= _SHORT:
        basis = basis.replace(" ", text.NBSP)
    cells = [one.unit.name, words.value(definition, one.reading), basis]
    if has_intervals:
        cells.append(words.NOTHING if one.interval is None else words.interval(definition, one.interval))
    return [*cells, comparison.remark(definition, one, compared)]


def unit_parts_table(title: str, definition: Definition, found: Sequence[UnitReading]) -> html.Div:
    """Each unit's parts: value, and under it what it rests on and how sure it is."""
    splits = sorted({part.split for one in found for part in one.parts}, key=lambda one: sort_key(definition, one))
    columns = [
        Column("Enhet"),
        *(Column(text.capital(part_words(definition, split)), is_number=True) for split in splits),
    ]
    rows = []
    for one in found:
        told = {part.split: _part(definition, part) for part in one.parts}
        rows.append([one.unit.name, *(told.get(split, words.NOTHING) for split in splits)])
    return data_table(title, columns, rows)


def _part(definition: Definition, part: Part) -> list[Any]:
    if definition.kind is Kind.LEVEL:
        return [words.value(definition, part.reading)]
    few = comparison.few(definition, part.reading)
    interval = interval_of(definition, part.reading)
    notes = [
        words.short_basis(definition, part.reading),
        "" if interval is None else words.interval(definition, interval),
        few,
    ]
    return [words.value(definition, part.reading), *(html.Small(one) for one in notes if one)]
