"""What stands on a period's last day: spans as running sums of entries and exits → query trees.

Measures of one span, clock and period type share one sum. The result is rows of `addend`, as everything else's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

from sqlglot import exp

from kpi.compile import Member, amounts, deciding_day
from kpi.definition import Fact, Span
from kpi.facts import PLACE
from kpi.period import PeriodType
from kpi.pieces import addend, as_of_days, is_null, named, number, period_code, same, standing_place, united
from kpi.render import day, name, render

_NEVER = date(9999, 12, 31)
_KEYS = ("place", "municipality_code", "as_of")


@dataclass(frozen=True)
class StandingPass:
    """Measures that share a running sum."""

    fact: Fact
    span: Span
    type: PeriodType
    members: tuple[Member, ...]


def standing_passes(members: Iterable[Member], facts: Mapping[str, Fact]) -> list[StandingPass]:
    """The running sums of the measures that count what stands."""
    groups: dict[object, list[Member]] = {}
    for one in members:
        if one.measure.span is not None:
            groups.setdefault((one.measure.span, one.clock, one.definition.period), []).append(one)
    return [
        StandingPass(facts[found[0].measure.fact], found[0].measure.span, found[0].definition.period, tuple(found))
        for found in groups.values()
        if found[0].measure.span is not None
    ]


def standing_rows(one: StandingPass) -> exp.Select:
    """place, municipality_code, month, day, and per member `n_<i>`, `d_<i>`: what each place has standing on each
    period's last day (on the municipality's as-of in the unfinished one)."""
    amount_names = [f"{part}_{at}" for at in range(len(one.members)) for part in "nd"]
    steps = [_steps(one, column, sign, amount_names) for column, sign in (("start_on", 1), ("finish_on", -1))]
    steps[1] = steps[1].where(name("finish_on") <= name("as_of"))
    moved = (
        exp.select(*_KEYS, "period", *(named(exp.Sum(this=name(each)), each) for each in amount_names))
        .from_(united(steps).subquery("s"))
        .group_by(*_KEYS, "period")
    )
    life = exp.select(*_KEYS, named(exp.Min(this=name("period")), "begun")).from_("moved").group_by(*_KEYS)
    in_life = exp.and_(
        name("type", "c").eq(exp.Literal.string(one.type.value)),
        name("period", "c") >= name("begun", "l"),
        name("first_on", "c") <= name("as_of", "l"),
    )
    same_place = exp.NullSafeEQ(this=name("place", "m"), expression=name("place", "l"))
    here = exp.and_(same_place, same("municipality_code", "m", "l"), same("period", "m", "c"))
    last = exp.Case(
        ifs=[exp.If(this=name("last_on", "c") <= name("as_of", "l"), true=name("last_on", "c"))],
        default=name("as_of", "l"),
    )
    return (
        exp.select(name("place", "l"), name("municipality_code", "l"), name("month", "c"), named(last, "day"))
        .select(*(named(_running(each), each) for each in amount_names))
        .with_("standing", _standing(one))
        .with_("moved", moved)
        .with_("life", life)
        .from_("life as l")
        .join("calendar as c", on=in_life)
        .join("moved as m", on=here, join_type="left")
    )


def standing_addends(one: StandingPass, rows: str) -> exp.Query:
    """What the members add, placed by where the unit stood on the day."""
    queries = []
    for at, member in enumerate(one.members):
        n, d = name(f"n_{at}", "b"), name(f"d_{at}", "b")
        chosen = addend(
            number(member.kpi_no), name("placement_no", "p"), name("month", "b"),
            municipality_code=name("municipality_code", "b"), n=n, d=d,
        )  # fmt: skip
        place = standing_place(name("place", "b"), name("day", "b"))
        found = chosen.from_(exp.to_table(rows, alias="b")).join("place as p", on=place, join_type="left")
        queries.append(found.where(exp.or_(n.copy() > 0, d.copy() > 0)))
    return united(queries)


def _standing(one: StandingPass) -> exp.Select:
    """The rows that ever stand, with the days between which they do."""
    clock = one.members[0].clock
    start, finish = deciding_day(one.members[0].measure), _finish(one.span)
    columns = [named(name(PLACE, "f"), "place"), name("municipality_code", "f"), name("as_of", "o"),
               named(start, "start_on"), named(finish, "finish_on")]  # fmt: skip
    for at, member in enumerate(one.members):
        both = amounts(member.measure)
        columns += [named(amount, f"{part}_{at}") for part, amount in zip("nd", both, strict=True)]
    given = [exp.Not(this=is_null(render(each, "f"))) for each in one.span.starts if len(one.span.starts) > 1]
    where = [render(one.span.where, "f")] if one.span.where is not None else []
    return (
        exp.select(*columns)
        .from_(exp.to_table(one.fact.name, alias="f"))
        .join(as_of_days(clock), on=same("municipality_code", "f", "o"))
        .where(start.copy() <= name("as_of", "o"), finish.copy() > start.copy(), *given, *where)
    )


def _steps(one: StandingPass, column: str, sign: int, amount_names: list[str]) -> exp.Select:
    return exp.select(
        *_KEYS,
        named(period_code(name(column), one.type), "period"),
        *(named(name(each) * number(sign), each) for each in amount_names),
    ).from_("standing")


def _running(amount: str) -> exp.Expr:
    return exp.Window(
        this=exp.Sum(this=exp.func("coalesce", name(amount, "m"), number(0))),
        partition_by=[name("place", "l"), name("municipality_code", "l")],
        order=exp.Order(expressions=[exp.Ordered(this=name("period", "c"))]),
    )


def _finish(span: Span) -> exp.Expr:
    """The first day the row no longer stands; far ahead when it still does."""
    ends: list[exp.Expr] = [day(_NEVER)]
    for end in span.ends:
        ended = render(end.day, "f")
        held = ended if end.where is None else exp.Case(ifs=[exp.If(this=render(end.where, "f"), true=ended)])
        ends.append(exp.func("coalesce", held, day(_NEVER)))
    return reduce(lambda first, second: exp.func("least", first, second), ends)
