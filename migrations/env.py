"""Alembic's entry: the caller hands over a connection, or the settings name the warehouse."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from warehouse import (
    action_tables,
    assessment_tables,
    audit_tables,
    closed_tables,
    handover_tables,
    login_tables,
    package_tables,
    paper_tables,
    plan_tables,
    reader_tables,
)
from warehouse.database import open_engine
from warehouse.settings import Settings
from warehouse.tables import metadata

_ROOMS = (
    action_tables,
    assessment_tables,
    audit_tables,
    closed_tables,
    handover_tables,
    login_tables,
    package_tables,
    paper_tables,
    plan_tables,
    reader_tables,
)
"""Importing a room of tables declares them."""


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    with open_engine(Settings().warehouse_url).connect() as own:
        _migrate(own)
        own.commit()
