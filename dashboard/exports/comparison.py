"""Places side by side as a file: one row per figure and place, and a paper with a column per place. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard import released, texts, words
from dashboard.exports.about import about, file_name, listed, municipality_names, place_name
from dashboard.exports.cells import (
    BLANK,
    NOT_RELEASED,
    WORDS,
    Amount,
    Cell,
    NotReleased,
    ValueCells,
    told,
    value_cells,
)
from dashboard.exports.tables import Column, Export, Printed, PrintedTable, Table, span
from kpi import format as text
from kpi.definition import Definition, Shape
from kpi.disclosure.suppressed import SUPPRESSED, Suppressed
from kpi.organisation import Organisation, Unit
from kpi.period import Period
from kpi.status import Target
from kpi.views.comparison import Comparison, PlaceValue

COLUMNS = (
    Column("Nyckeltal", 46, is_text=True),
    Column("Plats", 26, is_text=True),
    Column("Tid", 30, is_text=True),
    Column("Täljare", 10),
    Column("Nämnare", 10),
    Column("Värde", 10, is_main=True),
    Column("Måttenhet", 16, is_text=True),
    Column("95 %-intervall, nedre", 14),
    Column("95 %-intervall, övre", 14),
    Column("Läge mot mål", 32, is_text=True),
    Column("Anmärkning", 56, is_text=True),
)
_ABREAST = 3
"""Places side by side on a paper at most; more are dealt out on several tables."""
_READING = (
    "Under varje värde står vad det bygger på, 95 %-intervallet inom parentes och läget mot målet. "
    "Kommunens värde kan omfatta flera nämnder."
)


@dataclass(frozen=True)
class PlaceRow:
    """A figure at a place, as every format tells it."""

    definition: Definition
    place: str
    time: str
    cells: ValueCells
    standing: Cell
    remark: str

    @property
    def line(self) -> tuple[Cell, ...]:
        """The row under `COLUMNS`."""
        cells = self.cells
        return (
            self.definition.name, self.place, self.time, cells.numerator, cells.denominator, cells.value,
            WORDS[self.definition.unit], cells.lower, cells.upper, self.standing, self.remark,
        )  # fmt: skip


def comparison_export(found: Comparison, organisation: Organisation) -> Export:
    """Everything of the comparison as a file."""
    rows = comparison_rows(found, organisation)
    names = [place_name(unit, found.places, organisation) for unit in found.places]
    municipalities = municipality_names(found.places, organisation)
    until = text.month(found.end)
    definitions = [row.definition for row in found.rows]
    place = municipalities[0] if len(municipalities) == 1 else "flera-kommuner"
    return Export(
        file_name("jamforelse", place, str(found.end)),
        f"Jämförelse av det som har släppts, {listed(municipalities)}",
        _lead(len(definitions), rows, names, until),
        _READING,
        f"Släppt till och med {until}",
        (Table("Jämförelse", "Nyckeltal och platser", COLUMNS, tuple(row.line for row in rows)),),
        tuple(_printed(rows, names)),
        about(definitions, found.places, organisation, found.end, found.closings, is_synthetic=found.is_synthetic),
    )


def comparison_rows(found: Comparison, organisation: Organisation) -> tuple[PlaceRow, ...]:
    """Each figure at each place, in the audit's order."""
    ordered = sorted(found.rows, key=lambda row: row.definition.audit_question)
    return tuple(
        place_row(row.definition, value, place_name(unit, found.places, organisation), found.end, unit=unit)
        for row in ordered
        for unit, value in zip(found.places, row.values, strict=True)
    )


def place_row(
    definition: Definition, value: PlaceValue | None, place: str, end: Period, *, unit: Unit | None = None
) -> PlaceRow:
    """A figure at a place (`unit`, where it may have no value). How it stands against its target is told only of what
    is shown, and of boards."""
    if value is None or value.judged is None:
        absence = NotReleased(released.absence(definition, unit)) if unit is not None else NOT_RELEASED
        return PlaceRow(definition, place, "", value_cells(definition, None, absence=absence), BLANK, "")
    time = time_words(definition, value, end)
    target = _target(definition, value.target)
    if isinstance(value.judged, Suppressed):
        remark = " ".join(part for part in (f"{text.capital(value.judged.words)}.", target) if part)
        return PlaceRow(definition, place, time, value_cells(definition, value.judged), SUPPRESSED, remark)
    status = released.status(value)
    standing = status.words if status is not None else BLANK
    return PlaceRow(definition, place, time, value_cells(definition, value.judged, value.interval), standing, target)


