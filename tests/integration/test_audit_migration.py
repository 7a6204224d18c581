"""The old log's rows stand first in the chain, and go back again."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine, select, text

from control.audit.actions import Action
from control.audit.log import record
from control.audit.verify import verify
from kpi.access import OPERATOR
from warehouse.audit_tables import audit_event
from warehouse.database import reading, writing
from warehouse.migrate import alembic_config, upgrade

_INSERT = "insert into access_log (access_id, at, viewer, action, resource) values (:id, :at, :viewer, :action, :what)"
_OLD = [
    {"id": 3, "at": "2026-05-01 10:00:00.5+00:00", "viewer": "kommandoraden", "action": "kpi show", "what": "sip å"},
    {"id": 7, "at": "2026-05-02 10:00:00+00:00", "viewer": "Presidium", "action": "download", "what": "fil.csv"},
    {"id": 9, "at": "2026-05-03 10:00:00+00:00", "viewer": "kommandoraden", "action": "close", "what": "1287-SN"},
]


def test_the_old_log_is_chained_and_can_be_taken_back(engine: Engine) -> None:
    with writing(engine) as connection:
        command.downgrade(alembic_config(connection), "0003")
        at = (lambda one: one[:-6]) if engine.dialect.name == "sqlite" else (lambda one: one)
        for row in _OLD:
            connection.execute(text(_INSERT), row | {"at": at(row["at"])})
    upgrade(engine)
    record(engine, OPERATOR, Action.READ, "nytt")
    assert verify(engine).problems == ()
    with reading(engine) as connection:
        rows = connection.execute(
            select(audit_event.c.event_no, audit_event.c.actor, audit_event.c.action).order_by(audit_event.c.event_no)
        ).all()
    assert [tuple(row) for row in rows] == [
        (1, "kommandoraden", "read"), (2, "Presidium", "export"), (3, "kommandoraden", "earlier"),
        (4, "kommandoraden", "read"),
    ]  # fmt: skip
    with writing(engine) as connection:
        command.downgrade(alembic_config(connection), "0003")
        kept = connection.execute(text("select viewer, action, resource from access_log order by access_id")).all()
    old = [(row["viewer"], row["action"], row["what"]) for row in _OLD]
    assert [tuple(row) for row in kept] == [*old, ("kommandoraden", "read", "nytt")]
    upgrade(engine)
    assert verify(engine).count == 4
