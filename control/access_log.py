"""Who read what: the log that a reviewer asks for."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, insert

from kpi.access import Viewer
from warehouse.database import writing
from warehouse.tables import access_log


def log_access(engine: Engine, viewer: Viewer, action: str, resource: str) -> None:
    """Record a read before its answer is given: what cannot be recorded is not shown."""
    with writing(engine) as connection:
        connection.execute(
            insert(access_log).values(at=datetime.now(UTC), viewer=viewer.user, action=action, resource=resource[:200])
        )
