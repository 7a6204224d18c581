"""Purging the oldest events, by a decision (gallringsbeslut) that the settings cite. Without one nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, insert, select

from control.audit.actions import Action
from control.audit.event import Link
from control.audit.log import lock_chain, purged_to, record
from kpi.access import Viewer
from kpi.period import Period, PeriodType
from warehouse import clock
from warehouse.audit_tables import audit_checkpoint, audit_event
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.identity.mask import mask_text
from warehouse.settings import Settings


@dataclass(frozen=True)
class Retention:
    """How many whole months are kept, and by which decision the rest goes."""

    months: int
    decision: str


@dataclass(frozen=True)
class Purged:
    """So many events, up to that one."""

    count: int
    up_to: int


def retention_of(settings: Settings) -> Retention | None:
    """What is decided; None when nothing is, and then nothing is deleted. UserError for half a decision."""
    months, decision = settings.audit_retention_months, settings.audit_retention_decision.strip()
    if months is None and not decision:
        return None
    if months is None or not decision:
        raise UserError(
            "Loggen gallras inte: SAMKOLL_AUDIT_RETENTION_MONTHS och SAMKOLL_AUDIT_RETENTION_DECISION hör ihop. Ange "
            "både hur många månader som sparas och vilket beslut det följer, till exempel ”KS 2026-03-02 § 45”."
        )
    return Retention(months, decision)


def purge(engine: Engine, viewer: Viewer, retention: Retention, *, now: datetime | None = None) -> Purged | None:
    """Delete the events of the months before those that are kept; None when there are none.

    A checkpoint takes their place, so that the rest can still be verified, and an event cites the decision.
    """
    moment = now or clock.now()
    with writing(engine) as connection:
        lock_chain(connection)
        before = purged_to(connection)
        last = _last_before(connection, kept_from(moment, retention.months))
        if last is None or last.event_no <= before.event_no:
            return None
        count = last.event_no - before.event_no
        connection.execute(
            insert(audit_checkpoint).values(
                up_to=last.event_no,
                hash=last.hash,
                count=count,
                decision=mask_text(retention.decision),
                purged_at=moment,
            )
        )
        connection.execute(delete(audit_event).where(audit_event.c.event_no <= last.event_no))
        record(
            connection,
            viewer,
            Action.AUDIT_PURGED,
            f"händelse {before.event_no + 1}–{last.event_no}",
            reason=retention.decision,
            details={"up_to": last.event_no, "hash": last.hash, "count": count, "months": retention.months},
        )
    return Purged(count, last.event_no)


def kept_from(moment: datetime, months: int) -> datetime:
    """When the first kept month began, by the Swedish clock."""
    first = Period.containing(clock.local(moment).date(), PeriodType.MONTH).shift(-months).first_day
    return clock.midnight(first)


def _last_before(connection: Connection, moment: datetime) -> Link | None:
    """The last event before the first one of that moment or later: what is taken away is always the beginning."""
    table = audit_event
    first_kept = connection.scalar(select(func.min(table.c.event_no)).where(table.c.at >= moment))
    query = select(table.c.event_no, table.c.hash).order_by(table.c.event_no.desc()).limit(1)
    if first_kept is not None:
        query = query.where(table.c.event_no < first_kept)
    found = connection.execute(query).first()
    return None if found is None else Link(*found)
