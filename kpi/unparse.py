"""A typed tree back into the little language, for people: named conditions are written out. Pure."""

from __future__ import annotations

from datetime import date

from kpi.tree import And, Between, Column, Compare, Constant, In, IsMissing, Node, Not, Or, Shift, Type


def unparse(node: Node) -> str:
    """The expression as the definitions file could say it."""
    match node:
        case Column(name):
            return name
        case Constant(value):
            return _constant(value, node.type.type)
        case Shift(day, by, step):
            return f"{unparse(day)} {'+' if by >= 0 else '-'} {abs(by)} {step}"
        case Between(first, last, step):
            return f"{step} between {unparse(first)} and {unparse(last)}"
        case Compare(comparison, left, right):
            return f"{unparse(left)} {comparison} {unparse(right)}"
        case In(operand, values):
            return f"{unparse(operand)} in ({', '.join(unparse(one) for one in values)})"
        case IsMissing(operand):
            return f"{unparse(operand)} is null"
        case Not(IsMissing(operand)):
            return f"{unparse(operand)} is not null"
        case Not(operand):
            return f"not {_inside(operand, Not)}"
        case And(left, right):
            return f"{_inside(left, And)} and {_inside(right, And)}"
        case Or(left, right):
            return f"{_inside(left, Or)} or {_inside(right, Or)}"


def _inside(node: Node, outer: type[Node]) -> str:
    text = unparse(node)
    return f"({text})" if isinstance(node, And | Or) and not isinstance(node, outer) else text


def _constant(value: str | float | date, type_: Type) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return f"'{value}'" if type_ in (Type.TEXT, Type.DAY) else str(value)
