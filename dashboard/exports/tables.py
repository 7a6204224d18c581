"""A file's content: tables of typed cells, the paper's tables made of the same cells, and what is told about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.exports.cells import BLANK, Amount, Cell, told
from kpi import format as text
from kpi.disclosure.suppressed import Suppressed


@dataclass(frozen=True)
class Column:
    """A table's column; `width` in characters."""

    heading: str
    width: int
    is_text: bool = False
    is_main: bool = False
    """Whether the table is about it: strong on paper."""


@dataclass(frozen=True)
class Table:
    """Typed cells in columns. `name`: short, for a sheet's tab."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Printed:
    """A cell on paper: the cell itself, and small lines below that rest on the cells beside it."""

    cell: Cell
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class PrintedTable:
    """A table on paper; its columns' widths are weights."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Printed, ...], ...]


@dataclass(frozen=True)
class About:
    """What must be known to read the file. `facts`: label and sentence; `closings`: the closed periods it comes
    from, None for what is not released."""

    facts: tuple[tuple[str, str], ...]
    closings: Table | None
    made_at: datetime
    is_synthetic: bool


@dataclass(frozen=True)
class Export:
    """One file, whatever its format. `name`: the file's name without ending; `until`: the paper's foot."""

    name: str
    title: str
    lead: str
    reading: str
    until: str
    tables: tuple[Table, ...]
    printed: tuple[PrintedTable, ...]
    about: About


def as_printed(table: Table, leave_out: Sequence[str] = ()) -> PrintedTable:
    """A table of cells on paper as it stands, without the columns named."""
    kept = [at for at, column in enumerate(table.columns) if column.heading not in leave_out]
    return PrintedTable(
        table.title,
        tuple(table.columns[at] for at in kept),
        tuple(tuple(Printed(row[at]) for at in kept) for row in table.rows),
    )


def span(lower: Cell, upper: Cell) -> Cell:
    """An interval in one cell: `43–65 %`, hidden as its ends are, or blank."""
    if isinstance(lower, Suppressed):
        return lower
    if not isinstance(lower, Amount) or not isinstance(upper, Amount):
        return BLANK
    shown = lower.value * 100 if lower.is_fraction else lower.value
    return f"{text.number(shown, lower.decimals)}–{told(upper)}"
