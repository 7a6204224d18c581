"""Figures that cannot be summed from a base pass: medians and stocks → query trees, over the tables of `kpi.compile`.

A median has nothing to add and is computed from its rows once for all levels. A stock is the running sum of entries
and exits, taken on each period's last day.
"""

from __future__ import annotations

from datetime import date
from functools import reduce

from sqlglot import exp

from kpi.definition import Definition, Fact, Span
from kpi.pieces import as_of_days, cells, period_code, placed, same, valid_placement
from kpi.render import day, name, render

_NEVER = date(9999, 12, 31)


def median_cells(definition: Definition, fact: Fact) -> exp.Select:
    """The exact median (the mean of the two middle values) per unit of every level, from the rows themselves."""
    rows, decided, value = _median_rows(definition, fact)
    median = exp.WithinGroup(
        this=exp.PercentileCont(this=exp.convert(0.5)),
        expression=exp.Order(expressions=[exp.Ordered(this=value.copy(), nulls_first=False)]),
    )
    return cells(
        rows.join("ancestor as a", on=same("placement_no", "a", "p")),
        definition,
        period_code(decided, definition.period),
        exp.Literal.string(""),
        [exp.null(), exp.null(), exp.Count(this=value.copy()), median],
    )


def median_unplaced(definition: Definition, fact: Fact) -> exp.Select:
    """municipality_code, rows: as `unplaced_rows`."""
    rows, _, _ = _median_rows(definition, fact)
    return (
        rows.select(name("municipality_code", "f"), exp.alias_(exp.Count(this=exp.Star()), "rows", quoted=True))
        .where(exp.Is(this=name("placement_no", "p"), expression=exp.null()))
        .group_by(name("municipality_code", "f"))
    )


def _median_rows(definition: Definition, fact: Fact) -> tuple[exp.Select, exp.Expr, exp.Expr]:
    """The rows that have a value, placed; their deciding day and value."""
    meaning = definition.meaning
    if meaning.by is None or meaning.value is None:
        raise ValueError("a median has a deciding day and a value")
    decided, value = render(meaning.by, "f"), render(meaning.value, "f")
    where = [render(meaning.where, "f")] if meaning.where is not None else []
    has_value = exp.Not(this=exp.Is(this=value.copy(), expression=exp.null()))
    return placed(fact, decided).where(has_value, *where), decided, value


def stock_levels(definition: Definition, fact: Fact) -> exp.Select:
    """unit, municipality_code, period, day, rows: how many rows each unit has active on each period's last day (on
    the municipality's as-of in the unfinished one): the running sum of entries and exits."""
    span = definition.meaning.span
    if span is None:
        raise ValueError("a stock has a span")
    start, finish = render(span.start, "f"), _finish(span)
    where = [render(span.where, "f")] if span.where is not None else []
    active = (
        exp.select(
            exp.alias_(name(fact.unit, "f"), "unit", quoted=True),
            name("municipality_code", "f"),
            name("as_of", "o"),
            exp.alias_(start, "start_on", quoted=True),
            exp.alias_(finish, "finish_on", quoted=True),
        )
        .from_(exp.to_table(fact.name, alias="f"))
        .join(as_of_days(fact), on=same("municipality_code", "f", "o"))
        .where(start.copy() <= name("as_of", "o"), finish.copy() > start.copy(), *where)
    )
    period_type = definition.period
    steps = [
        exp.select(
            name("unit"),
            name("municipality_code"),
            name("as_of"),
            exp.alias_(period_code(name(column), period_type), "period", quoted=True),
            exp.alias_(exp.convert(step), "step", quoted=True),
        ).from_("active")
        for column, step in (("start_on", 1), ("finish_on", -1))
    ]
    steps[1] = steps[1].where(name("finish_on") <= name("as_of"))
    moved = (
        exp.select("unit", "municipality_code", "as_of", "period", exp.alias_(exp.Sum(this=name("step")), "step"))
        .from_(steps[0].union(steps[1], distinct=False).subquery("s"))
        .group_by("unit", "municipality_code", "as_of", "period")
    )
    life = (
        exp.select("unit", "municipality_code", "as_of", exp.alias_(exp.Min(this=name("period")), "first_period"))
        .from_("moved")
        .group_by("unit", "municipality_code", "as_of")
    )
    running = exp.Window(
        this=exp.Sum(this=exp.func("coalesce", name("step", "m"), exp.convert(0))),
        partition_by=[name("unit", "l"), name("municipality_code", "l")],
        order=exp.Order(expressions=[exp.Ordered(this=name("period", "c"))]),
    )
    return (
        exp.select(
            name("unit", "l"),
            name("municipality_code", "l"),
            name("period", "c"),
            exp.alias_(exp.func("least", name("last_on", "c"), name("as_of", "l")), "day", quoted=True),
            exp.alias_(running, "rows", quoted=True),
        )
        .with_("active", active)
        .with_("moved", moved)
        .with_("life", life)
        .from_("life as l")
        .join(
            "calendar as c",
            on=exp.and_(
                name("type", "c").eq(exp.Literal.string(period_type.value)),
                name("period", "c") >= name("first_period", "l"),
                name("first_on", "c") <= name("as_of", "l"),
            ),
        )
        .join(
            "moved as m",
            on=exp.and_(
                exp.NullSafeEQ(this=name("unit", "m"), expression=name("unit", "l")),
                same("municipality_code", "m", "l"),
                same("period", "m", "c"),
            ),
            join_type="left",
        )
    )


def stock_cells(definition: Definition, levels: str) -> exp.Select:
    """The cells of a stock from its table of levels, placed by the tree of the stock's day."""
    rows = exp.Sum(this=name("rows", "s"))
    return cells(
        exp.select()
        .from_(exp.to_table(levels, alias="s"))
        .join("placement as p", on=valid_placement(name("unit", "s"), name("day", "s")))
        .join("ancestor as a", on=same("placement_no", "a", "p")),
        definition,
        name("period", "s"),
        exp.Literal.string(""),
        [rows, exp.null(), rows.copy(), rows.copy()],
    ).having(rows.copy() > 0)


def stock_unplaced(levels: str) -> exp.Select:
    """municipality_code, rows: what is active on the last day and has no known unit then."""
    latest = exp.select(exp.Max(this=name("day", "t"))).from_(exp.to_table(levels, alias="t"))
    rows = exp.Sum(this=name("rows", "s"))
    return (
        exp.select(name("municipality_code", "s"), exp.alias_(rows, "rows", quoted=True))
        .from_(exp.to_table(levels, alias="s"))
        .join("placement as p", on=valid_placement(name("unit", "s"), name("day", "s")), join_type="left")
        .where(
            exp.Is(this=name("placement_no", "p"), expression=exp.null()),
            name("day", "s").eq(latest.where(same("municipality_code", "t", "s")).subquery()),
        )
        .group_by(name("municipality_code", "s"))
        .having(rows.copy() > 0)
    )


def _finish(span: Span) -> exp.Expr:
    """The first day the row is no longer active; far ahead when it still is."""
    ends: list[exp.Expr] = []
    for end in span.ends:
        ended = render(end.day, "f")
        held = ended if end.where is None else exp.Case(ifs=[exp.If(this=render(end.where, "f"), true=ended)])
        ends.append(exp.func("coalesce", held, day(_NEVER)))
    return reduce(lambda first, second: exp.func("least", first, second), ends)
