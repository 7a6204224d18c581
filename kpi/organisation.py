"""The organisation tree with validity: who belongs to which board, and when. Pure.

A unit code may have several spans (it was renamed or moved). A walk upwards always asks for a day or a span of days,
because a unit's board today need not be its board in the period that a figure speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

_DEEPEST = 10
"""A tree deeper than its levels is a loop in the delivered rows; the walk stops instead of hanging."""


@dataclass(frozen=True)
class Unit:
    """One span of a unit: from `valid_from` to `valid_to`, both included; None = still valid."""

    code: str
    name: str
    level: str
    parent_code: str | None
    municipality_code: str | None
    area: str | None = None
    actor: str | None = None
    valid_from: date = date.min
    valid_to: date | None = None

    def overlaps(self, first: date, last: date) -> bool:
        """Whether the span holds any day of first..last."""
        return self.valid_from <= last and (self.valid_to is None or self.valid_to >= first)


@dataclass(frozen=True)
class Path:
    """The days first..last on which a unit lay under a board in one way. `through`: its own code, the board's and all
    between; `branch`: its verksamhetsgren, the nearest actor on the way up, its own first; a board has none."""

    board_code: str
    municipality_code: str | None
    through: frozenset[str]
    branch: str | None
    first: date
    last: date


@dataclass(frozen=True)
class Organisation:
    """Every span of every unit."""

    units: tuple[Unit, ...]

    @cached_property
    def _spans(self) -> dict[str, tuple[Unit, ...]]:
        spans: dict[str, list[Unit]] = {}
        for unit in sorted(self.units, key=lambda unit: unit.valid_from):
            spans.setdefault(unit.code, []).append(unit)
        return {code: tuple(found) for code, found in spans.items()}

    @property
    def codes(self) -> tuple[str, ...]:
        """Every known unit code, sorted."""
        return tuple(sorted(self._spans))

    def spans(self, code: str) -> tuple[Unit, ...]:
        """The unit's spans, the oldest first; empty when the code is unknown."""
        return self._spans.get(code, ())

    def on(self, code: str, day: date) -> Unit | None:
        """The unit as it was on the day, else its nearest later or last span; None when the code is unknown."""
        spans = self.spans(code)
        for unit in spans:
            if unit.valid_to is None or unit.valid_to >= day:
                return unit
        return spans[-1] if spans else None

    @cached_property
    def _paths(self) -> dict[str, tuple[Path, ...]]:
        return {code: tuple(self._climb(code, date.min, date.max, _DEEPEST)) for code in self._spans}

    def _climb(self, code: str, first: date, last: date, left: int) -> Iterator[Path]:
        for unit in self.spans(code):
            if not unit.overlaps(first, last) or left == 0:
                continue
            inside = max(first, unit.valid_from), min(last, unit.valid_to or last)
            if unit.level == "board":
                yield Path(code, unit.municipality_code, frozenset({code}), None, *inside)
            elif unit.parent_code:
                for above in self._climb(unit.parent_code, *inside, left - 1):
                    yield replace(above, through=above.through | {code}, branch=unit.actor or above.branch)

    def paths(self, code: str, first: date, last: date) -> tuple[Path, ...]:
        """How the unit lay under boards on the days first..last; empty above the boards and outside them."""
        return tuple(one for one in self._paths.get(code, ()) if one.first <= last and one.last >= first)

    def boards_of(self, code: str, first: date, last: date) -> frozenset[str]:
        """Every board that the unit is, or lay under, on any of the days; empty above the boards."""
        return frozenset(one.board_code for one in self.paths(code, first, last))

    def under(self, code: str, first: date, last: date) -> tuple[Unit, ...]:
        """The unit and all below it in first..last, each at its latest span there; by level, then name."""
        reached = {code}
        while True:
            more = {
                unit.code
                for unit in self.units
                if unit.parent_code in reached and unit.code not in reached and unit.overlaps(first, last)
            }
            if not more:
                break
            reached |= more
        found = [span for one in reached if (span := self._latest_within(one, first, last)) is not None]
        return tuple(sorted(found, key=lambda unit: (_LEVEL_ORDER.get(unit.level, 9), swedish_key(unit.name))))

    def _latest_within(self, code: str, first: date, last: date) -> Unit | None:
        spans = [unit for unit in self.spans(code) if unit.overlaps(first, last)]
        return spans[-1] if spans else None

    def boards(self, municipality_code: str | None = None) -> tuple[Unit, ...]:
        """The boards (as at their latest span), of one municipality or all; sorted by municipality and name."""
        latest = (spans[-1] for spans in self._spans.values())
        boards = [
            unit
            for unit in latest
            if unit.level == "board" and (municipality_code is None or unit.municipality_code == municipality_code)
        ]
        return tuple(sorted(boards, key=lambda unit: (unit.municipality_code or "", swedish_key(unit.name))))

    def municipality(self, municipality_code: str | None) -> Unit | None:
        """The municipality's own unit (latest span), by its four-digit code."""
        for spans in self._spans.values():
            if spans[-1].level == "municipality" and spans[-1].municipality_code == municipality_code:
                return spans[-1]
        return None

    def boards_with_area(self, municipality_code: str, area: str, first: date, last: date) -> frozenset[str]:
        """The municipality's boards that have the area on any of the days."""
        return frozenset(
            unit.code
            for unit in self.units
            if unit.level == "board"
            and unit.municipality_code == municipality_code
            and unit.area == area
            and unit.overlaps(first, last)
        )


_LEVEL_ORDER = {
    level: order
    for order, level in enumerate(("region", "delregional", "municipality", "board", "administration", "unit"))
}


def swedish_key(text: str) -> str:
    """Sorts å, ä, ö last, without a locale that a machine may lack."""
    return text.casefold().translate(str.maketrans("åäö", "{|}"))


def organisation(units: Iterable[Unit]) -> Organisation:
    """An organisation of these spans."""
    return Organisation(tuple(units))
