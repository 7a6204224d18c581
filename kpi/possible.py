"""Whether a condition can hold at all, judged from its own words: codes, missing values and yes/no. Pure.

Every column is given each of its telling values in turn (its codes, or missing, or something else). Comparisons of days
and numbers are judged one by one as things that may or may not hold, so what only the calendar forbids passes: the
judgement never calls a possible condition impossible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from kpi.tree import And, Column, Compare, Comparison, Constant, In, IsMissing, Node, Not, Or, Type, columns_in

_MOST = 20_000
"""With more combinations than this nothing is judged: the condition passes."""
_MISSING, _OTHER = None, object()
Values = Mapping[Node, Any]


def is_possible(condition: Node) -> bool:
    """Whether some row could meet the condition."""
    return any(_holds(condition, values) for values in _worlds(condition)) if _is_small(condition) else True


def is_always(condition: Node, *, given: Node | None) -> bool:
    """Whether every row that meets `given` meets the condition."""
    return not is_possible(Not(condition) if given is None else And(given, Not(condition)))


def _is_small(condition: Node) -> bool:
    size = 1
    for _, values in _choices(condition):
        size *= len(values)
    return size <= _MOST


def _worlds(condition: Node) -> Iterator[Values]:
    choices = _choices(condition)
    for values in product(*(values for _, values in choices)):
        yield dict(zip((subject for subject, _ in choices), values, strict=True))


def _choices(condition: Node) -> list[tuple[Node, list[Any]]]:
    found: dict[Node, list[Any]] = {}
    for leaf in _leaves(condition):
        match leaf:
            case Column() as column:
                found.setdefault(column, _values(column))
            case IsMissing(operand=Column() as column):
                found.setdefault(column, _values(column))
            case In(operand=Column() as column, values=among):
                _add(found.setdefault(column, _values(column)), *(one.value for one in among))
            case Compare(comparison, Column() as column, Constant(value)) if _is_equality(comparison):
                _add(found.setdefault(column, _values(column)), value)
            case _:
                found[leaf] = [True, False]
    return list(found.items())


def _values(column: Column) -> list[Any]:
    """Missing, and each value that tells it from the others."""
    if column.type.type is Type.BOOLEAN:
        return [_MISSING, True, False]
    return [_MISSING, *(column.type.codes or (_OTHER,))]


def _add(values: list[Any], *more: Any) -> None:
    values += [one for one in dict.fromkeys(more) if one not in values]


def _is_equality(comparison: Comparison) -> bool:
    return comparison in (Comparison.EQUAL, Comparison.DIFFERENT)


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case And(left, right) | Or(left, right):
            yield from _leaves(left)
            yield from _leaves(right)
        case Not(operand):
            yield from _leaves(operand)
        case _:
            yield node


def _holds(node: Node, values: Values) -> bool:
    match node:
        case And(left, right):
            return _holds(left, values) and _holds(right, values)
        case Or(left, right):
            return _holds(left, values) or _holds(right, values)
        case Not(operand):
            return not _holds(operand, values)
        case In(operand=Column() as column, values=among):
            return values[column] in [one.value for one in among]
        case IsMissing(operand=Column() as column):
            return values[column] is _MISSING
        case Compare(comparison, Column() as column, Constant(value)) if _is_equality(comparison):
            return (values[column] == value) is (comparison is Comparison.EQUAL)
        case _:
            return bool(values[node]) and not _is_blank(node, values)


def _is_blank(node: Node, values: Values) -> bool:
    """Whether the comparison rests on a column that is missing in this world: then it is false."""
    if not isinstance(node, Compare) or node.comparison is Comparison.DIFFERENT:
        return False
    missing = {subject.name for subject, value in values.items() if isinstance(subject, Column) and value is _MISSING}
    return not missing.isdisjoint(columns_in(node))
