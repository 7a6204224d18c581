"""Figures computed in memory from one snapshot of the warehouse: nothing is stored here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from sqlalchemy import Connection

from kpi.build_facts import datasets_of
from kpi.cells import StoredCell
from kpi.compile import (
    Pass,
    additive_cells,
    base_query,
    columns_read,
    passes,
    rate_cells,
    units_with_events,
    unplaced_rows,
)
from kpi.coverage import AsOf, Coverage, Standing, coverage_of, covered_children, latest_as_of
from kpi.definition import Catalogue, Definition, Kind
from kpi.facts import needs
from kpi.grid import grid_of
from kpi.holistic import median_cells, median_unplaced, stock_cells, stock_levels, stock_unplaced
from kpi.moment import known, read_as_of
from kpi.organisation import Organisation
from kpi.pieces import CELL, REPORTED
from kpi.placement import Placement, placements
from kpi.read_coverage import read_children, read_first_events
from kpi.reading import Reader
from kpi.reported import Reported, placed, read_reported, reported_days, usable
from kpi.views.organisation import read_organisation
from kpi.workspace import Workspace, read_into, rows_of
from warehouse.tables import VERSIONED

Progress = Callable[[str, int, int], None] | None
Coverages = dict[str, dict[str, Coverage]]
_CALENDAR_FROM = date(1990, 1, 1)


@dataclass(frozen=True)
class Results:
    """Per figure: cells (columns `kpi.pieces.CELL`), unplaced rows by municipality, and coverage; and by municipality
    the earliest year with known children and the as-of days of reported values."""

    cells: dict[str, pa.Table]
    unplaced: dict[str, dict[str, int]]
    coverage: Coverages
    organisation: Organisation
    first_children: dict[str, int]
    reported: dict[str, date]
    left_out: dict[str, int]

    def standing(self, kpi_id: str) -> Standing:
        """What deliveries say of the figure."""
        delivering = frozenset(code for by_municipality in self.coverage.values() for code in by_municipality)
        return Standing(self.coverage[kpi_id], self.reported, self.first_children, delivering)


def compute_results(
    reader: Reader,
    workspace: Workspace,
    catalogue: Catalogue,
    definitions: list[Definition],
    *,
    on: date | None = None,
    progress: Progress = None,
) -> Results:
    """The figures as known now, or at the end of a day; coverage is given for the whole catalogue."""
    organisation = read_organisation(reader.connection, on=on)
    found = placements(organisation)
    as_of = read_as_of(reader.connection, on=on)
    coverage = _read_coverage(reader.connection, catalogue, as_of, on)
    _load(reader, workspace, catalogue, definitions, found, as_of, on, progress)
    children = read_children(reader.connection, on)
    workspace.add_covered(
        row
        for one in definitions
        if one.kind is Kind.RATE_PER
        for row in covered_children(one, coverage[one.id], children, found)
    )
    first_children = {municipality: min(by_year) for municipality, by_year in children.items()}
    results = Results({}, {}, coverage, organisation, first_children, reported_days(as_of), {})
    reported = read_reported(reader.connection, grid_of(organisation), results.reported, on)
    groups = passes(definitions, catalogue.facts)
    others = [one for one in definitions if one.kind in (Kind.MEDIAN, Kind.STOCK)]
    total = len(groups) + len(others)
    for done, group in enumerate(groups):
        report(progress, "Räknar", done, total)
        _compute_pass(workspace, group, results, reported, found)
    for done, one in enumerate(others, len(groups)):
        report(progress, "Räknar", done, total)
        _compute_holistic(workspace, catalogue, one, results)
    report(progress, "Räknar", total, total)
    return results


def rows_in(cells: pa.Table) -> Iterator[StoredCell]:
    """The cells row by row, in the order of `kpi.pieces.CELL`."""
    return zip(*(cells.column(name).to_pylist() for name in CELL), strict=True)


def report(progress: Progress, step: str, done: int, total: int) -> None:
    """Tell how far a step has come, when anyone listens."""
    if progress is not None:
        progress(step, done, total)


def _read_coverage(connection: Connection, catalogue: Catalogue, as_of: AsOf, on: date | None) -> Coverages:
    facts = {one.id: catalogue.facts[one.meaning.fact] for one in catalogue.definitions.values()}
    datasets = frozenset(branch.dataset for fact in facts.values() for branch in fact.branches)
    first = read_first_events(connection, datasets, on)
    return {id_: coverage_of(fact, catalogue.definitions[id_].datasets, as_of, first) for id_, fact in facts.items()}


def _load(
    reader: Reader,
    workspace: Workspace,
    catalogue: Catalogue,
    definitions: list[Definition],
    found: list[Placement],
    as_of: AsOf,
    on: date | None,
    progress: Progress,
) -> None:
    wanted: dict[str, set[str]] = {}
    for one in definitions:
        wanted.setdefault(one.meaning.fact, set()).update(columns_read(one))
    of_facts, of_datasets = needs(wanted, catalogue.facts)
    for done, (dataset, columns) in enumerate(sorted(of_datasets.items())):
        report(progress, "Läser", done, len(of_datasets))
        read_into(workspace, reader, dataset, rows_of(dataset, columns).where(known(VERSIONED[dataset], on)))
    report(progress, "Läser", len(of_datasets), len(of_datasets))
    workspace.add_facts(catalogue.facts, of_facts)
    workspace.add_organisation(found)
    by_fact = {name: latest_as_of(as_of, datasets_of(catalogue.facts[name], catalogue.facts)) for name in wanted}
    workspace.add_as_of(by_fact)
    last = max((day for days in by_fact.values() for day in days.values()), default=_CALENDAR_FROM)
    workspace.add_calendar(_CALENDAR_FROM, last)


def _compute_pass(
    workspace: Workspace, group: Pass, results: Results, reported: list[Reported], found: list[Placement]
) -> None:
    workspace.keep("base", base_query(group))
    for at, one in enumerate(group.definitions):
        if rows := usable(one, reported):
            counted = workspace.run(units_with_events(group, at, "base"))
            with_events = set(zip(counted.column(0).to_pylist(), counted.column(1).to_pylist(), strict=True))
            kept, results.left_out[one.id] = placed(rows, found, with_events)
            workspace.append("base", _base_rows(group, at, kept))
    for at, one in enumerate(group.definitions):
        query = rate_cells if one.kind is Kind.RATE_PER else additive_cells
        results.cells[one.id] = workspace.run(query(group, at, "base"))
        results.unplaced[one.id] = _counts(workspace.run(unplaced_rows(group, at, "base")))


def _base_rows(group: Pass, at: int, kept: list[tuple[Reported, int | None]]) -> pa.Table:
    """Reported cells in the shape of `base_query`: nothing for the pass's other figures."""
    definition = group.definitions[at]
    columns: dict[str, list[object]] = {
        "municipality_code": [""] * len(kept),
        "placement_no": [number for _, number in kept],
        "month": [one.period.first_day.year * 100 + one.period.first_day.month for one, _ in kept],
        "basis": [REPORTED] * len(kept),
    }
    parts = [one.parts(definition) or () for one, _ in kept]
    for number, name in enumerate(group.split):
        columns[name] = [part[number] for part in parts]
    for number in range(len(group.definitions)):
        is_own = number == at
        numerators = [one.numerator if is_own else 0 for one, _ in kept]
        columns[f"numerator_{number}"] = list(numerators)
        columns[f"denominator_{number}"] = [
            (one.denominator if one.denominator is not None and definition.kind is Kind.RATIO else numerator)
            if is_own
            else 0
            for (one, _), numerator in zip(kept, numerators, strict=True)
        ]
    return pa.table(columns)


def _compute_holistic(workspace: Workspace, catalogue: Catalogue, definition: Definition, results: Results) -> None:
    fact = catalogue.facts[definition.meaning.fact]
    if definition.kind is Kind.STOCK:
        workspace.keep("levels", stock_levels(definition, fact))
        results.cells[definition.id] = workspace.run(stock_cells(definition, "levels"))
        results.unplaced[definition.id] = _counts(workspace.run(stock_unplaced("levels")))
    else:
        results.cells[definition.id] = workspace.run(median_cells(definition, fact))
        results.unplaced[definition.id] = _counts(workspace.run(median_unplaced(definition, fact)))


def _counts(rows: pa.Table) -> dict[str, int]:
    municipalities, counts = rows.column(0).to_pylist(), rows.column(1).to_pylist()
    return {municipality: int(count) for municipality, count in zip(municipalities, counts, strict=True)}
