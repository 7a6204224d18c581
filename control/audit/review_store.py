"""The recurring review of who has read what: which periods wait for it, what stands out, and the signing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert

from control.audit.actions import Action
from control.audit.log import lock_chain, record
from control.audit.reading import first_event_at, read_events
from control.audit.review import Finding, NameOf, review
from control.audit.signed import Judged, Review, hash_of, signed_reviews
from kpi.access import Viewer, check_can_read_log, check_can_review_access
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType, periods_between
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.audit_tables import access_review
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.identity.mask import mask_text

_TYPES = {one.months: one for one in PeriodType}
_HISTORY = 6
"""So many months before the period tell what is usual."""


@dataclass(frozen=True)
class Standing:
    """Which periods wait for a review, the oldest first, and what has been signed, the newest first. `next`: the
    period that is not over yet."""

    waiting: tuple[Period, ...]
    signed: tuple[Review, ...]
    next: Period


def standing(
    connection: Connection, viewer: Viewer, municipality_code: str, months: int, *, today: date | None = None
) -> Standing:
    """How a municipality stands with its reviews of `months` each. AccessDenied for others than its reader."""
    check_can_read_log(viewer, municipality_code)
    signed = signed_reviews(connection, municipality_code)
    current = Period.containing(today or clock.today(), _TYPES[months])
    began = first_event_at(connection, municipality_code)
    first = Period.containing(clock.local(began).date(), _TYPES[months]) if began is not None else current
    over = periods_between(first, current.shift(-1)) if first < current else []
    waiting = [one for one in over if not _is_covered(one, signed)]
    return Standing(tuple(waiting), signed, current)


def due_on(period: Period) -> date:
    """The last day for the period's review: a month after its end."""
    return Period.containing(period.last_day + timedelta(days=1), PeriodType.MONTH).last_day


def findings(connection: Connection, viewer: Viewer, municipality_code: str, period: Period) -> tuple[Finding, ...]:
    """What stands out in the period. AccessDenied as `standing`."""
    before = Period.containing(period.first_day, PeriodType.MONTH).shift(-_HISTORY)
    earlier = read_events(connection, viewer, municipality_code, before.first_day, period.first_day - timedelta(days=1))
    events = read_events(connection, viewer, municipality_code, period.first_day, period.last_day)
    return review(events, earlier, period.type.months, name_of=names_in(read_organisation(connection)))


def names_in(organisation: Organisation) -> NameOf:
    """Units' latest names; a code that is no unit's is its own."""

    def name_of(code: str) -> str:
        spans = organisation.spans(code)
        return spans[-1].name if spans else code

    return name_of


def sign(
    engine: Engine,
    viewer: Viewer,
    municipality_code: str,
    period: Period,
    texts: Mapping[str, str],
    *,
    now: datetime | None = None,
) -> Review:
    """Sign the period's review. `texts`: what the reviewer found of each finding, by its id.

    AccessDenied for others than the municipality's data protection officer. UserError when the period is not over, a
    finding has no text, what stands out is not what the reviewer saw, or somebody has signed meanwhile.
    """
    check_can_review_access(viewer, municipality_code)
    moment = clock.utc(now or clock.now())
    if clock.local(moment).date() <= period.last_day:
        raise UserError(f"Perioden {period} är inte slut. Granska den tidigast {period.last_day + timedelta(days=1)}.")
    with writing(engine) as connection:
        lock_chain(connection)
        if _is_covered(period, signed_reviews(connection, municipality_code)):
            raise UserError(
                "Någon annan har signerat granskningen sedan du öppnade sidan. Ladda om den för att läsa den."
            )
        found = findings(connection, viewer, municipality_code, period)
        if {one.id for one in found} != set(texts):
            raise UserError(
                "Det som sticker ut är inte längre detsamma. Ladda om sidan; din text finns kvar tills dess."
            )
        outcome = tuple(Judged(one, mask_text(texts[one.id].strip())) for one in found)
        if missing := next((one.finding for one in outcome if not one.text), None):
            raise UserError(f"Skriv vad du kom fram till om detta: ”{missing.sentence}”")
        told = _outcome(outcome)
        digest = hash_of(municipality_code, period, moment, viewer.user, told)
        connection.execute(
            insert(access_review).values(
                municipality_code=municipality_code,
                period=period.code,
                reviewed_at=moment,
                reviewer=viewer.user,
                outcome=told,
                hash=digest,
            )
        )
        event = record(
            connection,
            viewer,
            Action.ACCESS_REVIEWED,
            f"granskningen av {period}",
            municipality_code=municipality_code,
            details={"period": str(period), "findings": len(outcome), "hash": digest},
            at=moment,
        )
    return Review(
        municipality_code, period, moment, viewer.user, outcome, digest, is_intact=True, event_no=event.event_no
    )


def _is_covered(period: Period, signed: Sequence[Review]) -> bool:
    """Whether the period's end is reviewed, perhaps as a part of a longer period or of shorter ones. A review that is
    gone counts: it is told of, and never signed a second time."""
    return any(one.period.first_day <= period.last_day <= one.period.last_day for one in signed)


def _outcome(outcome: Sequence[Judged]) -> list[dict[str, Any]]:
    return [
        {"finding": asdict(one.finding) | {"events": list(one.finding.events)}, "text": one.text} for one in outcome
    ]
