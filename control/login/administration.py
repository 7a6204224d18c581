"""What a municipality's administrator looks after: who is logged in, and the service tokens of programs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine

from control.login.sessions import Lifetime, Session, end_sessions, standing_sessions
from control.login.tokens import ServiceToken, list_tokens, revoke_token
from kpi.access import AccessDenied, Grant, Role, Viewer, can_administer, check_can_administer
from kpi.views.errors import NotFound
from warehouse import clock
from warehouse.database import reading


@dataclass(frozen=True)
class Admitted:
    """Who and what has a way in, within the administrator's municipalities, with the grants that are there."""

    sessions: tuple[Session, ...]
    tokens: tuple[ServiceToken, ...]


def administered(viewer: Viewer) -> frozenset[str]:
    """The municipalities that the viewer administers."""
    return frozenset(grant.municipality_code for grant in viewer.grants if grant.role is Role.ADMIN)


def admitted(connection: Connection, viewer: Viewer, lifetime: Lifetime) -> Admitted:
    """The sessions and tokens that reach into the viewer's municipalities. AccessDenied for who administers none."""
    check_can_administer(viewer, next(iter(sorted(administered(viewer))), ""))
    sessions = ((one, _within(viewer, one.viewer.grants)) for one in standing_sessions(connection, lifetime))
    tokens = ((one, _within(viewer, one.grants)) for one in list_tokens(connection))
    return Admitted(
        tuple(replace(one, viewer=replace(one.viewer, grants=theirs)) for one, theirs in sessions if theirs),
        tuple(replace(one, grants=theirs) for one, theirs in tokens if theirs),
    )


def log_out_user(engine: Engine, viewer: Viewer, lifetime: Lifetime, name: str) -> int:
    """End every session within reach of the user whom `name` (as `name_of` gives it) stands for; how many there were.

    AccessDenied for who may not, NotFound when nobody of that name is logged in within reach.
    """
    with reading(engine) as connection:
        found = admitted(connection, viewer, lifetime).sessions
    theirs = [one.session_hash for one in found if name_of(one) == name]
    if not theirs:
        raise NotFound("Användaren är inte inloggad längre. Ladda om sidan.")
    return end_sessions(engine, viewer, theirs)


def withdraw_token(engine: Engine, viewer: Viewer, lifetime: Lifetime, token_no: int) -> str:
    """Revoke a token; its name. AccessDenied for who may not, also where it serves another municipality too; NotFound
    when none that holds is in reach."""
    with reading(engine) as connection:
        found = admitted(connection, viewer, lifetime).tokens
        whole = {one.token_no: one.grants for one in list_tokens(connection)}
    token = next((one for one in found if one.token_no == token_no and one.is_valid(clock.now())), None)
    if token is None:
        raise NotFound("Nyckeln gäller inte längre. Ladda om sidan.")
    if whole[token_no] != token.grants:
        raise AccessDenied("Nyckeln används av en annan kommun också. Den dras in av den som driver Samkoll.")
    return revoke_token(engine, viewer, token_no).name


def name_of(session: Session) -> str:
    """What names a session's user in the browser: short, and of no use for anything else."""
    return session.subject_hash[:16]


def _within(administrator: Viewer, grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    return tuple(one for one in grants if can_administer(administrator, one.municipality_code))
