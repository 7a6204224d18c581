"""The settings that an installation starts with: a change since the last start is an event of the log."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine, select

from control.audit.actions import Action
from control.audit.log import record
from kpi.access import OPERATOR
from warehouse.audit_tables import audit_event
from warehouse.database import writing


def record_settings(engine: Engine, told: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the settings that differ from those of the last start, recorded when there are any. `told`: every
    setting as a text that holds no secret."""
    table = audit_event
    with writing(engine) as connection:
        before = connection.scalar(
            select(table.c.details)
            .where(table.c.action == Action.SETTINGS_CHANGED.value)
            .order_by(table.c.event_no.desc())
            .limit(1)
        )
        known = dict((before or {}).get("settings", {}))
        changed = tuple(sorted(name for name in known.keys() | told.keys() if known.get(name) != told.get(name)))
        if changed:
            names = ", ".join(changed) if known else "första starten"
            record(connection, OPERATOR, Action.SETTINGS_CHANGED, names, details={"settings": dict(told)})
    return changed
