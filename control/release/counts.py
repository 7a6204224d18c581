"""What a closing releases, with true values: each figure's value in a unit and a period, and the counts behind it.
Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from control.release.due import DueUnit
from kpi.definition import Definition, Kind, Shape
from kpi.disclosure.quantity import Counted, Quantity
from kpi.period import Period, PeriodType
from kpi.views.rows import Split

WHOLE: Split = ()
"""The split of a value that is not split."""


@dataclass(frozen=True)
class Value:
    """A figure's value as it is kept: see `kpi.cells.Cell`."""

    numerator: float | None
    denominator: float | None
    value: float | None
    cases: int


NOTHING = Value(0.0, 0.0, None, 0)
NONE_COUNTED = Value(0.0, None, 0.0, 0)

Own = Mapping[tuple[str, Period], Mapping[Split, Value]]
"""A figure's true values by unit and own period; a unit and period that is not there holds nothing."""


Key = tuple[str, str, Period, Split]
"""What a value is of: figure, unit, period and split."""


@dataclass(frozen=True)
class FigureCell:
    """One value that is to be released. `counted`: what it gives away; None where nothing has to be hidden.
    `is_never_counted`: the unit has never had any row of the figure. `is_mixed`: it sums up periods that were released
    when the figure meant something else; it is never shown, since the ledger does not know how it hangs together with
    them."""

    definition: Definition
    unit_code: str
    level: str
    period: Period
    split: Split
    value: Value
    counted: Counted | None
    is_never_counted: bool = False
    is_mixed: bool = False

    @property
    def key(self) -> Key:
        """What it is the value of."""
        return self.definition.id, self.unit_code, self.period, self.split

    @property
    def is_protected(self) -> bool:
        """Whether its counts are counts at all, so that they can be protected; else it is never shown."""
        return self.counted is None or (self.counts is not None and not self.is_mixed)

    @property
    def counts(self) -> dict[Quantity, int] | None:
        """The counts that it gives away; None where they are not whole, a part is larger than its whole, or a rate has
        no value: it has none where nothing is divided by, whatever there is to divide."""
        if self.counted is None:
            return {}
        if self.definition.shape is Shape.RATE and self.value == NOTHING:
            return None
        found = self._found(self.counted)
        if not all(float(count).is_integer() and count >= 0 for count in found.values()):
            return None
        return {quantity: int(count) for quantity, count in found.items()}

    def _found(self, counted: Counted) -> dict[Quantity, float]:
        value, shape = self.value, self.definition.shape
        if shape in (Shape.NUMBER, Shape.GAP):
            return {counted.denominator: value.cases}
        above = value.numerator or 0.0
        if shape is Shape.COUNT or counted.numerator is None:
            return {counted.denominator: above}
        below = value.denominator or 0.0
        found = {counted.denominator: below, counted.numerator: above}
        return found | ({counted.complement: below - above} if counted.complement else {})


def cells_of(
    definition: Definition,
    counted: Counted | None,
    due: Iterable[DueUnit],
    own: Own,
    categories: Iterable[Split],
    present: Collection[str],
) -> Iterator[FigureCell]:
    """The figure's values for the due units and periods. `categories`: every category that the figure has anywhere, so
    that nobody can tell from which stand in a table which are empty. `present`: the units that have ever had a row."""
    known = sorted(categories)
    for one in due:
        parts = [own.get((one.unit.code, period), {}) for period in one.own]
        for split, counts in _told(definition, counted, one, parts, known):
            never = counts is not None and one.unit.code not in present
            value = _of(definition, parts, split)
            yield FigureCell(definition, one.unit.code, one.unit.level, one.period, split, value, counts, never)


def _told(
    definition: Definition,
    counted: Counted | None,
    one: DueUnit,
    parts: list[Mapping[Split, Value]],
    categories: list[Split],
) -> Iterator[tuple[Split, Counted | None]]:
    """The splits that are told of a unit and period, with what each gives away: the whole, and a year's categories."""
    if counted is None:
        yield from ((split, None) for split in _open(definition, parts))
        return
    yield WHOLE, counted
    if one.period.type is (PeriodType.YEAR if definition.adds_up else definition.period):
        yield from ((split, narrowed(definition, counted, split)) for split in categories)


def with_margins(splits: Iterable[Split]) -> set[Split]:
    """Every combination of the values that occur, with the sums over each column: a table and its margins."""
    found = set(splits)
    if not found or len(next(iter(found))) == 1:
        return found
    columns = [sorted({split[at] for split in found}) for at in range(len(next(iter(found))))]
    return {(value,) for column in columns for value in column} | set(product(*columns))


def _open(definition: Definition, parts: list[Mapping[Split, Value]]) -> list[Split]:
    if not definition.split:
        return [WHOLE]
    return sorted({split for one in parts for split in one})


def narrowed(definition: Definition, counted: Counted, split: Split) -> Counted:
    """What the figure counts in one category."""
    if definition.kind is Kind.DISTRIBUTION:
        ((column, value),) = split
        return counted.answer(column, value)
    return counted.of_category(split)


def _of(definition: Definition, parts: list[Mapping[Split, Value]], split: Split) -> Value:
    """One value over the own periods: a single one as it is, several summed; of a split figure over its categories."""
    empty = NOTHING if definition.shape is not Shape.COUNT else NONE_COUNTED
    if definition.kind is Kind.DISTRIBUTION and split:
        total = sum(one[WHOLE].denominator or 0.0 for one in parts if WHOLE in one)
        numerator = sum(one[split].numerator or 0.0 for one in parts if split in one)
        return Value(numerator, total, numerator / total if total else None, int(total))
    found = [value for one in parts for at, value in one.items() if set(split) <= set(at) and _counts(definition, at)]
    if not found:
        return empty
    if len(found) == 1:
        return found[0]
    above = sum(one.numerator or 0.0 for one in found)
    if definition.shape is Shape.COUNT:
        return Value(above, None, above, sum(one.cases for one in found))
    below = sum(one.denominator or 0.0 for one in found)
    return Value(above, below, above / below if below else None, sum(one.cases for one in found))


def _counts(definition: Definition, split: Split) -> bool:
    """Whether a stored value is part of the figure's whole: a distribution's answers stand beside it."""
    return definition.kind is not Kind.DISTRIBUTION or split == WHOLE


def shifted(
    definition: Definition, values: Mapping[Split, Value], was: Mapping[Split, Value], now: Mapping[Split, Value]
) -> dict[Split, Value] | None:
    """A level's values with one of its boards as it `was` instead of as it is `now`; None for what does not add up."""
    changed = {
        split: (before, after)
        for split in was.keys() | now.keys()
        if _sums(before := was.get(split)) != _sums(after := now.get(split))
    }
    if not changed:
        return dict(values)
    if definition.shape in (Shape.NUMBER, Shape.GAP):
        return None
    found = dict(values)
    for split, (before, after) in changed.items():
        above, below, cases = (
            one + old - new for one, old, new in zip(_sums(values.get(split)), _sums(before), _sums(after), strict=True)
        )
        if definition.shape is Shape.COUNT:
            found[split] = Value(above, None, above, int(cases))
            continue
        if definition.meaning.divides_by_children:
            known = values.get(split)
            below = (known.denominator if known is not None else None) or 0.0
        times = (definition.meaning.per or 1) if definition.shape is Shape.RATE else 1
        found[split] = Value(above, below, above * times / below if below else None, int(cases))
    return found


def _sums(value: Value | None) -> tuple[float, float, float]:
    return (0.0, 0.0, 0.0) if value is None else (value.numerator or 0.0, value.denominator or 0.0, float(value.cases))
