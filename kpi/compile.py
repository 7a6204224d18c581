"""Definitions → query trees for the compute engine. Trees only: a dialect renders them, and no text is ever pasted.

Every figure that adds up becomes rows of one table, `addend`: what a place adds to a figure's numerator and denominator
in a month. Measures of one fact, deciding day and clock share one scan (`event_passes`); those of one span share one
running sum (`kpi.stock`). One query then sums all figures up the tree (`rolled`), and one divides (`finished`).

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

from kpi.definition import Definition, Fact, Measure, Part, Roster, Shape
from kpi.facts import PLACE
from kpi.pieces import (
    CELL,
    EVENTS,
    REPORTED,
    addend,
    divide,
    is_null,
    month_code,
    named,
    number,
    period_code,
    placed,
    same,
    split_column,
    split_text,
    standing_place,
    united,
    when,
)
from kpi.render import name, render
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
    """Measures that share a scan: same fact, day, clock and keys."""

    fact: Fact
    members: tuple[Member, ...]


def event_passes(members: Iterable[Member], facts: Mapping[str, Fact]) -> list[Pass]:
    """The scans of the measures that count rows on a day."""
    groups: dict[object, list[Member]] = {}
    for one in members:
        measure = one.measure
        if measure.day is not None:
            key = (measure.fact, measure.day, measure.due, measure.last_of, one.clock, one.keys)
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
            read |= {column for node in nodes if node is not None for column in columns_in(node)}
            read |= {*one.last_of, *meaning.split, *(c for c in (one.parts, meaning.match, meaning.distinct) if c)}
    return read - {"group"}


def deciding_day(measure: Measure) -> exp.Expr:
    """The day from which on a fact's row (aliased f) matters: what a span counts matters ever after."""
    if measure.day is not None:
        return render(measure.day, "f")
    starts = measure.span.starts if measure.span else ()
    return exp.func("greatest", *(render(one, "f") for one in starts)) if len(starts) > 1 else render(starts[0], "f")


# --- what happens on a day -------------------------------------------------


def base_query(one: Pass) -> exp.Select:
    """municipality_code, placement_no (null = unplaced), month, the keys, and per member the sums `n_<i>`, `d_<i>`."""
    first = one.members[0]
    measure = first.measure
    day = render(measure.day, "f") if measure.day is not None else exp.null()
    due = render(measure.due, "f") if measure.due is not None else None
    keys = [name("municipality_code", "f"), name("placement_no", "p"), named(month_code(day), "month")]
    keys += [named(split_column(column), column) for column in first.keys]
    sums = [
        named(exp.cast(exp.Sum(this=amount), "double"), f"{part}_{at}")
        for at, member in enumerate(one.members)
        for part, amount in zip("nd", amounts(member.measure), strict=True)
    ]
    rows = placed(_rows(one, day, first.clock), day, due, first.clock)
    return rows.select(*keys, *sums).group_by(*(number(at + 1) for at in range(len(keys))))


def _rows(one: Pass, day: exp.Expr, clock: int) -> exp.Expr:
    """The fact's rows; of `last_of`, only the latest due in each period."""
    table = exp.to_table(one.fact.name, alias="f")
    last_of = one.members[0].measure.last_of
    if not last_of:
        return table
    type_ = one.members[0].definition.period
    latest = exp.Window(
        this=exp.Anonymous(this="rank"),
        partition_by=[*(name(column, "f") for column in last_of), period_code(day, type_)],
        order=exp.Order(expressions=[exp.Ordered(this=day.copy(), desc=True)]),
    )
    due = placed(table, day, None, clock).select(exp.Column(this=exp.Star(), table=exp.to_identifier("f")))
    return due.qualify(latest.eq(number(1))).subquery("f")


def amounts(measure: Measure) -> tuple[exp.Expr, exp.Expr]:
    """What one row (f) adds to the numerator and to the denominator. A row whose plan is unknown cannot tell whether
    it would count, so it adds to the denominator: unplaced, it is shown and counts nowhere."""
    amount = render(measure.amount, "f") if measure.amount is not None else number(1)
    counted: exp.Expr = exp.true() if measure.where is None else render(measure.where, "f")
    whole = when(exp.or_(counted, is_null(name(PLACE, "f"))), amount)
    if measure.adds is not Part.BOTH or measure.numerator is None:
        return (whole, number(0)) if measure.adds is Part.NUMERATOR else (number(0), whole)
    numerator = render(measure.numerator, "f")
    if measure.numerator.type.type is Type.NUMBER:
        return when(counted.copy(), numerator), whole
    return when(exp.and_(counted.copy(), numerator), amount.copy()), whole


def event_addends(one: Pass, base: str) -> exp.Query:
    """What the members add, from the pass's sums; a part of a distribution counts as a numerator of its own."""
    queries = []
    for at, member in enumerate(one.members):
        meaning, parts = member.definition.meaning, member.measure.parts
        n, d = name(f"n_{at}", "b"), name(f"d_{at}", "b")
        more = {"side": number(ONLY_EVENTS if meaning.roster else member.measure.side)}
        if meaning.match:
            more["match"] = exp.cast(name(meaning.match, "b"), "text")
        queries.append(_from_base(member, base, split=split_text(meaning.split, "b"), n=n, d=d, **more))
        if parts:
            queries.append(_from_base(member, base, split=split_text((parts,), "b"), n=d))
    return united(queries)


