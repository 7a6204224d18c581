"""Definitions → query trees for the compute engine. Trees only: a dialect renders them, and no text is ever pasted.

The trees read tables that `kpi.workspace` lays out: one per fact, and
    as_of     (fact, municipality_code, as_of)             the latest day that the fact's deliveries speak for
    placement (placement_no, unit_code, first_on, last_on) a unit's span within which nothing above it changes
    ancestor  (placement_no, unit_code, level_no)          where the placement counts: itself and all above
    calendar  (type, period, first_on, last_on)            every period, by its stored code
    covered   (kpi_id, municipality_code, unit_code, period, day, children, is_whole)   a rate's denominators; not
              whole = deliveries cover a part of the period, which then counts only when it has events

Additive figures of one fact, deciding day and split share one base pass at placement x month; a cell is then a sum up
the tree, and a rate divides last. `kpi.holistic` has the figures that cannot be summed. Every cells query gives the
columns `kpi.pieces.CELL`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp

from kpi.definition import Definition, Fact, Kind, Span
from kpi.period import PeriodType
from kpi.pieces import (
    EVENTS,
    REPORTED,
    cells,
    divide,
    period_code,
    period_of_month,
    placed,
    same,
    split_text,
    total,
    valid_placement,
    when,
)
from kpi.render import name, render
from kpi.tree import Node, columns_in
from warehouse.contract import LEVELS

_MUNICIPALITY_LEVEL = LEVELS.index("municipality")


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


def deciding_day(definition: Definition) -> exp.Expr:
    """The day from which on a fact's row (aliased f) matters to the figure: a stock's rows matter ever after."""
    node = definition.meaning.span.start if definition.meaning.span is not None else definition.meaning.by
    if node is None:
        raise ValueError("a figure has a deciding day or a span")
    return render(node, "f")


def base_query(one: Pass) -> exp.Select:
    """municipality_code, placement_no (null = unplaced), month, the split's columns, per figure the sums
    `numerator_<n>` and `denominator_<n>`, and the basis (events), of the rows that are due by their municipality's
    as-of."""
    decided = render(one.by, "f")
    sums: list[exp.Expr] = []
    for at, definition in enumerate(one.definitions):
        numerator, denominator = _amounts(definition, one.fact)
        sums += [total(denominator, f"denominator_{at}"), total(numerator, f"numerator_{at}")]
    sums.append(exp.alias_(exp.convert(EVENTS), "basis", quoted=True))
    keys = [
        name("municipality_code", "f"),
        name("placement_no", "p"),
        exp.alias_(period_code(decided, PeriodType.MONTH), "month", quoted=True),
        *(name(column, "f") for column in one.split),
    ]
    return placed(one.fact, decided).select(*keys, *sums).group_by(*(exp.convert(at + 1) for at in range(len(keys))))


def additive_cells(one: Pass, at: int, base: str) -> exp.Select:
    """The cells of the pass's figure number `at`: sums of the base up the tree."""
    definition = one.definitions[at]
    denominator, numerator = (exp.Sum(this=name(f"{part}_{at}", "b")) for part in ("denominator", "numerator"))
    if definition.kind is Kind.RATIO:
        parts = [numerator, denominator, denominator.copy(), divide(numerator.copy(), denominator.copy())]
    else:
        parts = [denominator, exp.null(), denominator.copy(), denominator.copy()]
    split = split_text(one.split, "b")
    return cells(
        exp.select().from_(exp.to_table(base, alias="b")).join("ancestor as a", using="placement_no"),
        definition,
        period_of_month(definition.period),
        split,
        parts,
        basis=_basis(name(f"denominator_{at}", "b")),
    ).having(denominator.copy() > 0)


