"""A typed tree → sqlglot's syntax tree, which renders to any dialect. Two-valued logic lives here.

Traps this module knows: a shifted day is cast back to a date; ages are composed from year, month and day; `<>` is
`is distinct from`, since a missing value differs from every code.
"""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from kpi import query as q
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

_COMPARISONS: dict[Comparison, type[exp.Binary]] = {
    Comparison.EQUAL: exp.EQ,
    Comparison.DIFFERENT: exp.NullSafeNEQ,
    Comparison.LESS: exp.LT,
    Comparison.AT_MOST: exp.LTE,
    Comparison.GREATER: exp.GT,
    Comparison.AT_LEAST: exp.GTE,
}


def name(column: str, table: str | None = None) -> exp.Column:
    """A quoted column: a name of the catalogue may be a word of the engine."""
    return q.column(f"{table}.{column}" if table else column)


def render(node: Node, table: str | None = None) -> exp.Expr:
    """The syntax tree of an expression; its columns are those of `table`."""
    match node:
        case Column(column, type_):
            found = name(column, table)
            return q.first_given(found, exp.false()) if type_.type is Type.BOOLEAN else found
        case Constant(value):
            return day(value) if isinstance(value, date) else exp.convert(value)
        case Shift(inner, by, step):
            return shifted(render(inner, table), by, step)
        case Between(first, last, step):
            ends = render(last, table), render(first, table)
            return (
                _years(*ends)
                if step is Step.YEARS
                else exp.DateDiff(this=ends[0], expression=ends[1], unit=exp.var("DAY"))
            )
        case Compare(comparison, left, right):
            compared = _COMPARISONS[comparison](this=render(left, table), expression=render(right, table))
            return compared if comparison is Comparison.DIFFERENT else q.first_given(compared, exp.false())
        case In(operand, values):
            among = exp.In(this=render(operand, table), expressions=[render(value, table) for value in values])
            return q.first_given(among, exp.false())
        case IsMissing(operand):
            raw: exp.Expr = name(operand.name, table) if isinstance(operand, Column) else render(operand, table)
            return exp.Is(this=raw, expression=exp.null())
        case Not(operand):
            return exp.Not(this=exp.paren(render(operand, table)))
        case And(left, right):
            return exp.And(this=exp.paren(render(left, table)), expression=exp.paren(render(right, table)))
        case Or(left, right):
            return exp.Or(this=exp.paren(render(left, table)), expression=exp.paren(render(right, table)))


def _years(last: exp.Expr, first: exp.Expr) -> exp.Expr:
    """Whole years, by comparing month and day."""
    year, month_day = (
        [exp.paren(part) for part in pair]
        for pair in (
            (exp.Year(this=last), exp.Year(this=first)),
            tuple(exp.Month(this=one.copy()) * 100 + exp.Day(this=one.copy()) for one in (last, first)),
        )
    )
    short = exp.Case(ifs=[exp.If(this=month_day[0] < month_day[1], true=exp.convert(1))], default=exp.convert(0))
    return exp.paren(year[0] - year[1] - short)


def day(value: date) -> exp.Expr:
    """A day as a constant."""
    return q.cast(q.const(value.isoformat()), "date")


def shifted(value: exp.Expr, by: int, step: Step) -> exp.Expr:
    """The day moved; always a date again. Years go over the month's first day, so 29 February becomes 1 March."""
    if step is Step.YEARS:
        first = _moved(exp.func("date_trunc", exp.Literal.string("month"), value), by, "YEAR")
        return _moved(first, exp.func("day", value.copy()) - 1, "DAY")
    return _moved(value, by, "DAY" if step is Step.DAYS else "MONTH")


def _moved(value: exp.Expr, by: int | exp.Expr, unit: str) -> exp.Expr:
    amount = exp.convert(by) if isinstance(by, int) else by
    return q.cast(exp.DateAdd(this=q.cast(value, "date"), expression=amount, unit=exp.var(unit)), "date")
