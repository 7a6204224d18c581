"""Tables for tests of disclosure control: sums along axes of any depth, by hand or drawn by Hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product

from hypothesis import strategies as st

from kpi.disclosure.table import Relation, Table

Axis = Mapping[str, Sequence[str]]


def names_of(axis: Axis) -> list[str]:
    """Every name of an axis, totals too."""
    return list(dict.fromkeys([*axis, *(part for parts in axis.values() for part in parts)]))


def leaves_of(axis: Axis, name: str) -> list[str]:
    """What a name is the sum of at the lowest level; the name itself when it is there."""
    return [leaf for part in axis[name] for leaf in leaves_of(axis, part)] if name in axis else [name]


def crossed(axes: Sequence[Axis], count: Callable[[tuple[str, ...]], int], hide_up_to: int = 4) -> Table:
    """The table of all axes crossed, with sums along each; `count` gives the counts at the lowest level."""
    ends = [[name for name in names_of(axis) if name not in axis] for axis in axes]
    counts = {key: count(key) for key in product(*ends)}
    keys = list(product(*map(names_of, axes)))
    cells = {
        "|".join(key): sum(
            counts[leaf] for leaf in product(*(leaves_of(axis, name) for axis, name in zip(axes, key, strict=True)))
        )
        for key in keys
    }
    relations = [
        Relation("|".join(key), tuple("|".join((*key[:at], part, *key[at + 1 :])) for part in axis[key[at]]))
        for at, axis in enumerate(axes)
        for key in keys
        if key[at] in axis
    ]
    return Table.build(cells, relations, hide_up_to)


_COUNTS = st.one_of(st.just(0), st.integers(0, 4), st.integers(0, 12), st.integers(0, 60))


@st.composite
def axes(draw: st.DrawFn, prefix: str, most: int = 3) -> Axis:
    """A total of codes, or a hierarchy of three levels where a board may have a single unit."""
    if draw(st.booleans()):
        return {prefix: [f"{prefix}{at}" for at in range(draw(st.integers(1, most)))]}
    boards = [f"{prefix}{at}" for at in range(draw(st.integers(1, 2)))]
    return {prefix: boards} | {
        board: [f"{board}u{at}" for at in range(draw(st.integers(1, max(1, most - 1))))] for board in boards
    }


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """One to three axes crossed: unit × month, flow matrix, unit × month × category, with all margins."""
    chosen = [draw(axes(prefix)) for prefix in "KYT"[: draw(st.integers(1, 3))]]
    return crossed(chosen, lambda _: draw(_COUNTS), draw(st.sampled_from([4, 4, 4, 0, 1, 9])))


@st.composite
def tiny_tables(draw: st.DrawFn) -> Table:
    """Few enough cells to try every count; any sums of any cells, chains and repeated sums too."""
    cells = {f"b{at}": draw(st.integers(0, 4)) for at in range(draw(st.integers(1, 4)))}
    relations = []
    for at in range(draw(st.integers(0, 3))):
        parts = draw(st.lists(st.sampled_from(sorted(cells)), min_size=1, max_size=3, unique=True))
        cells[f"t{at}"] = sum(cells[part] for part in parts)
        relations.append(Relation(f"t{at}", tuple(parts)))
    return Table.build(cells, relations, draw(st.integers(0, 3)))
