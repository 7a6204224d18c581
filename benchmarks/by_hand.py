"""The catalogue's figures by hand-written SQL (`by_hand.sql`), over the same read and write path as the product's.

What figures rest on besides (coverage, rows without a place) is not told by hand: coverage is passed on as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import pyarrow as pa
from sqlalchemy import Connection, Engine, and_, false, func, or_, select, true, tuple_
from sqlalchemy.sql.elements import ColumnElement

from kpi.coverage import Coverage
from kpi.definition import Catalogue
from kpi.facts import rows_table
from kpi.moment import committed_since, current_cut, known, read_as_of
from kpi.period import Period, PeriodType, periods_between
from kpi.pieces import CELL
from kpi.program import program_of
from kpi.reading import Reader, open_reader
from kpi.runs import latest_run, newest_run_no
from kpi.store import Outcome, store
from kpi.workspace import Workspace, open_workspace, read_into, rows_of
from warehouse import clock
from warehouse.tables import VERSIONED, kpi, kpi_coverage

Seconds = dict[str, float]
Columns = Mapping[str, Iterable[str]]

_BESIDES: Columns = {
    "org_units": ("unit_code", "parent_code", "level", "municipality_code", "valid_from", "valid_to"),
    "population": ("municipality_code", "year", "age", "children"),
    "context_values": ("kpi_id", "municipality_code", "year", "sex", "value"),
}
_MORE: Columns = {"sip_participants": ("absence",)}
_SQL = Path(__file__).with_name("by_hand.sql").read_text(encoding="utf-8")
_WRITTEN = frozenset(re.findall(r"'([a-z_0-9]+)'", _SQL))
_FIRST_OF = {"sip_established": "sips", "deviations_reported": "deviations"}
_MOVED = (
    "sip_established", "sip_per_1000", "sip_active", "sip_lead_time", "sip_met_30d", "sip_consent_documented",
    "sip_coordinator", "sip_child_voice", "sip_consent_unknown", "sip_follow_up_agreed", "sip_dormant",
    "deviations_per_100_sip",
)  # fmt: skip
"""The figures that rest on when a plan was met and on the child's voice."""


def compute_by_hand(engine: Engine, catalogue: Catalogue) -> Seconds:
    """Everything computed anew and stored; seconds by phase."""
    columns = columns_of(catalogue)  # one would have written them down
    watch = Watch()
    started_at = clock.now()
    with open_reader(engine) as reader, open_workspace() as workspace:
        watch.lap("prepare")
        read_rows(reader, workspace, columns)
        watch.lap("read")
        phases = run_phases(workspace)
        watch.lap("compute")
        found = cells(workspace, catalogue)
        outcome = _outcome(reader.connection, catalogue, found, dict.fromkeys(catalogue.definitions))
    watch.lap("cells")
    store(engine, catalogue, outcome, started_at, lambda _done, _total: None)
    watch.lap("store")
    return watch.seconds | {f"compute: {name}": seconds for name, seconds in phases.items()}


def compute_moved_by_hand(engine: Engine, catalogue: Catalogue) -> Seconds:
    """The figures that changed plans touch, from the earliest month touched on, and stored; seconds by phase.

    Only plans that can matter from that month on are read, and what belongs to them."""
    columns = columns_of(catalogue)  # one would have written them down
    watch = Watch()
    started_at = clock.now()
    with open_reader(engine) as reader, open_workspace() as workspace:
        since = _earliest_moved(reader.connection)
        watch.lap("prepare")
        _read_first(reader.connection, workspace)
        read_rows(reader, workspace, columns, _only_since(since))
        watch.lap("read")
        run_phases(workspace, without=("begun",))
        watch.lap("compute")
        found = cells(workspace, catalogue)
        last = max(read_as_of(reader.connection).values())
        touched = {
            one: _codes(catalogue.definitions[one].period, since, last)
            for one in _MOVED
            if one in catalogue.definitions
        }
        outcome = _outcome(reader.connection, catalogue, found, touched)
    watch.lap("cells")
    store(engine, catalogue, outcome, started_at, lambda _done, _total: None)
    watch.lap("store")
    return watch.seconds


class Watch:
    """Seconds by phase; a phase that comes again adds up."""

    def __init__(self) -> None:
        self.seconds: Seconds = {}
        self._last = self._began = perf_counter()

    def lap(self, name: str) -> None:
        """What has passed since the last lap belongs to the phase."""
        now = perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._last
        self.seconds["total"] = now - self._began
        self._last = now


# --- reading, running, handing over ------------------------------------------


def columns_of(catalogue: Catalogue) -> Columns:
    """The columns that the product reads for the whole catalogue, and what it reads besides."""
    datasets = program_of(list(catalogue.definitions.values()), catalogue.facts).datasets
    own = {name: {*columns, *_MORE.get(name, ())} for name, columns in datasets.items()}
    return {**own, **_BESIDES}


def split_catalogue(catalogue: Catalogue) -> tuple[Catalogue, list[str]]:
    """The catalogue of the figures that are written by hand too, and the ids of those that are not."""
    missing = [
        one.id
        for one in catalogue.definitions.values()
        if one.id not in _WRITTEN and (one.meaning.measures or one.meaning.series)
    ]
    kept = {id_: one for id_, one in catalogue.definitions.items() if id_ not in missing}
    return replace(catalogue, definitions=kept), missing


