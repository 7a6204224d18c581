"""The one door to the solver: HiGHS, through `scipy.optimize`. Pure.

It answers in floating point. Where a guarantee rests on an answer, `evidence` checks it in whole numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from kpi.disclosure.system import Numbers

_SOLVED, _INFEASIBLE, _UNBOUNDED = 0, 2, 3
_FIRST = {"presolve": True, "mip_rel_gap": 1e9}


class Unbounded(Exception):
    """The costs fall without end."""


class SolverFailed(RuntimeError):
    """The solver has no answer at all; none is known to happen."""


def minimise(
    costs: Numbers, matrix: Any, low: Numbers, high: Numbers, rows: tuple[Numbers, Numbers] | None = None
) -> Numbers | None:
    """The x with the least costs·x where low ≤ x ≤ high and rows[0] ≤ matrix·x ≤ rows[1] (zeros when not given).

    None when there is no such x. Raises Unbounded, and SolverFailed.
    """
    for presolve in (False, True):
        found = _solve(costs, matrix, low, high, rows, {"presolve": presolve})
        if found.status == _UNBOUNDED:
            raise Unbounded
        if found.status == _SOLVED:
            return np.asarray(found.x, dtype=np.float64)
        if found.status == _INFEASIBLE:
            return None
    raise SolverFailed(found.message)


def find_whole(costs: Numbers, matrix: Any, low: Numbers, high: Numbers, nodes: int) -> Numbers | None:
    """Whole numbers with matrix·x = 0 and low ≤ x ≤ high, the first found; None when a search of so many nodes finds
    none."""
    found = _solve(costs, matrix, low, high, None, _FIRST | {"node_limit": nodes}, whole=True)
    return None if found.x is None else np.asarray(found.x, dtype=np.float64)


def _solve(
    costs: Numbers,
    matrix: Any,
    low: Numbers,
    high: Numbers,
    rows: tuple[Numbers, Numbers] | None,
    options: dict[str, Any],
    *,
    whole: bool = False,
) -> Any:
    lowest, highest = rows or (np.zeros(matrix.shape[0]), np.zeros(matrix.shape[0]))
    return milp(
        costs,
        integrality=np.ones(len(costs)) if whole else None,
        bounds=Bounds(low, high),
        constraints=[LinearConstraint(matrix, lowest, highest)] if matrix.shape[0] else [],
        options=options,
    )
