"""What a figure counts, so that two figures that count the same thing share it. Pure.

A quantity is a set of rows: which rows of which fact, by which day, under which conditions. Its count in a unit and a
period is one cell, whichever figure shows it: the plans that are one figure's denominator are another's count, and a
count that is hidden in one place must not stand in another. Conditions also tell how quantities are made of each other:
the rows that meet a further condition and the rows that do not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from kpi.definition import Definition, Fact, Kind, Meaning, Measure, Part, Shape
from kpi.disclosure.primary import FEWEST_RESPONDENTS, HIDE_UP_TO, ReleaseClass
from kpi.disclosure.table import NEVER
from kpi.meaning_hash import as_json, datasets_read
from kpi.tree import And, Column, Compare, Comparison, In, Node, Type, columns_in
from kpi.unparse import unparse
from warehouse.contract import DATASETS

SURVEY = "survey_answers"


@dataclass(frozen=True)
class Quantity:
    """Rows that are counted. `of`: the fact, the day and what each row adds; `where`: the conditions, all met.

    `sums_over_time`: a month's rows are some of the year's; else it is taken on a day or over a window of its own.
    `sums_over_units`: a board's rows are those of its units.
    """

    of: str
    where: frozenset[str] = frozenset()
    sums_over_time: bool = True
    sums_over_units: bool = True

    @cached_property
    def id(self) -> str:
        """Short, and the same for the same meaning in every catalogue."""
        content = json.dumps([self.of, sorted(self.where)], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def but(self, *conditions: str) -> Quantity:
        """Those of the rows that also meet the conditions."""
        return replace(self, where=self.where | set(conditions))

    def without(self, other: Quantity) -> Quantity:
        """The rows that are not in `other`, which holds some of these."""
        extra = sorted(other.where - self.where)
        if len(extra) == 1:
            return self.but(_negated(extra[0]))
        return self.but(f"not ({' and '.join(extra)})" if extra else f"not {other.id}")


@dataclass(frozen=True)
class Counted:
    """The quantities that a figure's value gives away, and the largest count of each that must be hidden.

    A count has a `denominator` only. `numerator` and `complement` add up to the denominator; of a rate the numerator is
    something else than a part of the denominator, and there is no complement. `good`: the answers of a distribution
    that make its numerator. A median or a difference of shares has only what it rests on.
    """

    denominator: Quantity
    numerator: Quantity | None = None
    complement: Quantity | None = None
    limits: tuple[tuple[Quantity, int], ...] = ()
    good: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Quantity, ...]:
        """All of them."""
        return tuple(one for one in (self.denominator, self.numerator, self.complement) if one is not None)

    def of_category(self, category: tuple[tuple[str, str], ...]) -> Counted:
        """The same of the rows in one category: (column, value) pairs."""
        conditions = [_equals(name, value) for name, value in category]
        narrowed = {one: one.but(*conditions) for one in self.all}
        return Counted(
            narrowed[self.denominator],
            narrowed[self.numerator] if self.numerator else None,
            narrowed[self.complement] if self.complement else None,
            tuple((narrowed[one], limit) for one, limit in self.limits),
        )

    def answer(self, column: str, value: str) -> Counted:
        """One answer of a distribution: its share of all answers."""
        limit = dict(self.limits).get(self.numerator or self.denominator, NEVER)
        part = self.denominator.but(_equals(column, value))
        rest = self.denominator.without(part)
        limits = ((self.denominator, dict(self.limits)[self.denominator]), (part, limit), (rest, limit))
        return Counted(self.denominator, part, rest, limits)


def is_released(definition: Definition) -> bool:
    """Whether the figure ever leaves the board: it is not public already, nor what people judged of themselves, which
    is no count and nothing to compare. How many units have, or have not, any row does not either, unless it is open:
    it tells of a hidden unit that it is empty, or is not."""
    if definition.kind in (Kind.CONTEXT, Kind.LEVEL):
        return False
    return definition.kind is not Kind.DISTINCT or definition.release_class == ReleaseClass.OPEN


def counted(definition: Definition, facts: Mapping[str, Fact]) -> Counted | None:
    """What the figure's values give away; None where nothing is hidden: open figures and others' statistics."""
    release_class = ReleaseClass(definition.release_class)
    if release_class is ReleaseClass.OPEN or not definition.meaning.measures:
        return None
    meaning = definition.meaning
    if meaning.kind in (Kind.DISTINCT, Kind.LEVEL):
        raise ValueError(f"{definition.id} is not released")
    first = meaning.measures[0]
    below = _quantity(meaning, first, facts)
    least = HIDE_UP_TO
    if SURVEY in datasets_read(meaning, facts):
        least = max(least, FEWEST_RESPONDENTS - 1)
    part_limit = HIDE_UP_TO if release_class is ReleaseClass.PERSON else NEVER
    if definition.shape is Shape.GAP:
        both = Quantity(
            json.dumps([definition.id, meaning.rolling]), frozenset(), sums_over_time=False, sums_over_units=False
        )
        return Counted(both, limits=((both, max(least, definition.minimum_cases - 1)),))
    if definition.shape is Shape.RATE:
        return _of_rate(meaning, below, facts, least)
    if definition.shape is not Shape.SHARE:
        narrowed = below if meaning.value is None or _has_all_values(meaning, facts) else below.but(_has_value(meaning))
        return Counted(narrowed, limits=((narrowed, least),))
    above = _numerator(meaning, below, facts)
    rest = below.without(above)
    limits = ((below, least), (above, part_limit), (rest, part_limit))
    return Counted(below, above, rest, limits, _good(meaning))


def _of_rate(meaning: Meaning, first: Quantity, facts: Mapping[str, Fact], least: int) -> Counted:
    if meaning.divides_by_children:
        return Counted(first, limits=((first, least),))
    above, below = (_quantity(meaning, _adding(meaning, part), facts) for part in (Part.NUMERATOR, Part.DENOMINATOR))
    return Counted(below, above, None, ((below, least), (above, least)))


def _numerator(meaning: Meaning, below: Quantity, facts: Mapping[str, Fact]) -> Quantity:
    if len(meaning.measures) > 1:
        return _quantity(meaning, _adding(meaning, Part.NUMERATOR), facts)
    node = meaning.measures[0].numerator
    assert node is not None, "a share says what its numerator is"
    if node.type.type is Type.NUMBER:
        return below.but(f"adds {_text(node, facts[meaning.measures[0].fact])}")
    return below.but(*_conditions(node, facts[meaning.measures[0].fact]))


def _has_value(meaning: Meaning) -> str:
    assert meaning.value is not None
    return f"{unparse(meaning.value)} is not null"


def _has_all_values(meaning: Meaning, facts: Mapping[str, Fact]) -> bool:
    """Whether no counted row can be without a value: it is made of what every row must have, and of the counted day."""
    assert meaning.value is not None
    measure = meaning.measures[0]
    fact = facts[measure.fact]
    given = set(columns_in(measure.day)) if measure.day is not None else set()
    if len(fact.branches) == 1 and fact.grouping is None:
        (branch,) = fact.branches
        required = {one.name for one in DATASETS[branch.dataset].fields if one.required}
        given |= {name for name, node in branch.take if isinstance(node, Column) and node.name in required}
    return set(columns_in(meaning.value)) <= given


def _adding(meaning: Meaning, part: Part) -> Measure:
    return next(one for one in meaning.measures if one.adds in (part, Part.BOTH))


def _good(meaning: Meaning) -> tuple[str, ...]:
    """The answers that a distribution's numerator counts."""
    measure = meaning.measures[0]
    match measure.numerator:
        case In(Column(name), values) if name == measure.parts:
            return tuple(str(one.value) for one in values)
    return ()


