"""Reads the warehouse in bulk: rows as Arrow, from one consistent snapshot.

SQLite is read through Python's own `sqlite3` only: a second SQLite library in the process would not see its locks.
PostgreSQL is read through ADBC on a connection of its own, which takes over the snapshot of SQLAlchemy's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import pyarrow as pa
from sqlalchemy import Connection, Dialect, Engine, Select, SelectBase
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import Boolean, Date, Float, Integer, TypeEngine

from warehouse.database import reading

_BATCH = 50_000
_SQLITE: Dialect = sqlite.dialect()
_POSTGRES: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy


class Reader(Protocol):
    """A snapshot of the warehouse: `connection` for small reads, `batches` for large ones."""

    connection: Connection

    def batches(self, select: SelectBase, schema: pa.Schema) -> pa.RecordBatchReader:
        """The rows of a select as Arrow batches of the schema."""
        ...


@contextmanager
def open_reader(engine: Engine) -> Iterator[Reader]:
    """A snapshot for as long as the block lasts."""
    if engine.dialect.name == "sqlite":
        with reading(engine) as connection:
            yield _SqliteReader(connection)
        return
    import adbc_driver_postgresql.dbapi  # a second to import, and not for SQLite

    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        snapshot = connection.exec_driver_sql("select pg_export_snapshot()").scalar_one()
        address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with adbc_driver_postgresql.dbapi.connect(address) as bulk:
            with bulk.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read")
                cursor.execute(f"set transaction snapshot '{snapshot}'")  # a name that the server just gave
            yield _PostgresReader(connection, bulk)


def schema_of(select: Select[Any]) -> pa.Schema:
    """The Arrow schema of a select, from its columns' types."""
    return pa.schema([pa.field(column.name, _arrow_type(column.type)) for column in select.selected_columns])


def _arrow_type(type_: TypeEngine[Any]) -> pa.DataType:
    if isinstance(type_, Date):
        return pa.date32()
    if isinstance(type_, Boolean):
        return pa.bool_()
    if isinstance(type_, Integer):
        return pa.int64()
    return pa.float64() if isinstance(type_, Float) else pa.string()


class _SqliteReader:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def batches(self, select: SelectBase, schema: pa.Schema) -> pa.RecordBatchReader:
        text = str(select.compile(dialect=_SQLITE, compile_kwargs={"literal_binds": True}))
        raw = self.connection.connection.driver_connection
        if raw is None:
            raise RuntimeError("the connection is closed")
        cursor = raw.cursor()
        cursor.execute(text)
        return pa.RecordBatchReader.from_batches(schema, _sqlite_batches(cursor, schema))


def _sqlite_batches(cursor: Any, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while rows := cursor.fetchmany(_BATCH):
        columns = [_column(values, field.type) for values, field in zip(zip(*rows, strict=True), schema, strict=True)]
        yield pa.record_batch(columns, schema=schema)
    cursor.close()


def _column(values: tuple[Any, ...], type_: pa.DataType) -> pa.Array:
    """SQLite holds days as text and booleans as 0 and 1."""
    if pa.types.is_date32(type_):
        return pa.array(values, pa.string()).cast(type_)
    if pa.types.is_boolean(type_):
        return pa.array(values, pa.int8()).cast(type_)
    return pa.array(values, type_)


class _PostgresReader:
    def __init__(self, connection: Connection, bulk: Any) -> None:
        self.connection = connection
        self._bulk = bulk

    def batches(self, select: SelectBase, schema: pa.Schema) -> pa.RecordBatchReader:
        text = str(select.compile(dialect=_POSTGRES, compile_kwargs={"literal_binds": True}))
        return pa.RecordBatchReader.from_batches(schema, self._read(text, schema))

    def _read(self, text: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with self._bulk.cursor() as cursor:
            cursor.execute(text)
            for batch in cursor.fetch_record_batch():
                columns = [column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)]
                yield pa.record_batch(columns, schema=schema)
