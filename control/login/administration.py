"""What a municipality's administrator looks after: who is logged in, and the service tokens of programs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from control.login.sessions import Lifetime, Session, end_all_of, standing_sessions
from control.login.tokens import ServiceToken, list_tokens, revoke_token
from kpi.access import Role, Viewer, can_administer, check_can_administer
from kpi.views.errors import NotFound
from warehouse import clock
from warehouse.database import reading


@dataclass(frozen=True)
class Admitted:
    """Who and what has a way in, within the administrator's municipalities."""

    sessions: tuple[Session, ...]
    tokens: tuple[ServiceToken, ...]


def administered(viewer: Viewer) -> frozenset[str]:
    """The municipalities that the viewer administers."""
    return frozenset(grant.municipality_code for grant in viewer.grants if grant.role is Role.ADMIN)


def admitted(connection: Connection, viewer: Viewer, lifetime: Lifetime) -> Admitted:
    """The sessions and tokens that reach into the viewer's municipalities. AccessDenied for who administers none."""
    check_can_administer(viewer, next(iter(sorted(administered(viewer))), ""))
    return Admitted(
        tuple(one for one in standing_sessions(connection, lifetime) if _is_theirs(viewer, one.viewer)),
        tuple(one for one in list_tokens(connection) if _is_theirs(viewer, one.viewer)),
    )


def log_out_user(engine: Engine, viewer: Viewer, lifetime: Lifetime, name: str) -> int:
    """End every session of the user whom `name` (as `name_of` gives it) stands for; how many there were.

    AccessDenied for who may not, NotFound when nobody of that name is logged in within reach.
    """
    with reading(engine) as connection:
        found = admitted(connection, viewer, lifetime).sessions
    user = next((one for one in found if name_of(one) == name), None)
    if user is None:
        raise NotFound("Användaren är inte inloggad längre. Ladda om sidan.")
    return end_all_of(engine, viewer, user.subject_hash)


def withdraw_token(engine: Engine, viewer: Viewer, lifetime: Lifetime, token_no: int) -> str:
    """Revoke a token; its name. AccessDenied for who may not, NotFound when none that holds is in reach."""
    with reading(engine) as connection:
        found = admitted(connection, viewer, lifetime).tokens
    token = next((one for one in found if one.token_no == token_no and one.is_valid(clock.now())), None)
    if token is None:
        raise NotFound("Nyckeln gäller inte längre. Ladda om sidan.")
    return revoke_token(engine, viewer, token_no).name


def name_of(session: Session) -> str:
    """What names a session's user in the browser: short, and of no use for anything else."""
    return session.subject_hash[:16]


def _is_theirs(administrator: Viewer, viewer: Viewer) -> bool:
    return any(can_administer(administrator, grant.municipality_code) for grant in viewer.grants)
