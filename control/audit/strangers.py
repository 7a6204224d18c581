"""Lines about whoever has no session and no token that holds: anybody can leave them, so they are few."""

from __future__ import annotations

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from control.audit.actions import Action
from control.audit.log import record
from control.buckets import Buckets
from kpi.access import Viewer

_log = structlog.get_logger(__name__)
_A_MINUTE, _ALL_A_MINUTE = 10, 60
_counted = Buckets()


def record_stranger(engine: Engine, viewer: Viewer, what: str, *, whence: str, is_known: bool = False) -> None:
    """Record that somebody was let in nowhere. `whence`: the address, token or person by which they are counted; what
    is over the limit is not recorded. Whoever is known (a token of ours, a person of the provider's) is counted apart
    from the crowd, so that no stranger uses up the lines about them. A refusal stands also where the log cannot be
    written."""
    if _counted.wait(whence, _A_MINUTE) or (not is_known and _counted.wait("all", _ALL_A_MINUTE)):
        return
    try:
        record(engine, viewer, Action.LOGIN_REFUSED, what)
    except SQLAlchemyError:
        _log.exception("a refused login was not recorded")