def rate_cells(one: Pass, at: int, base: str) -> exp.Select:
    """The cells of a rate: both parts are summed up the tree, and divided last.

    A municipality without known children has no value and adds nothing above; a municipality without events adds its
    children. What a region's own units count is added in the region.
    """
    definition = one.definitions[at]
    kpi_id = exp.Literal.string(definition.id)
    period = period_of_month(definition.period)
    met = (
        exp.select("1")
        .from_(exp.to_table(base, alias="b"))
        .join("ancestor as m", on=same("placement_no", "m", "b"))
        .where(
            same("unit_code", "m", "c"),
            period.eq(name("period", "c")),
            name(f"denominator_{at}", "b") > 0,
        )
    )
    children = (
        exp.select(name("unit_code", "a"), name("level_no", "a"), name("period", "c"))
        .select(exp.alias_(exp.Sum(this=name("children", "c")), "children", quoted=True))
        .from_("covered as c")
        .join("placement as p", on=valid_placement(name("unit_code", "c"), name("day", "c")))
        .join("ancestor as a", on=same("placement_no", "a", "p"))
        .where(name("kpi_id", "c").eq(kpi_id), exp.or_(name("is_whole", "c"), exp.Exists(this=met)))
        .group_by(name("unit_code", "a"), name("level_no", "a"), name("period", "c"))
    )
    known = exp.select("1").from_("covered as k").where(
        name("kpi_id", "k").eq(kpi_id.copy()), same("unit_code", "k", "m"), name("period", "k").eq(period)
    )  # fmt: skip
    counted = (
        exp.select(name("unit_code", "a"), exp.alias_(period.copy(), "period", quoted=True))
        .select(exp.alias_(exp.Sum(this=name(f"denominator_{at}", "b")), "events", quoted=True))
        .from_(exp.to_table(base, alias="b"))
        .join("ancestor as a", on=same("placement_no", "a", "b"))
        .join(
            "ancestor as m",
            on=exp.and_(same("placement_no", "m", "b"), name("level_no", "m").eq(exp.convert(_MUNICIPALITY_LEVEL))),
            join_type="left",
        )
        .where(exp.or_(exp.Is(this=name("unit_code", "m"), expression=exp.null()), exp.Exists(this=known)))
        .group_by(exp.convert(1), exp.convert(2))
    )
    events = exp.func("coalesce", exp.Max(this=name("events", "n")), exp.convert(0))
    denominator = exp.Max(this=name("children", "d"))
    rate = divide(exp.Mul(this=events.copy(), expression=exp.convert(definition.meaning.per or 1)), denominator.copy())
    joined = (
        exp.select()
        .with_("children", children)
        .with_("counted", counted)
        .from_("children as d")
        .join("counted as n", on=exp.and_(same("unit_code", "n", "d"), same("period", "n", "d")), join_type="left")
    )
    parts = [events, denominator, events.copy(), rate]
    return cells(joined, definition, name("period", "d"), exp.Literal.string(""), parts, tree="d").having(
        denominator.copy() > 0
    )


def units_with_events(one: Pass, at: int, base: str) -> exp.Select:
    """unit_code, period: where the pass's figure number `at` counts anything, in the unit itself or below it."""
    return (
        exp.select(
            name("unit_code", "a"), exp.alias_(period_of_month(one.definitions[at].period), "period", quoted=True)
        )
        .distinct()
        .from_(exp.to_table(base, alias="b"))
        .join("ancestor as a", using="placement_no")
        .where(name(f"denominator_{at}", "b") > 0)
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


def _basis(counted: exp.Expr) -> exp.Expr:
    """What the base rows that count rest on, together."""
    kinds = [
        exp.Max(this=when(exp.and_(counted.copy() > 0, name("basis", "b").eq(exp.convert(kind))), exp.convert(kind)))
        for kind in (EVENTS, REPORTED)
    ]
    return exp.Add(this=kinds[0], expression=kinds[1])


def _amounts(definition: Definition, fact: Fact) -> tuple[exp.Expr, exp.Expr]:
    """What one row adds to the numerator and to the denominator. A row whose plan is unknown cannot tell whether it
    would count, so it adds to the denominator: unplaced, it is shown and counts nowhere."""
    meaning = definition.meaning
    amount: exp.Expr = name(meaning.amount, "f") if meaning.amount else exp.convert(1)
    counted: exp.Expr = exp.true() if meaning.where is None else render(meaning.where, "f")
    homeless = exp.Is(this=name(fact.unit, "f"), expression=exp.null())
    denominator = when(exp.or_(counted, homeless), amount)
    if meaning.numerator is None:
        return denominator.copy(), denominator
    return when(exp.and_(counted.copy(), render(meaning.numerator, "f")), amount.copy()), denominator