def _quantity(meaning: Meaning, measure: Measure, facts: Mapping[str, Fact]) -> Quantity:
    """A measure's rows. Columns that a fact joins do not change which rows there are."""
    fact = facts[measure.fact]
    span = [_text(one, fact) for one in measure.span.starts] if measure.span else []
    ends = [[_text(one.day, fact), _maybe(one.where, fact)] for one in measure.span.ends] if measure.span else []
    rows = {
        "branches": as_json(fact.branches),
        "grouping": as_json(fact.grouping) if fact.grouping else None,
        "keep": _maybe(fact.keep, fact),
        "unit": fact.unit,
        "day": _maybe(measure.day, fact),
        "due": _maybe(measure.due, fact),
        "span": [span, ends, measure.span is not None],
        "amount": _maybe(measure.amount, fact),
        "last_of": measure.last_of,
        "rolling": meaning.rolling,
    }
    where = [one for one in (measure.where, measure.span.where if measure.span else None) if one is not None]
    given = set(columns_in(measure.day)) if measure.day is not None else set()
    conditions = {text for one in where for text in _conditions(one, fact)}
    return Quantity(
        json.dumps(rows, sort_keys=True, ensure_ascii=False),
        frozenset(conditions - {f"{one} is not null" for one in given}),
        sums_over_time=measure.span is None and not meaning.rolling and not measure.last_of,
    )


def _conditions(node: Node, fact: Fact) -> Iterator[str]:
    """Conditions that must all hold, each as a text of its own."""
    match node:
        case And(left, right):
            yield from _conditions(left, fact)
            yield from _conditions(right, fact)
        case _:
            yield _text(node, fact)


def _maybe(node: Node | None, fact: Fact) -> str | None:
    return _text(node, fact) if node is not None else None


def _text(node: Node, fact: Fact) -> str:
    """The expression, with what each worked-out column of the fact is."""
    if isinstance(node, In) and len(node.values) == 1:
        node = Compare(Comparison.EQUAL, node.operand, node.values[0])
    named = {name: ["first of", *columns] for name, columns in fact.first_of}
    named |= {one.name: ["next to", one.day, *one.by, str(one.is_later)] for one in fact.neighbours}
    for join in fact.joins:
        named |= {name: ["of", join.fact, *join.on, unparse(taken)] for name, taken in join.take}
    told = [f"{name}: {' '.join(named[name])}" for name in sorted(set(columns_in(node)) & named.keys())]
    return unparse(node) + (f" [{'; '.join(told)}]" if told else "")


def _equals(name: str, value: str) -> str:
    return f"{name} = {value}"


def _negated(condition: str) -> str:
    """The opposite; of an opposite the condition itself."""
    inner = condition.removeprefix("not ")
    if inner != condition:
        return inner
    return f"not {condition}" if " " not in condition else f"not ({condition})"
