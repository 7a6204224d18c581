"""Protecting simulated tables of about 300, 650 and 2 000 cells, and ledgers of a year that are released period by
period: time, and the share of cells that is hidden.

`python -m benchmarks.protect [--mean 6] [--seed 1] [SHAPE …]`
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from itertools import product
from math import log
from time import perf_counter

from kpi.disclosure.protect import Protected, protect
from kpi.disclosure.table import Before, Relation, Table

Axis = Mapping[str, Sequence[str]]
"""A total and what it is the sum of, level by level."""

MONTHS: Axis = {"Y": [f"m{at:02}" for at in range(1, 13)]}
TERTIALS: Axis = {"Y": ["T1", "T2", "T3"]} | {
    f"T{at + 1}": [f"m{4 * at + month:02}" for month in range(1, 5)] for at in range(3)
}


def units(boards: int, each: int) -> Axis:
    """A municipality of boards of units."""
    names = [f"B{board}" for board in range(boards)]
    return {"K": names} | {name: [f"{name}E{unit}" for unit in range(each)] for name in names}


def codes(total: str, count: int) -> Axis:
    """A total of so many codes."""
    return {total: [f"{total}{at:02}" for at in range(count)]}


SHAPES: Mapping[str, tuple[Axis, ...]] = {
    "300: units × months": (units(3, 6), MONTHS),
    "650: units × months × categories": (units(2, 5), MONTHS, codes("c", 3)),
    "650: flow matrix with margins": (codes("s", 25), codes("r", 24)),
    "2000: units × tertials × categories": (units(3, 9), TERTIALS, codes("c", 3)),
    "2000: units × months": (units(12, 11), MONTHS),
    "2000: flow matrix with margins": (codes("s", 44), codes("r", 44)),
}

LEDGERS: Mapping[str, tuple[Axis, Axis]] = {
    "350 by period: units × tertials": (units(3, 6), TERTIALS),
    "690 by period: units × tertials": (units(6, 6), TERTIALS),
}
"""The second axis is time: what each of its periods holds is released after the periods that it is the sum of."""


def table(axes: Sequence[Axis], generator: random.Random, mean: float) -> Table:
    """Random counts, a third of them zero, for all that the axes hold, with the sums along each axis."""
    below = [_leaves(axis) for axis in axes]
    ends = [[name for name in leaves if name not in axis] for axis, leaves in zip(axes, below, strict=True)]
    counts = {
        key: 0 if generator.random() < 1 / 3 else int(-mean * log(1 - generator.random())) for key in product(*ends)
    }
    cells = {
        "|".join(key): sum(
            counts[one] for one in product(*(leaves[name] for leaves, name in zip(below, key, strict=True)))
        )
        for key in product(*below)
    }
    relations = [
        Relation("|".join(key), tuple("|".join((*key[:at], part, *key[at + 1 :])) for part in axis[key[at]]))
        for at, axis in enumerate(axes)
        for key in product(*below)
        if key[at] in axis
    ]
    return Table.build(cells, relations, 4)


def _leaves(axis: Axis) -> dict[str, list[str]]:
    def under(name: str) -> list[str]:
        return [leaf for part in axis[name] for leaf in under(part)] if name in axis else [name]

    return {name: under(name) for name in dict.fromkeys([*axis, *(part for parts in axis.values() for part in parts)])}


def measure(shape: str, mean: float, seed: int) -> str:
    """Protect one table; a line of what it took."""
    made = table(SHAPES[shape], random.Random(seed), mean)
    began = perf_counter()
    protected = protect(made)
    seconds = perf_counter() - began
    return f"{_told(shape, made, protected)}, {seconds:6.1f} s"


def measure_ledger(shape: str, mean: float, seed: int) -> str:
    """Protect one release after the other; a line of what the slowest and all of them took."""
    whole = table(LEDGERS[shape], random.Random(seed), mean)
    before, released, seconds = Before(), dict[str, int](), []
    for period in _periods(LEDGERS[shape][1], "Y"):
        released |= {cell: count for cell, count in whole.cells.items() if cell.endswith(f"|{period}")}
        relations = [one for one in whole.relations if {one.total, *one.parts} <= released.keys()]
        made = Table.build(released, relations, whole.hide_up_to)
        began = perf_counter()
        protected = protect(made, before=before)
        seconds.append(perf_counter() - began)
        before = Before(frozenset(protected.hidden), frozenset(protected.published))
    slowest, all_ = max(seconds), sum(seconds)
    return f"{_told(shape, made, protected)}, {slowest:6.1f} s the slowest of {len(seconds)}, {all_:.1f} s all"


def _periods(axis: Axis, last: str) -> list[str]:
    return [*(period for part in axis.get(last, ()) for period in _periods(axis, part)), last]


def _told(shape: str, made: Table, protected: Protected) -> str:
    primary, hidden, cells = len(made.primary), len(protected.hidden), len(made.cells)
    return f"{shape:<36} {cells:>5} cells, {primary / cells:4.0%} small, {hidden / cells:4.0%} hidden"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help="beginnings of shapes; all when none is given")
    parser.add_argument("--mean", type=float, default=6.0, help="of the counts that are not zero")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for shape in (*SHAPES, *LEDGERS):
        if not given.shapes or shape.startswith(tuple(given.shapes)):
            take = measure if shape in SHAPES else measure_ledger
            print(take(shape, given.mean, given.seed), flush=True)


if __name__ == "__main__":
    main()
