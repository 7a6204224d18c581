"""Figures computed in memory from one snapshot of the warehouse: nothing is stored here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from kpi.cells import StoredCell
from kpi.compile import units_with_events
from kpi.context import context_cells
from kpi.coverage import (
    AsOf,
    Coverage,
    Standing,
    coverage_of,
    covered_children,
    covered_standing,
    latest_as_of,
    roster,
    within_validity,
)
from kpi.definition import Catalogue, Definition, Kind
from kpi.facts import rows_table
from kpi.grid import grid_of
from kpi.moment import known, read_as_of
from kpi.organisation import Organisation
from kpi.pieces import ADDEND, CELL, REPORTED
from kpi.placement import Placement, placements
from kpi.program import Program, program_of
from kpi.read_coverage import read_children, read_first_events
from kpi.reading import Reader
from kpi.reported import Reported, placed, read_reported, reported_days, usable
from kpi.views.organisation import read_organisation
from kpi.workspace import Workspace, read_into, rows_of
from warehouse.tables import VERSIONED

Progress = Callable[[str, int, int], None] | None
Coverages = dict[str, dict[str, Coverage]]
_DIVISOR = "divisor"
"""Before a figure's id, the coverage of what it is divided by."""


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
    homes = {one.unit_code: one.chain[0].municipality_code or "" for one in found}
    as_of = read_as_of(reader.connection, on=on)
    coverage = _read_coverage(reader.connection, catalogue, as_of, homes, on)
    children = read_children(reader.connection, on)
    first_children = {municipality: min(by_year) for municipality, by_year in children.items()}
    held = {one.id: within_validity(coverage[one.id], one.meaning) for one in catalogue.definitions.values()}
    results = Results({}, {}, held, organisation, first_children, reported_days(as_of), {})
    program = program_of(definitions, catalogue.facts)
    workspace.add_organisation(found)
    _lay_out(workspace, program, definitions, as_of, homes)
    _load(reader, workspace, program, on, progress)
    _add_covered(workspace, definitions, coverage, children, found)
    for done, statements in enumerate(program.scans):
        report(progress, "Räknar", done, len(program.scans))
        for statement in statements:
            workspace.execute(statement)
    reported = read_reported(reader.connection, grid_of(organisation), results.reported, on)
    _add_reported(workspace, definitions, reported, found, results)
    report(progress, "Summerar", 0, 1)
    workspace.execute(program.sums)
    parts = [workspace.answer(query) for query in program.cells]
    parts += context_cells(reader.connection, definitions, found, on)
    unplaced = [workspace.answer(query) for query in program.unplaced]
    _sort_out(definitions, pa.concat_tables(parts, promote_options="permissive"), unplaced, results)
    report(progress, "Summerar", 1, 1)
    return results


def rows_in(cells: pa.Table) -> Iterator[StoredCell]:
    """The cells row by row, in the order of `kpi.pieces.CELL`."""
    return zip(*(cells.column(name).to_pylist() for name in CELL), strict=True)


def report(progress: Progress, step: str, done: int, total: int) -> None:
    """Tell how far a step has come, when anyone listens."""
    if progress is not None:
        progress(step, done, total)


# --- laying out ------------------------------------------------------------


def _read_coverage(
    connection: Connection, catalogue: Catalogue, as_of: AsOf, homes: Mapping[str, str], on: date | None
) -> Coverages:
    """Per figure; and, for a rate of what stands, of its divisor."""
    own: dict[str, set[str]] = {}
    for one in catalogue.definitions.values():
        datasets = [{branch.dataset for branch in catalogue.facts[m.fact].branches} for m in one.meaning.measures]
        own[one.id] = datasets[0] if datasets else set()
        if one.kind is Kind.RATE_PER and len(datasets) > 1:
            own[_DIVISOR + one.id] = datasets[1]
    first = read_first_events(connection, frozenset(set().union(*own.values())), homes, on)
    everywhere = frozenset(homes.values()) - {""}
    return {
        key: coverage_of(found, catalogue.definitions[key.removeprefix(_DIVISOR)].datasets, as_of, first, everywhere)
        for key, found in own.items()
    }


