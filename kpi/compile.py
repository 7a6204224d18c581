"""Definitions → query trees for the compute engine. Trees only: a dialect renders them, and no text is ever pasted.

Every figure that adds up becomes rows of one table, `addend`: what a place adds to a figure's numerator `n` and
denominator `d` in a month. Measures of one fact, deciding day and clock share one scan (`event_passes`); those of one
span share one running sum (`kpi.standing`). One query then sums all figures up the tree (`rolled`), and one divides
(`finished`).

The trees read tables that `kpi.workspace` lays out: one per fact, and
    figure    (kpi_no, clock, shape, type, largest, smallest, per, has_parts, is_stock, first, last)
    as_of     (clock, municipality_code, as_of)     the latest day that a figure's deliveries speak for
    place     (unit_code, placement_no, first_on, last_on, is_board)    where a code stands, by day
    placement (placement_no, unit_code, municipality)   the unit, and the municipality's own unit above it
    ancestor  (placement_no, unit_code, level_no)   where the placement counts: itself and all above
    reach     (type, rolling, month, period, first_on)   which periods a month counts in
    calendar  (type, period, month, first_on, last_on)   every period, and its last month
    covered   (kpi_no, municipality, period, day, children, is_whole, is_divided)   for rates: deliveries hold the whole
              period; what it is divided by is known
    roster    (kpi_no, placement_no, unit_code, period, month)   the units that a share of units is of
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from kpi import query as q
from kpi.build_meaning import GROUP
from kpi.definition import Definition, Fact, Measure, Part, Roster, Shape
from kpi.facts import PLACE
from kpi.period import PeriodType
from kpi.pieces import (
    CELL,
    EVENTS,
    REPORTED,
    addend,
    divide,
    due_by_as_of,
    period_code,
    placed_on,
    split_column,
    split_text,
    stood,
)
from kpi.render import render
from kpi.tree import Node, Type, columns_in

ONLY_EVENTS = 3
"""The side of rows that only tell that something happened, and add nothing."""


@dataclass(frozen=True)
class Member:
    """A figure's measure by its number in the computation; `clock`: whose as-of days it follows."""

    kpi_no: int
    clock: int
    definition: Definition
    measure: Measure

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of the fact that its rows are told apart by."""
        meaning = self.definition.meaning
        return (*meaning.split, *(one for one in (self.measure.parts, meaning.match) if one))


@dataclass(frozen=True)
class Pass:
    """Measures that share a scan: same fact, days, clock and keys."""

    fact: Fact
    members: tuple[Member, ...]


def event_passes(members: Iterable[Member], facts: Mapping[str, Fact]) -> list[Pass]:
    """The scans of the measures that count rows on a day."""
    groups: dict[object, list[Member]] = {}
    for one in members:
        measure = one.measure
        if measure.day is not None:
            of_period = one.definition.period if measure.last_of else None
            key = (measure.fact, measure.day, measure.due, measure.last_of, of_period, one.clock, one.keys)
            groups.setdefault(key, []).append(one)
    return [Pass(facts[found[0].measure.fact], tuple(found)) for found in groups.values()]


def columns_read(definition: Definition, fact: str) -> set[str]:
    """The columns of a fact that a figure needs."""
    meaning = definition.meaning
    read: set[str] = set()
    for one in meaning.measures:
        if one.fact == fact:
            nodes: list[Node | None] = [one.day, one.due, one.where, one.amount, one.numerator, meaning.value]
            if one.span is not None:
                nodes += [*one.span.starts, one.span.where]
                nodes += [node for end in one.span.ends for node in (end.day, end.where)]
            read |= {name for node in nodes if node is not None for name in columns_in(node)}
            read |= {*one.last_of, *meaning.split, *(c for c in (one.parts, meaning.match, meaning.distinct) if c)}
    return read - {GROUP}


def deciding_day(measure: Measure) -> exp.Expr:
    """The day from which on a fact's row (f) matters: what a span counts matters ever after."""
    days = [measure.day] if measure.day is not None else measure.span.starts if measure.span is not None else []
    first, *rest = (render(one, "f") for one in days)
    return exp.Greatest(this=first, expressions=rest, ignore_nulls=True) if rest else first


# --- what happens on a day -------------------------------------------------


