"""Stores a run: its values in place of the old ones, coverage, unplaced rows and its record, in one transaction.

Values are sorted by key before they are inserted (unsorted takes three times as long) and held by small numbers for
figure, unit and split.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.csv
from sqlalchemy import Column, Connection, Engine, Table, and_, delete, insert, select

from kpi.coverage import Coverage
from kpi.definition import Catalogue
from kpi.meaning_hash import as_json
from kpi.moment import Cut
from kpi.runs import newest_run_no
from kpi.touched import Touched
from warehouse import clock, tables
from warehouse.database import writing

_BATCH = 20_000
_COLUMNS = (
    "kpi_no", "unit_no", "period", "split_no", "level", "numerator", "denominator", "value", "cases", "basis",
    "definition_no", "run_no",
)  # fmt: skip


class RunConflict(Exception):
    """Another run stored values after this one had read its snapshot."""


@dataclass(frozen=True)
class Outcome:
    """What a run has computed. `periods`: the lowest and highest stored period code that it may write."""

    kind: str
    is_limited: bool
    cut: Cut
    newest_run: int
    touched: Mapping[str, Touched]
    periods: Mapping[str, tuple[int, int]]
    cells: Mapping[str, pa.Table]
    unplaced: Mapping[str, Mapping[str, int]]
    coverage: Mapping[str, Mapping[str, Coverage]]
    left_out: Mapping[str, int]


def store(
    engine: Engine,
    catalogue: Catalogue,
    outcome: Outcome,
    started_at: datetime,
    report: Callable[[int, int], None],
) -> tuple[int, int]:
    """The new run's number and how many values it wrote; RunConflict when another run was faster."""
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("lock table kpi_value in exclusive mode")  # readers go on; writers wait
        if newest_run_no(connection) != (outcome.newest_run):
            raise RunConflict
        run_no = _record(connection, catalogue, outcome, started_at)
        written, numbers = 0, _Numbers(connection)
        for done, (id_, codes) in enumerate(outcome.touched.items()):
            report(done, len(outcome.touched))
            written += _replace(connection, catalogue, outcome, id_, codes, run_no, numbers)
        report(len(outcome.touched), len(outcome.touched))
        if not outcome.is_limited:
            _store_coverage(connection, outcome)
        run = tables.kpi_run
        connection.execute(
            run.update().where(run.c.run_no == run_no).values(finished_at=clock.now(), status="done", written=written)
        )
    return run_no, written


def record_failure(engine: Engine, catalogue: Catalogue, started_at: datetime, reason: str, *, full: bool) -> None:
    """A run that failed, with its reason; the values are as they were."""
    with writing(engine) as connection:
        connection.execute(
            insert(tables.kpi_run).values(
                started_at=started_at,
                finished_at=clock.now(),
                kind="full" if full else "incremental",
                status="failed",
                reason=reason,
                last_delivery_id=0,
                definitions_hash=definitions_hash(catalogue),
                scope={},
                written=0,
            )
        )


def definitions_hash(catalogue: Catalogue) -> str:
    """One hash for all figures' meanings."""
    hashes = sorted(f"{one.id} {one.definition_hash}" for one in catalogue.definitions.values())
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


# --- pieces ----------------------------------------------------------------


def _record(connection: Connection, catalogue: Catalogue, outcome: Outcome, started_at: datetime) -> int:
    scope = {
        "is_limited": outcome.is_limited,
        "pending": sorted(outcome.cut.pending),
        "definitions": {one.id: one.definition_hash for one in catalogue.definitions.values()},
        "reported_left_out": dict(outcome.left_out),
        "touched": {id_: None if codes is None else sorted(codes) for id_, codes in outcome.touched.items()},
    }
    result = connection.execute(
        insert(tables.kpi_run)
        .values(
            started_at=started_at,
            kind=outcome.kind,
            status="running",
            last_delivery_id=outcome.cut.last,
            definitions_hash=definitions_hash(catalogue),
            scope=scope,
            written=0,
        )
        .returning(tables.kpi_run.c.run_no)
    )
    return int(result.scalar_one())