def _from_base(member: Member, base: str, **columns: exp.Expr) -> exp.Select:
    found = addend(
        number(member.kpi_no), name("placement_no", "b"), name("month", "b"),
        rolling=number(member.definition.meaning.rolling), municipality_code=name("municipality_code", "b"), **columns,
    )  # fmt: skip
    is_any = [columns[one].copy() > 0 for one in "nd" if one in columns]
    return found.from_(exp.to_table(base, alias="b")).where(exp.or_(*is_any))


# --- what is added besides -------------------------------------------------


def children_addends() -> exp.Select:
    """The children that a rate is divided by: in periods that deliveries hold wholly, or that have events."""
    met = _happened("c").where(same("municipality", "m", "c"))
    chosen = addend(name("kpi_no", "c"), name("placement_no", "p"), name("month", "k"), d=name("children", "c"))
    return (
        chosen.from_("covered as c")
        .join("calendar as k", on=same("period", "k", "c"))
        .join("place as p", on=standing_place(name("municipality", "c"), name("day", "c")))
        .where(name("children", "c") > 0, exp.or_(name("is_whole", "c"), exp.Exists(this=met)))
    )


def roster_addends(kpi_no: int, roster: Roster) -> exp.Select:
    """Every unit of a roster: 1 to the denominator, and to the numerator when it has (or has not) any row."""
    met: exp.Expr = exp.Exists(this=_happened("u").where(same("unit_code", "m", "u")))
    counted = when(exp.Not(this=met) if roster.is_without else met, number(1))
    chosen = addend(name("kpi_no", "u"), name("placement_no", "u"), name("month", "u"), n=counted, d=number(1))
    return chosen.from_("roster as u").where(name("kpi_no", "u").eq(number(kpi_no)))


def _happened(outer: str) -> exp.Select:
    """The figure's addends (placed in m) that count in the outer row's period."""
    return _reached(exp.select("1")).where(same("kpi_no", "d", outer), same("period", "r", outer))


def _reached(query: exp.Select) -> exp.Select:
    """Addends (d) with their figure (f), the periods that they count in (r), and their placement (m)."""
    counts = exp.and_(same("type", "r", "f"), same("rolling", "r", "d"), same("month", "r", "d"))
    return (
        query.from_("addend as d")
        .join("figure as f", on=same("kpi_no", "f", "d"))
        .join("reach as r", on=counts)
        .join("placement as m", on=same("placement_no", "m", "d"))
    )


# --- up the tree -----------------------------------------------------------


def rolled() -> exp.Select:
    """kpi_no, unit_code, period, split, side, match, level_no, n, d, basis: all figures' sums for every unit above.

    What a municipality cannot divide, or divides by without counting, is left out of a rate, and so out of the sums
    above it; what lies in no municipality (a region's own units) counts. A municipality adds to no rolling period that
    begins after its as-of.
    """
    divides = exp.or_(
        name("shape", "f").neq(exp.Literal.string(Shape.RATE)),
        is_null(name("municipality", "m")),
        exp.and_(name("n", "d") > 0, name("is_divided", "c")),
        exp.and_(name("d", "d") > 0, exp.or_(name("is_whole", "c"), exp.Not(this=is_null(name("children", "c"))))),
    )
    begun = exp.or_(name("rolling", "d").eq(number(0)), name("first_on", "r") <= name("as_of", "o"))
    keys = [name(one, "d") for one in ("kpi_no", "split", "side", "match")]
    keys += [name("unit_code", "a"), name("period", "r")]
    basis = [exp.Max(this=when(name("basis", "d").eq(number(one)), number(one))) for one in (EVENTS, REPORTED)]
    sums = {"level_no": exp.Max(this=name("level_no", "a")), "n": exp.Sum(this=name("n", "d")),
            "d": exp.Sum(this=name("d", "d")), "basis": exp.Add(this=basis[0], expression=basis[1])}  # fmt: skip
    return (
        _reached(exp.select(*keys, *(named(value, alias) for alias, value in sums.items())))
        .join("ancestor as a", on=same("placement_no", "a", "d"))
        .join("as_of as o", on=exp.and_(same("clock", "o", "f"), same("municipality_code", "o", "d")), join_type="left")
        .join(
            "covered as c",
            on=exp.and_(same("kpi_no", "c", "d"), same("municipality", "c", "m"), same("period", "c", "r")),
            join_type="left",
        )
        .where(
            name("level_no", "a").between(name("largest", "f"), name("smallest", "f")),
            name("period", "r").between(name("first", "f"), name("last", "f")),
            name("side", "d") < number(ONLY_EVENTS),
            divides,
            begun,
        )
        .group_by(*(number(at + 1) for at in range(len(keys))))
    )


