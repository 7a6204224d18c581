"""What a file's cells hold, each kind a type of its own, and how one is told in text. Pure.

Every writer is given these cells and nothing else, so that no file can tell what another hides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from dashboard import released
from kpi import format as text
from kpi.definition import Definition, Shape
from kpi.disclosure.suppressed import SUPPRESSED, Suppressed
from kpi.released import Shown
from kpi.spc.intervals import Interval

WORDS = {
    "count": "antal",
    "percent": "procent",
    "percent_as_given": "procent",
    "points": "procentenheter",
    "days": "dagar",
    "per_100": "per 100",
    "per_1000": "per 1 000",
    "level": "nivå",
    "answer": "svar",
}
"""What a value is counted in, by its unit of display."""
_FRACTIONS = ("percent", "points")


@dataclass(frozen=True)
class Amount:
    """A number as it is stored, the unit that it is shown in and with how many decimals."""

    value: float
    unit: str = "count"
    decimals: int = 0

    @property
    def is_fraction(self) -> bool:
        """Whether it is shown times a hundred."""
        return self.unit in _FRACTIONS

    @property
    def places(self) -> int:
        """Decimals in a table of numbers: none for what is whole, else those of the unit; a half day is kept."""
        if self.unit in ("days", "percent_as_given") and not float(self.value).is_integer():
            return max(self.decimals, 1)
        return self.decimals


@dataclass(frozen=True)
class NotReleased:
    """Stands where nothing has been released: never zero and never blank. `words`: why, as on the page."""

    words: str = released.NOT_RELEASED

    def __str__(self) -> str:
        return self.words

    def __bool__(self) -> NoReturn:
        raise TypeError("what is not released is neither true nor false: ask isinstance(cell, NotReleased)")


NOT_RELEASED = NotReleased()
BLANK = ""
"""Where a figure has no such number: a count no denominator, a median no interval."""

Cell = str | Amount | Suppressed | NotReleased


@dataclass(frozen=True)
class ValueCells:
    """A value with what it rests on and how sure it is."""

    numerator: Cell
    denominator: Cell
    value: Cell
    lower: Cell = BLANK
    upper: Cell = BLANK


def value_cells(
    definition: Definition,
    shown: Shown | None,
    interval: Interval | None = None,
    *,
    absence: NotReleased = NOT_RELEASED,
) -> ValueCells:
    """The cells of a released value; None where nothing is released, and `absence` says why. What is hidden is hidden
    whole, its interval too, whatever the caller has."""
    has_parts = definition.shape in (Shape.SHARE, Shape.RATE)
    if shown is None:
        return ValueCells(BLANK, BLANK, absence)
    if isinstance(shown, Suppressed):
        beside: Cell = SUPPRESSED if has_parts else BLANK
        return ValueCells(beside, beside, SUPPRESSED, beside, beside)
    return ValueCells(
        _counted(shown.numerator) if has_parts else BLANK,
        _counted(shown.denominator) if has_parts else BLANK,
        _valued(definition, shown.value),
        _valued(definition, interval.lower if interval else None),
        _valued(definition, interval.upper if interval else None),
    )


def _counted(number: float | None) -> Cell:
    return BLANK if number is None else Amount(number)


def _valued(definition: Definition, number: float | None) -> Cell:
    return BLANK if number is None else Amount(number, definition.unit, definition.decimals)


def told(cell: Cell) -> str:
    """The cell in text, as a reader of a paper meets it: `54 %`, `..`, `inte släppt`."""
    if isinstance(cell, Amount):
        return text.quantity(cell.value, cell.unit, cell.decimals)
    return str(cell)
