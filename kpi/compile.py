"""Definitions → query trees for the compute engine. Trees only: a dialect renders them, and no text is ever pasted.

The trees read tables that `kpi.workspace` lays out: one per fact, and
    as_of     (fact, municipality_code, as_of)             the latest day that the fact's deliveries speak for
    placement (placement_no, unit_code, first_on, last_on) a unit's span within which nothing above it changes
    ancestor  (placement_no, unit_code, level_no)          where the placement counts: itself and all above
    calendar  (type, period, first_on, last_on)            every period, by its stored code
    covered   (kpi_id, municipality_code, unit_code, period, day, children, is_whole)   a rate's denominators; not
              whole = deliveries cover a part of the period, which then counts only when it has events

Additive figures of one fact, deciding day and split share one base pass at placement x period; a cell is then a sum
up the tree. A median has nothing to add and is computed from its rows once for all levels. A stock is the running sum
of entries and exits. Every cells query gives unit_code, level_no, period, split, numerator, denominator, cases, value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce

from sqlglot import exp

from kpi.definition import Definition, Fact, Kind, Span
from kpi.period import PeriodType
from kpi.render import day, name, render
from kpi.tree import Node, columns_in
from warehouse.contract import LEVELS

_NEVER = date(9999, 12, 31)
_MUNICIPALITY_LEVEL = LEVELS.index("municipality")
CELL = ("unit_code", "level_no", "period", "split", "numerator", "denominator", "cases", "value")


@dataclass(frozen=True)
class Pass:
    """Additive figures that share a scan: same fact, deciding day and split."""

    fact: Fact
    by: Node
    split: tuple[str, ...]
    definitions: tuple[Definition, ...]


def passes(definitions: Iterable[Definition], facts: dict[str, Fact]) -> list[Pass]:
    """The base passes of the additive figures among these."""
    groups: dict[tuple[str, Node, tuple[str, ...]], list[Definition]] = {}
    for definition in definitions:
        meaning = definition.meaning
        if meaning.kind in (Kind.COUNT, Kind.RATIO, Kind.RATE_PER) and meaning.by is not None:
            groups.setdefault((meaning.fact, meaning.by, meaning.split), []).append(definition)
    return [Pass(facts[fact], by, split, tuple(found)) for (fact, by, split), found in groups.items()]


def columns_read(definition: Definition) -> set[str]:
    """The columns of its fact that a figure needs."""
    meaning = definition.meaning
    nodes = [node for node in (meaning.by, meaning.where, meaning.numerator, meaning.value) if node is not None]
    if meaning.span is not None:
        nodes += span_nodes(meaning.span)
    read = {column for node in nodes for column in columns_in(node)}
    return read | set(meaning.split) | ({meaning.amount} if meaning.amount else set())


def span_nodes(span: Span) -> list[Node]:
    """Every expression of a span."""
    ends = [node for end in span.ends for node in (end.day, end.where) if node is not None]
    return [span.start, *([span.where] if span.where is not None else []), *ends]


def base_query(one: Pass) -> exp.Select:
    """municipality_code, placement_no (null = unplaced), month, the split's columns, and per figure the sums
    `numerator_<n>` and `denominator_<n>`, of the rows that are due by their municipality's as-of."""
    decided = render(one.by, "f")
    sums: list[exp.Expr] = []
    for at, definition in enumerate(one.definitions):
        numerator, denominator = _amounts(definition, one.fact)
        sums += [_sum(denominator, f"denominator_{at}"), _sum(numerator, f"numerator_{at}")]
    keys = [
        name("municipality_code", "f"),
        name("placement_no", "p"),
        exp.alias_(period_code(decided, PeriodType.MONTH), "month", quoted=True),
        *(name(column, "f") for column in one.split),
    ]
    return _placed(one.fact, decided).select(*keys, *sums).group_by(*(exp.convert(at + 1) for at in range(len(keys))))


def additive_cells(one: Pass, at: int, base: str) -> exp.Select:
    """The cells of the pass's figure number `at`: sums of the base up the tree."""
    definition = one.definitions[at]
    denominator, numerator = (exp.Sum(this=name(f"{part}_{at}", "b")) for part in ("denominator", "numerator"))
    if definition.kind is Kind.RATIO:
        parts = [numerator, denominator, denominator.copy(), _divide(numerator.copy(), denominator.copy())]
    else:
        parts = [denominator, exp.null(), denominator.copy(), denominator.copy()]
    split = _split_text(one.split, "b")
    return _cells(
        exp.select().from_(exp.to_table(base, alias="b")).join("ancestor as a", using="placement_no"),
        definition,
        _period_of_month(definition.period),
        split,
        parts,
    ).having(denominator.copy() > 0)


