"""Deliveries written straight into the warehouse's tables, for tests of what figures mean.

A delivery is a day and rows by dataset; a row that repeats a key replaces it, `gone` ends keys. This keeps the
contract's recorded time (day and number) exactly, without files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, insert, select, update

from warehouse.contract import DATASETS, Dataset, Kind
from warehouse.database import writing
from warehouse.tables import VERSIONED, delivery, delivery_scope, source

Row = Mapping[str, Any]


def deliver(
    engine: Engine,
    as_of: str,
    *,
    gone: Mapping[str, Sequence[Row]] | None = None,
    municipalities: Mapping[str, Iterable[str]] | None = None,
    status: str = "loaded",
    **datasets: Sequence[Row],
) -> int:
    """One committed delivery; its number. `municipalities` adds scopes that a dataset spoke for without rows."""
    with writing(engine) as connection:
        source_id = _source(connection)
        number = connection.execute(
            insert(delivery)
            .values(
                source_id=source_id,
                file_name="test",
                sha256="0" * 64,
                size=0,
                mapping_hash="0" * 64,
                as_of=date.fromisoformat(as_of),
                received_at=datetime.now(UTC),
                committed_at=datetime.now(UTC),
                status="received",
                warnings=[],
                is_synthetic=True,
            )
            .returning(delivery.c.delivery_id)
        ).scalar_one()
        if status == "loaded":
            write_rows(connection, number, as_of, datasets, gone or {}, municipalities or {})
        connection.execute(update(delivery).where(delivery.c.delivery_id == number).values(status=status))
    return int(number)


def commit_late(engine: Engine, number: int, as_of: str, **datasets: Sequence[Row]) -> None:
    """What approving a held delivery does: its rows are written under its own, older number."""
    with writing(engine) as connection:
        write_rows(connection, number, as_of, datasets, {}, {})
        connection.execute(update(delivery).where(delivery.c.delivery_id == number).values(status="loaded"))


def write_rows(
    connection: Connection,
    number: int,
    as_of: str,
    datasets: Mapping[str, Sequence[Row]],
    gone: Mapping[str, Sequence[Row]],
    municipalities: Mapping[str, Iterable[str]],
) -> None:
    """The versions and scopes of a delivery."""
    day = date.fromisoformat(as_of)
    scopes = {(name, code) for name, codes in municipalities.items() for code in codes}
    for name, rows in gone.items():
        for row in rows:
            scopes.add((name, str(row.get("municipality_code") or "")))
            _end(connection, DATASETS[name], _filled(DATASETS[name], row, keys_only=True), number, day)
    for name, rows in datasets.items():
        dataset = DATASETS[name]
        filled = [_filled(dataset, row) for row in rows]
        for values in filled:
            scopes.add((name, str(values.get("municipality_code") or "") if name != "org_units" else ""))
            _end(connection, dataset, values, number, day)
        versions = [
            values | {"source_id": 1, "content_hash": 0, "raw_line": line, "recorded_by": number, "recorded_on": day}
            for line, values in enumerate(filled, 2)
        ]
        if versions:
            connection.execute(insert(VERSIONED[name]), versions)
    if scopes:
        connection.execute(
            insert(delivery_scope),
            [
                {"delivery_id": number, "dataset": name, "municipality_code": code, "source_id": 1, "as_of": day}
                for name, code in sorted(scopes)
            ],
        )


def _source(connection: Connection) -> int:
    found = connection.scalar(select(source.c.source_id))
    if found is None:
        connection.execute(insert(source).values(code="canonical", name="Kontraktets CSV"))
    return int(found or 1)


def _end(connection: Connection, dataset: Dataset, values: Mapping[str, Any], number: int, day: date) -> None:
    table = VERSIONED[dataset.name]
    same = [table.c[field.column] == values[field.column] for field in dataset.key]
    connection.execute(
        update(table).where(and_(table.c.ended_by.is_(None), *same)).values(ended_by=number, ended_on=day)
    )


def _filled(dataset: Dataset, row: Row, *, keys_only: bool = False) -> dict[str, Any]:
    unknown = set(row) - {field.name for field in dataset.fields}
    if unknown:
        raise KeyError(f"{dataset.name} has no {sorted(unknown)}")
    fields = dataset.key if keys_only else dataset.fields
    return {field.column: _value(field.kind, row.get(field.name), field.default, field.required) for field in fields}


def _value(kind: Kind, value: Any, default: str | None, required: bool) -> Any:
    if value is None and default is not None:
        value = default
    if kind is Kind.DAY and isinstance(value, str):
        return date.fromisoformat(value)
    if kind is Kind.BOOLEAN:
        return bool(value)
    if value is None and required:
        return "p" if kind in (Kind.PERSON, Kind.TEXT) else value
    return value