def read_rows(
    reader: Reader, workspace: Workspace, columns: Columns, only: Mapping[str, ColumnElement[bool]] | None = None
) -> None:
    """The datasets' current rows (`only`: those of them) and as-of days into the workspace."""
    for dataset, wanted in columns.items():
        rows = rows_of(dataset, wanted).where(known(VERSIONED[dataset], None), (only or {}).get(dataset, true()))
        read_into(workspace, reader, rows_table(dataset), rows)
    days = [(dataset, code, day) for (dataset, code), day in read_as_of(reader.connection).items()]
    workspace.fill("as_of", _days(days, "dataset", "municipality_code", "day"))


def run_phases(workspace: Workspace, without: tuple[str, ...] = ()) -> Seconds:
    """Run the statements; seconds by phase. The cells are left in the table `cell`."""
    watch = Watch()
    for part in _SQL.split("\n--- ")[1:]:
        name, _, text = part.partition("\n")
        if name not in without:
            workspace.execute(text)
            watch.lap(name)
    return {name: seconds for name, seconds in watch.seconds.items() if name != "total"}


def cells(workspace: Workspace, catalogue: Catalogue) -> dict[str, pa.Table]:
    """Per figure, the cells as the product's store takes them."""
    found = workspace.answer(f"select kpi, {', '.join(CELL)} from cell order by kpi")
    counts = workspace.answer("select kpi, count(*) as n from cell group by kpi order by kpi")
    places: dict[str, tuple[int, int]] = {}
    at = 0
    for kpi_id, count in zip(*(column.to_pylist() for column in counts.columns), strict=True):
        places[kpi_id] = (at, count)
        at += count
    return {id_: found.slice(*places.get(id_, (0, 0))).select(list(CELL)) for id_ in catalogue.definitions}


def _outcome(
    connection: Connection,
    catalogue: Catalogue,
    found: Mapping[str, pa.Table],
    touched: Mapping[str, frozenset[int] | None],
) -> Outcome:
    table = kpi_coverage
    coverage: dict[str, dict[str, Coverage]] = {id_: {} for id_ in catalogue.definitions}
    rows = select(kpi.c.kpi_id, table.c.municipality_code, table.c.first_on, table.c.as_of).join(
        table, table.c.kpi_no == kpi.c.kpi_no
    )
    for kpi_id, municipality, first_on, as_of in connection.execute(rows):
        coverage[kpi_id][municipality] = Coverage(first_on, as_of)
    return Outcome(
        kind="full" if None in touched.values() else "incremental",
        is_limited=False,
        cut=current_cut(connection),
        newest_run=newest_run_no(connection),
        touched=touched,
        periods=dict.fromkeys(touched, (0, 999_999)),
        cells=found,
        unplaced={id_: {} for id_ in touched},
        coverage=coverage,
        left_out={},
    )


def _days(rows: list[tuple[str, str, date]], *names: str) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    types = (pa.string(), pa.string(), pa.date32())
    return pa.table([pa.array(one, type_) for one, type_ in zip(columns, types, strict=True)], names)


# --- only what a changed month needs -------------------------------------------


def _earliest_moved(connection: Connection) -> date:
    """The first day of the earliest month that a changed plan was met in, before or now."""
    base = latest_run(connection)
    assert base is not None
    new = committed_since(connection, base.cut)
    sips = VERSIONED["sips"]
    first: date | None = connection.scalar(
        select(func.min(sips.c.met_on)).where(or_(sips.c.recorded_by.in_(new), sips.c.ended_by.in_(new)))
    )
    assert first is not None
    return first.replace(day=1)


def _read_first(connection: Connection, workspace: Workspace) -> None:
    """From which month a municipality's rows are held: as the last run stored it."""
    rows = connection.execute(
        select(kpi.c.kpi_id, kpi_coverage.c.municipality_code, kpi_coverage.c.first_on)
        .join(kpi_coverage, kpi_coverage.c.kpi_no == kpi.c.kpi_no)
        .where(kpi.c.kpi_id.in_(_FIRST_OF))
    )
    first = [(_FIRST_OF[kpi_id], municipality, day) for kpi_id, municipality, day in rows]
    workspace.fill("begun", _days(first, "dataset", "municipality_code", "first_on"))


def _only_since(since: date) -> dict[str, ColumnElement[bool]]:
    """Plans that stood in the month or later, or that the whole tertial's rate needs; and what belongs to them."""
    from_day = Period.containing(since, PeriodType.TERTIAL).first_day
    sips, deviations = VERSIONED["sips"], VERSIONED["deviations"]
    stands = and_(sips.c.met_on.is_not(None), or_(sips.c.closed_on.is_(None), sips.c.closed_on >= since))
    plans = or_(sips.c.met_on >= from_day, stands, sips.c.initiated_on >= from_day - timedelta(days=31))
    keys = select(sips.c.municipality_code, sips.c.sip_id).where(known(sips, None), plans)
    only: dict[str, ColumnElement[bool]] = {
        name: false() for name in VERSIONED if name not in ("org_units", "population", "sips", "deviations")
    }
    for name in ("sip_follow_ups", "sip_participants", "sip_activities"):
        table = VERSIONED[name]
        only[name] = tuple_(table.c.municipality_code, table.c.sip_id).in_(keys)
    return only | {"sips": plans, "deviations": deviations.c.reported_on >= since}


def _codes(type_: PeriodType, first: date, last: date) -> frozenset[int]:
    periods = periods_between(*(Period.containing(day, type_) for day in (first, last)))
    return frozenset(one.code for one in periods)
