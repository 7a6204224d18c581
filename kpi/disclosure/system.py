"""A table as sparse systems A·x = 0 that have nothing to do with each other. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
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
    """Cells that hang together, by id, with their true counts and the relations between them."""

    cells: tuple[str, ...]
    counts: Counts
    relations: tuple[Relation, ...]

    @cached_property
    def matrix(self) -> Any:
        """One row a relation, one column a cell: +1 for a part, −1 for the total. Sparse, of whole numbers."""
        place = {cell: at for at, cell in enumerate(self.cells)}
        rows = [at for at, one in enumerate(self.relations) for _ in range(len(one.parts) + 1)]
        columns = [place[cell] for one in self.relations for cell in (*one.parts, one.total)]
        signs = [sign for one in self.relations for sign in (*(1 for _ in one.parts), -1)]
        return csr_array((signs, (rows, columns)), shape=(len(self.relations), len(self.cells)), dtype=np.int64)

    @cached_property
    def levels(self) -> Counts:
        """How many sums lie below each cell; 0 for a cell that is no total."""
        levels = dict.fromkeys(self.cells, 0)
        for _ in range(_MOST_LEVELS):
            raised = False
            for one in self.relations:
                level = 1 + max(levels[part] for part in one.parts)
                if level > levels[one.total]:
                    levels[one.total], raised = level, True
            if not raised:
                break
        return np.array([levels[cell] for cell in self.cells], dtype=np.int64)


def systems(table: Table) -> list[System]:
    """The table's independent parts, by their first cell. A cell without relations is a part of its own."""
    place = {cell: at for at, cell in enumerate(table.cells)}
    pairs = [(place[one.total], place[part]) for one in table.relations for part in one.parts]
    groups = _groups(pairs, len(place))
    members: dict[int, list[str]] = {}
    for cell, group in zip(table.cells, groups, strict=True):
        members.setdefault(group, []).append(cell)
    relations: dict[int, list[Relation]] = {}
    for one in table.relations:
        relations.setdefault(groups[place[one.total]], []).append(one)
    return [
        System(
            tuple(cells),
            np.array([table.cells[cell] for cell in cells], dtype=np.int64),
            tuple(relations.get(group, ())),
        )
        for group, cells in members.items()
    ]


def _groups(pairs: Sequence[tuple[int, int]], size: int) -> list[int]:
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    links = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    return [int(group) for group in connected_components(links, directed=False)[1]]
