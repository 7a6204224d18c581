"""Engines from a URL, and transactions. SQLite: WAL, BEGIN IMMEDIATE for writers, foreign keys on.

SQLite is touched through Python's own `sqlite3` only (SQLAlchemy's driver): a second SQLite library in one process
does not see the first one's locks and loses writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Executable, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

_BUSY_TIMEOUT_S = 30.0


def open_engine(url: str) -> Engine:
    """An engine for the warehouse; a SQLite file's folder is created when it is missing."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": _BUSY_TIMEOUT_S}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event says which BEGIN, not the driver
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma foreign_keys = on")
    connection.execute(f"pragma busy_timeout = {int(_BUSY_TIMEOUT_S * 1000)}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("begin immediate" if writes(connection) else "begin")


def writes(connection: Connection) -> bool:
    """Whether the connection is one that `writing` gave."""
    return bool(connection.get_execution_options().get("samkoll_writes", False))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: on SQLite it takes no write lock, on PostgreSQL it is read only."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(postgresql_readonly=True)
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: committed at the end, rolled back on any error."""
    with engine.connect() as connection:
        connection = connection.execution_options(samkoll_writes=True)
        with connection.begin():
            yield connection


def write_unless_busy(engine: Engine, statement: Executable) -> bool:
    """One statement in a transaction of its own, which waits for nobody; whether it was done.

    SQLite has one writer at a time, who may be the very caller, further up."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            connection.exec_driver_sql("pragma busy_timeout = 0")
        try:
            connection.execute(statement)
            connection.commit()
        except OperationalError:
            connection.rollback()
            return False
        finally:
            if is_sqlite:
                connection.exec_driver_sql(f"pragma busy_timeout = {int(_BUSY_TIMEOUT_S * 1000)}")
        return True
