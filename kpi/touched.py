"""Which periods of a figure a run must compute anew; incremental = full, by five rules.

1. Changed keys: versions recorded or ended since the last run, from every dataset of the fact.
2. The fact is built for those keys as known before and now; the deciding days of the rows that differ are touched.
3. Every period from the old as-of to the new one is touched: due days ripen without any changed row.
4. Days are widened to the figure's period, or to every period whose window holds them; what stands is touched from its
   earliest day on.
5. Organisation or definition changed: the figure in full; so are figures that take reported values when any came, and
   what rests on more than its rows when anything it follows has changed: rates (children, coverage), shares of units,
   rows that count by another day than they are due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Table, and_, exists, literal, select, union, union_all
from sqlglot import exp

from kpi.build_facts import datasets_of
from kpi.compile import deciding_day
from kpi.coverage import AsOf, latest_as_of
from kpi.definition import Catalogue, Definition, Fact, Measure, Shape
from kpi.facts import rows_table
from kpi.period import Period, PeriodType, periods_between
from kpi.placement import placements
from kpi.program import change_program
from kpi.reading import Reader, schema_of
from kpi.reported import DATASET, reported_days
from kpi.views.organisation import read_organisation
from kpi.workspace import Workspace, rows_of
from warehouse.tables import VERSIONED

Touched = frozenset[int] | None
"""Period codes; None = all."""


@dataclass(frozen=True)
class Change:
    """What happened since the last run: new deliveries, and the as-of days before and now."""

    deliveries: list[int]
    before: AsOf
    now: AsOf

    def days(self, definition: Definition, homes: frozenset[str]) -> tuple[dict[str, date], dict[str, date]]:
        """The figure's as-of days by municipality, before and now."""
        before, now = (latest_as_of(one, definition.datasets, homes) for one in (self.before, self.now))
        return before, now


def touched_periods(
    reader: Reader, workspace: Workspace, catalogue: Catalogue, definitions: list[Definition], change: Change
) -> dict[str, Touched]:
    """The touched periods of each of the figures, whose definitions have not changed; untouched ones are left out."""
    if not change.deliveries:
        return {}
    if _has_changed(reader, "org_units", change.deliveries):
        return {definition.id: None for definition in definitions}
    found = placements(read_organisation(reader.connection))
    homes = frozenset(one.chain[0].municipality_code or "" for one in found) - {""}
    workspace.add_organisation(found)
    changed = {name for name in VERSIONED if _has_changed(reader, name, change.deliveries)}
    touched: dict[str, Touched] = {}
    rest = []
    for one in definitions:
        before, now = change.days(one, homes)
        moved = before != now or bool(changed & set(one.datasets))
        if one.adds_up and (DATASET in changed or reported_days(change.before) != reported_days(change.now)):
            touched[one.id] = None
        elif _rests_on_more(one):
            touched |= {one.id: None} if moved else {}
        else:
            rest.append(one)
    for fact in catalogue.facts.values():
        if changed & set(datasets_of(fact, catalogue.facts)) and any(_measures(one, fact) for one in rest):
            _build_changes(reader, workspace, catalogue, fact, rest, change.deliveries)
    for one in rest:
        codes = _ripened(one, change, homes)
        for measure in one.meaning.measures:
            if changed & set(datasets_of(catalogue.facts[measure.fact], catalogue.facts)):
                codes |= _of_rows(workspace, one, measure, change, homes)
        if codes:
            touched[one.id] = frozenset(codes)
    return touched


def _measures(definition: Definition, fact: Fact) -> list[Measure]:
    return [one for one in definition.meaning.measures if one.fact == fact.name]


def _rests_on_more(definition: Definition) -> bool:
    meaning = definition.meaning
    has_due = any(one.due is not None for one in meaning.measures)
    return meaning.shape is Shape.RATE or meaning.roster is not None or bool(meaning.series) or has_due


def _ripened(definition: Definition, change: Change, homes: frozenset[str]) -> set[int]:
    """Rule 3."""
    before, now = change.days(definition, homes)
    found: set[int] = set()
    for municipality, day in now.items():
        old = before.get(municipality)
        if old is not None and old != day:
            found |= _codes(definition, old, day)
    return found


