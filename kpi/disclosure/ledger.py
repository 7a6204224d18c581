"""Every count that a release has decided about, shown or hidden, and how they hang together. Pure.

Each release is audited together with all earlier ones. A count that a later correction changes is a new cell beside the
old one: the old stays as it was shown, and what was hidden stays hidden in its later versions too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from kpi.disclosure.table import Relation, Table

HIDDEN_HERE = 4
"""The limit of a table; each cell has its own."""


@dataclass(frozen=True)
class Entry:
    """A decided count. `cell`: its id with its version; `limit`: the largest count that must be hidden there, −1 where
    the count may be shown however small. `is_empty`: the unit had never had any row of it, which many may know."""

    place: str
    version: int
    count: int
    limit: int
    is_shown: bool
    is_empty: bool = False

    @property
    def cell(self) -> str:
        """Its id in tables."""
        return f"{self.place}@{self.version}"


@dataclass
class Ledger:
    """The decided counts by cell id, the newest version of each place, and every relation."""

    entries: dict[str, Entry] = field(default_factory=dict)
    newest: dict[str, Entry] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)

    def add(self, entries: Iterable[Entry], relations: Iterable[Relation]) -> None:
        """What one release decided."""
        for entry in entries:
            self.entries[entry.cell] = entry
            if entry.place not in self.newest or self.newest[entry.place].version < entry.version:
                self.newest[entry.place] = entry
        self.relations += relations

    def hidden_places(self) -> frozenset[str]:
        """The places that have been hidden in any version."""
        return frozenset(entry.place for entry in self.entries.values() if not entry.is_shown)

    def around(self, cells: Collection[str], more: Iterable[Relation] = ()) -> tuple[set[str], list[Relation]]:
        """The cells that hang together with these through any relations, `more` included, and those relations."""
        relations = [*self.relations, *more]
        of_cell: dict[str, list[int]] = {}
        for number, relation in enumerate(relations):
            for cell in (relation.total, *relation.parts):
                of_cell.setdefault(cell, []).append(number)
        reached, used, waiting = set(cells), set[int](), list(cells)
        while waiting:
            for number in of_cell.get(waiting.pop(), ()):
                if number not in used:
                    used.add(number)
                    more_cells = {relations[number].total, *relations[number].parts} - reached
                    reached |= more_cells
                    waiting += more_cells
        return reached, [relations[number] for number in sorted(used)]


def table_of(counts: Mapping[str, int], limits: Mapping[str, int], relations: Iterable[Relation]) -> Table:
    """A table in which each cell has its own limit. TableError when it cannot be right."""
    return Table.build(counts, tuple(relations), HIDDEN_HERE, limits)
