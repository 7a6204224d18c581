"""Pieces that the compiled queries share: periods as codes, rows placed by day, the columns of a cell."""

from __future__ import annotations

from functools import reduce

from sqlglot import exp

from kpi.build_figure import GROUP, GROUPS
from kpi.facts import PLACE
from kpi.period import PeriodType
from kpi.render import name

CELL = ("unit_code", "level_no", "period", "split", "numerator", "denominator", "cases", "value", "basis")
"""The columns that every cells query gives, after `kpi_no`."""
ADDEND = (
    "kpi_no", "rolling", "municipality_code", "placement_no", "month", "split", "side", "match", "n", "d", "basis",
)  # fmt: skip
"""The columns of what the figures add up; `n` to the numerator, `d` to the denominator."""
EVENTS, REPORTED = 1, 2
"""What a cell rests on: events, reported values, or their sum when it rests on both."""


def number(value: int) -> exp.Expr:
    return exp.convert(value)


def named(value: exp.Expr, alias: str) -> exp.Expr:
    return exp.alias_(value, alias, quoted=True)


def month_code(day: exp.Expr) -> exp.Expr:
    """A day's month as `kpi.period.Period.code` stores it: year x 100 + month."""
    return exp.cast(exp.Year(this=day.copy()) * 100 + exp.Month(this=day.copy()), "int")


def period_code(day: exp.Expr, type_: PeriodType) -> exp.Expr:
    """A day's period as `kpi.period.Period.code` stores it."""
    if type_ is PeriodType.MONTH:
        return month_code(day)
    year = exp.paren(exp.Year(this=day.copy()) * 100)
    if type_ is PeriodType.YEAR:
        return exp.cast(year, "int")
    tertial = exp.IntDiv(this=exp.paren(exp.Month(this=day.copy()) - 1), expression=number(4))
    return exp.cast(year + 21 + exp.paren(tertial), "int")


def when(condition: exp.Expr, amount: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=condition, true=amount)], default=number(0))


def divide(numerator: exp.Expr, denominator: exp.Expr) -> exp.Expr:
    return exp.Div(this=exp.cast(numerator, "double"), expression=denominator, typed=False, safe=False)


def same(column: str, left: str, right: str) -> exp.Expr:
    return name(column, left).eq(name(column, right))


def is_null(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value, expression=exp.null())


def as_of_days(clock: int) -> exp.Expr:
    """A clock's as-of days by municipality, aliased o."""
    return exp.select("municipality_code", "as_of").from_("as_of").where(name("clock").eq(number(clock))).subquery("o")


def standing_place(unit: exp.Expr, on: exp.Expr) -> exp.Expr:
    """Where the unit stood on the day: the place p."""
    return exp.and_(name("unit_code", "p").eq(unit), on >= name("first_on", "p"), on.copy() <= name("last_on", "p"))


def placed(rows: exp.Expr, day: exp.Expr, due: exp.Expr | None, clock: int) -> exp.Select:
    """The rows (aliased f) that are due by their municipality's as-of, each with its unit's place p on its day."""
    is_due = [one <= name("as_of", "o") for one in (day.copy(), due) if one is not None]
    return (
        exp.select()
        .from_(rows)
        .join(as_of_days(clock), on=exp.and_(same("municipality_code", "f", "o"), *is_due))
        .join("place as p", on=standing_place(name(PLACE, "f"), day.copy()), join_type="left")
    )


def split_column(column: str) -> exp.Expr:
    """A column that a row (f) is split by; what group it belongs to is its unit's."""
    if column != GROUP:
        return name(column, "f")
    staff, members = (exp.Literal.string(one) for one in GROUPS)
    return exp.Case(ifs=[exp.If(this=name("is_board", "p"), true=members)], default=staff)


def split_text(columns: tuple[str, ...], table: str) -> exp.Expr:
    """`name=value` pairs joined by `;`; empty when there is no split."""
    parts: list[exp.Expr] = []
    for at, column in enumerate(columns):
        parts += [exp.Literal.string(f"{';' if at else ''}{column}="), exp.cast(name(column, table), "text")]
    return (
        reduce(lambda left, right: exp.DPipe(this=left, expression=right), parts) if parts else exp.Literal.string("")
    )


def addend(kpi_no: exp.Expr, placement: exp.Expr, month: exp.Expr, **more: exp.Expr) -> exp.Select:
    """A select of an addend's columns; what is not told is nothing, in the month's own period, from events."""
    blank = exp.Literal.string("")
    values = {
        "kpi_no": kpi_no, "rolling": number(0), "municipality_code": blank, "placement_no": placement, "month": month,
        "split": blank, "side": number(0), "match": blank, "n": number(0), "d": number(0), "basis": number(EVENTS),
    }  # fmt: skip
    return exp.select(*(named(value.copy(), alias) for alias, value in (values | more).items()))


def united(queries: list[exp.Select]) -> exp.Query:
    """All rows of all queries."""
    found: exp.Query = queries[0]
    for one in queries[1:]:
        found = found.union(one, distinct=False)
    return found