def base_query(one: Pass) -> exp.Select:
    """municipality_code, placement_no (null = unplaced), month, the keys, and per member the sums `n_<i>`, `d_<i>`."""
    first = one.members[0]
    day = deciding_day(first.measure)
    days = [day] if first.measure.due is None else [day, render(first.measure.due, "f")]
    keys = {"municipality_code": q.column("f.municipality_code"), "placement_no": q.column("p.placement_no"),
            "month": period_code(day, PeriodType.MONTH)}  # fmt: skip
    keys |= {name: split_column(one.fact, name) for name in first.keys}
    sums = {
        f"{side}_{at}": q.cast(q.total(amount), "double")
        for at, member in enumerate(one.members)
        for side, amount in zip("nd", amounts(member.measure), strict=True)
    }
    rows = _latest(one, day) if first.measure.last_of else q.table(f"{one.fact.name} f")
    return q.select(keys | sums, rows, due_by_as_of(first.clock, *days), placed_on(day), group=len(keys))


def _latest(one: Pass, day: exp.Expr) -> exp.Expr:
    """Of the fact's rows with the same `last_of`, the latest that is due in each period; the unplaced apart."""
    first = one.members[0]
    by = [*(q.column(f"f.{name}") for name in first.measure.last_of), period_code(day, first.definition.period)]
    rank = q.over(exp.Anonymous(this="rank"), [*by, q.missing("p.placement_no")], day, latest=True)
    ranked = q.select({"rank_no": rank}, f"{one.fact.name} f", due_by_as_of(first.clock, day), placed_on(day))
    ranked.append("expressions", exp.Column(this=exp.Star(), table=exp.to_identifier("f")))
    rows = exp.Select(expressions=[exp.Star()], from_=exp.From(this=q.named(ranked, "r")))
    return q.named(rows.where(q.equal("r.rank_no", q.const(1)), copy=False), "f")


def amounts(measure: Measure) -> tuple[exp.Expr, exp.Expr]:
    """What one row (f) adds to the numerator and to the denominator. A row whose plan is unknown cannot tell whether
    it would count, so it adds to the denominator: unplaced, it is shown and counts nowhere."""
    amount = render(measure.amount, "f") if measure.amount is not None else q.const(1)
    counted: exp.Expr = exp.true() if measure.where is None else render(measure.where, "f")
    whole = q.when(q.some(counted, q.missing(f"f.{PLACE}")), amount)
    if measure.adds is not Part.BOTH or measure.numerator is None:
        return (whole, q.const(0)) if measure.adds is Part.NUMERATOR else (q.const(0), whole)
    numerator = render(measure.numerator, "f")
    if measure.numerator.type.type is Type.NUMBER:
        return q.when(counted, numerator), whole
    return q.when(q.every(counted, numerator), amount), whole


def event_addends(one: Pass, base: str) -> exp.Query:
    """What the members add, from the pass's sums; a part of a distribution counts as a numerator of its own."""
    queries = []
    for at, member in enumerate(one.members):
        meaning, parts = member.definition.meaning, member.measure.parts
        n, d = q.column(f"b.n_{at}"), q.column(f"b.d_{at}")
        common = {"rolling": q.const(meaning.rolling), "municipality_code": q.column("b.municipality_code"),
                  "side": q.const(ONLY_EVENTS if meaning.roster else member.measure.side),
                  "match": q.cast(f"b.{meaning.match}", "text") if meaning.match else q.const("")}  # fmt: skip
        whole = {"n": n, "d": d, "split": split_text(meaning.split, "b")}
        part = {"n": d, "split": split_text((parts,), "b")} if parts else None
        for own in (whole, part):
            if own is not None:
                columns = addend(q.const(member.kpi_no), "b.placement_no", "b.month", **common, **own)
                queries.append(q.select(columns, f"{base} b", where=[q.some(q.above(n), q.above(d))]))
    return q.united(queries)


# --- what is added besides -------------------------------------------------


def children_addends() -> exp.Select:
    """The children that a rate is divided by: in periods that deliveries hold wholly, or that have events."""
    met = q.exists(_happened("c", q.equal("m.municipality", "c.municipality")))
    return q.select(
        addend("c.kpi_no", "p.placement_no", "k.month", d="c.children"),
        "covered c",
        q.join("calendar k", q.equal("k.period", "c.period")),
        q.join("place p", stood("c.municipality", "c.day")),
        where=[q.above("c.children"), q.some("c.is_whole", met)],
    )


