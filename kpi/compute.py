"""Computes key figures and stores them: what has been touched since the last run, or everything.

    compute(engine, catalogue)              the touched periods
    compute(engine, catalogue, full=True)   everything
    check(engine, catalogue)                everything in memory, compared with what is stored

One snapshot is read, everything is computed in an engine in memory, and the values are replaced in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from kpi.cells import Cell, cells_of
from kpi.definition import Catalogue, Definition, find_definition
from kpi.moment import committed_since, current_cut, read_as_of
from kpi.period import Period
from kpi.reading import Reader, open_reader
from kpi.results import Progress, compute_results, report, rows_in
from kpi.runs import BaseRun, latest_run, newest_run_no
from kpi.store import Outcome, RunConflict, read_stored, record_failure, store
from kpi.touched import Change, Touched, touched_periods
from kpi.views.organisation import check_unit_is_known, read_organisation
from kpi.workspace import Workspace, open_workspace
from warehouse import clock
from warehouse.errors import UserError

_MOST_ATTEMPTS = 3
_EVERY_PERIOD = (0, 999_999)
Limits = tuple[Period | None, Period | None]


@dataclass(frozen=True)
class RunSummary:
    """What a run did. `touched`: figure and how many periods (None = all); `unplaced`: rows that no figure counts yet,
    summed over the figures computed. `run_no` is None when nothing had changed and nothing was recorded."""

    run_no: int | None
    kind: str
    written: int
    touched: tuple[tuple[str, int | None], ...]
    unplaced: int
    started_at: datetime
    finished_at: datetime


def compute(
    engine: Engine,
    catalogue: Catalogue,
    *,
    first: Period | None = None,
    last: Period | None = None,
    full: bool = False,
    progress: Progress = None,
) -> RunSummary:
    """Recompute what has changed since the last run (or everything) and store it.

    `first` and `last` limit which periods are written; what lies outside stays due for the next run without limits.
    The first run of a warehouse computes everything. A failure is recorded as a run, and raised.
    """
    started_at = clock.now()
    try:
        for _ in range(_MOST_ATTEMPTS):
            try:
                return _compute_once(engine, catalogue, (first, last), full, progress, started_at)
            except RunConflict:
                continue
        raise UserError("En annan körning räknar nyckeltalen samtidigt. Den här har inte ändrat något; kör den igen.")
    except Exception as error:
        reason = str(error) if isinstance(error, UserError) else f"Oväntat fel ({type(error).__name__}). Se loggen."
        record_failure(engine, catalogue, started_at, reason, full=full)
        raise


def compute_as_known_on(
    engine: Engine, catalogue: Catalogue, kpi_ids: Iterable[str], day: date, *, unit_code: str | None = None
) -> dict[str, list[Cell]]:
    """Figures' cells, zeros included, as they were known at the end of a day. Nothing is stored.

    UserError for an unknown figure, and for a unit that is known neither that day nor now."""
    definitions = [find_definition(catalogue, kpi_id) for kpi_id in kpi_ids]
    with open_reader(engine) as reader, open_workspace() as workspace:
        if unit_code is not None:
            check_unit_is_known(
                unit_code, read_organisation(reader.connection), read_organisation(reader.connection, on=day)
            )
        results = compute_results(reader, workspace, catalogue, definitions, on=day)
    found = {}
    for one in definitions:
        cells = cells_of(one, rows_in(results.cells[one.id]), results.organisation, results.standing(one.id))
        found[one.id] = [cell for cell in cells if unit_code in (None, cell.unit_code)]
    return found


def check(engine: Engine, catalogue: Catalogue) -> list[str]:
    """Everything computed anew in memory against what is stored: a Swedish sentence per figure that differs.

    Deliveries that no run has seen yet are no difference: they are told, and judged after the next run.
    """
    with open_reader(engine) as reader, open_workspace() as workspace:
        base = latest_run(reader.connection)
        if base is None or _is_due(reader, catalogue, base):
            return [
                "Leveranser eller definitioner har ändrats sedan den senaste körningen. Kör ”samkoll compute” först."
            ]
        definitions = list(catalogue.definitions.values())
        results = compute_results(reader, workspace, catalogue, definitions)
        differences = []
        for one in definitions:
            stored = read_stored(reader.connection, one.id)
            wanted = {
                (unit, period, split): (level, *parts)
                for unit, level, period, split, *parts, _ in rows_in(results.cells[one.id])
            }
            if stored != wanted:
                count = len({key for key, _ in stored.items() ^ wanted.items()})
                differences.append(f"{one.name} ({one.id}): {count} lagrade värden skiljer sig från en full omräkning.")
    return differences


def _compute_once(
    engine: Engine, catalogue: Catalogue, limits: Limits, full: bool, progress: Progress, started_at: datetime
) -> RunSummary:
    everything = list(catalogue.definitions.values())
    with open_reader(engine) as reader, ExitStack() as opened:
        base = latest_run(reader.connection)
        if base is not None and not full and not _is_due(reader, catalogue, base):
            return RunSummary(None, "incremental", 0, (), 0, started_at, clock.now())
        workspace = opened.enter_context(open_workspace())
        if full or base is None:
            touched: dict[str, Touched] = {one.id: None for one in everything}
        else:
            touched = _touched(reader, workspace, catalogue, base)
        results = compute_results(
            reader, workspace, catalogue, [catalogue.definitions[id_] for id_ in touched], progress=progress
        )
        is_limited = base is not None and limits != (None, None)
        outcome = Outcome(
            kind="full" if full or base is None else "incremental",
            is_limited=is_limited,
            cut=current_cut(reader.connection),
            newest_run=newest_run_no(reader.connection),
            touched=touched,
            periods={one.id: _codes(one, limits) if is_limited else _EVERY_PERIOD for one in everything},
            cells=results.cells,
            unplaced=results.unplaced,
            left_out=results.left_out,
            coverage=results.coverage,
        )
    run_no, written = store(
        engine, catalogue, outcome, started_at, lambda done, total: report(progress, "Sparar", done, total)
    )
    unplaced = sum(sum(rows.values()) for rows in results.unplaced.values())
    counts = tuple((id_, None if codes is None else len(codes)) for id_, codes in touched.items())
    return RunSummary(run_no, outcome.kind, written, counts, unplaced, started_at, clock.now())


def _is_due(reader: Reader, catalogue: Catalogue, base: BaseRun) -> bool:
    return not base.has_same_figures(catalogue) or bool(committed_since(reader.connection, base.cut))


def _touched(reader: Reader, workspace: Workspace, catalogue: Catalogue, base: BaseRun) -> dict[str, Touched]:
    same = [one for one in catalogue.definitions.values() if base.definitions.get(one.id) == one.definition_hash]
    new = committed_since(reader.connection, base.cut)
    change = Change(new, read_as_of(reader.connection, without=new), read_as_of(reader.connection))
    found = touched_periods(reader, workspace, catalogue, same, change)
    unchanged = {one.id for one in same}
    return {id_: found.get(id_) for id_ in catalogue.definitions if id_ in found or id_ not in unchanged}


def _codes(definition: Definition, limits: Limits) -> tuple[int, int]:
    """The limits as stored codes; a limit of another period type is widened to the figure's own."""
    first, last = limits
    lowest = first.to(definition.period).code if first else _EVERY_PERIOD[0]
    highest = Period.containing(last.last_day, definition.period).code if last else _EVERY_PERIOD[1]
    return lowest, highest
