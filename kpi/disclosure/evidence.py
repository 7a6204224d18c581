"""Proof that hidden counts may have other values: other tables that agree with everything shown. Pure.

A *move* is a whole number a cell; added to the true counts it gives a table with the same relations, no count below
zero, and the true count in every shown cell (one that was shown before is no cell of the system). The checks are exact,
so nothing rests on the solver's rounding. Hiding more never spoils a move.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kpi.disclosure.system import Counts, Flags, Numbers, System
from kpi.disclosure.table import LARGEST

_MOST_TIMES = 4  # a move in halves or quarters is whole when it is made that many times


_MOST_BETWEEN = 20  # with a limit above this only the two ends are asked for

Need = tuple[int, int]
"""What a hidden count must be able to be, for the cell at that place in its system: that very number, or, where the
number is the cell's limit, that or more."""


class Evidence:
    """Moves found so far, and which needs of the primary cells they meet."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.primary = np.flatnonzero(system.primary)
        self._moves: list[Counts] = [np.zeros(len(system.cells), dtype=np.int64)]  # the truth itself
        self._wanted = _wanted(system.limits[self.primary])
        self._met = {goal: self._capped(system.counts) == goal for goal in self._wanted}
        self._given_up: set[Need] = set()

    def is_met(self, need: Need) -> bool:
        """Whether some move proves it."""
        goal, at = need
        return bool(self._met[goal][at])

    def add(self, move: Counts) -> None:
        """Keep a move; AssertionError when it is none."""
        assert self.is_move(move)
        self._moves.append(move)
        reached = self._capped(self.system.counts + move)
        for goal, met in self._met.items():
            met |= reached == goal

    def is_move(self, move: Counts) -> bool:
        """Whether it keeps every relation, and no count falls below zero or grows beyond what is counted exactly."""
        counts = self.system.counts + move
        return bool(np.all(counts >= 0) and np.all(np.abs(move) <= LARGEST) and not np.any(self.system.matrix @ move))

    def as_move(self, numbers: Numbers, need: Need) -> Counts | None:
        """The solver's answer as a move that meets the need; None when rounding spoils it."""
        goal, at = need
        for times in range(1, _MOST_TIMES + 1) if goal == self.system.limits[at] else (1,):
            move = np.rint(np.clip(numbers * times, -LARGEST, LARGEST)).astype(np.int64)
            is_whole = np.allclose(move, numbers * times, rtol=0, atol=1e-4)
            if is_whole and self.is_move(move) and self._capped(self.system.counts + move)[at] == goal:
                return move
        return None

    def _capped(self, counts: Counts) -> Counts:
        """Counts where each cell's limit stands for all that is larger: equal to the goals that they meet."""
        return np.minimum(counts, self.system.limits)

    @property
    def needs(self) -> list[Need]:
        """All that is asked for, whether met or not."""
        return [(goal, int(at)) for goal, wanted in self._wanted.items() for at in self.primary[wanted]]

    def is_end(self, need: Need) -> bool:
        """Whether it is zero, or the limit or more: these must be met. Some relations rule out some of the numbers
        between whatever is hidden."""
        return need[0] in (0, self.system.limits[need[1]])

    def give_up(self, need: Need) -> None:
        """Ask no more for a number between, or for an end that what was shown before rules out."""
        assert self.system.is_bound or not self.is_end(need)
        self._given_up.add(need)

    @property
    def exposed(self) -> list[int]:
        """The primary cells with an end that is given up."""
        return sorted({at for goal, at in self._given_up if self.is_end((goal, at))})

    @property
    def moves(self) -> NDArray[np.int64]:
        """One row a move, one column a cell."""
        return np.stack(self._moves)

    def unmet(self, moves: NDArray[np.int64]) -> list[Need]:
        """The needs that these moves alone do not meet, but those that are given up."""
        reached = np.minimum(self.system.counts + moves, self.system.limits)[:, self.primary]
        needs = [
            (goal, int(at))
            for goal, wanted in self._wanted.items()
            for at in self.primary[wanted & ~np.any(reached == goal, axis=0)]
        ]
        return [need for need in needs if need not in self._given_up]

    def keep(self, kept: Flags) -> None:
        """Forget the other moves."""
        self._moves = [move for move, is_kept in zip(self._moves, kept, strict=True) if is_kept]
        assert not self.unmet(self.moves)

    def audit(self, hidden: Flags) -> None:
        """The proof as a whole, in whole numbers: AssertionError when a move changes a cell that is shown, breaks a
        relation, or when a need is not met."""
        moves = self.moves
        if moves[:, ~hidden].any() or not all(map(self.is_move, moves)) or self.unmet(moves):
            raise AssertionError("the hidden cells are not proven to be protected")


def _wanted(limits: Counts) -> dict[int, Flags]:
    """The numbers that cells with these limits must be able to be, each with the cells that must."""
    ends = {0, *(int(limit) for limit in limits)}
    between = range(max((end for end in ends if end <= _MOST_BETWEEN), default=0))
    return {
        goal: (limits == goal) | (limits > goal) & ((limits <= _MOST_BETWEEN) | (goal == 0))
        for goal in sorted(ends.union(between))
    }