def roster_addends(kpi_no: int, roster: Roster) -> exp.Select:
    """Every unit of a roster: 1 to the denominator, and to the numerator when it has (or has not) any row."""
    met = q.exists(_happened("u", q.equal("m.unit_code", "u.unit_code")))
    counted = q.when(q.negated(met) if roster.is_without else met, q.const(1))
    columns = addend("u.kpi_no", "u.placement_no", "u.month", n=counted, d=q.const(1))
    return q.select(columns, "roster u", where=[q.equal("u.kpi_no", q.const(kpi_no))])


def _happened(outer: str, there: exp.Expr) -> exp.Select:
    """The figure's addends that lie there and count in the outer row's period."""
    same = q.equal("d.kpi_no", f"{outer}.kpi_no"), q.equal("r.period", f"{outer}.period")
    return _reached(["d.kpi_no"], where=[*same, there])


def _reached(columns: dict[str, exp.Expr] | list[str], *joins: exp.Join, **more: object) -> exp.Select:
    """Addends (d) with their figure (f), the periods that they count in (r), and their placement (m)."""
    counts = q.equal("r.type", "f.type"), q.equal("r.rolling", "d.rolling"), q.equal("r.month", "d.month")
    return q.select(
        columns,
        "addend d",
        q.join("figure f", q.equal("f.kpi_no", "d.kpi_no")),
        q.join("reach r", *counts),
        q.join("placement m", q.equal("m.placement_no", "d.placement_no")),
        *joins,
        **more,  # type: ignore[arg-type]  # select's own keywords
    )


# --- up the tree -----------------------------------------------------------


def rolled() -> exp.Select:
    """kpi_no, unit_code, period, split, side, match, level_no, n, d, basis: all figures' sums for every unit above.

    What a municipality cannot divide, or divides by without counting, is left out of a rate, and so out of the sums
    above it; what lies in no municipality (a region's own units) counts. A municipality adds to no rolling period that
    begins after its as-of.
    """
    divides = q.some(
        exp.NEQ(this=q.column("f.shape"), expression=q.const(Shape.RATE.value)),
        q.missing("m.municipality"),
        q.every(q.above("d.n"), "c.is_divided"),
        q.every(q.above("d.d"), q.some("c.is_whole", q.negated(q.missing("c.children")))),
    )
    begun = q.some(q.equal("d.rolling", q.const(0)), q.at_most("r.first_on", "o.as_of"))
    keys = ("d.kpi_no", "a.unit_code", "r.period", "d.split", "d.side", "d.match")
    basis = [q.largest(q.when(q.equal("d.basis", q.const(kind)), q.const(kind))) for kind in (EVENTS, REPORTED)]
    sums = {"level_no": q.largest("a.level_no"), "n": q.total("d.n"), "d": q.total("d.d"), "basis": basis[0] + basis[1]}
    covered = (
        q.equal("c.kpi_no", "d.kpi_no"),
        q.equal("c.municipality", "m.municipality"),
        q.equal("c.period", "r.period"),
    )
    return _reached(
        {key.rpartition(".")[2]: q.column(key) for key in keys} | sums,
        q.join("ancestor a", q.equal("a.placement_no", "d.placement_no")),
        q.join(
            "as_of o", q.equal("o.clock", "f.clock"), q.equal("o.municipality_code", "d.municipality_code"), left=True
        ),
        q.join("covered c", *covered, left=True),
        where=[*shown("a.level_no", "r.period", "f"), q.above(q.const(ONLY_EVENTS), "d.side"), divides, begun],
        group=len(keys),
    )


def shown(level: str, period: str, figure: str) -> list[exp.Expr]:
    """The levels and periods that the figure is shown for."""
    return [q.at_most(f"{figure}.largest", level), q.at_most(level, f"{figure}.smallest"),
            q.at_most(f"{figure}.first", period), q.at_most(period, f"{figure}.last")]  # fmt: skip


