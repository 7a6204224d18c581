"""The typed tree of the little language: what an expression means, with nothing of its text left. Pure.

Logic is two-valued: a missing day makes a comparison false, never unknown (`kpi.render` sees to it).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from warehouse.contract import Field
from warehouse.contract import Kind as FieldKind


class Type(StrEnum):
    """What a column or an expression holds."""

    DAY = "day"
    BOOLEAN = "boolean"
    NUMBER = "number"
    CODE = "code"  # one of `ColumnType.codes`
    TEXT = "text"


@dataclass(frozen=True)
class ColumnType:
    """A column's type; `codes` holds what a CODE may be."""

    type: Type
    codes: tuple[str, ...] = ()


_TYPES = {
    FieldKind.DAY: Type.DAY,
    FieldKind.MONTH: Type.DAY,  # a month stands for its first day
    FieldKind.BOOLEAN: Type.BOOLEAN,
    FieldKind.INTEGER: Type.NUMBER,
    FieldKind.NUMBER: Type.NUMBER,
    FieldKind.CHOICE: Type.CODE,
}


def type_of(field: Field) -> ColumnType:
    """The language's type of a field of the contract."""
    return ColumnType(_TYPES.get(field.kind, Type.TEXT), field.codes)


@dataclass(frozen=True)
class Column:
    name: str
    type: ColumnType


@dataclass(frozen=True)
class Constant:
    """A code, text, number or day."""

    value: str | float | date
    type: ColumnType


class Step(StrEnum):
    """What a day is moved by. A year later than 29 February is 1 March, so an age is reached when the (month, day)
    is; a month later than the 31st is the shorter month's last day."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True)
class Shift:
    """A day moved by a whole number of days, months or years (negative: earlier)."""

    day: Node
    by: int
    step: Step
    type: ColumnType = ColumnType(Type.DAY)


@dataclass(frozen=True)
class Between:
    """The number of whole days or years from first to last; negative days when last is earlier. Years are an age: it
    grows on the (month, day) of first, and on 1 March for 29 February in other years."""

    first: Node
    last: Node
    step: Step
    type: ColumnType = ColumnType(Type.NUMBER)


class Comparison(StrEnum):
    EQUAL = "="
    DIFFERENT = "<>"
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="


@dataclass(frozen=True)
class Compare:
    comparison: Comparison
    left: Node
    right: Node
    type: ColumnType = ColumnType(Type.BOOLEAN)


@dataclass(frozen=True)
class In:
    operand: Node
    values: tuple[Constant, ...]
    type: ColumnType = ColumnType(Type.BOOLEAN)


@dataclass(frozen=True)
class IsMissing:
    operand: Node
    type: ColumnType = ColumnType(Type.BOOLEAN)


@dataclass(frozen=True)
class Not:
    operand: Node
    type: ColumnType = ColumnType(Type.BOOLEAN)


@dataclass(frozen=True)
class And:
    left: Node
    right: Node
    type: ColumnType = ColumnType(Type.BOOLEAN)


@dataclass(frozen=True)
class Or:
    left: Node
    right: Node
    type: ColumnType = ColumnType(Type.BOOLEAN)


Node = Column | Constant | Shift | Between | Compare | In | IsMissing | Not | And | Or


def columns_in(node: Node) -> Iterator[str]:
    """The names of the columns that the expression reads."""
    match node:
        case Column(name):
            yield name
        case Shift(day=inner) | IsMissing(operand=inner) | Not(operand=inner) | In(operand=inner):
            yield from columns_in(inner)
        case Compare(left=first, right=last) | And(left=first, right=last) | Or(left=first, right=last):
            yield from columns_in(first)
            yield from columns_in(last)
        case Between(first, last):
            yield from columns_in(first)
            yield from columns_in(last)
        case Constant():
            return


def values_of(node: Node, column: str) -> Iterator[str]:
    """The codes and texts that the expression asks a column to be."""
    match node:
        case Compare(Comparison.EQUAL, Column(name), Constant(str(value))) if name == column:
            yield value
        case In(Column(name), values) if name == column:
            yield from (one.value for one in values if isinstance(one.value, str))
        case And(left=first, right=last) | Or(left=first, right=last):
            yield from values_of(first, column)
            yield from values_of(last, column)
        case _:
            return
