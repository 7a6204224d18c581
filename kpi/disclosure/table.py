"""A table of counts that are sums of each other: what is to be protected. Pure.

Parsed once, from JSON, into types that hold only tables which can be right: whole counts, and totals that are the sums
of their parts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from warehouse.errors import UserError

LARGEST = 10**9
"""The largest count that is taken: what is computed with it stays exact in 64 bits."""

NEVER = -1
"""The limit of a cell that is not hidden for its own sake, however small."""

_KEYS = {"cells", "relations", "hide_up_to"}
_SHOWN_PROBLEMS = 10
_FORM = '{"cells": {"a": 3, …}, "relations": [{"total": "t", "parts": ["a", "b"]}, …], "hide_up_to": 4}'


class TableError(UserError):
    """A table that cannot be protected, in Swedish: the thing, the place, the reason and the remedy."""


@dataclass(frozen=True)
class Relation:
    """The count of `total` is the sum of the counts of `parts`."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """True counts by cell id, how they add up, and the largest count that must be hidden: `hide_up_to`, but what
    `limits` says of the cells that it names.

    Order does not matter: cells are kept by id, relations by total and parts, each relation once.
    """

    cells: Mapping[str, int]
    relations: tuple[Relation, ...]
    hide_up_to: int
    limits: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        cells: Mapping[str, int],
        relations: Sequence[Relation],
        hide_up_to: int,
        limits: Mapping[str, int] | None = None,
    ) -> Table:
        """TableError with every problem when the table cannot be right; ValueError for limits that cannot be."""
        problems = [
            *_count_problems(cells, hide_up_to),
            *(problem for relation in relations for problem in _relation_problems(relation, cells)),
        ]
        if not problems:
            problems = [problem for relation in relations for problem in _sum_problems(relation, cells)]
        if problems:
            raise TableError(_listed(problems))
        for cell, limit in (limits or {}).items():
            if cell not in cells or not (limit == NEVER or _is_count(limit)):
                raise ValueError(f"a limit must be a count or NEVER, for a cell of the table: {cell}: {limit}")
        ordered = {Relation(one.total, tuple(sorted(one.parts))) for one in relations}
        return cls(
            {cell: cells[cell] for cell in sorted(cells)},
            tuple(sorted(ordered, key=lambda one: (one.total, one.parts))),
            hide_up_to,
            {cell: limit for cell, limit in sorted((limits or {}).items()) if limit != hide_up_to},
        )

    def limit_of(self, cell: str) -> int:
        """The largest count of that cell that must be hidden."""
        return self.limits.get(cell, self.hide_up_to)

    @property
    def primary(self) -> tuple[str, ...]:
        """The cells that must be hidden for their own sake, zeros too; by id."""
        return tuple(cell for cell, count in self.cells.items() if count <= self.limit_of(cell))


@dataclass(frozen=True)
class Before:
    """What of a table is settled before it is protected, by id. `shown`: published by an earlier release, and so a
    constant that everybody knows. `hidden`: hidden whatever its count, because an earlier release hid it or because it
    goes together with a cell that is hidden."""

    hidden: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()

    def check(self, table: Table) -> None:
        """ValueError when it does not fit the table."""
        if unknown := (self.hidden | self.shown) - table.cells.keys():
            raise ValueError(f"settled before, but not in the table: {_named(unknown)}")
        if both := self.hidden & self.shown:
            raise ValueError(f"both shown and hidden before: {_named(both)}")


def _named(cells: Set[str]) -> str:
    return ", ".join(sorted(cells)[:_SHOWN_PROBLEMS]) + (" …" if len(cells) > _SHOWN_PROBLEMS else "")


def read_table(text: str) -> Table:
    """A table as JSON: `{"cells": {"id": count}, "relations": [{"total": "T", "parts": ["a", "b"]}], "hide_up_to": 4}`.

    TableError when the text is not that, or the table cannot be right.
    """
    found = _parse(text)
    if not isinstance(found, dict) or not isinstance(found.get("cells"), dict):
        raise TableError(f"Tabellen saknar ”cells”, cellernas antal. Skriv {_FORM}.")
    if not isinstance(found.get("relations"), list):
        raise TableError(f"Tabellen saknar listan ”relations”. Skriv {_FORM}; utan summor är listan tom.")
    if not _is_count(found.get("hide_up_to")):
        raise TableError("”hide_up_to” måste vara ett heltal, noll eller större: det största antal som ska döljas.")
    for key in found:
        if key not in _KEYS:
            raise TableError(f"Tabellen har ”{key}”, som inte betyder något här. Ta bort det. Formen är {_FORM}.")
    relations = [_relation(at, one) for at, one in enumerate(found["relations"], start=1)]
    return Table.build(found["cells"], relations, found["hide_up_to"])


def _parse(text: str) -> Any:
    try:
        found = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
        json.dumps(found, ensure_ascii=False).encode()
        return found
    except UnicodeEncodeError:
        raise TableError(
            "Ett id i tabellen är ingen text: det innehåller ett halvt tecken. Skriv id:t på nytt."
        ) from None
    except json.JSONDecodeError as error:
        raise TableError(
            f"Tabellen är inte JSON: den går inte att läsa vid rad {error.lineno}, kolumn {error.colno}. Skriv {_FORM}."
        ) from None
    except (RecursionError, ValueError):
        raise TableError(f"Tabellen är inte JSON som går att läsa. Skriv {_FORM}.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise TableError(f"”{key}” står två gånger i samma del av tabellen. Ta bort den ena.")
        found[key] = value
    return found


def _refuse_constant(name: str) -> Any:
    raise TableError(f"Tabellen har värdet {name}, som inte är ett antal. Skriv ett heltal, noll eller större.")


def _relation(at: int, found: Any) -> Relation:
    if not isinstance(found, dict) or set(found) != {"total", "parts"}:
        raise TableError(
            f'Relation {at} måste ha ”total” och ”parts” och inget mer. Skriv {{"total": "t", "parts": […]}}.'
        )
    total, parts = found["total"], found["parts"]
    if not isinstance(total, str):
        raise TableError(f"Relation {at}: ”total” måste vara en cells id i citattecken.")
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise TableError(f"Relation {at} (summan {total}): ”parts” måste vara en lista av cellers id i citattecken.")
    return Relation(total, tuple(parts))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _count_problems(cells: Mapping[str, int], hide_up_to: int) -> list[str]:
    problems = [
        f"Cellen {cell} har {_written(count)}, som inte är ett antal. Ge den ett heltal från 0 till {LARGEST}."
        for cell, count in sorted(cells.items())
        if not _is_count(count)
    ]
    if not _is_count(hide_up_to):
        problems.append(f"Gränsen för vad som döljs är {hide_up_to}. Ge den ett heltal från 0 till {LARGEST}.")
    return problems


def _written(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 30 else f"{text[:30]}…"


def _relation_problems(relation: Relation, cells: Mapping[str, int]) -> list[str]:
    place = f"Summan {relation.total}"
    problems = [
        f"{place}: cellen {cell} finns inte bland cellerna. Lägg till den eller ta bort den ur relationen."
        for cell in (relation.total, *relation.parts)
        if cell not in cells
    ]
    if not relation.parts:
        problems.append(f"{place} har inga delar. Ge den delar eller ta bort relationen.")
    if relation.total in relation.parts:
        problems.append(f"{place} är en del av sig själv. Ta bort den ur sina egna delar.")
    problems += [
        f"{place}: delen {part} står flera gånger. Nämn varje del en gång."
        for part in sorted(set(relation.parts))
        if relation.parts.count(part) > 1
    ]
    return problems


def _sum_problems(relation: Relation, cells: Mapping[str, int]) -> list[str]:
    total, parts = cells[relation.total], sum(cells[part] for part in relation.parts)
    if total == parts:
        return []
    names = ", ".join(relation.parts[:5]) + (" …" if len(relation.parts) > 5 else "")
    return [f"Summan {relation.total} är {total} men delarna ({names}) blir {parts}. Rätta antalen eller relationen."]


def _listed(problems: Sequence[str]) -> str:
    more = len(problems) - _SHOWN_PROBLEMS
    return "\n".join([*problems[:_SHOWN_PROBLEMS], *([f"… och {more} fel till."] if more > 0 else [])])