def finished(sums: str) -> exp.Select:
    """The cells of every figure but gaps, from the sums: divided here and nowhere else."""
    whole = q.over(q.total("s.d"), ("s.kpi_no", "s.unit_code", "s.period"))
    kept = ("kpi_no", "unit_code", "level_no", "period", "split", "basis", "n")
    rows = q.select(
        {one: q.column(f"s.{one}") for one in kept}
        | {"d": q.when("f.has_parts", whole, "s.d"), "shape": q.column("f.shape"), "per": q.column("f.per")},
        f"{sums} s",
        q.join("figure f", q.equal("f.kpi_no", "s.kpi_no")),
        where=[exp.NEQ(this=q.column("f.shape"), expression=q.const(Shape.GAP.value))],
    )
    n, d = q.column("t.n"), q.column("t.d")
    computed = {
        "numerator": _by_shape(count=d, share=n, rate=n),
        "denominator": _by_shape(count=q.const(None), share=d, rate=d),
        "cases": q.cast(_by_shape(count=d, share=d, rate=n), "bigint"),
        "value": _by_shape(count=d, share=divide(n, d), rate=divide(n * q.column("t.per"), d)),
        "basis": q.cast("t.basis", "smallint"),
    }
    cell = {one: computed.get(one, q.column(f"t.{one}")) for one in ("kpi_no", *CELL)}
    return q.select(cell, q.named(rows, "t"), where=[q.above(d)])


def _by_shape(**values: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=q.equal("t.shape", q.const(one)), true=value) for one, value in values.items()])


def gap_cells(sums: str) -> exp.Select:
    """The difference of two groups' shares, over what both groups have; the smaller group's cases."""
    keys = ("kpi_no", "unit_code", "period")
    sides = {
        f"{one}{side}": q.total(q.when(q.equal("s.side", q.const(side)), f"s.{one}")) for side in (1, 2) for one in "nd"
    }
    matched = q.select(
        {key: q.column(f"s.{key}") for key in keys} | {"level_no": q.largest("s.level_no")} | sides,
        f"{sums} s",
        where=[q.above("s.side")],
        group=[*(f"s.{key}" for key in keys), "s.match"],
        having=q.every(q.above(sides["d1"]), q.above(sides["d2"])),
    )
    n1, d1, n2, d2 = (q.total(f"g.{one}") for one in sides)
    nothing = q.cast(q.const(None), "double")
    values = {
        "level_no": q.largest("g.level_no"), "split": q.const(""), "numerator": nothing, "denominator": nothing,
        "cases": q.cast(q.when(q.above(d2, d1), d1, d2), "bigint"), "value": divide(n1, d1) - divide(n2, d2),
        "basis": q.cast(q.const(EVENTS), "smallint"),
    }  # fmt: skip
    cell = {one: values.get(one, q.column(f"g.{one}")) for one in ("kpi_no", *CELL)}
    return q.select(cell, q.named(matched, "g"), group=[f"g.{key}" for key in keys])


# --- what is told besides --------------------------------------------------


def unplaced_rows() -> exp.Select:
    """kpi_no, municipality_code, rows: what figures would count if the unit or plan were known; of what stands, on the
    last day."""
    keys = ("d.kpi_no", "d.municipality_code")
    latest = q.over(q.largest("d.month"), keys)
    rows = q.select(
        {"kpi_no": "d.kpi_no", "municipality_code": "d.municipality_code", "placement_no": "d.placement_no",
         "rows": q.when(q.above("d.n", "d.d"), "d.n", "d.d"),
         "counts": q.some(q.negated("f.is_stock"), q.equal("d.month", latest))},
        "addend d",
        q.join("figure f", q.equal("f.kpi_no", "d.kpi_no")),
    )  # fmt: skip
    waiting = q.cast(q.total("t.rows"), "bigint")
    return q.select(
        {"kpi_no": "t.kpi_no", "municipality_code": "t.municipality_code", "rows": waiting},
        q.named(rows, "t"),
        where=[q.missing("t.placement_no"), q.column("t.counts")],
        group=2,
        having=q.above(waiting),
    )


def units_with_events(kpi_no: int) -> exp.Select:
    """unit_code, period: where the figure counts anything, in the unit itself or below it."""
    there = q.join("ancestor a", q.equal("a.placement_no", "d.placement_no"))
    return _reached(
        ["a.unit_code", "r.period"], there, where=[q.equal("d.kpi_no", q.const(kpi_no)), q.above("d.d")], distinct=True
    )
