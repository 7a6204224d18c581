"""The one door to the solver: HiGHS, through `highspy`. Pure.

It answers in floating point. Where a guarantee rests on an answer, `evidence` checks it in whole numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from highspy import HighsModelStatus, HighsVarType, MatrixFormat, ObjSense
from highspy._core import _Highs as Highs  # the public class above it writes a banner to the terminal when it is made
from scipy.sparse import csc_array

from kpi.disclosure.system import Numbers

_ANY_GAP = 1e9


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
    for presolve in ("off", "on"):
        solver = _solver(costs, matrix, low, high, rows)
        solver.setOptionValue("presolve", presolve)
        solver.run()
        status = solver.getModelStatus()
        if status == HighsModelStatus.kUnbounded:
            raise Unbounded
        if status == HighsModelStatus.kOptimal:
            return np.array(solver.getSolution().col_value, dtype=np.float64)
        if status == HighsModelStatus.kInfeasible:
            return None
    raise SolverFailed(solver.modelStatusToString(status))


def find_whole(costs: Numbers, matrix: Any, low: Numbers, high: Numbers, nodes: int) -> Numbers | None:
    """Whole numbers with matrix·x = 0 and low ≤ x ≤ high, the first found; None when a search of so many nodes finds
    none."""
    solver = _solver(costs, matrix, low, high, None, HighsVarType.kInteger)
    solver.setOptionValue("presolve", "on")
    solver.setOptionValue("mip_rel_gap", _ANY_GAP)
    solver.setOptionValue("mip_max_nodes", nodes)
    solver.run()
    is_found = solver.getInfo().objective_function_value < np.inf
    if solver.getModelStatus() not in (HighsModelStatus.kOptimal, HighsModelStatus.kSolutionLimit) or not is_found:
        return None
    return np.array(solver.getSolution().col_value, dtype=np.float64)


def _solver(
    costs: Numbers,
    matrix: Any,
    low: Numbers,
    high: Numbers,
    rows: tuple[Numbers, Numbers] | None,
    kind: HighsVarType = HighsVarType.kContinuous,
) -> Any:
    columns = csc_array(matrix)
    size, count = len(costs), columns.shape[0]
    lowest, highest = rows or (np.zeros(count), np.zeros(count))
    solver = Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(
        size,
        count,
        columns.nnz,
        int(MatrixFormat.kColwise),
        int(ObjSense.kMinimize),
        0.0,
        costs,
        low,
        high,
        lowest,
        highest,
        columns.indptr,
        columns.indices,
        columns.data.astype(np.float64),
        np.full(size, int(kind), dtype=np.int32),
    )
    return solver
