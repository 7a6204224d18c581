"""Figures that cannot be summed → query trees: percentiles and distinct values, computed from the rows per level, and
grades, which stand where they were given."""

from __future__ import annotations

from sqlglot import exp

from kpi import query as q
from kpi.compile import Member, deciding_day, shown
from kpi.definition import Fact, Kind
from kpi.period import PeriodType
from kpi.pieces import CELL, EVENTS, due_by_as_of, period_code, placed_on, split_column, split_text
from kpi.render import render


def is_holistic(member: Member) -> bool:
    """Whether the figure has to be computed from its rows at every level."""
    return member.definition.meaning.value is not None or member.definition.meaning.distinct is not None


def holistic_cells(member: Member, fact: Fact) -> exp.Select:
    """The exact percentile (interpolated between the two nearest values), the number of different values, or the newest
    grade."""
    meaning, day, value = member.definition.meaning, deciding_day(member.measure), _value(member)
    if meaning.kind is Kind.LEVEL:
        return _grades(member, fact, day, value)
    if meaning.distinct is not None:
        counted: exp.Expr = exp.Count(this=exp.Distinct(expressions=[value]))
        numerator, cases, result = counted, counted, counted
    else:
        order = exp.Order(expressions=[exp.Ordered(this=value, nulls_first=False)])
        at = exp.PercentileCont(this=exp.convert(meaning.fraction))
        numerator, cases, result = q.const(None), exp.Count(this=value), exp.WithinGroup(this=at, expression=order)
    values = {
        "kpi_no": q.const(member.kpi_no), "unit_code": q.column("a.unit_code"), "level_no": q.largest("a.level_no"),
        "period": q.column("r.period"), "split": q.const(""), "numerator": q.cast(numerator, "double"),
        "denominator": q.cast(q.const(None), "double"), "cases": q.cast(cases, "bigint"),
        "value": q.cast(result, "double"), "basis": q.cast(q.const(EVENTS), "smallint"),
    }  # fmt: skip
    return q.select(
        {one: values[one] for one in ("kpi_no", *CELL)},
        f"{fact.name} f",
        *_placed(member, day),
        q.join("ancestor a", q.equal("a.placement_no", "p.placement_no")),
        *_reached(member, day),
        where=[*_counted(member, value), *shown("a.level_no", "r.period", "g")],
        group=["a.unit_code", "r.period"],
    )


def _grades(member: Member, fact: Fact, day: exp.Expr, value: exp.Expr) -> exp.Select:
    """For each place itself, period and part: the grade of the latest day, and the lowest of that day's."""
    meaning = member.definition.meaning
    named = {name: split_column(fact, name) for name in meaning.split}
    by: list[q.Part] = ["m.unit_code", "r.period", *named.values()]
    own = q.equal("a.placement_no", "p.placement_no"), q.equal("a.unit_code", "m.unit_code")
    ranked = q.select(
        {"unit_code": q.column("m.unit_code"), "level_no": q.column("a.level_no"), "period": q.column("r.period"),
         **{f"by_{name}": part for name, part in named.items()}, "grade": value,
         "rank_no": q.over(exp.Anonymous(this="rank"), by, day, latest=True)},
        f"{fact.name} f",
        *_placed(member, day),
        q.join("placement m", q.equal("m.placement_no", "p.placement_no")),
        q.join("ancestor a", *own),
        *_reached(member, day),
        where=[*_counted(member, value), *shown("a.level_no", "r.period", "g")],
    )  # fmt: skip
    nothing, keys = q.cast(q.const(None), "double"), ["unit_code", "period", *(f"by_{name}" for name in named)]
    values = {
        "kpi_no": q.const(member.kpi_no), "level_no": q.largest("t.level_no"), "numerator": nothing,
        "denominator": nothing, "cases": q.cast(exp.Count(this=exp.Star()), "bigint"),
        "value": q.cast(exp.Min(this=q.column("t.grade")), "double"), "basis": q.cast(q.const(EVENTS), "smallint"),
        "split": split_text(meaning.split, "t", "by_"),
    }  # fmt: skip
    return q.select(
        {one: values.get(one, q.column(f"t.{one}")) for one in ("kpi_no", *CELL)},
        q.named(ranked, "t"),
        where=[q.equal("t.rank_no", q.const(1))],
        group=[f"t.{key}" for key in keys],
    )


def _reached(member: Member, day: exp.Expr) -> tuple[exp.Join, exp.Join]:
    """The periods (r) that a row's day counts in, and the figure (g)."""
    meaning = member.definition.meaning
    reached = (
        q.equal("r.type", q.const(meaning.period.value)),
        q.equal("r.rolling", q.const(meaning.rolling)),
        q.equal("r.month", period_code(day, PeriodType.MONTH)),
        q.some(q.equal("r.rolling", q.const(0)), q.at_most("r.first_on", "o.as_of")),
    )
    return q.join("reach r", *reached), q.join("figure g", q.equal("g.kpi_no", q.const(member.kpi_no)))


def holistic_unplaced(member: Member, fact: Fact) -> exp.Select:
    """kpi_no, municipality_code, rows: as `kpi.compile.unplaced_rows`."""
    code = q.column("f.municipality_code")
    return q.select(
        {"kpi_no": q.const(member.kpi_no), "municipality_code": code, "rows": exp.Count(this=exp.Star())},
        f"{fact.name} f",
        *_placed(member, deciding_day(member.measure)),
        where=[*_counted(member, _value(member)), q.missing("p.placement_no")],
        group=[code],
    )


def _value(member: Member) -> exp.Expr:
    meaning = member.definition.meaning
    return render(meaning.value, "f") if meaning.value is not None else q.column(f"f.{meaning.distinct}")


def _placed(member: Member, day: exp.Expr) -> tuple[exp.Join, exp.Join]:
    due = [render(member.measure.due, "f")] if member.measure.due is not None else []
    return due_by_as_of(member.clock, day, *due), placed_on(day)


def _counted(member: Member, value: exp.Expr) -> list[exp.Expr]:
    """The rows that have a value, and count."""
    where = member.measure.where
    return [q.negated(q.missing(value)), *([render(where, "f")] if where is not None else [])]
