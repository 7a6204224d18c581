"""What a reader can work out: the interval of each hidden count, given all that is shown. Pure.

Linear programming over the hidden cells as unknowns: the least and the greatest value of each that agrees with every
shown count and every relation. Counts are whole, so only the whole numbers inside an interval are left to a reader.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from kpi.disclosure.solver import Unbounded, minimise
from kpi.disclosure.system import Numbers
from kpi.disclosure.table import LARGEST, Relation

_NEAR = 1e-6  # well above the solver's own tolerance, well below any step between the corners of such tables

Progress = Callable[[str, int, int], None]
"""Called with a step's Swedish name, how much is done, and of how much."""


@dataclass(frozen=True)
class Interval:
    """The values that a count may have, ends included."""

    low: float
    high: float

    def holds(self, low: float, high: float) -> bool:
        """Whether all of low … high lies within it."""
        return self.low <= low and high <= self.high


@dataclass(frozen=True)
class Between:
    """The sum of `parts` lies in low … high: what a rounded rate or mean tells."""

    parts: tuple[str, ...]
    low: float
    high: float


@dataclass(frozen=True)
class Known:
    """What a reader knows: an interval for each cell (a shown count has but one value), and how cells add up."""

    cells: Mapping[str, Interval]
    relations: tuple[Relation, ...] = ()
    sums: tuple[Between, ...] = ()

    @classmethod
    def after(cls, shown: Mapping[str, int], hidden: Collection[str], relations: tuple[Relation, ...]) -> Known:
        """What is known of counts when some are shown and the others are not."""
        cells = {cell: Interval(count, count) for cell, count in shown.items()}
        return cls(cells | dict.fromkeys(hidden, Interval(0, math.inf)), relations)


def attack(known: Known, targets: Collection[str], progress: Progress | None = None) -> dict[str, Interval]:
    """The interval of each target, by id; an end that nothing limits is `LARGEST`.

    ValueError when no counts agree with what is known.
    """
    found = {cell: known.cells[cell] for cell in targets}
    done = 0
    for part in _parts(known):
        for cell, interval in part.intervals([cell for cell in part.cells if cell in found]):
            found[cell] = interval
            done += 1
            if progress:
                progress("Angriper", done, len(found))
    return {cell: found[cell] for cell in sorted(found)}


@dataclass(frozen=True)
class _Part:
    """Unknown cells that hang together: low ≤ x ≤ high and rows[0] ≤ matrix·x ≤ rows[1]."""

    cells: tuple[str, ...]
    low: Numbers
    high: Numbers
    matrix: Any
    rows: tuple[Numbers, Numbers]

    def intervals(self, wanted: Sequence[str]) -> Iterator[tuple[str, Interval]]:
        """What is found agrees with everything known, so a cell that stands at its lowest there needs no search."""
        place = {cell: at for at, cell in enumerate(self.cells)}
        lowest: set[int] = set()
        for cell in wanted:
            at = place[cell]
            high = self._end(at, -1, lowest)
            low = float(self.low[at]) if at in lowest else self._end(at, 1, lowest)
            yield cell, Interval(low, high)

    def _end(self, at: int, sign: int, lowest: set[int]) -> float:
        costs = np.zeros(len(self.cells))
        costs[at] = sign
        try:
            found = minimise(costs, self.matrix, self.low, self.high, self.rows)
        except Unbounded:
            return LARGEST
        if found is None:
            raise ValueError(f"no counts agree with what is known about {self.cells[at]}")
        lowest.update(int(one) for one in np.flatnonzero(found <= self.low))
        whole = round(float(found[at]))
        return min(whole if abs(found[at] - whole) <= _NEAR else float(found[at]), LARGEST)


def _parts(known: Known) -> Iterator[_Part]:
    """The unknowns, split where what is shown separates them."""
    unknown = [cell for cell in sorted(known.cells) if known.cells[cell].low != known.cells[cell].high]
    matrix, lowest, highest = _rows(known, {cell: at for at, cell in enumerate(unknown)})
    groups = connected_components(abs(matrix).T @ abs(matrix), directed=False)[1]
    low = np.array([known.cells[cell].low for cell in unknown], dtype=np.float64)
    high = np.array([known.cells[cell].high for cell in unknown], dtype=np.float64)
    for group in range(max(groups, default=-1) + 1):
        columns = np.flatnonzero(groups == group)
        rows = np.flatnonzero(abs(matrix[:, columns]).sum(axis=1))
        yield _Part(
            tuple(unknown[at] for at in columns),
            low[columns],
            high[columns],
            matrix[rows][:, columns],
            (lowest[rows], highest[rows]),
        )


def _rows(known: Known, place: Mapping[str, int]) -> tuple[Any, Numbers, Numbers]:
    """Relations and sums as lowest ≤ matrix·unknowns ≤ highest."""
    sums = [(dict.fromkeys(one.parts, 1) | {one.total: -1}, 0.0, 0.0) for one in known.relations]
    sums += [(dict.fromkeys(one.parts, 1), one.low, one.high) for one in known.sums]
    rows, columns, signs, lowest, highest = [], [], [], [], []
    for at, (weights, low, high) in enumerate(sums):
        shown = sum(weight * known.cells[cell].low for cell, weight in weights.items() if cell not in place)
        lowest.append(low - shown)
        highest.append(high - shown)
        for cell, weight in weights.items():
            if cell in place:
                rows.append(at)
                columns.append(place[cell])
                signs.append(weight)
        if not weights.keys() & place.keys() and not low - _NEAR <= shown <= high + _NEAR:
            raise ValueError(f"what is known does not add up: {', '.join(sorted(weights))}")
    matrix = csr_array((signs, (rows, columns)), shape=(len(sums), len(place)), dtype=np.float64)
    return matrix, np.array(lowest), np.array(highest)
