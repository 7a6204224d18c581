"""Warehouses that many tests begin with: filled once by a function, copied for each test."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

Fill = Callable[[Engine], None]
Filled = Callable[[Fill], Engine]
"""Gives the test's warehouse as the function leaves it."""


@dataclass(frozen=True)
class Copies:
    """What functions have made of empty SQLite files, kept in a folder."""

    folder: Path
    made: dict[Fill, Path] = field(default_factory=dict)

    def fill(self, engine: Engine, how: Fill) -> None:
        """Call the function, or copy what it made before into this warehouse, which must be empty."""
        own = Path(str(engine.url.database))
        if how in self.made:
            engine.dispose()
            _copy(self.made[how], own)
            return
        how(engine)
        engine.dispose()
        self.made[how] = self.folder / f"{len(self.made)}.db"
        _copy(own, self.made[how])


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