def _lay_out(
    workspace: Workspace, program: Program, definitions: list[Definition], as_of: AsOf, homes: Mapping[str, str]
) -> None:
    """The figures by number, their clocks and the calendar."""
    everywhere = frozenset(homes.values()) - {""}
    days = [latest_as_of(as_of, datasets, everywhere) for datasets in program.clocks]
    workspace.add_figures(definitions, program.clock_of)
    workspace.add_as_of(days)
    workspace.add_calendar(
        max(as_of.values(), default=date.min).year, frozenset(one.meaning.rolling for one in definitions)
    )


def _load(reader: Reader, workspace: Workspace, program: Program, on: date | None, progress: Progress) -> None:
    for done, (dataset, columns) in enumerate(sorted(program.datasets.items())):
        report(progress, "Läser", done, len(program.datasets))
        rows = rows_of(dataset, columns).where(known(VERSIONED[dataset], on))
        read_into(workspace, reader, rows_table(dataset), rows)
    report(progress, "Läser", len(program.datasets), len(program.datasets))
    for statement in program.facts:
        workspace.execute(statement)


def _add_covered(
    workspace: Workspace,
    definitions: list[Definition],
    coverage: Coverages,
    children: dict[str, dict[int, int]],
    found: list[Placement],
) -> None:
    covered, rosters = [], []
    for number, one in enumerate(definitions):
        own = coverage[one.id]
        if one.meaning.divides_by_children:
            covered += [(number, *row) for row in covered_children(one.period, own, children, found)]
        elif one.kind is Kind.RATE_PER:
            divisor = coverage[_DIVISOR + one.id]
            covered += [(number, *row) for row in covered_standing(one.period, own, divisor, found)]
        if one.meaning.roster is not None:
            rosters += [(number, *row) for row in roster(one.period, one.meaning.rolling, own, found)]
    workspace.add_covered(covered)
    workspace.add_roster(rosters)


# --- adding up ------------------------------------------------------------


def _add_reported(
    workspace: Workspace,
    definitions: list[Definition],
    reported: list[Reported],
    found: list[Placement],
    results: Results,
) -> None:
    for number, one in enumerate(definitions):
        rows = usable(one, reported)
        if not rows:
            continue
        counted = workspace.run(units_with_events(number))
        with_events = set(zip(counted.column(0).to_pylist(), counted.column(1).to_pylist(), strict=True))
        kept, results.left_out[one.id] = placed(rows, found, with_events)
        values = [
            (
                number, 0, "", placement, each.period.first_day.year * 100 + each.period.first_day.month,
                ";".join(f"{k}={v}" for k, v in zip(one.split, each.parts(one) or (), strict=True)), 0, "",
                each.numerator, each.numerator if each.denominator is None else each.denominator, REPORTED,
            )
            for each, placement in kept
        ]  # fmt: skip
        workspace.append("addend", _addends(values))


def _addends(values: Sequence[tuple[object, ...]]) -> pa.Table:
    types = {"municipality_code": pa.string(), "split": pa.string(), "match": pa.string()}
    types |= {"n": pa.float64(), "d": pa.float64()}
    columns = list(zip(*values, strict=True)) if values else [()] * len(ADDEND)
    return pa.table(
        {name: pa.array(column, types.get(name, pa.int64())) for name, column in zip(ADDEND, columns, strict=True)}
    )


def _sort_out(definitions: list[Definition], cells: pa.Table, unplaced: list[pa.Table], results: Results) -> None:
    """The cells of all figures, and the unplaced rows, by figure."""
    ordered = cells.sort_by("kpi_no")
    bounds = pc.value_counts(ordered.column("kpi_no")).to_pylist()
    at = 0
    by_number: dict[int, pa.Table] = {}
    for one in bounds:
        by_number[one["values"]] = ordered.slice(at, one["counts"])
        at += one["counts"]
    waiting: dict[int, dict[str, int]] = {}
    for rows in unplaced:
        for number, municipality, count in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            waiting.setdefault(number, {})[municipality] = int(count)
    for number, definition in enumerate(definitions):
        results.cells[definition.id] = by_number.get(number, ordered.slice(0, 0)).select(list(CELL))
        results.unplaced[definition.id] = waiting.get(number, {})
