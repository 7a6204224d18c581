"""Logins that have been begun: each is answered once, within ten minutes, by the browser that began it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, delete, insert

from control.login.secret import hash_of
from warehouse import clock
from warehouse.database import writing
from warehouse.login_tables import login_attempt

PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Attempt:
    """What must be remembered until the provider answers. `destination`: where the reader was going, a local path."""

    nonce: str
    code_verifier: str
    destination: str


def begin_attempt(engine: Engine, state: str, browser: str, attempt: Attempt) -> None:
    """Remember it; the attempts that nobody has finished in time are forgotten."""
    now = clock.now()
    with writing(engine) as connection:
        connection.execute(delete(login_attempt).where(login_attempt.c.begun_at < now - PATIENCE))
        connection.execute(
            insert(login_attempt).values(
                state_hash=hash_of(state),
                browser_hash=hash_of(browser),
                nonce=attempt.nonce,
                code_verifier=attempt.code_verifier,
                destination=attempt.destination,
                begun_at=now,
            )
        )


def take_attempt(engine: Engine, state: str, browser: str) -> Attempt | None:
    """The attempt of that state, which is spent by asking; None when there is none, it is too old or another's."""
    table = login_attempt
    with writing(engine) as connection:
        row = connection.execute(
            delete(table)
            .where(table.c.state_hash == hash_of(state))
            .returning(
                table.c.browser_hash, table.c.nonce, table.c.code_verifier, table.c.destination, table.c.begun_at
            )
        ).first()
    if row is None or not hmac.compare_digest(row.browser_hash, hash_of(browser)):
        return None
    if clock.utc(row.begun_at) < clock.now() - PATIENCE:
        return None
    return Attempt(row.nonce, row.code_verifier, row.destination)
