"""Writes versions in bulk: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain, islice, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, bindparam, func, select, update

from etl.plan import Plan
from etl.rules.typed import Typed
from etl.rules.values import Value
from warehouse.contract import Kind
from warehouse.tables import VERSIONED

_BULK_ROWS = 20_000
_ROWS_A_STATEMENT = 25
_SORT_CACHE = -256 * 1024
"""SQLite's page cache while indexes are made, in KiB when negative."""
_SORT_THREADS = 2


def write_versions(
    connection: Connection, plan: Plan, delivery_id: int, source_id: int, as_of: date, lines: NDArray[np.int32]
) -> None:
    """End the versions that the plan ends, and insert the new ones. `lines` are the delivered rows' lines."""
    table = VERSIONED[plan.dataset]
    if plan.ended:
        ended = {"ended_by": delivery_id, "ended_on": as_of}
        by_number = update(table).where(table.c.version_id == bindparam("ended_version")).values(ended)
        connection.execute(by_number, [{"ended_version": number} for number in plan.ended])
    rows = plan.written
    if not len(rows):
        return
    constants: dict[str, Any] = {"source_id": source_id, "recorded_by": delivery_id, "recorded_on": as_of}
    columns: dict[str, list[Any]] = {}
    is_sqlite = connection.dialect.name == "sqlite"
    for field in plan.checked.canonical.dataset.fields:
        typed = plan.checked.typed[field.column]
        if len(typed.values) == 1 and _is_plain(only := typed.values[0]):
            constants[field.column] = only
        elif any(value is not None for value in typed.values):
            stored = _as_text(typed) if is_sqlite and field.kind is Kind.DAY else typed
            columns[field.column] = stored.objects(rows)
    columns["content_hash"] = plan.hashes[rows].tolist()
    columns["raw_line"] = lines[plan.checked.canonical.raw_of[rows]].tolist()
    if is_sqlite:
        _insert_into_sqlite(connection, table, columns, constants, len(rows))
    else:
        _copy_into_postgresql(connection, table, columns, constants, len(rows))


def _as_text(typed: Typed) -> Typed:
    """Days as SQLAlchemy stores them in SQLite."""
    return Typed(typed.codes, [value.isoformat() if isinstance(value, date) else value for value in typed.values])


def _is_plain(value: Value | None) -> bool:
    """Whether a value may stand in a statement as it is."""
    return isinstance(value, bool) or (isinstance(value, str) and value.isascii() and value.isdigit())


def _literal(value: str | int | date) -> str:
    return str(int(value)) if isinstance(value, int) else f"'{value}'"


def _insert_into_sqlite(
    connection: Connection, table: Table, columns: dict[str, list[Any]], constants: dict[str, Any], size: int
) -> None:
    """Several rows a statement: a tenth quicker than one by one."""
    names = ", ".join([*columns, *constants])
    marks = f"({', '.join(['?'] * len(columns) + [_literal(value) for value in constants.values()])})"
    begin = f"insert into {table.name} ({names}) values "  # noqa: S608  # nosec B608 # the warehouse's own names
    cells = chain.from_iterable(zip(*columns.values(), strict=True))
    width = len(columns)
    many = (tuple(islice(cells, _ROWS_A_STATEMENT * width)) for _ in range(size // _ROWS_A_STATEMENT))
    rest = (tuple(islice(cells, width)) for _ in range(size % _ROWS_A_STATEMENT))
    cursor: Any = connection.connection.cursor()  # sqlite3's own: it takes any iterable of rows
    try:
        with _indexes_after(connection, table, size), _without_collection():
            cursor.executemany(begin + ", ".join([marks] * _ROWS_A_STATEMENT), many)
            cursor.executemany(begin + marks, rest)
    finally:
        cursor.close()


@contextmanager
def _indexes_after(connection: Connection, table: Table, size: int) -> Iterator[None]:
    """Indexes made once after many rows, in the same transaction, instead of kept up row by row."""
    before = connection.execute(select(func.coalesce(func.max(table.c.version_id), 0))).scalar_one()
    indexes = sorted(table.indexes, key=lambda index: str(index.name)) if size >= _BULK_ROWS and size > before else []
    for index in indexes:
        index.drop(connection)
    yield
    if indexes:
        cache = connection.exec_driver_sql("pragma cache_size").scalar_one()
        connection.exec_driver_sql(f"pragma cache_size = {_SORT_CACHE}")  # sorted in memory, not in a file
        connection.exec_driver_sql(f"pragma threads = {_SORT_THREADS}")
        for index in indexes:
            index.create(connection)
        connection.exec_driver_sql(f"pragma cache_size = {cache}")


@contextmanager
def _without_collection() -> Iterator[None]:
    """Millions of values that hold no cycles need no search for them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _copy_into_postgresql(
    connection: Connection, table: Table, columns: dict[str, list[Any]], constants: dict[str, Any], size: int
) -> None:
    names = ", ".join([*columns, *constants])
    rows = zip(*columns.values(), *(repeat(value, size) for value in constants.values()), strict=True)
    cursor: Any = connection.connection.cursor()  # psycopg's own: it copies
    with cursor, cursor.copy(f"copy {table.name} ({names}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)
