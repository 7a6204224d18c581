"""A table as sparse systems that have nothing to do with each other. Pure.

What was shown before is a constant, and no cell of any system: it takes part in no move and holds no cells together.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from kpi.disclosure.table import Relation, Table

Counts = NDArray[np.int64]
"""Whole counts, one a cell, in the order of a system's cells."""

Flags = NDArray[np.bool_]
"""Yes or no, one a cell."""

Numbers = NDArray[np.float64]
"""Numbers, one a cell."""

_MOST_LEVELS = 20  # circles of totals that are each other's only part have no lowest level


@dataclass(frozen=True)
class System:
    """Cells that hang together, by id, with their true counts, the largest count of each that must be hidden, and the
    relations that they take part in, which may name cells that were shown before."""

    cells: tuple[str, ...]
    counts: Counts
    limits: Counts
    relations: tuple[Relation, ...]

    @property
    def primary(self) -> Flags:
        """The cells that must be hidden for their own sake."""
        flags: Flags = self.counts <= self.limits
        return flags

    @cached_property
    def matrix(self) -> Any:
        """One row a relation, one column a cell: +1 for a part, −1 for the total. Sparse, of whole numbers. What it
        makes of any move is 0; of the counts themselves only when nothing was shown before."""
        place = {cell: at for at, cell in enumerate(self.cells)}
        signed = [
            (row, place[cell], sign)
            for row, one in enumerate(self.relations)
            for cell, sign in (*((part, 1) for part in one.parts), (one.total, -1))
            if cell in place
        ]
        rows, columns, signs = zip(*signed, strict=True) if signed else ((), (), ())
        return csr_array((signs, (rows, columns)), shape=(len(self.relations), len(self.cells)), dtype=np.int64)

    @cached_property
    def is_bound(self) -> bool:
        """Whether cells that were shown before bind it: then some of what the relations allow is ruled out."""
        named = {cell for one in self.relations for cell in (one.total, *one.parts)}
        return not named <= set(self.cells)

    @cached_property
    def levels(self) -> Counts:
        """How many sums lie below each cell; 0 for a cell that is no total."""
        levels = dict.fromkeys([*self.cells, *(cell for one in self.relations for cell in (one.total, *one.parts))], 0)
        for _ in range(_MOST_LEVELS):
            raised = False
            for one in self.relations:
                level = 1 + max(levels[part] for part in one.parts)
                if level > levels[one.total]:
                    levels[one.total], raised = level, True
            if not raised:
                break
        return np.array([levels[cell] for cell in self.cells], dtype=np.int64)


def systems(table: Table, shown: Set[str] = frozenset()) -> list[System]:
    """The table's independent parts, by their first cell, without what was `shown` before. A cell without relations is
    a part of its own."""
    place = {cell: at for at, cell in enumerate(cell for cell in table.cells if cell not in shown)}
    open_ = [[place[cell] for cell in (one.total, *one.parts) if cell in place] for one in table.relations]
    groups = _groups([pair for ends in open_ for pair in pairwise(ends)], len(place))
    members: dict[int, list[str]] = {}
    for cell, group in zip(place, groups, strict=True):
        members.setdefault(group, []).append(cell)
    relations: dict[int, list[Relation]] = {}
    for one, ends in zip(table.relations, open_, strict=True):
        if ends:
            relations.setdefault(groups[ends[0]], []).append(one)
    return [
        System(
            tuple(cells),
            np.array([table.cells[cell] for cell in cells], dtype=np.int64),
            np.array([table.limit_of(cell) for cell in cells], dtype=np.int64),
            tuple(relations.get(group, ())),
        )
        for group, cells in members.items()
    ]


def _groups(pairs: Sequence[tuple[int, int]], size: int) -> list[int]:
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    links = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    return [int(group) for group in connected_components(links, directed=False)[1]]
