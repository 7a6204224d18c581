"""Words and order for the parts of a figure: actors, principals, answers on a scale, series of statistics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard import texts, words
from kpi.code_words import code_word
from kpi.code_words import part_words as part_words
from kpi.definition import Definition
from kpi.organisation import swedish_key
from kpi.views.rows import FigureRow, Part, Split


def in_order(definition: Definition, parts: Iterable[Part]) -> list[Part]:
    """Parts as they are shown: scales and subjects in their own order, else by Swedish name."""
    return sorted(parts, key=lambda part: sort_key(definition, part.split))


def sort_key(definition: Definition, split: Split) -> tuple[tuple[int, str], ...]:
    """What parts are sorted by."""
    return tuple(
        (_place(definition, column, value), swedish_key(code_word(definition, column, value)))
        for column, value in split
    )


def judged_in_full(row: FigureRow) -> str:
    """The reading that the status is about, for running text; of parts with the part's name before it."""
    told = words.in_full(row.definition, row.judged)
    if row.is_told_by_parts and row.telling is not None:
        return f"{part_words(row.definition, row.telling.split)}, {told}"
    return told


@dataclass(frozen=True)
class Graded:
    """What each side judged of one thing; `about` is '' when there is one thing only."""

    about: str
    sides: tuple[tuple[str, str], ...]

    @property
    def is_apart(self) -> bool:
        """Whether they do not agree."""
        return len({grade for _, grade in self.sides}) > 1


def grades(row: FigureRow) -> list[Graded]:
    """A level figure's parts, with the sides of each thing beside each other: (side, grade in words)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for part in in_order(row.definition, row.parts):
        *about, side = part.split
        told = (part_words(row.definition, (side,)), words.value(row.definition, part.reading))
        found.setdefault(part_words(row.definition, tuple(about)), []).append(told)
    return [Graded(about, tuple(sides)) for about, sides in found.items()]


def graded(one: Graded) -> str:
    """`fråga 1: presidiet ja, förvaltningen till viss del`."""
    sides = ", ".join(f"{side} {grade}" for side, grade in one.sides)
    return f"{one.about}: {sides}" if one.about else sides


def heading(split: Iterable[str]) -> str:
    """The columns' names: `Ämne och grupp`."""
    names = [texts.SPLITS.get(column, column) for column in split]
    return " och ".join([*names[:1], *(name.lower() for name in names[1:])])


def headings(definition: Definition) -> tuple[str, str]:
    """What the numerator and the denominator are called in tables."""
    return texts.PART_HEADINGS.get(definition.id, ("Täljare", "Nämnare"))


def _place(definition: Definition, column: str, value: str) -> int:
    known = [code for code, _ in definition.series] if column == "series" else list(texts.PARTS.get(column, ()))
    return known.index(value) if value in known else len(known)
