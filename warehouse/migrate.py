"""Creates or migrates the warehouse through Alembic; `migrations/HEAD` names the newest revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, inspect, select, table

from warehouse.database import writing
from warehouse.settings import ROOT

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "alembic_version"
"""Where Alembic notes the revision."""


def newest_revision() -> str:
    """The revision that this code needs."""
    return (ROOT / "migrations" / "HEAD").read_text(encoding="utf-8").strip()


def current_revision(connection: Connection) -> str | None:
    """The revision that the warehouse has; None when it is empty."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
    return found


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration, bound to a connection whose transaction the caller owns."""
    from alembic.config import Config  # a tenth of a second to import, and every command asks for the revision

    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the warehouse to a revision, in one transaction."""
    from alembic import command

    with writing(engine) as connection:
        command.upgrade(alembic_config(connection), revision)
