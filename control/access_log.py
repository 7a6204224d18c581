"""Who read what: the log that a reviewer asks for."""

from __future__ import annotations

from sqlalchemy import Engine, insert

from kpi.access import Viewer
from warehouse import clock
from warehouse.database import writing
from warehouse.tables import access_log


def log_access(engine: Engine, viewer: Viewer, action: str, resource: str) -> None:
    """Record a read before its answer is given: what cannot be recorded is not shown."""
    with writing(engine) as connection:
        connection.execute(
            insert(access_log).values(at=clock.now(), viewer=viewer.user, action=action, resource=resource[:200])
        )
