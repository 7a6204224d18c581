"""Records events. What cannot be recorded is not shown and not done: record before the answer is given, or in the
transaction of the change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from html import unescape
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote

import structlog
from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from control.audit.actions import Action
from control.audit.event import START, WHO, Content, Event, Link, follow
from kpi.access import Viewer
from warehouse import clock
from warehouse.audit_tables import audit_checkpoint, audit_event
from warehouse.database import writes, writing
from warehouse.identity.mask import mask_numbers, mask_text

_log = structlog.get_logger(__name__)
_LOCK = 0x5A3C0117
"""PostgreSQL's advisory lock of the chain: one appends at a time. On SQLite the writer's lock does it."""
MUNICIPALITIES = "municipalities"
"""The detail that names the municipalities which the event concerns, where they are several."""
EVERYBODY: Collection[str] = ()
"""What an event concerns that concerns every municipality."""
_MOST_TEXT = {"resource": 300, "reason": 2000, "actor": 80}


def record(
    where: Engine | Connection,
    viewer: Viewer,
    action: Action,
    resource: str,
    *,
    municipality_code: str | None = None,
    concerns: Collection[str] | None = None,
    board_code: str | None = None,
    unit_code: str | None = None,
    rows: Sequence[str] | None = None,
    row_count: int | None = None,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Add an event; with a connection in its (writing) transaction, so that a change and its event stand or fall
    together. Append last in a long transaction: others wait for the chain until it ends.

    `municipality_code` or `concerns`: whose data or people it is about, which is whose officer sees it; else every
    municipality that the viewer has grants in. Of several, `details["municipalities"]` names them; an event of none
    concerns every municipality.
    Texts are masked: no identity number, e-mail address or telephone number is ever kept.
    """
    codes = _concerned(viewer, {municipality_code} if municipality_code else concerns)
    content = Content(
        at=clock.utc(at or clock.now()),
        actor=mask_numbers(_fit(viewer.user, "actor")),
        roles=",".join(sorted({grant.role.value for grant in viewer.grants})),
        action=action.value,
        municipality_code=codes[0] if len(codes) == 1 else None,
        board_code=board_code and _mask(board_code),
        unit_code=unit_code and _mask(unit_code),
        resource=_fit(_mask(resource), "resource"),
        rows=None if rows is None else tuple(_mask(key) for key in rows),
        row_count=len(rows) if row_count is None and rows is not None else row_count,
        reason=None if reason is None else _fit(_mask(reason), "reason"),
        details={name: _masked(value) for name, value in (details or {}).items()}
        | ({MUNICIPALITIES: codes} if len(codes) > 1 else {})
        | ({WHO: viewer.tag} if viewer.tag else {}),
    )
    if isinstance(where, Connection):
        return append(where, content)
    with writing(where) as connection:
        return append(connection, content)


def record_refusal(engine: Engine, viewer: Viewer, address: str, *, whose: str | None = None) -> None:
    """Record that the viewer was refused. `whose`: the municipality of what was asked for, where it is known: it is
    told beside the viewer's own. A refusal stands also where the log cannot be written. Nobody leaves no line:
    who has no session is refused by the login, which counts."""
    if not viewer.user:
        return
    try:
        concerned = {*_concerned(viewer, None), whose} if whose else None
        record(engine, viewer, Action.ACCESS_REFUSED, address, concerns=concerned)
    except SQLAlchemyError:
        _log.exception("refused access was not recorded")


def append(connection: Connection, content: Content) -> Event:
    """The content as the newest event."""
    lock_chain(connection)
    event = follow(head(connection), content)
    values = asdict(event)
    connection.execute(
        insert(audit_event).values(values | {"rows": list(event.rows) if event.rows is not None else None})
    )
    return event


def lock_chain(connection: Connection) -> None:
    """Let no other append until the transaction ends."""
    if not writes(connection):
        raise RuntimeError("an event is recorded in a writing transaction")
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def head(connection: Connection) -> Link:
    """The newest event's place, or where the log was purged to, or the start."""
    found = connection.execute(
        select(audit_event.c.event_no, audit_event.c.hash).order_by(audit_event.c.event_no.desc()).limit(1)
    ).first()
    return Link(*found) if found is not None else purged_to(connection)


def purged_to(connection: Connection) -> Link:
    """What the oldest event that is kept follows on."""
    found = connection.execute(
        select(audit_checkpoint.c.up_to, audit_checkpoint.c.hash).order_by(audit_checkpoint.c.up_to.desc()).limit(1)
    ).first()
    return Link(*found) if found is not None else START


def _concerned(viewer: Viewer, told: Collection[str] | None) -> list[str]:
    """The municipalities that an event concerns: those told, else each that the viewer has any grant in. The one place
    where it is decided; none is every one."""
    codes = {one.municipality_code for one in viewer.grants} if told is None else set(told)
    return sorted(codes - {""})


def _masked(value: object) -> object:
    if isinstance(value, str):
        return _mask(value)
    if isinstance(value, list | tuple):
        return [_masked(each) for each in value]
    if isinstance(value, Mapping):
        return {str(name): _masked(each) for name, each in value.items()}
    if value is None or isinstance(value, bool | int | float):
        return value
    raise TypeError(f"details hold plain JSON values, not {type(value).__name__}")


def _mask(text_: str) -> str:
    """Masked; a text whose number only shows as a reader or a browser would read it is kept as it is read."""
    masked = mask_text(_clean(text_))
    read = _clean(unescape(unquote(normalize("NFKC", masked))))
    again = mask_text(read)
    return masked if again == read else again


def _clean(text_: str) -> str:
    """Without what PostgreSQL or UTF-8 cannot hold: an address comes from anybody."""
    return text_.replace("\x00", "").encode("utf-8", "replace").decode()


def _fit(text_: str, name: str) -> str:
    most = _MOST_TEXT[name]
    return text_ if len(text_) <= most else text_[: most - 1] + "…"