def _of_rows(
    workspace: Workspace, definition: Definition, measure: Measure, change: Change, homes: frozenset[str]
) -> set[int]:
    """Rules 2 and 4."""
    _, now = change.days(definition, homes)
    if not now:
        return set()
    last = max(now.values())
    days = (
        exp.select(exp.alias_(deciding_day(measure), "day"))
        .distinct()
        .from_(exp.to_table(f"diff_{measure.fact}", alias="f"))
    )
    found: set[int] = set()
    for day in workspace.run(days).column(0).to_pylist():
        if day is not None and day <= last:
            until = last if measure.span is not None else _window_ends(definition, day)
            found |= _codes(definition, day, min(until, last))
    return found


def _window_ends(definition: Definition, day: date) -> date:
    """The last day of the last window that holds the day."""
    months = max(definition.meaning.rolling - 1, 0)
    return max(day, Period.containing(day, PeriodType.MONTH).shift(months).last_day)


def _codes(definition: Definition, first: date, last: date) -> set[int]:
    type_ = definition.period
    return {one.code for one in periods_between(Period.containing(first, type_), Period.containing(last, type_))}


def _has_changed(reader: Reader, dataset: str, deliveries: list[int]) -> bool:
    table = VERSIONED[dataset]
    return any(
        bool(reader.connection.scalar(select(exists().where(column.in_(deliveries)))))
        for column in (table.c.recorded_by, table.c.ended_by)
    )


def _build_changes(
    reader: Reader,
    workspace: Workspace,
    catalogue: Catalogue,
    fact: Fact,
    figures: list[Definition],
    deliveries: list[int],
) -> None:
    """`diff_<fact>`: the fact's rows that are not the same before and now, from the changed keys alone."""
    program = change_program(fact, figures, catalogue.facts)
    keys = _changed_keys(fact, catalogue.facts, deliveries)
    for dataset, names in program.datasets.items():
        columns = set(names)
        query = _versions(dataset, columns, fact.key, keys, deliveries)
        workspace.fill(f"changed_{dataset}", reader.batches(query, schema_of(_flagged(dataset, columns, deliveries))))
        for prefix, flag in (("before_", "is_new"), ("after_", "is_ended")):
            rows = exp.select("*").from_(f"changed_{dataset}").where(exp.Not(this=exp.column(flag)))
            workspace.view(rows_table(dataset, prefix), rows)
    for statement in program.statements:
        workspace.execute(statement)


def _changed_keys(fact: Fact, facts: Mapping[str, Fact], deliveries: list[int]) -> Any:
    """The keys of the versions that the deliveries wrote or ended; None when rows stand for themselves."""
    if not fact.key:
        return None
    parts = []
    for dataset in datasets_of(fact, facts):
        table = VERSIONED[dataset]
        columns = [table.c[column] for column in fact.key]
        parts += [select(*columns).where(moment.in_(deliveries)) for moment in (table.c.recorded_by, table.c.ended_by)]
    return union(*parts).subquery("changed")


def _flagged(dataset: str, columns: set[str], deliveries: list[int]) -> Select[Any]:
    table = VERSIONED[dataset]
    return rows_of(dataset, columns).add_columns(
        table.c.recorded_by.in_(deliveries).label("is_new"), table.c.ended_by.in_(deliveries).label("is_ended")
    )


def _versions(dataset: str, columns: set[str], key: tuple[str, ...], keys: Any, deliveries: list[int]) -> Any:
    """The changed keys' versions that are current, or were when the last run looked."""
    table = VERSIONED[dataset]
    current = _current(table, deliveries) if keys is None else table.c.ended_by.is_(None)
    is_new = table.c.recorded_by.in_(deliveries).label("is_new")
    standing = rows_of(dataset, columns).add_columns(is_new, literal(False).label("is_ended")).where(current)
    ended = rows_of(dataset, columns).add_columns(is_new, literal(True).label("is_ended"))
    if keys is not None:
        standing = standing.join(keys, and_(*(table.c[column] == keys.c[column] for column in key)))
    return union_all(standing, ended.where(table.c.ended_by.in_(deliveries)))


def _current(table: Table, deliveries: list[int]) -> Any:
    return and_(table.c.ended_by.is_(None), table.c.recorded_by.in_(deliveries))
