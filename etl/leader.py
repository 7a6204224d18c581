"""One leader among the scheduler processes of a warehouse: the others stand by until it is gone.

SQLite: `flock` on a file beside the database, which the kernel releases when the process dies. PostgreSQL: an advisory
lock on a connection held open, which the server releases when the connection dies.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

_ADVISORY_KEY = int.from_bytes(b"samkoll", "big")

StillLeading = Callable[[], bool]


@contextmanager
def lead(engine: Engine) -> Iterator[StillLeading | None]:
    """Yields None when another process leads; else a question to ask now and then: do we still?"""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            yield from _lead_by_advisory_lock(connection.execution_options(isolation_level="AUTOCOMMIT"))
    else:
        yield from _lead_by_file_lock(Path(f"{engine.url.database}.leader"))


def _lead_by_file_lock(path: Path) -> Iterator[StillLeading | None]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield lambda: True


def _lead_by_advisory_lock(connection: Connection) -> Iterator[StillLeading | None]:
    if not connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": _ADVISORY_KEY}):
        yield None
        return

    def still_leading() -> bool:
        try:
            connection.scalar(text("select 1"))
        except SQLAlchemyError:
            return False
        return True

    try:
        yield still_leading
    finally:
        try:
            connection.scalar(text("select pg_advisory_unlock(:key)"), {"key": _ADVISORY_KEY})
        except SQLAlchemyError:
            connection.invalidate()  # the server released the lock with the lost connection
