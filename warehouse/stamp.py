"""A stamp of all that is committed: equal stamps, equal contents. Costs one short question.

    stamps = Stamps()
    before = stamps.now(engine)
    ...  # what is read in transactions begun after that is at least as new
    stamps.now(engine) == before  # then nothing at all has been committed meanwhile

SQLite tells one connection whether any other has committed since (`pragma data_version`, by the file, so other
processes count too): the stamp's own connection never writes, and is used for nothing else. PostgreSQL names the
transactions that a statement sees as finished; equal names, equal rows. One that was rolled back, or another database
of the same server, changes the stamp too, which only costs.
"""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock

from sqlalchemy import Engine, PoolProxiedConnection

Stamp = tuple["Stamps", Hashable]


class Stamps:
    """Of one engine, whose object is not held. Stamps of two of these are never equal."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._watcher: PoolProxiedConnection | None = None

    def now(self, engine: Engine) -> Stamp | None:
        """The stamp; None where there is no way to tell (SQLite in memory)."""
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                return self, connection.exec_driver_sql("select pg_current_snapshot()::text").scalar_one()
        if engine.url.database in (None, "", ":memory:"):
            return None
        with self._lock:
            if self._watcher is None:
                self._watcher = engine.raw_connection()
                self._watcher.detach()
            cursor = self._watcher.cursor()
            cursor.execute("pragma data_version")
            ((version,),) = cursor.fetchall()
            return self, int(version)
