"""What the pages ask for: approve, refuse or replay a delivery, close a period. The dashboard writes a row; the
scheduler does it."""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy import Engine, Row, select, update

from control.release.closing import close_period
from control.release.rule import board_of
from etl.progress import IDLE, Told
from etl.run import approve, refuse, replay
from kpi.access import Grant, Role, Viewer
from kpi.live import LiveCatalogue
from kpi.period import Period
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.identity.mask import mask_text
from warehouse.settings import Settings
from warehouse.tables import job_request

_log = structlog.get_logger(__name__)


def requeue_interrupted(engine: Engine) -> None:
    """For a new leader: requests that the leader before died with are taken again."""
    with writing(engine) as connection:
        connection.execute(update(job_request).where(job_request.c.state == "running").values(**IDLE, state="waiting"))


def carry_out_requests(engine: Engine, settings: Settings) -> int:
    """Carry out every waiting request, oldest first; returns how many. One that fails says why and is not retried."""
    carried_out = 0
    while (request := _take_next(engine)) is not None:
        state, message = _carry_out(engine, settings, request)
        with writing(engine) as connection:
            connection.execute(
                update(job_request)
                .where(job_request.c.request_id == request.request_id)
                .values(**IDLE, state=state, message=message, done_at=clock.now())
            )
        carried_out += 1
    return carried_out


def _take_next(engine: Engine) -> Row[tuple[Any, ...]] | None:
    with reading(engine) as connection:
        waiting = select(job_request).where(job_request.c.state == "waiting").order_by(job_request.c.request_id)
        request = connection.execute(waiting.limit(1)).first()
    if request is None:
        return None
    with writing(engine) as connection:
        mine = (job_request.c.request_id == request.request_id) & (job_request.c.state == "waiting")
        taken = connection.execute(update(job_request).where(mine).values(state="running")).rowcount
    return request if taken else None


def _carry_out(engine: Engine, settings: Settings, request: Row[tuple[Any, ...]]) -> tuple[str, str]:
    by = Viewer(request.asked_by, ())  # whose decision it is; the roles stand in the event of the asking
    told = Told(engine, job_request, request.request_id)
    try:
        match request.kind:
            case "approve":
                approve(engine, settings, request.delivery_id, by=by, progress=told)
                return "done", f"Leverans {request.delivery_id} är godkänd och inläst."
            case "refuse":
                reason = f"Avvisad på sidan Leveranser av {request.asked_by}."
                refuse(engine, settings, request.delivery_id, reason, by=by)
                return "done", f"Leverans {request.delivery_id} är avvisad."
            case "close":
                return "done", _close(engine, settings, request, told)
            case _:
                replay(engine, settings, by=by, progress=told)
                return "done", "Öppna avvisade rader är lästa på nytt."
    except UserError as error:
        return "failed", mask_text(str(error))
    except Exception as error:
        _log.exception("request failed", request_id=request.request_id)
        return "failed", f"Oväntat fel ({type(error).__name__}). Mer står i loggen."


def _close(engine: Engine, settings: Settings, request: Row[tuple[Any, ...]], told: Told) -> str:
    """Close or correct the period as the board's controller, which whoever asked was."""
    with reading(engine) as connection:
        board = board_of(read_organisation(connection), request.board_code)
    grant = Grant(Role.CONTROLLER, board.municipality_code or "", frozenset({board.code}))
    summary = close_period(
        engine,
        LiveCatalogue(settings.definitions, settings.last_good_definitions).catalogue,
        Viewer(request.asked_by, (grant,)),
        board.code,
        Period.from_code(request.period),
        reason=request.reason,
        progress=told,
    )
    shown, hidden = sum(summary.shown.values()), sum(summary.hidden.values())
    if request.reason is not None and not shown + hidden:
        return "Inga värden har ändrats. Det som har skrivits sedan stängningen är med nu."
    late = f" {len(summary.late)} nyckeltal är inte med: leveranserna når inte periodens slut." if summary.late else ""
    return f"{shown} värden är släppta och {hidden} dolda (..).{late}"
