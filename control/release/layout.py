"""How released counts hang together: units and their board, months and their year, parts and their whole. Pure.

A *place* is a quantity in a unit and a period. Every sum that a reader may know stands here; what the parts leave over
is a place of its own that nobody is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from control.release.counts import WHOLE, FigureCell
from control.release.due import Tree
from kpi.disclosure.quantity import Quantity
from kpi.period import Period, PeriodType, periods_between
from kpi.views.rows import Split

Place = tuple[Quantity, str, Period]


@dataclass(frozen=True)
class Sum:
    """The count of `total` is that of the parts and what they leave over. `is_whole`: nothing is ever left over.
    `may_be_more`: nobody can know that nothing is."""

    total: Place
    parts: tuple[Place, ...]
    is_whole: bool = False
    may_be_more: bool = False


def sums(places: Collection[Place], cells: Iterable[FigureCell], tree: Tree) -> Iterator[Sum]:
    """Every sum among the places. `cells` say which quantities are parts of which."""
    known = set(places)
    yield from _over_units(known, tree)
    yield from _over_time(known, tree)
    yield from _over_parts(known, list(cells))


def _over_units(known: set[Place], tree: Tree) -> Iterator[Sum]:
    """Each unit by what lies right below it; and by what lies further down where something there has moved, since it
    belongs to none of those between, but to them all. A unit whose count is in no place here, but in another period,
    may hold something: then more may be left."""
    counted: dict[Quantity, set[str]] = {}
    for quantity, unit, _ in known:
        counted.setdefault(quantity, set()).add(unit)
    for quantity, unit, period in _ordered(known):
        if not quantity.sums_over_units:
            continue
        units, is_less, is_first = frozenset({unit}), False, True
        while True:
            below = _below(known, tree, counted[quantity], (quantity, period), units)
            is_less |= below.is_less
            if below.units == units:
                break
            units = below.units
            if not units:
                break
            if is_first or any(len(tree.parents(one, period)) > 1 for one in units):
                parts = tuple((quantity, one, period) for one in sorted(units))
                yield Sum((quantity, unit, period), parts, may_be_more=is_less)
            is_first = False


@dataclass(frozen=True)
class _Below:
    """What units are made of. `is_less`: some of it lies elsewhere too in the period, and is left out."""

    units: frozenset[str]
    is_less: bool


def _below(
    known: set[Place], tree: Tree, counted: set[str], of: tuple[Quantity, Period], units: frozenset[str]
) -> _Below:
    found, is_less = set[str](), False
    quantity, period = of

    def look(code: str, seen: frozenset[str]) -> bool:
        """Whether anything is known under the unit."""
        nonlocal is_less
        holds = False
        for child in tree.children(code, period):
            if child in seen:
                continue
            is_known = (quantity, child, period) in known
            if not tree.parents(child, period) <= units | {code}:
                is_less |= is_known
                holds |= is_known
            elif is_known:
                found.add(child)
                holds = True
            else:
                lower = look(child, seen | {child})
                is_less |= not lower and child in counted
                holds |= lower
        return holds

    found |= {code for code in units if not look(code, frozenset({code}))}
    return _Below(frozenset(found), is_less)


def _over_time(known: set[Place], tree: Tree) -> Iterator[Sum]:
    by_place: dict[tuple[Quantity, str], list[Period]] = {}
    for quantity, unit, period in _ordered(known):
        if quantity.sums_over_time:
            by_place.setdefault((quantity, unit), []).append(period)
    for (quantity, unit), periods in by_place.items():
        for whole in periods:
            for type_ in PeriodType:
                inside = [one for one in periods if one.type is type_ and _lies_in(one, whole)]
                if inside:
                    first, last = (Period.containing(day, type_) for day in (whole.first_day, whole.last_day))
                    missing = set(periods_between(first, last)) - set(inside)
                    has_gap = any(tree.exists(unit, one) for one in missing)
                    yield Sum(
                        (quantity, unit, whole), tuple((quantity, unit, one) for one in inside), may_be_more=has_gap
                    )


def _lies_in(part: Period, whole: Period) -> bool:
    is_shorter = part.type.months < whole.type.months
    return is_shorter and part.first_day >= whole.first_day and part.last_day <= whole.last_day


def _over_parts(known: set[Place], cells: list[FigureCell]) -> Iterator[Sum]:
    shares: set[tuple[Quantity, Quantity, Quantity]] = set()
    whole: set[Quantity] = set()
    for cell in cells:
        if cell.counted is None:
            continue
        if cell.split == WHOLE:
            whole.update(cell.counted.all)
        if cell.counted.numerator and cell.counted.complement:
            shares.add((cell.counted.denominator, cell.counted.numerator, cell.counted.complement))
    where: dict[Quantity, set[tuple[str, Period]]] = {}
    for quantity, unit, period in known:
        where.setdefault(quantity, set()).add((unit, period))

    def at(total: Quantity, parts: tuple[Quantity, ...], *, is_whole: bool) -> Iterator[Sum]:
        common = set.intersection(*(where.get(one, set()) for one in (total, *parts)))
        for unit, period in sorted(common):
            yield Sum((total, unit, period), tuple((part, unit, period) for part in parts), is_whole, not is_whole)

    for total, one, other in sorted(shares, key=lambda share: tuple(part.id for part in share)):
        yield from at(total, (one, other), is_whole=True)
    for total, part in _nested(whole):
        if not any({total, part} <= set(share) for share in shares):
            yield from at(total, (part,), is_whole=False)
    yield from _over_categories(known, cells)


def _nested(quantities: Collection[Quantity]) -> Iterator[tuple[Quantity, Quantity]]:
    """Pairs where the second is some of the first's rows, with none of the others between."""
    by_rows: dict[str, list[Quantity]] = {}
    for quantity in sorted(quantities, key=lambda one: one.id):
        by_rows.setdefault(quantity.of, []).append(quantity)
    for alike in by_rows.values():
        for total in alike:
            inside = [one for one in alike if one.where > total.where]
            for part in inside:
                if not any(total.where < one.where < part.where for one in inside):
                    yield total, part


