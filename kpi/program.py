"""What has to be run for some figures: every statement rendered once, and kept as long as the figures mean the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from kpi.build_facts import datasets_of
from kpi.compile import (
    Member,
    base_query,
    children_addends,
    columns_read,
    event_addends,
    event_passes,
    finished,
    gap_cells,
    rolled,
    roster_addends,
    unplaced_rows,
)
from kpi.definition import Definition, Fact
from kpi.facts import Needs, fact_query, is_worked_out, needs
from kpi.holistic import holistic_cells, holistic_unplaced, is_holistic
from kpi.standing import standing_addends, standing_passes, standing_rows

DIALECT = "duckdb"
_MOST_KEPT = 64
_kept: dict[tuple[object, ...], Program] = {}
_kept_changes: dict[tuple[str, ...], ChangeProgram] = {}


@dataclass(frozen=True)
class Program:
    """The statements in order. `datasets`: the columns that they read; `clocks`: the datasets that figures follow, and
    `clock_of` each figure's. `cells` and `unplaced` are queries, to be run last."""

    clocks: tuple[tuple[str, ...], ...]
    clock_of: tuple[int, ...]
    datasets: Mapping[str, frozenset[str]]
    facts: tuple[str, ...]
    scans: tuple[tuple[str, ...], ...]
    sums: str
    cells: tuple[str, ...]
    unplaced: tuple[str, ...]


def program_of(definitions: Sequence[Definition], facts: Mapping[str, Fact]) -> Program:
    """The program of these figures, numbered by their place; the same one again while none has changed its meaning."""
    key = tuple(one.definition_hash for one in definitions)
    found = _kept.get(key)
    if found is None:
        found = _compiled(definitions, facts)
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = found
    return found


@dataclass(frozen=True)
class ChangeProgram:
    """Builds a fact's rows as they were before and are now, from changed rows, and keeps those that differ: `before_`
    and `after_` stand before the tables' names, the result is `diff_<fact>`."""

    datasets: Mapping[str, frozenset[str]]
    statements: tuple[str, ...]


def change_program(fact: Fact, definitions: Sequence[Definition], facts: Mapping[str, Fact]) -> ChangeProgram:
    """The program of a fact for what these figures read of it; the same again while none has changed its meaning."""
    key = (fact.name, *(one.definition_hash for one in definitions))
    if key not in _kept_changes:
        while len(_kept_changes) >= _MOST_KEPT:
            _kept_changes.pop(next(iter(_kept_changes)))
        _kept_changes[key] = _compiled_changes(fact, definitions, facts)
    return _kept_changes[key]


def _compiled_changes(fact: Fact, definitions: Sequence[Definition], facts: Mapping[str, Fact]) -> ChangeProgram:
    wanted = {fact.name: set[str]().union(*(columns_read(one, fact.name) for one in definitions))}
    of_facts, of_datasets = needs(wanted, facts)
    statements = [
        table_statement(f"{prefix}{one.name}", fact_query(one, of_facts[one.name], prefix), "VIEW")
        for prefix in ("before_", "after_")
        for one in facts.values()
        if one.name in of_facts
    ]
    before, after = (exp.select("*").from_(f"{prefix}{fact.name}") for prefix in ("before_", "after_"))
    gone, come = before.except_(after, distinct=False), after.except_(before, distinct=False)
    both = exp.select("*").from_(gone.subquery("g")).union(exp.select("*").from_(come.subquery("c")), distinct=False)
    return ChangeProgram(
        {dataset: frozenset(columns) for dataset, columns in of_datasets.items()},
        (*statements, table_statement(f"diff_{fact.name}", both)),
    )


def rendered(query: exp.Expr) -> str:
    """A tree as the engine's text, every name quoted; uncopied, since that takes as long as all the rest."""
    return query.sql(DIALECT, identify=True, copy=False)


def table_statement(table: str, query: exp.Query, kind: str = "TABLE") -> str:
    """A query's result under a name (kind VIEW: the query itself)."""
    return rendered(exp.Create(this=exp.to_table(table), kind=kind, expression=query, replace=True))


def _compiled(definitions: Sequence[Definition], facts: Mapping[str, Fact]) -> Program:
    numbers: dict[tuple[str, ...], int] = {}
    clock_of = tuple(numbers.setdefault(_clock(one, facts), len(numbers)) for one in definitions)
    members = [
        Member(number, clock, one, measure)
        for number, (one, clock) in enumerate(zip(definitions, clock_of, strict=True))
        for measure in one.meaning.measures
    ]
    of_facts, of_datasets = _needed(definitions, facts)
    holistic = [one for one in members if is_holistic(one)]
    additive = [one for one in members if not is_holistic(one)]
    scans = [
        (table_statement("base", base_query(one)), _added(event_addends(one, "base")))
        for one in event_passes(additive, facts)
    ]
    scans += [
        (table_statement("base", standing_rows(one)), _added(standing_addends(one, "base")))
        for one in standing_passes(additive, facts)
    ]
    late = [
        _added(roster_addends(number, one.meaning.roster))
        for number, one in enumerate(definitions)
        if one.meaning.roster is not None
    ]
    if any(one.meaning.divides_by_children for one in definitions):
        late.append(_added(children_addends()))
    return Program(
        clocks=tuple(numbers),
        clock_of=clock_of,
        datasets={dataset: frozenset(columns) for dataset, columns in of_datasets.items()},
        facts=tuple(
            table_statement(
                fact.name, fact_query(fact, of_facts[fact.name]), "TABLE" if is_worked_out(fact) else "VIEW")
            for fact in facts.values() if fact.name in of_facts
        ),
        scans=(*scans, tuple(late)),
        sums=table_statement("sums", rolled()),
        cells=tuple(
            map(rendered, [finished("sums"), gap_cells("sums"),
                           *(holistic_cells(one, facts[one.measure.fact]) for one in holistic)])
        ),
        unplaced=tuple(
            map(rendered, [unplaced_rows(), *(holistic_unplaced(one, facts[one.measure.fact]) for one in holistic)])
        ),
    )  # fmt: skip


def _clock(definition: Definition, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """The datasets whose as-of a figure follows: all that its facts read (the deliveries' contract)."""
    return tuple(sorted({name for one in definition.meaning.measures for name in datasets_of(facts[one.fact], facts)}))


def _needed(definitions: Sequence[Definition], facts: Mapping[str, Fact]) -> tuple[Needs, Needs]:
    wanted: dict[str, set[str]] = {}
    for one in definitions:
        for measure in one.meaning.measures:
            wanted.setdefault(measure.fact, set()).update(columns_read(one, measure.fact))
    return needs(wanted, facts)


def _added(query: exp.Query) -> str:
    return rendered(exp.Insert(this=exp.to_table("addend"), expression=query))
