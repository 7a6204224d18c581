"""What stands on a period's last day: spans as running sums of entries and exits → query trees.

Measures of one span, clock and period type share one sum. The result is rows of `addend`, as everything else's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlglot import exp

from kpi import query as q
from kpi.compile import Member, Pass, amounts, deciding_day
from kpi.definition import Fact, Span
from kpi.facts import PLACE
from kpi.pieces import addend, due_by_as_of, period_code, stood
from kpi.render import day, render

_NEVER = date(9999, 12, 31)
_KEYS = ("place", "municipality_code", "as_of")


def standing_passes(members: Iterable[Member], facts: Mapping[str, Fact]) -> list[Pass]:
    """The running sums of the measures that count what stands."""
    groups: dict[object, list[Member]] = {}
    for one in members:
        if one.measure.span is not None:
            groups.setdefault((one.measure.span, one.clock, one.definition.period), []).append(one)
    return [Pass(facts[found[0].measure.fact], tuple(found)) for found in groups.values()]


def standing_rows(one: Pass) -> exp.Select:
    """place, municipality_code, month, day, and per member `n_<i>`, `d_<i>`: what each place has standing on each
    period's last day (on the municipality's as-of in the unfinished one)."""
    type_ = one.members[0].definition.period
    sums = [f"{side}_{at}" for at in range(len(one.members)) for side in "nd"]
    keys = {key: q.column(key) for key in _KEYS}
    steps = [
        q.select(
            keys
            | {"period": period_code(turn, type_)}
            | {each: q.column(each) * q.const(sign) for each in sums},
            "standing",
            where=[] if sign > 0 else [q.at_most("finish_on", "as_of")],
        )
        for turn, sign in (("start_on", 1), ("finish_on", -1))
    ]  # fmt: skip
    moved = q.select(
        keys | {"period": q.column("period")} | {each: q.total(each) for each in sums},
        q.named(q.united(steps), "s"),
        group=4,
    )
    life = q.select(keys | {"begun": exp.Min(this=q.column("period"))}, "moved", group=3)
    alive = (
        q.equal("c.type", q.const(type_.value)),
        q.at_most("l.begun", "c.period"),
        q.at_most("c.first_on", "l.as_of"),
    )
    same_place = exp.NullSafeEQ(this=q.column("m.place"), expression=q.column("l.place"))
    here = same_place, q.equal("m.municipality_code", "l.municipality_code"), q.equal("m.period", "c.period")
    running = {
        each: q.over(q.total(q.first_given(f"m.{each}", q.const(0))), [f"l.{key}" for key in _KEYS], "c.period")
        for each in sums
    }
    last = q.when(q.at_most("c.last_on", "l.as_of"), "c.last_on", "l.as_of")
    found = q.select(
        {"place": "l.place", "municipality_code": "l.municipality_code", "month": "c.month", "day": last, **running},
        "life l",
        q.join("calendar c", *alive),
        q.join("moved m", *here, left=True),
    )
    for name, query in (("standing", _standing(one)), ("moved", moved), ("life", life)):
        found = found.with_(name, query, copy=False)
    return found


def standing_addends(one: Pass, rows: str) -> exp.Query:
    """What the members add, placed by where the unit stood on the day."""
    place = q.join("place p", stood("b.place", "b.day"), left=True)
    queries = []
    for at, member in enumerate(one.members):
        n, d = q.column(f"b.n_{at}"), q.column(f"b.d_{at}")
        columns = addend(q.const(member.kpi_no), "p.placement_no", "b.month", n=n, d=d,
                         municipality_code="b.municipality_code")  # fmt: skip
        queries.append(q.select(columns, f"{rows} b", place, where=[q.some(q.above(n), q.above(d))]))
    return q.united(queries)


def _standing(one: Pass) -> exp.Select:
    """The rows that ever stand, with the days between which they do."""
    first = one.members[0]
    span = first.measure.span
    if span is None:
        raise ValueError("what stands has a span")
    start, finish = deciding_day(first.measure), _finish(span)
    columns = {"place": q.column(f"f.{PLACE}"), "municipality_code": q.column("f.municipality_code"),
               "as_of": q.column("o.as_of"), "start_on": start, "finish_on": finish}  # fmt: skip
    for at, member in enumerate(one.members):
        columns |= {f"{side}_{at}": amount for side, amount in zip("nd", amounts(member.measure), strict=True)}
    given = [q.negated(q.missing(render(each, "f"))) for each in span.starts if len(span.starts) > 1]
    where = [render(span.where, "f")] if span.where is not None else []
    return q.select(
        columns, f"{one.fact.name} f", due_by_as_of(first.clock, start), where=[q.above(finish, start), *given, *where]
    )


def _finish(span: Span) -> exp.Expr:
    """The first day the row no longer stands; far ahead when it still does."""
    ends: list[exp.Expr] = [day(_NEVER)]
    for end in span.ends:
        ended = render(end.day, "f")
        held = ended if end.where is None else q.when(render(end.where, "f"), ended, q.const(None))
        ends.append(q.first_given(held, day(_NEVER)))
    return exp.Least(this=ends[0], expressions=ends[1:], ignore_nulls=True)
