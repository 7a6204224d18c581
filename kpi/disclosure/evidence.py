"""Proof that hidden counts may have other values: other tables that agree with everything shown. Pure.

A *move* is a whole number a cell; added to the true counts it gives a table with the same relations, no count below
zero, and the true count in every shown cell. The checks are exact, so nothing rests on the solver's rounding. Hiding
more never spoils a move.
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
number is the limit, that or more."""


class Evidence:
    """Moves found so far, and which needs of the primary cells they meet."""

    def __init__(self, system: System, limit: int) -> None:
        self.system = system
        self.limit = limit
        self.primary = np.flatnonzero(system.counts <= limit)
        self._moves: list[Counts] = [np.zeros(len(system.cells), dtype=np.int64)]  # the truth itself
        self._goals = range(limit + 1) if limit <= _MOST_BETWEEN else (0, limit)
        self._met = {goal: self._reaches(system.counts, goal) for goal in self._goals}
        self._given_up: set[Need] = set()

    def is_met(self, need: Need) -> bool:
        """Whether some move proves it."""
        goal, at = need
        return bool(self._met[goal][at])

    def add(self, move: Counts) -> None:
        """Keep a move; AssertionError when it is none."""
        assert self.is_move(move)
        self._moves.append(move)
        for goal in self._goals:
            self._met[goal] |= self._reaches(self.system.counts + move, goal)

    def is_move(self, move: Counts) -> bool:
        """Whether it keeps every relation, and no count falls below zero or grows beyond what is counted exactly."""
        counts = self.system.counts + move
        return bool(np.all(counts >= 0) and np.all(np.abs(move) <= LARGEST) and not np.any(self.system.matrix @ move))

    def as_move(self, numbers: Numbers, need: Need) -> Counts | None:
        """The solver's answer as a move that meets the need; None when rounding spoils it."""
        goal, at = need
        for times in range(1, _MOST_TIMES + 1) if goal == self.limit else (1,):
            move = np.rint(np.clip(numbers * times, -LARGEST, LARGEST)).astype(np.int64)
            is_whole = np.allclose(move, numbers * times, rtol=0, atol=1e-4)
            if is_whole and self.is_move(move) and self._reaches(self.system.counts + move, goal)[at]:
                return move
        return None

    def _reaches(self, counts: Counts, goal: int) -> Flags:
        reaches: Flags = np.greater_equal(counts, goal) if goal == self.limit else np.equal(counts, goal)
        return reaches

    @property
    def ends(self) -> list[Need]:
        """Zero, and the limit or more, of every primary cell: these must be met."""
        return [(goal, int(at)) for at in self.primary for goal in dict.fromkeys((self.limit, 0))]

    @property
    def between(self) -> list[Need]:
        """The numbers between, of every primary cell: some relations rule some of them out whatever is hidden."""
        return [(goal, int(at)) for at in self.primary for goal in self._goals if 0 < goal < self.limit]

    def give_up(self, need: Need) -> None:
        """Ask no more for a number between."""
        assert 0 < need[0] < self.limit
        self._given_up.add(need)

    @property
    def moves(self) -> NDArray[np.int64]:
        """One row a move, one column a cell."""
        return np.stack(self._moves)

    def unmet(self, moves: NDArray[np.int64]) -> list[Need]:
        """The needs that these moves alone do not meet, but those that are given up."""
        counts = self.system.counts[self.primary] + moves[:, self.primary]
        met = {goal: np.any(self._reaches(counts, goal), axis=0) for goal in self._goals}
        needs = [(goal, int(self.primary[place])) for goal in self._goals for place in np.flatnonzero(~met[goal])]
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
