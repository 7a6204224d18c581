"""What to hide in one system of cells so that no primary cell can be worked out. Pure.

For each primary cell in turn: the cheapest move (see `evidence`) that brings it to zero, one that brings it to the
limit, and one for each number between, where a shown cell costs and a hidden one is almost free. The shown cells that
the move changes are then hidden. After that, cells that turned out not to be needed are shown again, the most general
first.

What was shown before is no cell of a system, so no move changes it. It may leave no move at all to an end of some
primary cell, even with everything else hidden: that cell is *exposed*, and the search goes on with the others.

The heuristic is the linear programming one of cell suppression: J. P. Kelly, B. L. Golden and A. A. Assad, "Cell
suppression: disclosure protection for sensitive tabular data", Networks 22 (1992) 397–417.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, hstack

from kpi.disclosure.evidence import Evidence, Need
from kpi.disclosure.solver import find_whole, minimise
from kpi.disclosure.system import Counts, Flags, Numbers, System

_HIDDEN_COST = 0.01  # not nothing, so that moves are short and leave room for others
_MOST_REPLACED = 30  # a cell that more needs rest on is hardly ever shown again, and costs time to try
_MOVED = 1e-6  # what the solver leaves of nothing is less
_FEW_NODES, _MANY_NODES = 200, 10_000  # of a search for whole numbers: a limit in nodes, never in time: deterministic
_TIE = 1e-4  # of a cell's cost, for its place by id: of equal cells the first is hidden

Step = Callable[[int, int], None]
"""Called with how many needs are met, and of how many."""


def forced_to_zero(system: System) -> Flags:
    """The cells that the relations alone force to zero, whatever is hidden."""
    size, rows = len(system.cells), len(system.relations)
    # x = marked + more, with marked in 0 … 1: in a cone every cell that can be positive at all can be marked in full
    found = minimise(
        np.concatenate([-np.ones(size), np.zeros(size)]),
        csc_array(hstack([system.matrix, system.matrix]), dtype=np.float64) if rows else np.zeros((0, 2 * size)),
        np.zeros(2 * size),
        np.concatenate([np.ones(size), np.full(size, np.inf)]),
    )
    assert found is not None
    return found[:size] < 0.5


@dataclass(frozen=True)
class Hiding:
    """Which cells of a system to hide, and which of them are exposed whatever is hidden."""

    hidden: Flags
    exposed: Flags


def hide(system: System, kept: Flags, step: Step | None = None) -> Hiding:
    """Which cells to hide, `kept` among them, so that every count up to its limit may as well be 0 or the limit."""
    return _Search(system, kept).run(step)


class _Search:
    def __init__(self, system: System, kept: Flags) -> None:
        self.system = system
        self.evidence = Evidence(system)
        self.kept: Flags = system.primary | kept
        self.hidden: Flags = self.kept.copy()
        self.costs = _costs(system)
        self.matrix = csc_array(hstack([system.matrix, -system.matrix]), dtype=np.float64)

    def run(self, step: Step | None) -> Hiding:
        needs = sorted(self.evidence.needs, key=self._order)
        for done, need in enumerate(needs):
            if not self.evidence.is_met(need):
                self._meet(need)
            if step:
                step(done + 1, len(needs))
        self._show_again()
        self.evidence.audit(self.hidden)
        exposed = np.zeros(len(self.hidden), dtype=np.bool_)
        exposed[self.evidence.exposed] = True
        return Hiding(self.hidden, exposed)

    def _order(self, need: Need) -> tuple[bool, int, int, int, int]:
        goal, at = need
        return not self.evidence.is_end(need), -int(self.system.levels[at]), int(self.system.counts[at]), at, -goal

    def _meet(self, need: Need) -> None:
        move = self._find(need)
        if move is None and (self.system.is_bound or not self.evidence.is_end(need)):
            self.evidence.give_up(need)
            return
        if move is None:
            self.hidden[:] = True
            move = self._with_all_hidden(need)
        self.evidence.add(move)
        self.hidden |= move != 0

    def _find(self, need: Need) -> Counts | None:
        """The cheapest move that meets the need; where that is not whole, one of whole numbers near it.

        An end that shown cells leave in fractions is sought long in whole numbers, since to hide more does not help. If
        none is found the end counts as ruled out: nothing is promised that is not proven.
        """
        everything = np.ones(len(self.hidden), dtype=np.bool_)
        costs, low, high = self._problem(need, everything)
        found = minimise(costs, self.matrix, low, high)
        if found is None:
            assert self.system.is_bound, "a cell that is not forced to zero can move"
            return None
        move = self.evidence.as_move(_net(found), need)
        if move is not None:
            return move
        tries = [(self.hidden | (np.abs(_net(found)) > _MOVED), _FEW_NODES), (everything, _FEW_NODES)]
        if self.system.is_bound and self.evidence.is_end(need):
            tries.append((everything, _MANY_NODES))
        for movable, nodes in tries:
            costs, low, high = self._problem(need, movable)
            found = find_whole(costs, self.matrix, low, high, nodes)
            move = None if found is None else self.evidence.as_move(_net(found), need)
            if move is not None:
                return move
        return None

    def _problem(self, need: Need, movable: Flags) -> tuple[Numbers, Numbers, Numbers]:
        """Costs and bounds of rises and falls, one each a cell."""
        (goal, at), size = need, len(self.hidden)
        counts = self.system.counts.astype(np.float64)
        costs = np.where(self.hidden, _HIDDEN_COST, self.costs)
        low = np.zeros(2 * size)
        high = np.concatenate([np.where(movable, np.inf, 0.0), np.where(movable, counts, 0.0)])
        rise = goal - counts[at]
        low[at], low[size + at] = max(rise, 0), max(-rise, 0)
        high[at], high[size + at] = np.inf if goal == self.system.limits[at] else low[at], low[size + at]
        return np.concatenate([costs, costs]), low, high

    def _with_all_hidden(self, need: Need) -> Counts:
        """A move when nothing is shown, before or now: to nothing at all, or a whole multiple of one that only adds."""
        goal, at = need
        if goal == 0:
            return -self.system.counts
        low = np.zeros(len(self.hidden))
        low[at] = self.system.limits[at]
        found = minimise(np.ones(len(low)), self.system.matrix.astype(np.float64), low, np.full(len(low), np.inf))
        assert found is not None
        for times in range(1, 1000):
            move = self.evidence.as_move(found * times, need)
            if move is not None:
                return move
        raise AssertionError("no whole multiple of a rational move")

    def _show_again(self) -> None:
        """Show the cells that are not needed: costly ones first, then by id."""
        secondary = np.flatnonzero(self.hidden & ~self.kept)
        for at in sorted(secondary, key=lambda at: (-self.costs[at], at)):
            free = self.evidence.moves[:, at] == 0
            movable = self.hidden.copy()
            movable[at] = False
            needs = self.evidence.unmet(self.evidence.moves[free])
            added = self._replacements(needs, movable) if len(needs) <= _MOST_REPLACED else None
            if added is None:
                continue
            for move in added:
                self.evidence.add(move)
            self.evidence.keep(np.concatenate([free, np.ones(len(added), dtype=np.bool_)]))
            self.hidden[at] = False

    def _replacements(self, needs: list[Need], movable: Flags) -> list[Counts] | None:
        added: list[Counts] = []
        for need in needs:
            if added and need not in self.evidence.unmet(np.stack(added)):
                continue
            costs, low, high = self._problem(need, movable)
            found = minimise(costs, self.matrix, low, high)
            move = None if found is None else self.evidence.as_move(_net(found), need)
            if move is None:
                return None
            added.append(move)
        return added


def _costs(system: System) -> Numbers:
    """What hiding a cell costs: more for totals of totals and for large counts."""
    ties = 1 + _TIE * np.arange(len(system.cells)) / len(system.cells)
    costs: Numbers = (1.0 + system.levels) * (1 + 0.5 * np.log2(1.0 + system.counts)) * ties
    return costs


def _net(found: Numbers) -> Numbers:
    half = len(found) // 2
    net: Numbers = found[:half] - found[half:]
    return net
