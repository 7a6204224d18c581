"""An engine for the pages: no statement runs for longer than a limit, and a read knows how many values it may hold.

It shares its connections with the engine that it is made from, which keeps no limits: the scheduler and the command
line may take the time they need.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from psycopg.errors import QueryCanceled
from sqlalchemy import Connection, Engine, event

from warehouse.errors import TooMuch

_STEPS_BETWEEN_LOOKS = 20_000
"""SQLite asks whether to go on after so many of its steps: some milliseconds."""
_MOST_CELLS = "samkoll_most_cells"


def limited(engine: Engine, *, statement_seconds: int, most_cells: int) -> Engine:
    """The engine with limits. A statement that is stopped raises TooMuch."""
    found = engine.execution_options(**{_MOST_CELLS: most_cells})
    if engine.dialect.name == "postgresql":
        event.listen(found, "begin", _Postgres(statement_seconds).begin)
    else:
        sqlite = _Sqlite(statement_seconds)
        event.listen(found, "before_cursor_execute", sqlite.begin)
        event.listen(found, "commit", sqlite.end)
        event.listen(found, "rollback", sqlite.end)
    event.listen(found, "handle_error", _told)
    return found


def most_cells(connection: Connection) -> int | None:
    """How many values a reader may ask for on the connection; None without a limit."""
    most: int | None = connection.get_execution_options().get(_MOST_CELLS)
    return most


class _Postgres:
    def __init__(self, seconds: int) -> None:
        self._milliseconds = seconds * 1000

    def begin(self, connection: Connection) -> None:
        """The limit ends with the transaction."""
        connection.exec_driver_sql(f"set local statement_timeout = {self._milliseconds}")


class _Sqlite:
    def __init__(self, seconds: int) -> None:
        self._seconds = seconds

    def begin(self, connection: Connection, *_: Any) -> None:
        """Each statement has its own time."""
        last = time.monotonic() + self._seconds
        _driver(connection).set_progress_handler(lambda: time.monotonic() > last, _STEPS_BETWEEN_LOOKS)

    def end(self, connection: Connection) -> None:
        """The connection goes back to others without a limit."""
        _driver(connection).set_progress_handler(None, 0)


def _driver(connection: Connection) -> sqlite3.Connection:
    found: Any = connection.connection.driver_connection
    return found  # type: ignore[no-any-return]  # SQLAlchemy does not know which driver


def _told(context: Any) -> None:
    error = context.original_exception
    is_stopped = isinstance(error, QueryCanceled) or getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT"
    if is_stopped:
        raise TooMuch("Det tog för lång tid att läsa. Välj en kortare tid eller färre enheter, eller försök senare.")
