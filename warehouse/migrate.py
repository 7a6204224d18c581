"""Creates or migrates the warehouse through Alembic; `migrations/HEAD` names the newest revision."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine

from warehouse.database import writing
from warehouse.settings import ROOT


def newest_revision() -> str:
    """The revision that this code needs."""
    return (ROOT / "migrations" / "HEAD").read_text(encoding="utf-8").strip()


def current_revision(connection: Connection) -> str | None:
    """The revision that the warehouse has; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration, bound to a connection whose transaction the caller owns."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the warehouse to a revision, in one transaction."""
    with writing(engine) as connection:
        command.upgrade(alembic_config(connection), revision)
