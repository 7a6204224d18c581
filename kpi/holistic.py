"""Figures that cannot be summed → query trees: percentiles and distinct values, computed from the rows per level."""

from __future__ import annotations

from sqlglot import exp

from kpi.compile import Member
from kpi.definition import Fact
from kpi.pieces import CELL, EVENTS, is_null, month_code, named, number, placed, same
from kpi.render import name, render
from kpi.tree import Node


def is_holistic(member: Member) -> bool:
    """Whether the figure has to be computed from its rows at every level."""
    return member.definition.meaning.value is not None or member.definition.meaning.distinct is not None


def holistic_cells(member: Member, fact: Fact) -> exp.Select:
    """The exact percentile (interpolated between the two nearest values), or the number of different values."""
    rows, value = _rows(member, fact)
    if member.definition.meaning.distinct is not None:
        counted: exp.Expr = exp.Count(this=exp.Distinct(expressions=[value]))
        parts = [counted, exp.null(), counted.copy(), counted.copy()]
    else:
        at = exp.convert(member.definition.meaning.fraction)
        order = exp.Order(expressions=[exp.Ordered(this=value.copy(), nulls_first=False)])
        percentile = exp.WithinGroup(this=exp.PercentileCont(this=at), expression=order)
        parts = [exp.null(), exp.null(), exp.Count(this=value.copy()), percentile]
    numerator, denominator, cases, result = parts
    cell = [
        name("unit_code", "a"), exp.Max(this=name("level_no", "a")), name("period", "r"), exp.Literal.string(""),
        exp.cast(numerator, "double"), exp.cast(denominator, "double"), exp.cast(cases, "bigint"),
        exp.cast(result, "double"), exp.cast(number(EVENTS), "smallint"),
    ]  # fmt: skip
    meaning = member.definition.meaning
    month = month_code(_day(member))
    reached = exp.and_(
        name("type", "r").eq(exp.Literal.string(meaning.period.value)),
        name("rolling", "r").eq(number(meaning.rolling)),
        name("month", "r").eq(month),
        exp.or_(name("rolling", "r").eq(number(0)), name("first_on", "r") <= name("as_of", "o")),
    )
    return (
        rows.select(named(number(member.kpi_no), "kpi_no"))
        .select(*(named(one, alias) for one, alias in zip(cell, CELL, strict=True)))
        .join("ancestor as a", on=same("placement_no", "a", "p"))
        .join("reach as r", on=reached)
        .join("figure as g", on=name("kpi_no", "g").eq(number(member.kpi_no)))
        .where(
            name("level_no", "a").between(name("largest", "g"), name("smallest", "g")),
            name("period", "r").between(name("first", "g"), name("last", "g")),
        )
        .group_by(name("unit_code", "a"), name("period", "r"))
    )


def holistic_unplaced(member: Member, fact: Fact) -> exp.Select:
    """kpi_no, municipality_code, rows: as `kpi.compile.unplaced_rows`."""
    rows, _ = _rows(member, fact)
    return (
        rows.select(named(number(member.kpi_no), "kpi_no"), name("municipality_code", "f"))
        .select(named(exp.Count(this=exp.Star()), "rows"))
        .where(is_null(name("placement_no", "p")))
        .group_by(name("municipality_code", "f"))
    )


def _day(member: Member) -> exp.Expr:
    day: Node | None = member.measure.day
    if day is None:
        raise ValueError("a percentile has a deciding day")
    return render(day, "f")


def _rows(member: Member, fact: Fact) -> tuple[exp.Select, exp.Expr]:
    """The rows that have a value, placed; and the value."""
    meaning, measure = member.definition.meaning, member.measure
    value = render(meaning.value, "f") if meaning.value is not None else name(meaning.distinct or "", "f")
    where = [render(measure.where, "f")] if measure.where is not None else []
    due = render(measure.due, "f") if measure.due is not None else None
    rows = placed(exp.to_table(fact.name, alias="f"), _day(member), due, member.clock)
    return rows.where(exp.Not(this=is_null(value.copy())), *where), value