class _Numbers:
    """The small numbers of texts within one transaction: a table is read again only when it may lack a text."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, dict[str, int]] = {}

    def of(self, table: Table, text: Column[Any], wanted: Iterable[str]) -> dict[str, int]:
        known = self._known.get(table.name, {})
        if not known.keys() >= set(wanted):
            known = self._known[table.name] = numbers_of(self._connection, table, text, wanted)
        return known


def _replace(
    connection: Connection,
    catalogue: Catalogue,
    outcome: Outcome,
    id_: str,
    codes: Touched,
    run_no: int,
    numbers: _Numbers,
) -> int:
    kpi_no = numbers.of(tables.kpi, tables.kpi.c.kpi_id, [id_])[id_]
    definition_no = _definition_no(connection, catalogue, id_, kpi_no)
    first, last = outcome.periods[id_]
    value = tables.kpi_value
    within = and_(value.c.kpi_no == kpi_no, value.c.period.between(first, last))
    cells = outcome.cells[id_]
    if codes is not None:
        within = and_(within, value.c.period.in_(sorted(codes)))
    connection.execute(delete(value).where(within))
    periods = cells.column("period").to_pylist()
    chosen = [at for at, code in enumerate(periods) if first <= code <= last and (codes is None or code in codes)]
    rows = _rows(numbers, cells.take(pa.array(chosen, pa.int64())), (kpi_no, definition_no, run_no))
    _insert(connection, rows)
    unplaced = tables.kpi_unplaced
    connection.execute(delete(unplaced).where(unplaced.c.kpi_no == kpi_no))
    missing = [
        {"kpi_no": kpi_no, "municipality_code": municipality, "rows": count}
        for municipality, count in outcome.unplaced[id_].items()
    ]
    if missing:
        connection.execute(insert(unplaced), missing)
    return int(rows.num_rows)


def _rows(numbers: _Numbers, cells: pa.Table, of_all: tuple[int, int, int]) -> pa.Table:
    """The cells as stored rows, sorted by key."""
    kpi_no, definition_no, run_no = of_all
    unit, split = cells.column("unit_code").to_pylist(), cells.column("split").to_pylist()
    units = numbers.of(tables.kpi_unit, tables.kpi_unit.c.unit_code, unit)
    splits = numbers.of(tables.kpi_split, tables.kpi_split.c.split, split)
    count = cells.num_rows
    values = {
        "kpi_no": pa.array([kpi_no] * count, pa.int32()),
        "unit_no": pa.array([units[one] for one in unit], pa.int32()),
        "period": cells.column("period"),
        "split_no": pa.array([splits[one] for one in split], pa.int32()),
        "level": cells.column("level_no"),
        "numerator": cells.column("numerator"),
        "denominator": cells.column("denominator"),
        "value": cells.column("value"),
        "cases": cells.column("cases"),
        "basis": cells.column("basis"),
        "definition_no": pa.array([definition_no] * count, pa.int32()),
        "run_no": pa.array([run_no] * count, pa.int32()),
    }
    rows = pa.table({name: values[name] for name in _COLUMNS})
    return rows.sort_by([(name, "ascending") for name in _COLUMNS[:4]])


def _insert(connection: Connection, rows: pa.Table) -> None:
    raw: Any = connection.connection.driver_connection
    names = ", ".join(_COLUMNS)
    if connection.dialect.name == "postgresql":
        buffer = io.BytesIO()
        pyarrow.csv.write_csv(rows, buffer, pyarrow.csv.WriteOptions(include_header=False))
        with raw.cursor() as cursor, cursor.copy(f"copy kpi_value ({names}) from stdin with (format csv)") as copy:
            copy.write(buffer.getvalue())
        return
    marks = ", ".join("?" for _ in _COLUMNS)
    statement = f"insert into kpi_value ({names}) values ({marks})"  # noqa: S608  # nosec B608 # the constants above
    for batch in rows.to_batches(_BATCH):
        raw.executemany(statement, zip(*(column.to_pylist() for column in batch.columns), strict=True))


def numbers_of(connection: Connection, table: Table, text: Column[Any], wanted: Iterable[str]) -> dict[str, int]:
    """The small numbers of these texts; new texts get one."""
    number = next(iter(table.primary_key.columns))
    known: dict[str, int] = {row[0]: row[1] for row in connection.execute(select(text, number))}
    new = sorted(set(wanted) - known.keys())
    if new:
        highest = max(known.values(), default=0)
        added = {one: highest + at for at, one in enumerate(new, 1)}
        connection.execute(insert(table), [{number.name: no, text.name: one} for one, no in added.items()])
        known |= added
    return known


def _definition_no(connection: Connection, catalogue: Catalogue, id_: str, kpi_no: int) -> int:
    table = tables.kpi_definition
    definition = catalogue.definitions[id_]
    found = connection.scalar(
        select(table.c.definition_no).where(
            table.c.kpi_no == kpi_no, table.c.definition_hash == definition.definition_hash
        )
    )
    if found is not None:
        return int(found)
    result = connection.execute(
        insert(table)
        .values(
            kpi_no=kpi_no,
            definition_hash=definition.definition_hash,
            meaning=as_json(definition.meaning),
            first_seen_at=clock.now(),
        )
        .returning(table.c.definition_no)
    )
    return int(result.scalar_one())


def _store_coverage(connection: Connection, outcome: Outcome) -> None:
    table = tables.kpi_coverage
    numbers = numbers_of(connection, tables.kpi, tables.kpi.c.kpi_id, list(outcome.coverage))
    connection.execute(delete(table))
    rows = [
        {"kpi_no": numbers[id_], "municipality_code": municipality, "first_on": one.first_on, "as_of": one.as_of}
        for id_, by_municipality in outcome.coverage.items()
        for municipality, one in by_municipality.items()
    ]
    if rows:
        connection.execute(insert(table), rows)


def read_stored(connection: Connection, kpi_id: str) -> dict[tuple[object, ...], tuple[object, ...]]:
    """A figure's stored values: (unit_code, period, split) → (level, numerator, denominator, cases, value)."""
    value = tables.kpi_value
    rows = connection.execute(
        select(
            tables.kpi_unit.c.unit_code, value.c.period, tables.kpi_split.c.split,
            value.c.level, value.c.numerator, value.c.denominator, value.c.cases, value.c.value,
        )
        .join(tables.kpi, tables.kpi.c.kpi_no == value.c.kpi_no)
        .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == value.c.unit_no)
        .join(tables.kpi_split, tables.kpi_split.c.split_no == value.c.split_no)
        .where(tables.kpi.c.kpi_id == kpi_id)
    )  # fmt: skip
    return {(row[0], row[1], row[2]): tuple(row[3:]) for row in rows}
