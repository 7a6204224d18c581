"""Service tokens: what a program presents to the API. Shown once, kept as a hash, limited by grants and in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Row, insert, select, update

from control.audit.actions import Action
from control.audit.log import record
from control.audit.strangers import record_stranger
from control.login.grants import as_rows, from_rows, municipalities_of
from control.login.secret import hash_of, new_secret
from kpi.access import Grant, Viewer
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.login_tables import service_token

PREFIX = "samkoll_"
"""So that a token which has leaked is recognised, by people and by scanners."""
MOST_DAYS = 366
_TOUCH = timedelta(minutes=1)
_NAME_LENGTH = 60


@dataclass(frozen=True)
class ServiceToken:
    """A token as it may be told of: everything but the token."""

    token_no: int
    name: str
    grants: tuple[Grant, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None

    @property
    def viewer(self) -> Viewer:
        """Who reads by it."""
        return Viewer(f"token {self.name}", self.grants, f"nyckel {self.token_no}")

    def is_valid(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and now < self.expires_at


def issue_token(engine: Engine, by: Viewer, name: str, grants: Sequence[Grant], days: int) -> tuple[int, str]:
    """Its number, and the token itself, which is never to be had again. UserError for a name or time out of bounds."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= _NAME_LENGTH:
        raise UserError(f"Namnet måste ha mellan 1 och {_NAME_LENGTH} tecken. Kalla token efter det som använder den.")
    if not 1 <= days <= MOST_DAYS:
        raise UserError(f"En token gäller mellan 1 och {MOST_DAYS} dagar, inte {days}. Välj ett annat antal.")
    if not grants:
        raise UserError("En token måste ha minst en roll, annars läser den ingenting.")
    token, now = PREFIX + new_secret(), clock.now()
    with writing(engine) as connection:
        number = connection.execute(
            insert(service_token)
            .values(
                name=name,
                token_hash=hash_of(token),
                grants=as_rows(grants),
                created_at=now,
                created_by=by.user,
                expires_at=now + timedelta(days=days),
            )
            .returning(service_token.c.token_no)
        ).scalar_one()
        record(connection, by, Action.TOKEN_CREATED, f"{number} {name}", concerns=municipalities_of(grants))
    return int(number), token


def find_token(engine: Engine, token: str) -> ServiceToken | None:
    """The token that was presented, found by its hash; None when it is unknown, expired or revoked. The use of one that
    no longer holds is recorded."""
    if not token.startswith(PREFIX):
        return None
    with reading(engine) as connection:
        row = connection.execute(select(service_token).where(service_token.c.token_hash == hash_of(token))).first()
    if row is None:
        return None
    found, now = _token(row), clock.now()
    if not found.is_valid(now):
        why = "expired" if found.revoked_at is None else "revoked"
        whence = f"token {found.token_no}"
        record_stranger(engine, found.viewer, f"{whence}: {why}", whence=whence, is_known=True)
        return None
    if found.last_used_at is None or now >= found.last_used_at + _TOUCH:
        with writing(engine) as connection:
            connection.execute(
                update(service_token).where(service_token.c.token_no == found.token_no).values(last_used_at=now)
            )
    return found


def revoke_token(engine: Engine, by: Viewer, token_no: int) -> ServiceToken:
    """End it now. UserError when there is none of that number, or it has been revoked before."""
    table = service_token
    with writing(engine) as connection:
        row = connection.execute(
            update(table)
            .where(table.c.token_no == token_no, table.c.revoked_at.is_(None))
            .values(revoked_at=clock.now())
            .returning(table)
        ).first()
        if row is None:
            raise UserError(f"Det finns ingen token {token_no} som gäller. Se ”samkoll token list”.")
        found = _token(row)
        whose = municipalities_of(found.grants)
        record(connection, by, Action.TOKEN_REVOKED, f"{token_no} {found.name}", concerns=whose)
    return found


def list_tokens(connection: Connection) -> tuple[ServiceToken, ...]:
    """Every token there has been, by number."""
    return tuple(map(_token, connection.execute(select(service_token).order_by(service_token.c.token_no))))


def _token(row: Row[tuple[object, ...]]) -> ServiceToken:
    def moment(value: datetime | None) -> datetime | None:
        return None if value is None else clock.utc(value)

    return ServiceToken(
        row.token_no,
        row.name,
        from_rows(row.grants),
        clock.utc(row.created_at),
        row.created_by,
        clock.utc(row.expires_at),
        moment(row.revoked_at),
        moment(row.last_used_at),
    )
