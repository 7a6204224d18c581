"""Pieces that the compiled queries share: placing rows by day, periods as codes, the columns of a cell."""

from __future__ import annotations

from functools import reduce

from sqlglot import exp

from kpi.definition import Definition, Fact
from kpi.period import PeriodType
from kpi.render import name
from warehouse.contract import LEVELS

CELL = ("unit_code", "level_no", "period", "split", "numerator", "denominator", "cases", "value", "basis")
"""The columns that every cells query gives."""
EVENTS, REPORTED = 1, 2
"""What a cell rests on: events, reported values, or their sum when it rests on both."""


def period_code(value: exp.Expr, type_: PeriodType) -> exp.Expr:
    """A day's period as `kpi.period.Period.code` stores it."""
    year, month = exp.Year(this=value.copy()), exp.Month(this=value.copy())
    return _code(exp.Mul(this=year, expression=exp.convert(100)), month, type_)


def period_of_month(type_: PeriodType) -> exp.Expr:
    """The period that holds a base row's month."""
    month = exp.Mod(this=name("month", "b"), expression=exp.convert(100))
    return _code(exp.Sub(this=name("month", "b"), expression=month), month.copy(), type_)


def _code(hundreds: exp.Expr, month: exp.Expr, type_: PeriodType) -> exp.Expr:
    year = exp.paren(hundreds)
    if type_ is PeriodType.YEAR:
        return exp.cast(year, "int")
    if type_ is PeriodType.MONTH:
        return exp.cast(year + month, "int")
    tertial = exp.IntDiv(this=exp.paren(exp.paren(month) - 1), expression=exp.convert(4))
    return exp.cast(year + 21 + exp.paren(tertial), "int")


def when(condition: exp.Expr, amount: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=condition, true=amount)], default=exp.convert(0))


def total(amount: exp.Expr, alias: str) -> exp.Expr:
    return exp.alias_(exp.cast(exp.Sum(this=amount), "bigint"), alias, quoted=True)


def divide(numerator: exp.Expr, denominator: exp.Expr) -> exp.Expr:
    return exp.Div(this=exp.cast(numerator, "double"), expression=denominator, typed=False, safe=False)


def placed(fact: Fact, decided: exp.Expr) -> exp.Select:
    """The fact's rows that are due by their municipality's as-of, each with its unit's placement on its day."""
    return (
        exp.select()
        .from_(exp.to_table(fact.name, alias="f"))
        .join(
            as_of_days(fact),
            on=exp.and_(same("municipality_code", "f", "o"), decided.copy() <= name("as_of", "o")),
        )
        .join("placement as p", on=valid_placement(name(fact.unit, "f"), decided.copy()), join_type="left")
    )


def as_of_days(fact: Fact) -> exp.Expr:
    """The as-of days of the fact's deliveries, aliased o."""
    return (
        exp.select("municipality_code", "as_of")
        .from_("as_of")
        .where(name("fact").eq(exp.Literal.string(fact.name)))
        .subquery("o")
    )


def valid_placement(unit: exp.Expr, on: exp.Expr) -> exp.Expr:
    return exp.and_(name("unit_code", "p").eq(unit), on >= name("first_on", "p"), on.copy() <= name("last_on", "p"))


def same(column: str, left: str, right: str) -> exp.Expr:
    return name(column, left).eq(name(column, right))


def split_text(columns: tuple[str, ...], table: str) -> exp.Expr:
    """`name=value` pairs joined by `;`; empty when there is no split."""
    parts: list[exp.Expr] = []
    for at, column in enumerate(columns):
        parts += [exp.Literal.string(f"{';' if at else ''}{column}="), exp.cast(name(column, table), "text")]
    return (
        reduce(lambda left, right: exp.DPipe(this=left, expression=right), parts) if parts else exp.Literal.string("")
    )


def cells(
    source: exp.Select,
    definition: Definition,
    period: exp.Expr,
    split: exp.Expr,
    parts: list[exp.Expr],
    tree: str = "a",
    basis: exp.Expr | None = None,
) -> exp.Select:
    """The cells of a source with one row per unit above, grouped; `parts` are numerator, denominator, cases, value."""
    numerator, denominator, cases, value = parts
    columns = [
        name("unit_code", tree),
        exp.Max(this=name("level_no", tree)),
        period,
        split,
        exp.cast(numerator, "double"),
        exp.cast(denominator, "double"),
        exp.cast(cases, "bigint"),
        exp.cast(value, "double"),
        exp.cast(basis or exp.convert(EVENTS), "smallint"),
    ]
    named = [exp.alias_(column, alias, quoted=True) for column, alias in zip(columns, CELL, strict=True)]
    smallest = LEVELS.index(definition.levels[-1])
    return (
        source.select(*named)
        .where(name("level_no", tree) <= exp.convert(smallest))
        .group_by(*(exp.convert(at) for at in (1, 3, 4)))
    )
