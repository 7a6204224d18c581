"""What numbers a count may be, given others and how they add up: linear programming, for tests.

Written apart from the product's own disclosure control.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from kpi.period import Period

Split = tuple[tuple[str, str], ...]
Cell = tuple[str, str, Period, Split]
"""A count: which rows, where, when, and in which category."""


@dataclass(frozen=True)
class Row:
    """Σ weight · count lies in low … high."""

    weights: tuple[tuple[Cell, float], ...]
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Finding:
    """A small count that is narrowed: the least and the greatest that it can be."""

    cell: Cell
    count: float
    limit: int
    low: float
    high: float


@dataclass
class Outsider:
    """What is `known` of counts, which others exist (`hidden`), and how they hang together (`rows`)."""

    known: dict[Cell, float] = field(default_factory=dict)
    hidden: set[Cell] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)

    def intervals(self, limits: Mapping[Cell, int], truth: Mapping[Cell, float]) -> list[Finding]:
        """The targets (by cell, the limit of each) that cannot be all of 0 … limit."""
        found = []
        for part in self._parts(set(limits)):
            found += part.narrowed(limits, truth)
        return sorted(found, key=lambda one: str(one.cell))

    def _parts(self, targets: set[Cell]) -> Iterator[_Part]:
        unknown = sorted((self.hidden | targets) - self.known.keys(), key=str)
        place = {cell: at for at, cell in enumerate(unknown)}
        ends: list[tuple[int, int]] = []
        rows = []
        for row in self.rows:
            at = [place[cell] for cell, _ in row.weights if cell in place]
            ends += list(pairwise(at))
            if at:
                rows.append((at[0], row))
        links = np.array(ends, dtype=np.int64).reshape(-1, 2)
        graph = csr_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(len(unknown), len(unknown)))
        groups = connected_components(graph, directed=False)[1] if unknown else []
        members: dict[int, list[Cell]] = {}
        for cell, group in zip(unknown, groups, strict=True):
            members.setdefault(int(group), []).append(cell)
        of_group: dict[int, list[Row]] = {}
        for at, row in rows:
            of_group.setdefault(int(groups[at]), []).append(row)
        for group, cells in members.items():
            if targets & set(cells):
                yield _Part(cells, of_group.get(group, []), self.known)


@dataclass(frozen=True)
class _Part:
    cells: list[Cell]
    rows: list[Row]
    known: Mapping[Cell, float]

    def narrowed(self, limits: Mapping[Cell, int], truth: Mapping[Cell, float]) -> Iterator[Finding]:
        place = {cell: at for at, cell in enumerate(self.cells)}
        entries, low, high = [], [], []
        for number, row in enumerate(self.rows):
            shown = sum(weight * self.known[cell] for cell, weight in row.weights if cell not in place)
            entries += [(number, place[cell], weight) for cell, weight in row.weights if cell in place]
            low.append(row.low - shown)
            high.append(row.high - shown)
        size = len(self.cells)
        at = [(one[0], one[1]) for one in entries]
        numbers = np.array(at, dtype=np.int64).reshape(-1, 2)
        matrix = csr_array(([one[2] for one in entries], (numbers[:, 0], numbers[:, 1])), shape=(len(self.rows), size))
        lows, highs = np.array(low), np.array(high)
        equal = np.flatnonzero(lows == highs)
        below, above = (
            np.flatnonzero((lows != highs) & (highs < np.inf)),
            np.flatnonzero((lows != highs) & (lows > -np.inf)),
        )
        bounded = [matrix[below], -matrix[above]]
        limits_of = np.concatenate([highs[below], -lows[above]])
        inequality = vstack(bounded)

        def solve(costs: NDArray[np.float64], ceiling: NDArray[np.float64] | None = None) -> NDArray[np.float64] | None:
            bounds = np.column_stack([np.zeros(size), np.full(size, np.inf) if ceiling is None else ceiling])
            answer = linprog(
                costs,
                A_ub=inequality if len(limits_of) else None,
                b_ub=limits_of if len(limits_of) else None,
                A_eq=matrix[equal] if len(equal) else None,
                b_eq=lows[equal] if len(equal) else None,
                bounds=bounds,
                method="highs",
            )
            if answer.status == 3:
                return None
            if answer.status != 0:
                raise AssertionError(f"what is known does not fit together: {answer.message} {self.cells[:5]}")
            return np.asarray(answer.x)

        wanted = [cell for cell in self.cells if cell in limits]
        least = self._ends(wanted, place, solve, {}, 1.0)
        most = self._ends(wanted, place, solve, limits, -1.0)
        for cell in wanted:
            if least[cell] > 1e-6 or most[cell] < limits[cell] - 1e-6:
                yield Finding(cell, truth.get(cell, float("nan")), limits[cell], least[cell], most[cell])

    def _ends(
        self,
        wanted: Sequence[Cell],
        place: Mapping[Cell, int],
        solve: Callable[..., NDArray[np.float64] | None],
        limits: Mapping[Cell, int],
        sign: float,
    ) -> dict[Cell, float]:
        """The least (or greatest) value of each; one answer often settles many, since it is enough to reach the end."""
        found: dict[Cell, float] = {}

        def settle(answer: NDArray[np.float64]) -> None:
            for cell in wanted:
                value = float(answer[place[cell]])
                if cell not in found and (value <= 1e-7 if sign > 0 else value >= limits[cell] - 1e-7):
                    found[cell] = value

        for _ in range(6):
            costs = np.zeros(len(self.cells))
            left = [cell for cell in wanted if cell not in found]
            if not left:
                return found
            costs[[place[cell] for cell in left]] = sign
            many = solve(costs)
            before = len(found)
            if many is None:
                break
            settle(many)
            if len(found) == before:
                break
        for cell in wanted:
            if cell not in found:
                costs = np.zeros(len(self.cells))
                costs[place[cell]] = sign
                one = solve(costs)
                if one is None:
                    found[cell] = np.inf
                    continue
                settle(one)
                found.setdefault(cell, float(one[place[cell]]))
        return found
