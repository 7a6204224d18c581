"""What a controller asks the scheduler to do with a delivery. Writes a row; nothing is loaded here."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, insert, select

from control.audit.actions import Action
from control.audit.log import record
from kpi.access import AccessDenied, Viewer, check_can_decide_deliveries, deciding_municipalities, is_operator
from kpi.views.deliveries import deliveries
from kpi.views.errors import NotFound
from warehouse import clock
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.tables import job_request, rejected_row

KINDS = ("approve", "refuse", "replay")


def ask(engine: Engine, viewer: Viewer, kind: str, delivery_id: int | None = None) -> int:
    """Record a request and return its number.

    `approve` and `refuse` need a held delivery in the viewer's reach; `replay` reads every open reject again, and needs
    all of their municipalities. Asking
    twice while the first waits gives the first one's number. AccessDenied when the viewer may not decide; NotFound for
    a delivery out of reach; UserError when there is nothing to decide about.
    """
    check_can_decide_deliveries(viewer)
    if kind not in KINDS:
        raise UserError(f"Okänt beslut: {kind}. Välj godkänn, avvisa eller läs om.")
    with writing(engine) as connection:
        if kind == "replay":
            _check_rejects_are_theirs(connection, viewer)
            delivery_id = None
        else:
            _check_is_held(connection, viewer, delivery_id)
        waiting = _already_waiting(connection, delivery_id)
        if waiting is not None:
            return waiting
        request_id: int = connection.execute(
            insert(job_request)
            .values(
                kind=kind,
                delivery_id=delivery_id,
                asked_by=viewer.user,
                asked_at=clock.now(),
                state="waiting",
            )
            .returning(job_request.c.request_id)
        ).scalar_one()
        record(
            connection,
            viewer,
            Action.DELIVERY_REQUESTED,
            "alla rader i karantän" if delivery_id is None else f"leverans {delivery_id}",
            details={"kind": kind, "request": request_id, "delivery": delivery_id},
        )
        return request_id


def _check_is_held(connection: Connection, viewer: Viewer, delivery_id: int | None) -> None:
    found = deliveries(connection, viewer, delivery_id=delivery_id) if delivery_id is not None else ()
    if not found:
        raise NotFound("Leveransen finns inte. Ladda om sidan och välj en leverans som väntar på beslut.")
    if not set(found[0].municipalities) <= deciding_municipalities(viewer) and not is_operator(viewer):
        raise AccessDenied(
            "Leveransen gäller andra kommuner än dem du är controller i. Den beslutas av den som är det i alla."
        )
    if found[0].status != "held":
        raise UserError(
            f"Leverans {delivery_id} väntar inte på beslut. Ladda om sidan; någon annan kan ha hunnit före."
        )


def _check_rejects_are_theirs(connection: Connection, viewer: Viewer) -> None:
    """A replay reads every open reject again, so whoever asks decides for every municipality that has one."""
    table = rejected_row
    named = connection.scalars(select(table.c.municipality_code).where(table.c.resolved_by.is_(None)).distinct())
    if not {code for code in named if code} <= deciding_municipalities(viewer) and not is_operator(viewer):
        raise AccessDenied(
            "I karantän finns också andra kommuners rader. De läses om av den som är controller i alla, eller av den "
            "som driver Samkoll."
        )


def _already_waiting(connection: Connection, delivery_id: int | None) -> int | None:
    same = job_request.c.delivery_id.is_(None) if delivery_id is None else job_request.c.delivery_id == delivery_id
    return connection.execute(
        select(job_request.c.request_id)
        .where(same, job_request.c.kind != "close", job_request.c.state.in_(("waiting", "running")))
        .limit(1)
    ).scalar_one_or_none()