def median_cells(definition: Definition, fact: Fact) -> exp.Select:
    """The exact median (the mean of the two middle values) per unit of every level, from the rows themselves."""
    rows, decided, value = _median_rows(definition, fact)
    median = exp.WithinGroup(
        this=exp.PercentileCont(this=exp.convert(0.5)),
        expression=exp.Order(expressions=[exp.Ordered(this=value.copy(), nulls_first=False)]),
    )
    return _cells(
        rows.join("ancestor as a", on=_same("placement_no", "a", "p")),
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
    return _placed(fact, decided).where(has_value, *where), decided, value


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
        .join(_as_of(fact), on=_same("municipality_code", "f", "o"))
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
                _same("municipality_code", "m", "l"),
                _same("period", "m", "c"),
            ),
            join_type="left",
        )
    )


def stock_cells(definition: Definition, levels: str) -> exp.Select:
    """The cells of a stock from its table of levels, placed by the tree of the stock's day."""
    rows = exp.Sum(this=name("rows", "s"))
    return _cells(
        exp.select()
        .from_(exp.to_table(levels, alias="s"))
        .join("placement as p", on=_valid(name("unit", "s"), name("day", "s")))
        .join("ancestor as a", on=_same("placement_no", "a", "p")),
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
        .join("placement as p", on=_valid(name("unit", "s"), name("day", "s")), join_type="left")
        .where(
            exp.Is(this=name("placement_no", "p"), expression=exp.null()),
            name("day", "s").eq(latest.where(_same("municipality_code", "t", "s")).subquery()),
        )
        .group_by(name("municipality_code", "s"))
        .having(rows.copy() > 0)
    )


def rate_cells(one: Pass, at: int, base: str) -> exp.Select:
    """The cells of a rate: both parts are summed up the tree, and divided last.

    A municipality without known children has no value and adds nothing above; a municipality without events adds its
    children. What a region's own units count is added in the region.
    """
    definition = one.definitions[at]
    kpi_id = exp.Literal.string(definition.id)
    period = _period_of_month(definition.period)
    met = (
        exp.select("1")
        .from_(exp.to_table(base, alias="b"))
        .join("ancestor as m", on=_same("placement_no", "m", "b"))
        .where(
            _same("unit_code", "m", "c"),
            period.eq(name("period", "c")),
            name(f"denominator_{at}", "b") > 0,
        )
    )
    children = (
        exp.select(name("unit_code", "a"), name("level_no", "a"), name("period", "c"))
        .select(exp.alias_(exp.Sum(this=name("children", "c")), "children", quoted=True))
        .from_("covered as c")
        .join("placement as p", on=_valid(name("unit_code", "c"), name("day", "c")))
        .join("ancestor as a", on=_same("placement_no", "a", "p"))
        .where(name("kpi_id", "c").eq(kpi_id), exp.or_(name("is_whole", "c"), exp.Exists(this=met)))
        .group_by(name("unit_code", "a"), name("level_no", "a"), name("period", "c"))
    )
    known = exp.select("1").from_("covered as k").where(
        name("kpi_id", "k").eq(kpi_id.copy()), _same("unit_code", "k", "m"), name("period", "k").eq(period)
    )  # fmt: skip
    counted = (
        exp.select(name("unit_code", "a"), exp.alias_(period.copy(), "period", quoted=True))
        .select(exp.alias_(exp.Sum(this=name(f"denominator_{at}", "b")), "events", quoted=True))
        .from_(exp.to_table(base, alias="b"))
        .join("ancestor as a", on=_same("placement_no", "a", "b"))
        .join(
            "ancestor as m",
            on=exp.and_(_same("placement_no", "m", "b"), name("level_no", "m").eq(exp.convert(_MUNICIPALITY_LEVEL))),
            join_type="left",
        )
        .where(exp.or_(exp.Is(this=name("unit_code", "m"), expression=exp.null()), exp.Exists(this=known)))
        .group_by(exp.convert(1), exp.convert(2))
    )
    events = exp.func("coalesce", exp.Max(this=name("events", "n")), exp.convert(0))
    denominator = exp.Max(this=name("children", "d"))
    rate = _divide(exp.Mul(this=events.copy(), expression=exp.convert(definition.meaning.per or 1)), denominator.copy())
    joined = (
        exp.select()
        .with_("children", children)
        .with_("counted", counted)
        .from_("children as d")
        .join("counted as n", on=exp.and_(_same("unit_code", "n", "d"), _same("period", "n", "d")), join_type="left")
    )
    parts = [events, denominator, events.copy(), rate]
    return _cells(joined, definition, name("period", "d"), exp.Literal.string(""), parts, tree="d").having(
        denominator.copy() > 0
    )


def unplaced_rows(one: Pass, at: int, base: str) -> exp.Select:
    """municipality_code, rows: what the figure would count if its unit or plan were known."""
    rows = exp.Sum(this=name(f"denominator_{at}", "b"))
    return (
        exp.select(name("municipality_code", "b"), exp.alias_(rows, "rows", quoted=True))
        .from_(exp.to_table(base, alias="b"))
        .where(exp.Is(this=name("placement_no", "b"), expression=exp.null()))
        .group_by(name("municipality_code", "b"))
        .having(rows.copy() > 0)
    )


