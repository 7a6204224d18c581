"""The little language once more, slowly and obviously: a typed tree over one row, in Python. Logic is two-valued."""

from __future__ import annotations

import calendar
import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from kpi.tree import (
    And,
    Between,
    Column,
    Compare,
    Comparison,
    Constant,
    In,
    IsMissing,
    Node,
    Not,
    Or,
    Shift,
    Step,
    Type,
)

_OPERATORS: dict[Comparison, Callable[[Any, Any], Any]] = {
    Comparison.EQUAL: operator.eq,
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.GREATER: operator.gt,
    Comparison.AT_LEAST: operator.ge,
}


def value_of(node: Node, row: Mapping[str, Any]) -> Any:  # one branch a node
    """The expression's value; a missing yes or no is no, and what is moved or counted from a missing day is missing."""
    match node:
        case Column(name, type_):
            return bool(row[name]) if type_.type is Type.BOOLEAN else row[name]
        case Constant(value):
            return value
        case Shift(inner, by, step):
            return moved(value_of(inner, row), by, step)
        case Between(first, last, step):
            return between(value_of(first, row), value_of(last, row), step)
        case Compare(comparison, left, right):
            return compared(comparison, value_of(left, row), value_of(right, row))
        case In(operand, values):
            return value_of(operand, row) in [one.value for one in values]
        case IsMissing(operand):
            return (row[operand.name] if isinstance(operand, Column) else value_of(operand, row)) is None
        case Not(operand):
            return not value_of(operand, row)
        case And(left, right):
            return value_of(left, row) and value_of(right, row)
        case Or(left, right):
            return value_of(left, row) or value_of(right, row)


def compared(comparison: Comparison, left: Any, right: Any) -> bool:
    if comparison is Comparison.DIFFERENT:
        return bool(left != right)
    if left is None or right is None:
        return False
    return bool(_OPERATORS[comparison](left, right))


def moved(day: date | None, by: int, step: Step) -> date | None:
    """A month later than the 31st is the month's last day; a year later than 29 February is 1 March."""
    if day is None:
        return None
    if step is Step.DAYS:
        return day + timedelta(days=by)
    if step is Step.YEARS:
        return date(day.year + by, day.month, 1) + timedelta(days=day.day - 1)
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def between(first: date | None, last: date | None, step: Step) -> int | None:
    """Days, or whole years as an age: one more when the (month, day) is reached."""
    if first is None or last is None:
        return None
    if step is Step.DAYS:
        return (last - first).days
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