def finished(sums: str) -> exp.Select:
    """The cells of every figure but gaps, from the sums: divided here and nowhere else."""
    whole = exp.Window(
        this=exp.Sum(this=name("d", "s")), partition_by=[name(one, "s") for one in ("kpi_no", "unit_code", "period")]
    )
    divisor = exp.Case(ifs=[exp.If(this=name("has_parts", "f"), true=whole)], default=name("d", "s"))
    rows = (
        exp.select(*(name(one, "s") for one in ("kpi_no", "unit_code", "level_no", "period", "split", "basis", "n")))
        .select(named(divisor, "d"), name("shape", "f"), name("per", "f"))
        .from_(exp.to_table(sums, alias="s"))
        .join("figure as f", on=same("kpi_no", "f", "s"))
        .where(name("shape", "f").neq(exp.Literal.string(Shape.GAP)))
    )
    n, d = name("n", "t"), name("d", "t")
    columns = {
        "numerator": _by_shape(count=d, share=n, rate=n),
        "denominator": _by_shape(count=exp.null(), share=d, rate=d),
        "cases": exp.cast(_by_shape(count=d, share=d, rate=n), "bigint"),
        "value": _by_shape(count=d, share=divide(n, d), rate=divide(n * name("per", "t"), d)),
        "basis": exp.cast(name("basis", "t"), "smallint"),
    }
    cell = [named(columns.get(one, name(one, "t")), one) for one in CELL]
    return exp.select(name("kpi_no", "t"), *cell).from_(rows.subquery("t")).where(d.copy() > 0)


def _by_shape(**values: exp.Expr) -> exp.Expr:
    is_shape = name("shape", "t")
    ifs = [exp.If(this=is_shape.eq(exp.Literal.string(one)), true=value.copy()) for one, value in values.items()]
    return exp.Case(ifs=ifs)


def gap_cells(sums: str) -> exp.Select:
    """The difference of two groups' shares, over what both groups have; the smaller group's cases."""
    sides = {
        f"{part}{side}": exp.Sum(this=when(name("side", "s").eq(number(side)), name(part, "s")))
        for side, part in ((1, "n"), (1, "d"), (2, "n"), (2, "d"))
    }
    keys = ("kpi_no", "unit_code", "period")
    matched = (
        exp.select(*(name(one, "s") for one in keys), named(exp.Max(this=name("level_no", "s")), "level_no"))
        .select(*(named(value, alias) for alias, value in sides.items()))
        .from_(exp.to_table(sums, alias="s"))
        .where(name("side", "s").isin(number(1), number(2)))
        .group_by(*(name(one, "s") for one in keys), name("match", "s"))
        .having(exp.and_(sides["d1"].copy() > 0, sides["d2"].copy() > 0))
    )
    n1, d1, n2, d2 = (exp.Sum(this=name(one, "g")) for one in sides)
    smaller = exp.Case(ifs=[exp.If(this=d1.copy() < d2, true=d1.copy())], default=d2.copy())
    values = [
        name("unit_code", "g"), exp.Max(this=name("level_no", "g")), name("period", "g"), exp.Literal.string(""),
        exp.cast(exp.null(), "double"), exp.cast(exp.null(), "double"), exp.cast(smaller, "bigint"),
        divide(n1, d1.copy()) - divide(n2, d2.copy()), exp.cast(number(EVENTS), "smallint"),
    ]  # fmt: skip
    return (
        exp.select(name("kpi_no", "g"), *(named(value, alias) for value, alias in zip(values, CELL, strict=True)))
        .from_(matched.subquery("g"))
        .group_by(*(name(one, "g") for one in keys))
    )


# --- what is told besides --------------------------------------------------


def unplaced_rows() -> exp.Select:
    """kpi_no, municipality_code, rows: what figures would count if the unit or plan were known; of what stands, on the
    last day."""
    of_figure = [name(one, "d") for one in ("kpi_no", "municipality_code")]
    latest = exp.Window(this=exp.Max(this=name("month", "d")), partition_by=[one.copy() for one in of_figure])
    larger = exp.Case(ifs=[exp.If(this=name("n", "d") > name("d", "d"), true=name("n", "d"))], default=name("d", "d"))
    counts = exp.or_(exp.Not(this=name("is_stock", "f")), name("month", "d").eq(latest))
    rows = (
        exp.select(*of_figure, name("placement_no", "d"), named(larger, "rows"), named(counts, "counts"))
        .from_("addend as d")
        .join("figure as f", on=same("kpi_no", "f", "d"))
    )
    total = exp.cast(exp.Sum(this=name("rows", "t")), "bigint")
    return (
        exp.select("kpi_no", "municipality_code", named(total, "rows"))
        .from_(rows.subquery("t"))
        .where(is_null(name("placement_no", "t")), name("counts", "t"))
        .group_by("kpi_no", "municipality_code")
        .having(total.copy() > 0)
    )


def units_with_events(kpi_no: int) -> exp.Select:
    """unit_code, period: where the figure counts anything, in the unit itself or below it."""
    return (
        _reached(exp.select(name("unit_code", "a"), name("period", "r")).distinct())
        .join("ancestor as a", on=same("placement_no", "a", "d"))
        .where(name("kpi_no", "d").eq(number(kpi_no)), name("d", "d") > 0)
    )
