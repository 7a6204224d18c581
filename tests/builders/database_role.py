"""A warehouse in PostgreSQL whose owner is no superuser, with a role for the pages beside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Engine, create_engine, make_url, text

from warehouse.database import open_engine
from warehouse.migrate import upgrade


@dataclass(frozen=True)
class Roles:
    """The warehouse as its owner and as the pages reach it; `administrator` is the server's."""

    administrator: str
    owner: Engine
    pages: Engine

    @property
    def role(self) -> str:
        """The pages' role."""
        return str(self.pages.url.username)

    def administer(self, *statements: str) -> None:
        """What only a database administrator may do."""
        run(self.administrator, *statements)


@contextmanager
def warehouse_with_roles(server: str) -> Iterator[Roles]:
    """As docs/operate.md tells the administrator; nothing has been granted to the pages' role yet."""
    name = f"samkoll_{uuid4().hex[:8]}"
    owner, pages = f"{name}_owner", f"{name}_pages"
    run(server, f"create role {owner} login password 'prov'", f"create role {pages} login password 'prov'")
    run(server, f"create database {name} owner {owner}")
    run(server, f"alter role {pages} set statement_timeout = '5min'", f"alter role {pages} set search_path = public")
    engines = [open_engine(_address(server, name, role)) for role in (owner, pages)]
    try:
        upgrade(engines[0])
        yield Roles(_address(server, name), *engines)
    finally:
        for engine in engines:
            engine.dispose()
        run(server, f"drop database {name} with (force)", f"drop role {owner}", f"drop role {pages}")


def _address(server: str, database: str, role: str | None = None) -> str:
    url = make_url(server).set(database=database)
    if role is not None:
        url = url.set(username=role, password="prov")
    return url.render_as_string(hide_password=False)


def run(address: str, *statements: str) -> None:
    """Each in a transaction of its own."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
