"""An attacker written apart from the product: whole numbers over the whole table at once, and brute force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from kpi.disclosure.table import Table

_FAR = 10_000


def whole_interval(table: Table, published: Mapping[str, int], target: str) -> tuple[int, int]:
    """The least and the greatest whole count of a cell that agree with what is published."""
    cells = sorted(table.cells)
    equations = np.zeros((len(table.relations), len(cells)))
    for row, relation in zip(equations, table.relations, strict=True):
        for part in relation.parts:
            row[cells.index(part)] += 1
        row[cells.index(relation.total)] -= 1
    bounds = Bounds([published.get(cell, 0) for cell in cells], [published.get(cell, _FAR) for cell in cells])
    goal = np.array([float(cell == target) for cell in cells])
    rules = [LinearConstraint(equations, 0, 0)] if table.relations else []
    ends = [
        milp(sign * goal, integrality=np.ones(len(cells)), bounds=bounds, constraints=rules).fun for sign in (1, -1)
    ]
    return round(ends[0]), round(-ends[1])


def agreeing(table: Table, published: Mapping[str, int], most: int) -> Iterator[dict[str, int]]:
    """Every table of whole counts up to `most`, and no others, that agrees with what is published."""
    totals = {relation.total for relation in table.relations}
    bases = [cell for cell in table.cells if cell not in totals]
    for counts in product(*([published[cell]] if cell in published else range(most + 1) for cell in bases)):
        cells = dict(zip(bases, counts, strict=True))
        for relation in sorted(table.relations, key=lambda one: one.total):  # a total is of cells before it
            cells[relation.total] = sum(cells[part] for part in relation.parts)
        if all(cells[cell] == count for cell, count in published.items()):
            yield cells
