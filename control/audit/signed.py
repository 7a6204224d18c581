"""The signed reviews, each held against the chain's event of its signing: a row can be rewritten with its own hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from control.audit.actions import Action
from control.audit.event import START
from control.audit.log import purged_to
from control.audit.review import Finding
from kpi.period import Period
from warehouse import clock
from warehouse.audit_tables import access_review, audit_event


@dataclass(frozen=True)
class Judged:
    """What stood out, and what the reviewer found of it."""

    finding: Finding
    text: str


@dataclass(frozen=True)
class Review:
    """A signed review. `is_intact`: it is what was signed. `is_missing`: it is gone, and only the log tells of it."""

    municipality_code: str
    period: Period
    reviewed_at: datetime
    reviewer: str
    outcome: tuple[Judged, ...]
    hash: str
    is_intact: bool
    is_missing: bool = False
    event_no: int | None = None
    """The event of the signing; None when the log does not tell of it (any longer)."""


def signed_reviews(connection: Connection, municipality_code: str | None = None) -> tuple[Review, ...]:
    """A municipality's reviews, or all, the newest first; those that are gone too."""
    begins, table = _begins(connection), access_review.c
    events = {(row.municipality_code, row.details.get("period")): row for row in _events(connection, municipality_code)}
    rows = select(access_review)
    if municipality_code is not None:
        rows = rows.where(table.municipality_code == municipality_code)
    found = []
    for row in connection.execute(rows):
        event = events.pop((row.municipality_code, str(Period.from_code(row.period))), None)
        found.append(_review(row, event, begins))
    found += [_missing(event) for event in events.values()]
    return tuple(sorted(found, key=lambda one: (one.reviewed_at, one.event_no or 0), reverse=True))


def hash_of(municipality_code: str, period: Period, moment: datetime, reviewer: str, outcome: object) -> str:
    """SHA-256 over all that a review tells."""
    told = [municipality_code, str(period), moment.isoformat(timespec="microseconds"), reviewer, outcome]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _events(connection: Connection, municipality_code: str | None) -> Iterator[Row[Any]]:
    """The signings, the newest first: of two about one period the first one counts, which a later cannot replace."""
    query = select(audit_event).where(audit_event.c.action == Action.ACCESS_REVIEWED.value)
    if municipality_code is not None:
        query = query.where(audit_event.c.municipality_code == municipality_code)
    yield from connection.execute(query.order_by(audit_event.c.event_no.desc()))


def _begins(connection: Connection) -> datetime | None:
    """When the rest of a purged log begins; None when it is not purged."""
    if purged_to(connection) == START:
        return None
    first: datetime | None = connection.scalar(select(audit_event.c.at).order_by(audit_event.c.event_no).limit(1))
    return None if first is None else clock.utc(first)


def _review(row: Row[Any], event: Row[Any] | None, begins: datetime | None) -> Review:
    period, moment = Period.from_code(row.period), clock.utc(row.reviewed_at)
    is_intact = row.hash == hash_of(row.municipality_code, period, moment, row.reviewer, row.outcome)
    if event is not None:
        is_intact = is_intact and event.details.get("hash") == row.hash
    else:
        is_intact = is_intact and begins is not None and moment < begins
    number = None if event is None else event.event_no
    return Review(
        row.municipality_code, period, moment, row.reviewer, _judged(row.outcome), row.hash, is_intact, event_no=number
    )


def _missing(event: Row[Any]) -> Review:
    return Review(
        event.municipality_code,
        Period.parse(event.details["period"]),
        clock.utc(event.at),
        event.actor,
        (),
        event.details["hash"],
        is_intact=False,
        is_missing=True,
        event_no=event.event_no,
    )


def _judged(outcome: Any) -> tuple[Judged, ...]:
    """Nothing for what no review ever held: then its hash does not agree either."""
    try:
        return tuple(
            Judged(Finding(**(one["finding"] | {"events": tuple(one["finding"]["events"])})), one["text"])
            for one in outcome
        )
    except (KeyError, TypeError):
        return ()
