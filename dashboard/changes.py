"""A change in plain Swedish, with what it is compared with; never whether it is more than normal variation."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import words
from kpi import format as text
from kpi.definition import Definition, Kind, Shape
from kpi.views.rows import Change, FigureRow, Reading


@dataclass(frozen=True)
class ChangeWords:
    """How much, and than what; `than` is empty when nothing is compared."""

    size: str
    than: str = ""

    @property
    def sentence(self) -> str:
        """Both together."""
        return f"{self.size} {self.than}".strip()


def change(row: FigureRow) -> ChangeWords:
    """The row's change; what is told by its parts has none."""
    found = row.change
    if found is None:
        return ChangeWords("Ingen jämförelse")
    if found.difference is None:
        return ChangeWords(_not_compared(row, found))
    earlier = f"{_before(row, found)} ({_short(row.definition, found.before)})"
    size, word = _difference(row.definition, found.difference)
    if size is None:
        return ChangeWords("Samma nivå", f"som {earlier}")
    return ChangeWords(f"{text.capital(size)} {word}", f"än {earlier}")


def _difference(definition: Definition, difference: float) -> tuple[str | None, str]:
    more = difference > 0
    decimals = definition.decimals
    if definition.unit in ("percent", "points", "percent_as_given"):
        is_given = definition.unit == "percent_as_given"
        size = text.given_points(difference) if is_given else text.points(difference, decimals)
        if definition.unit == "points":
            word = "större skillnad" if more else "mindre skillnad"
        else:
            word = "högre" if more else "lägre"
        return (None if not _is_seen(size) else size), word
    if definition.unit == "days":
        rounded = round(abs(difference), max(decimals, 1))
        return (text.days(rounded) if rounded else None), "längre" if more else "kortare"
    size = text.number(abs(difference), decimals)
    if not _is_seen(size):
        return None, ""
    if definition.unit in text.PER:
        return size, "högre" if more else "lägre"
    return size, "fler" if more else "färre"


def _is_seen(size: str) -> bool:
    return any(digit in size for digit in "123456789")


def _before(row: FigureRow, found: Change) -> str:
    if row.year is not None or row.definition.meaning.rolling:
        return f"året{text.NBSP}före"
    if row.definition.meaning.is_stock:
        return words.when(row.definition, found.before)
    return text.within(found.before.last).removeprefix("under ")


def _short(definition: Definition, reading: Reading) -> str:
    return words.basis(definition, reading) if definition.shape is Shape.SHARE else words.value(definition, reading)


def _not_compared(row: FigureRow, found: Change) -> str:
    if row.definition.kind is Kind.CONTEXT:
        return "Ingen jämförelse: inget tidigare värde"
    if not found.now.is_covered:
        return "Ingen jämförelse: uppgifter saknas"
    if not found.before.is_covered:
        return "Ingen jämförelse: tidigare uppgifter saknas"
    if found.now.value is None or found.before.value is None:
        return f"Ingen jämförelse: inga fall{'' if found.now.value is None else ' då'}"
    return "För få fall att jämföra"
