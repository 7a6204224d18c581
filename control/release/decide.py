"""Which of a closing's values are shown, given all that has been shown before. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from control.release.counts import FigureCell, Key
from control.release.due import Tree
from control.release.layout import Place, Sum, sums
from kpi.definition import Shape
from kpi.disclosure.attack import Interval, Progress
from kpi.disclosure.ledger import Entry, Ledger, table_of
from kpi.disclosure.protect import Protected, protect
from kpi.disclosure.quantity import Quantity
from kpi.disclosure.table import NEVER, Before, Relation
from kpi.period import Period

_REST = "rest"
"""Begins the id of what parts leave over; no quantity's."""


@dataclass(frozen=True)
class Decision:
    """`shown`: the values that are published, by key; the others are hidden. `entries`, `relations`: what the ledger
    gets. `certificate`: the interval of every small count, by cell, of everything that hangs together with this
    release. `exposed`: small counts that earlier publications give away already. `unmodelled`: sums that do not hold,
    since units moved or values were corrected apart, and so tell nothing."""

    shown: frozenset[Key]
    entries: tuple[Entry, ...]
    relations: tuple[Relation, ...]
    certificate: Mapping[str, Interval]
    exposed: tuple[str, ...]
    unmodelled: int


def decide(
    cells: Sequence[FigureCell],
    ledger: Ledger,
    quantities: Collection[Quantity],
    tree: Tree,
    *,
    corrected: Collection[Key] = (),
    progress: Progress | None = None,
) -> Decision:
    """`cells`: every value that the release touches, told before or not, so that every sum among them is known.
    `corrected`: those that were told with other numbers. `quantities`: every quantity that a figure counts, to know the
    ledger's by."""
    counts = _counts(cells)
    again: Set[Place] = _counts(one for one in cells if one.key in corrected).keys()
    again = again - _counts(one for one in cells if one.key not in corrected).keys()
    limits = _limits(cells)
    empty = counts.keys() - _counts(cell for cell in cells if not cell.is_never_counted).keys()
    entries = {
        place: _entry(ledger, place, count, limits[place[0]], is_empty=place in empty, is_again=place in again)
        for place, count in counts.items()
    }
    new = {one.cell: one for one in entries.values() if one.cell not in ledger.entries}
    standing = _standing(ledger, quantities) | entries
    found = _Sums(standing, new)
    for one in sums(standing.keys(), cells, tree):
        found.add(one)
    new |= found.rests
    hidden = _hidden_beforehand(cells, entries, ledger) | found.rests.keys()
    reached, relations = ledger.around(new, found.relations)
    every = ledger.entries | new
    old = reached - new.keys()
    before = Before(
        hidden=frozenset(cell for cell in old if not every[cell].is_shown) | (hidden & new.keys()),
        shown=frozenset(cell for cell in old if every[cell].is_shown),
    )
    protected = _protect(every, reached, relations, before, progress)
    decided = [replace(one, is_shown=cell in protected.published) for cell, one in new.items()]
    shown_cells = {one.cell for one in (*decided, *ledger.entries.values()) if one.is_shown}
    return Decision(
        frozenset(cell.key for cell in cells if _is_shown(cell, entries, shown_cells)),
        tuple(sorted(decided, key=lambda one: one.cell)),
        tuple(found.relations),
        protected.certificate,
        tuple(cell for cell in protected.exposed if cell in new),
        found.unmodelled,
    )


def _protect(
    every: Mapping[str, Entry],
    reached: Collection[str],
    relations: Sequence[Relation],
    before: Before,
    progress: Progress | None,
) -> Protected:
    """Against two readers: one who knows which units have never had any row, so that their zeros protect nobody; and
    one who does not, from whom those zeros are hidden like any other.

    What is hidden from the first stays hidden from the second: to hide more never helps a reader.
    """
    empty = {cell for cell in reached if every[cell].is_empty}
    known = [
        Relation(one.total, parts)
        for one in relations
        if one.total not in empty and (parts := tuple(part for part in one.parts if part not in empty))
    ]
    others = {cell: every[cell] for cell in reached if cell not in empty}
    first = protect(
        table_of(_count_of(others), {cell: one.limit for cell, one in others.items()}, known),
        before=Before(before.hidden - empty, before.shown),
        progress=progress,
    )
    if not empty:
        return first
    everything = {cell: every[cell] for cell in reached}
    limits = {cell: one.limit if one.is_empty else NEVER for cell, one in everything.items()}
    second = protect(
        table_of(_count_of(everything), limits, relations),
        before=Before(before.hidden | frozenset(first.hidden), before.shown),
        progress=progress,
    )
    return Protected(
        second.published,
        second.hidden,
        {**second.certificate, **first.certificate},
        tuple(sorted({*first.exposed, *second.exposed})),
    )