def _target(definition: Definition, target: Target | None) -> str:
    if target is None:
        return ""
    told_of = words.target(definition, target)
    return f"{text.capital(told_of)}." if target.is_watch else f"Mål: {told_of}."


def time_words(definition: Definition, value: PlaceValue, end: Period) -> str:
    """The days that the judged value speaks of: `12 mån till och med dec 2024`, `tredje tertialet 2024`."""
    if value.twelve is not None:
        return f"12{text.NBSP}mån till och med {text.last_month(end, short=True)}"
    return period_words(definition, value.latest.period if value.latest is not None else end)


def period_words(definition: Definition, period: Period) -> str:
    """A released period, as the figure counts it: over months that end with it, on its last day, or within it."""
    if definition.meaning.rolling:
        months = f"{text.number(definition.meaning.rolling)}{text.NBSP}mån"
        return f"{months} till och med {text.last_month(period, short=True)}"
    return text.day(period.last_day) if definition.meaning.is_stock else text.month(period)


def _lead(count: int, rows: Iterable[PlaceRow], names: Sequence[str], until: str) -> str:
    hidden = sum(isinstance(row.cells.value, Suppressed) for row in rows)
    told_of = f"{text.plural(count, 'nyckeltal', 'nyckeltal')} har släppts för {listed(names)} till och med {until}"
    if not hidden:
        return f"{told_of}."
    what = text.plural(hidden, "värde visas", "värden visas")
    return f"{told_of}; {what} inte: för få fall eller för att skydda ett annat."


def _printed(rows: Sequence[PlaceRow], names: Sequence[str]) -> Iterable[PrintedTable]:
    by_figure = [rows[at : at + len(names)] for at in range(0, len(rows), len(names))]
    for question, asked in texts.AUDIT_QUESTIONS.items():
        figures = [one for one in by_figure if one[0].definition.audit_question == question]
        for shown in _abreast(len(names)):
            lines = [
                (Printed(one[0].definition.name, _times(one[shown])), *(_cell(row, one[shown]) for row in one[shown]))
                for one in figures
                if any(not isinstance(row.cells.value, NotReleased) for row in one[shown])
            ]
            if lines:
                columns = (
                    Column("Nyckeltal", 15, is_text=True),
                    *(Column(name, 10, is_text=True, is_main=True) for name in names[shown]),
                )
                yield PrintedTable(f"{question}. {asked}", columns, tuple(lines))


def _abreast(count: int) -> list[slice]:
    tables = max(1, math.ceil(count / _ABREAST))
    size = math.ceil(count / tables)
    return [slice(first, first + size) for first in range(0, count, size)]


def _times(rows: Iterable[PlaceRow]) -> tuple[str, ...]:
    """The figure's time, once, when all its places have the same."""
    times = {row.time for row in rows if row.time}
    return tuple(times) if len(times) == 1 else ()


def _cell(row: PlaceRow, beside: Sequence[PlaceRow]) -> Printed:
    if isinstance(row.cells.value, NotReleased):
        return Printed(row.cells.value)
    own_time = () if _times(beside) else (row.time,)
    standing = told(row.standing) if not isinstance(row.standing, Suppressed) else ""
    return Printed(row.cells.value, tuple(line for line in (rests_on(row), standing, *own_time) if line))


def rests_on(row: PlaceRow, interval: str = "") -> str:
    """`43 av 79 (43–65 %)`, with `interval` before the interval; what a hidden value rests on is hidden with it."""
    above, below = row.cells.numerator, row.cells.denominator
    if not isinstance(above, Amount) or not isinstance(below, Amount):
        return ""
    joint = "av" if row.definition.shape is Shape.SHARE else "på"
    sure = told(span(row.cells.lower, row.cells.upper))
    basis = f"{told(above)} {joint} {told(below)}"
    if not sure:
        return basis
    return f"{basis}, {interval}{sure}" if interval else f"{basis} ({sure})"
