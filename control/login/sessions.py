"""Sessions: opened at login, ended by log-out, by standing idle, by age, or by whoever looks after the users.

A browser holds a random token and the warehouse its hash, so that neither the database nor a backup opens a session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, bindparam, delete, insert, select, update

from control.audit.actions import Action
from control.audit.log import record
from control.login.grants import TAG_LENGTH, Person, as_rows, from_rows, municipalities_of
from control.login.secret import hash_of, new_secret
from kpi.access import Viewer
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.login_tables import login_session

_TOUCH = timedelta(minutes=1)
_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts unused, and at most."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True)
class Session:
    """A session that stands. `session_hash` names it among the others and opens nothing."""

    session_hash: str
    subject_hash: str
    viewer: Viewer
    opened_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def open_session(engine: Engine, person: Person, lifetime: Lifetime, *, replaces: str | None = None) -> str:
    """A new session's token, to be given to the browser. The session of the token `replaces` ends."""
    token, now = new_secret(), clock.now()
    table = login_session
    with writing(engine) as connection:
        connection.execute(delete(table).where(table.c.expires_at < now - _KEPT))
        if replaces is not None:
            _end(connection, hash_of(replaces), Action.SESSION_ENDED, "ersatt av en ny inloggning")
        connection.execute(
            insert(table).values(
                session_hash=hash_of(token),
                subject_hash=person.subject_hash,
                label=person.label,
                grants=as_rows(person.grants),
                opened_at=now,
                last_seen_at=now,
                expires_at=now + lifetime.absolute,
            )
        )
        record(connection, person.viewer, Action.LOGIN, "")
    return token


def find_session(engine: Engine, token: str, lifetime: Lifetime) -> Session | None:
    """The session of a token; None when there is none, or it has ended."""
    table = login_session
    with reading(engine) as connection:
        row = connection.execute(
            select(table).where(table.c.session_hash == hash_of(token), table.c.ended_at.is_(None))
        ).first()
    if row is None:
        return None
    found, now = _session(row), clock.now()
    last_seen = _seen_of(engine).last_seen(found.session_hash, found.last_seen_at)
    if now >= found.expires_at or now >= last_seen + lifetime.idle:
        with writing(engine) as connection:
            _end(connection, found.session_hash, Action.SESSION_ENDED, "gick ut")
        return None
    return found


def see_session(engine: Engine, session: Session) -> None:
    """Its reader has done something, so that it does not stand idle. Written for all readers together, at most once a
    minute: each commit empties what the pages keep. A process that stops loses its last minute."""
    table, now = login_session, clock.now()
    if now < session.last_seen_at + _TOUCH:
        return
    seen = _seen_of(engine).seen_at(session.session_hash, now)
    if seen:
        with writing(engine) as connection:
            connection.execute(
                update(table).where(table.c.session_hash == bindparam("session")).values(last_seen_at=bindparam("at")),
                [{"session": one, "at": at} for one, at in seen.items()],
            )


@dataclass
class _Seen:
    """When sessions were seen by this process, since that was written last."""

    waiting: dict[str, datetime] = field(default_factory=dict)
    written_at: datetime | None = None
    lock: Lock = field(default_factory=Lock)

    def seen_at(self, session_hash: str, now: datetime) -> dict[str, datetime]:
        """Note it; all that is to be written now, else nothing."""
        with self.lock:
            self.waiting[session_hash] = now
            if self.written_at is not None and now < self.written_at + _TOUCH:
                return {}
            due, self.waiting, self.written_at = self.waiting, {}, now
            return due

    def last_seen(self, session_hash: str, written: datetime) -> datetime:
        """When the session was seen last, as far as this process knows."""
        with self.lock:
            return max(written, self.waiting.get(session_hash, written))


_seen: WeakKeyDictionary[Engine, _Seen] = WeakKeyDictionary()
_seen_lock = Lock()


def _seen_of(engine: Engine) -> _Seen:
    with _seen_lock:
        return _seen.setdefault(engine, _Seen())


def end_session(engine: Engine, session: Session) -> None:
    """Log out."""
    with writing(engine) as connection:
        _end(connection, session.session_hash, Action.LOGOUT, "")


def end_sessions(engine: Engine, by: Viewer, hashes: Sequence[str]) -> int:
    """End sessions of a user, on somebody's order; how many there were. Told in each of their municipalities."""
    now = clock.now()
    table = login_session
    with writing(engine) as connection:
        ended = connection.execute(
            update(table)
            .where(table.c.session_hash.in_(hashes), table.c.ended_at.is_(None))
            .values(ended_at=now)
            .returning(table.c.label, table.c.grants, table.c.subject_hash)
        ).all()
        if ended:
            whose = municipalities_of(grant for one in ended for grant in from_rows(one.grants))
            details = {"ended": ended[0].subject_hash[:TAG_LENGTH]}
            record(connection, by, Action.SESSION_ENDED, ended[0].label, concerns=whose, details=details)
    return len(ended)


def standing_sessions(connection: Connection, lifetime: Lifetime) -> tuple[Session, ...]:
    """The sessions that stand now, the latest seen first."""
    now = clock.now()
    table = login_session
    rows = connection.execute(
        select(table).where(
            table.c.ended_at.is_(None), table.c.expires_at > now, table.c.last_seen_at > now - lifetime.idle
        )
    )
    return tuple(sorted(map(_session, rows), key=lambda one: one.last_seen_at, reverse=True))


def _end(connection: Connection, session_hash: str, action: Action, how: str) -> None:
    """End it and tell of it, together. Of two that end it at once, one does."""
    table = login_session
    ended = connection.execute(
        update(table)
        .where(table.c.session_hash == session_hash, table.c.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(table)
    ).first()
    if ended is not None:
        record(connection, _session(ended).viewer, action, how)


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(
        row.session_hash,
        row.subject_hash,
        Person(row.subject_hash, row.label, from_rows(row.grants)).viewer,
        clock.utc(row.opened_at),
        clock.utc(row.last_seen_at),
        clock.utc(row.expires_at),
    )