def _count_of(entries: Mapping[str, Entry]) -> dict[str, int]:
    return {cell: one.count for cell, one in entries.items()}


def _counts(cells: Iterable[FigureCell]) -> dict[Place, int]:
    """Each place has one count. Figures that count the same may differ, where one was frozen before the other or speaks
    for fewer municipalities: then the first figure's stands, a rate's last, and the other's values are not shown."""
    found: dict[Place, int] = {}
    for cell in sorted(cells, key=lambda one: (one.definition.shape is Shape.RATE, one.key)):
        for quantity, count in (cell.counts or {}).items():
            found.setdefault((quantity, cell.unit_code, cell.period), count)
    return found


def _limits(cells: Iterable[FigureCell]) -> dict[Quantity, int]:
    """The strictest of what any figure asks of a quantity."""
    found: dict[Quantity, int] = {}
    for cell in cells:
        for quantity, limit in cell.counted.limits if cell.counted else ():
            found[quantity] = max(limit, found.get(quantity, NEVER))
    return found


def place_id(place: Place) -> str:
    """A place as the ledger names it."""
    quantity, unit, period = place
    return f"{quantity.id}|{unit}|{period}"


def _entry(ledger: Ledger, place: Place, count: int, limit: int, *, is_empty: bool, is_again: bool) -> Entry:
    """The ledger's entry of that count, else a new version. `is_again`: it stands in corrected values alone: when they
    are told again, nobody knows that this count is the old one."""
    newest = ledger.newest.get(place_id(place))
    if newest is None:
        return Entry(place_id(place), 1, count, limit, is_shown=False, is_empty=is_empty)
    if newest.count == count and not is_again:
        return newest
    return Entry(newest.place, newest.version + 1, count, limit, is_shown=False, is_empty=is_empty)


def _standing(ledger: Ledger, quantities: Iterable[Quantity]) -> dict[Place, Entry]:
    """The newest entries of the quantities that are known, by place."""
    by_id = {one.id: one for one in quantities}
    found = {}
    for entry in ledger.newest.values():
        quantity, *where = entry.place.split("|", 2)
        if quantity in by_id:
            unit, period = where
            found[(by_id[quantity], unit, Period.parse(period))] = entry
    return found


class _Sums:
    """Collects the sums that hold a new cell, as relations; what parts leave over becomes a cell of its own."""

    def __init__(self, entries: Mapping[Place, Entry], new: Mapping[str, Entry]) -> None:
        self._entries = entries
        self._new = new
        self.relations: list[Relation] = []
        self.rests: dict[str, Entry] = {}
        self.unmodelled = 0

    def add(self, one: Sum) -> None:
        total, parts = self._entries[one.total], [self._entries[part] for part in one.parts]
        if not any(entry.cell in self._new for entry in (total, *parts)):
            return
        left = total.count - sum(part.count for part in parts)
        if left < 0 or (one.is_whole and left):
            self.unmodelled += 1
            return
        names = tuple(sorted(part.cell for part in parts))
        if left or one.may_be_more:
            digest = hashlib.sha256(" ".join((total.cell, *names)).encode()).hexdigest()[:12]
            rest = Entry(f"{_REST}|{digest}", 1, left, NEVER, is_shown=False)
            self.rests[rest.cell] = rest
            names = (*names, rest.cell)
        self.relations.append(Relation(total.cell, tuple(sorted(names))))


def _hidden_beforehand(cells: Sequence[FigureCell], entries: Mapping[Place, Entry], ledger: Ledger) -> set[str]:
    """New cells that are hidden whatever the search finds: new versions of what was hidden, and the counts that only
    stand in values with a count that is too small."""
    hidden_places = ledger.hidden_places()
    wanted, together = set[str](), set[str]()
    for cell in cells:
        found = [entries[place] for place in _places(cell)]
        is_withheld = any(one.count <= one.limit or one.place in hidden_places for one in found)
        (together if is_withheld else wanted).update(one.cell for one in found)
    again = {one.cell for one in entries.values() if one.place in hidden_places}
    return again | (together - wanted)


def _places(cell: FigureCell) -> Iterator[Place]:
    for quantity in cell.counts or {}:
        yield quantity, cell.unit_code, cell.period


def _is_shown(cell: FigureCell, entries: Mapping[Place, Entry], shown: set[str]) -> bool:
    """Whether every count that the value gives away is published as the value has it, and none is too small."""
    told = [(entries[place], count) for place, count in zip(_places(cell), (cell.counts or {}).values(), strict=True)]
    return cell.is_protected and all(
        one.cell in shown and one.count == count and one.count > one.limit for one, count in told
    )