def _over_categories(known: set[Place], cells: list[FigureCell]) -> Iterator[Sum]:
    """A table's cells and its margins; a distribution's answers and the share of the good ones."""
    kept = [cell for cell in cells if cell.counted is not None]
    kept.sort(key=lambda cell: (cell.definition.id, cell.unit_code, cell.period, cell.split))
    for _, alike in groupby(kept, key=lambda cell: (cell.definition.id, cell.unit_code, cell.period)):
        by_split = {cell.split: cell for cell in alike}
        whole = by_split.pop(WHOLE, None)
        if whole is None or whole.counted is None or not by_split:
            continue
        if whole.definition.split:
            everything = {WHOLE: whole, **by_split}
            for total, parts in _margins(everything):
                yield from _same_piece(known, everything[total], [everything[one] for one in parts])
        else:
            yield from _answers(known, whole, list(by_split.values()))


def _margins(cells: Mapping[Split, FigureCell]) -> Iterator[tuple[Split, list[Split]]]:
    """Each total with the splits that make it up along one column."""
    columns = max(cells, key=len)
    for split in sorted(cells):
        named = {name for name, _ in split}
        for column in [name for name, _ in columns if name not in named]:
            parts = [one for one in cells if len(one) == len(split) + 1 and set(split) < set(one)]
            parts = [one for one in parts if column in {name for name, _ in one}]
            if parts:
                yield split, sorted(parts)


def _same_piece(known: set[Place], total: FigureCell, parts: list[FigureCell]) -> Iterator[Sum]:
    """The sum of each of the cell's counts."""
    pieces: tuple[Callable[[FigureCell], Quantity | None], ...] = (
        lambda cell: cell.counted.denominator if cell.counted else None,
        lambda cell: cell.counted.numerator if cell.counted else None,
        lambda cell: cell.counted.complement if cell.counted else None,
    )
    for piece in pieces:
        found = [(piece(cell), cell.unit_code, cell.period) for cell in (total, *parts)]
        places = [(one[0], one[1], one[2]) for one in found if one[0] is not None]
        if len(places) == len(found) and set(places) <= known:
            yield Sum(places[0], tuple(places[1:]))


def _answers(known: set[Place], whole: FigureCell, answers: list[FigureCell]) -> Iterator[Sum]:
    assert whole.counted is not None
    by_answer = {
        cell.split[0][1]: (cell.counted.numerator, cell.unit_code, cell.period)
        for cell in answers
        if cell.counted is not None and cell.counted.numerator is not None
    }
    places = {answer: (quantity, unit, period) for answer, (quantity, unit, period) in by_answer.items()}
    everything = (whole.counted.denominator, whole.unit_code, whole.period)
    if set(places.values()) <= known:
        yield Sum(everything, tuple(places[one] for one in sorted(places)))
        good = tuple(places[one] for one in sorted(places) if one in whole.counted.good)
        if good and whole.counted.numerator is not None and len(good) > 1:
            yield Sum((whole.counted.numerator, whole.unit_code, whole.period), good)


def _ordered(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (place[0].id, place[1], place[2]))
