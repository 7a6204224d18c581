"""Warehouses that many tests begin with: filled once by a function, copied for each test."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine

Fill = Callable[[Engine], None]
Filled = Callable[[Fill], Engine]
"""Gives the test's warehouse as the function leaves it."""


@dataclass(frozen=True)
class Copies:
    """What functions have made of an empty warehouse of one kind. `copy(source, target)` copies a database of it, over
    the one that is there; `place` names a new one."""

    copy: Callable[[str, str], None]
    place: Callable[[str], str]
    made: dict[Fill, str] = field(default_factory=dict)

    def fill(self, engine: Engine, how: Fill) -> None:
        """Call the function, or copy what it made before into this warehouse, which must be empty."""
        own = str(engine.url.database)
        if how in self.made:
            engine.dispose()
            self.copy(self.made[how], own)
            return
        how(engine)
        engine.dispose()
        kept = self.place(f"samkoll_made_{uuid4().hex[:12]}")
        self.copy(own, kept)
        self.made[how] = kept


def files_in(folder: Path) -> Copies:
    """Of SQLite files."""

    def copy(source: str, target: str) -> None:
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
            read.backup(written)

    return Copies(copy, lambda name: str(folder / name))


def databases(administer: Callable[[str], None]) -> Copies:
    """Of a PostgreSQL server's databases; `administer` runs a statement there."""

    def copy(source: str, target: str) -> None:
        administer(f"drop database if exists {target} with (force)")
        administer(f"create database {target} template {source}")

    return Copies(copy, str)
