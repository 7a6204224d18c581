"""What somebody decides about a delivery, told to the audit log in the transaction that carries it out."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from control.audit.actions import Action
from control.audit.log import record
from etl.deliveries import Received
from kpi.access import Viewer


def record_decision(
    connection: Connection,
    by: Viewer,
    action: Action,
    delivery: Received,
    municipalities: Collection[str],
    status: str,
    reason: str | None = None,
) -> None:
    """`status`: what became of the delivery; an approved one may be refused all the same."""
    codes = sorted({code for code in municipalities if code})
    record(
        connection,
        by,
        action,
        f"leverans {delivery.delivery_id}: {delivery.file_name}",
        municipality_code=codes[0] if len(codes) == 1 else None,
        reason=reason,
        details={"delivery": delivery.delivery_id, "status": status, "municipalities": codes},
    )
