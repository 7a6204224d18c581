"""Pieces that the compiled queries share: periods as codes, rows placed by day, the columns of a cell."""

from __future__ import annotations

from functools import reduce

from sqlglot import exp

from kpi import query as q
from kpi.build_meaning import GROUP, GROUPS
from kpi.definition import Fact
from kpi.facts import PLACE
from kpi.period import PeriodType
from kpi.tree import Type

CELL = ("unit_code", "level_no", "period", "split", "numerator", "denominator", "cases", "value", "basis")
"""The columns that every cells query gives, after `kpi_no`."""
ADDEND = (
    "kpi_no", "rolling", "municipality_code", "placement_no", "month", "split", "side", "match", "n", "d", "basis",
)  # fmt: skip
"""The columns of what the figures add up; `n` to the numerator, `d` to the denominator."""
NOT_GIVEN = "not_given"
"""The part of the rows whose split column is blank."""
EVENTS, REPORTED = 1, 2
"""What a cell rests on: events, reported values, or their sum when it rests on both."""


def period_code(day: q.Part, type_: PeriodType) -> exp.Expr:
    """A day's period as `kpi.period.Period.code` stores it: year x 100 + month, + 20 + tertial, or + 0."""
    year, month = exp.Year(this=q.part(day)) * 100, exp.Month(this=q.part(day))
    tertial = exp.IntDiv(this=exp.Paren(this=month - 1), expression=q.const(4))
    within = {PeriodType.MONTH: month, PeriodType.TERTIAL: tertial + 21, PeriodType.YEAR: q.const(0)}
    return q.cast(year + within[type_], "int")


def divide(numerator: exp.Expr, denominator: exp.Expr) -> exp.Expr:
    return exp.Div(this=q.cast(numerator, "double"), expression=denominator, typed=False, safe=False)


def as_of_days(clock: int) -> exp.Expr:
    """A clock's as-of days by municipality, aliased o."""
    of_clock = exp.EQ(this=q.column("clock"), expression=q.const(clock))
    return q.named(q.select(["municipality_code", "as_of"], "as_of", where=[of_clock]), "o")


def stood(unit: q.Part, day: q.Part) -> exp.Expr:
    """Where the unit stood on the day: the place p."""
    same = exp.EQ(this=q.column("p.unit_code"), expression=q.part(unit))
    return q.every(same, q.at_most("p.first_on", day), q.at_most(day, "p.last_on"))


def due_by_as_of(clock: int, *days: q.Part) -> exp.Join:
    """Keeps the rows f all of whose days have come by their municipality's as-of."""
    same = exp.EQ(this=q.column("f.municipality_code"), expression=q.column("o.municipality_code"))
    return q.join(as_of_days(clock), same, *(q.at_most(day, "o.as_of") for day in days))


def placed_on(day: q.Part) -> exp.Join:
    """Each row's (f) place p on the day; none when its unit is unknown."""
    return q.join("place p", stood(f"f.{PLACE}", day), left=True)


def split_column(fact: Fact, name: str) -> exp.Expr:
    """A column that a row (f) is split by, as text; what group it belongs to is its unit's, and what is not given is a
    part of its own."""
    if name == GROUP:
        return q.when("p.is_board", q.const(GROUPS[1]), q.const(GROUPS[0]))
    column = q.column(f"f.{name}")
    if dict(fact.columns)[name].type is Type.BOOLEAN:  # the engines do not write them alike
        told = q.when(column, q.const("true"), q.const("false"))
        return q.when(q.missing(column), q.const(NOT_GIVEN), told)
    return q.first_given(q.cast(column, "text"), q.const(NOT_GIVEN))


def split_text(columns: tuple[str, ...], source: str, prefix: str = "") -> exp.Expr:
    """`name=value` pairs joined by `;`; empty when there is no split. `prefix`: before the names in the source."""
    texts: list[exp.Expr] = []
    for at, name in enumerate(columns):
        texts += [q.const(f"{';' if at else ''}{name}="), q.cast(f"{source}.{prefix}{name}", "text")]
    return reduce(lambda left, right: exp.DPipe(this=left, expression=right), texts) if texts else q.const("")


def addend(kpi_no: q.Part, placement: q.Part, month: q.Part, **more: q.Part) -> dict[str, q.Part]:
    """An addend's columns; what is not told is nothing, in the month's own period, from events."""
    blank, nothing = q.const(""), q.const(0)
    told: dict[str, q.Part] = {"kpi_no": kpi_no, "placement_no": placement, "month": month, "basis": q.const(EVENTS)}
    told |= {one: blank for one in ("municipality_code", "split", "match") if one not in more}
    return {one: (told | more).get(one, nothing) for one in ADDEND}