def deciding_day(definition: Definition) -> exp.Expr:
    """The day from which on a fact's row (aliased f) matters to the figure: a stock's rows matter ever after."""
    node = definition.meaning.span.start if definition.meaning.span is not None else definition.meaning.by
    if node is None:
        raise ValueError("a figure has a deciding day or a span")
    return render(node, "f")


def period_code(value: exp.Expr, type_: PeriodType) -> exp.Expr:
    """A day's period as `kpi.period.Period.code` stores it."""
    year, month = exp.Year(this=value.copy()), exp.Month(this=value.copy())
    return _code(exp.Mul(this=year, expression=exp.convert(100)), month, type_)


def _period_of_month(type_: PeriodType) -> exp.Expr:
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


# --- pieces ----------------------------------------------------------------


def _amounts(definition: Definition, fact: Fact) -> tuple[exp.Expr, exp.Expr]:
    """What one row adds to the numerator and to the denominator. A row whose plan is unknown cannot tell whether it
    would count, so it adds to the denominator: unplaced, it is shown and counts nowhere."""
    meaning = definition.meaning
    amount: exp.Expr = name(meaning.amount, "f") if meaning.amount else exp.convert(1)
    counted: exp.Expr = exp.true() if meaning.where is None else render(meaning.where, "f")
    homeless = exp.Is(this=name(fact.unit, "f"), expression=exp.null())
    denominator = _when(exp.or_(counted, homeless), amount)
    if meaning.numerator is None:
        return denominator.copy(), denominator
    return _when(exp.and_(counted.copy(), render(meaning.numerator, "f")), amount.copy()), denominator


def _when(condition: exp.Expr, amount: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=condition, true=amount)], default=exp.convert(0))


def _sum(amount: exp.Expr, alias: str) -> exp.Expr:
    return exp.alias_(exp.cast(exp.Sum(this=amount), "bigint"), alias, quoted=True)


def _divide(numerator: exp.Expr, denominator: exp.Expr) -> exp.Expr:
    return exp.Div(this=exp.cast(numerator, "double"), expression=denominator, typed=False, safe=False)


def _placed(fact: Fact, decided: exp.Expr) -> exp.Select:
    """The fact's rows that are due by their municipality's as-of, each with its unit's placement on its day."""
    return (
        exp.select()
        .from_(exp.to_table(fact.name, alias="f"))
        .join(
            _as_of(fact),
            on=exp.and_(_same("municipality_code", "f", "o"), decided.copy() <= name("as_of", "o")),
        )
        .join("placement as p", on=_valid(name(fact.unit, "f"), decided.copy()), join_type="left")
    )


def _as_of(fact: Fact) -> exp.Expr:
    """The as-of days of the fact's deliveries, aliased o."""
    return (
        exp.select("municipality_code", "as_of")
        .from_("as_of")
        .where(name("fact").eq(exp.Literal.string(fact.name)))
        .subquery("o")
    )


def _valid(unit: exp.Expr, on: exp.Expr) -> exp.Expr:
    return exp.and_(name("unit_code", "p").eq(unit), on >= name("first_on", "p"), on.copy() <= name("last_on", "p"))


def _same(column: str, left: str, right: str) -> exp.Expr:
    return name(column, left).eq(name(column, right))


def _finish(span: Span) -> exp.Expr:
    """The first day the row is no longer active; far ahead when it still is."""
    ends: list[exp.Expr] = []
    for end in span.ends:
        ended = render(end.day, "f")
        held = ended if end.where is None else exp.Case(ifs=[exp.If(this=render(end.where, "f"), true=ended)])
        ends.append(exp.func("coalesce", held, day(_NEVER)))
    return reduce(lambda first, second: exp.func("least", first, second), ends)


def _split_text(columns: tuple[str, ...], table: str) -> exp.Expr:
    """`name=value` pairs joined by `;`; empty when there is no split."""
    parts: list[exp.Expr] = []
    for at, column in enumerate(columns):
        parts += [exp.Literal.string(f"{';' if at else ''}{column}="), exp.cast(name(column, table), "text")]
    return (
        reduce(lambda left, right: exp.DPipe(this=left, expression=right), parts) if parts else exp.Literal.string("")
    )


def _cells(
    source: exp.Select,
    definition: Definition,
    period: exp.Expr,
    split: exp.Expr,
    parts: list[exp.Expr],
    tree: str = "a",
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
    ]
    named = [exp.alias_(column, alias, quoted=True) for column, alias in zip(columns, CELL, strict=True)]
    smallest = LEVELS.index(definition.levels[-1])
    return (
        source.select(*named)
        .where(name("level_no", tree) <= exp.convert(smallest))
        .group_by(*(exp.convert(at) for at in (1, 3, 4)))
    )
