"""Finds what has been changed, removed, inserted or moved in the log and among the reviews it tells of, and says where.

Whoever may write everything can make a whole new chain, take away its end, or take away its beginning as if by the
decision: only an anchor kept outside tells that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from control.audit.actions import Action
from control.audit.anchor import Anchor
from control.audit.event import START, Event, Link, canonical
from control.audit.log import purged_to
from control.audit.retention import Retention, kept_from
from control.audit.signed import Review, signed_reviews
from warehouse import clock
from warehouse.audit_tables import audit_event
from warehouse.database import reading

_CHUNK = 2000
MOST_PROBLEMS = 20
"""So many are told; after the first, the rest is seldom news."""


@dataclass(frozen=True)
class Problem:
    """What does not hold, at which event, in a Swedish sentence."""

    event_no: int
    sentence: str


@dataclass(frozen=True)
class Verified:
    """What a walk through the log found. `begins`: what the first kept event follows on; `ends`: the newest."""

    count: int
    begins: Link
    ends: Link
    problems: tuple[Problem, ...]


@dataclass
class Walk:
    """Follows a chain event by event. `anchors`: hashes that are known from outside, by number."""

    begins: Link
    anchors: Mapping[int, str] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        self.at = self.begins

    def follow(self, events: Iterable[Event]) -> Iterator[Problem]:
        """What is wrong with the events, which come in the order of their numbers."""
        for event in events:
            yield from self._number(event)
            yield from self._content(event)
            self.at = event.link
            self.count += 1

    def end(self) -> Iterator[Problem]:
        """What is missing after the last event, by the anchors."""
        first, beyond = self.begins, [number for number in self.anchors if number > self.at.event_no]
        if beyond:
            yield Problem(
                self.at.event_no + 1,
                f"{_events(self.at.event_no + 1, max(beyond))} saknas i slutet av loggen: ankaret känner till händelse "
                f"{max(beyond)}.",
            )
        if self.anchors.get(first.event_no, first.hash) != first.hash:
            yield Problem(first.event_no, f"Gallringen fram till händelse {first.event_no} stämmer inte med ankaret.")

    def _number(self, event: Event) -> Iterator[Problem]:
        wanted, number = self.at.event_no + 1, event.event_no
        if number > wanted:
            yield Problem(wanted, f"{_events(wanted, number - 1)} saknas: borttagna ur loggen.")
        elif number < wanted:
            yield Problem(number, f"Händelse {number} är insatt eller flyttad: den kommer efter händelse {wanted - 1}.")
        elif event.previous_hash != self.at.hash:
            yield Problem(
                number,
                f"Händelse {number} följer inte på händelse {wanted - 1}: en av dem är ändrad, insatt eller flyttad.",
            )

    def _content(self, event: Event) -> Iterator[Problem]:
        number = event.event_no
        if not event.is_intact:
            yield Problem(number, f"Händelse {number} är ändrad: innehållet stämmer inte med dess kontrollsumma.")
        if self.anchors.get(number, event.hash) != event.hash:
            yield Problem(number, f"Händelse {number} är en annan än den som ankaret känner till: loggen är omgjord.")


def verify(
    engine: Engine, anchors: Mapping[int, Anchor] | None = None, *, retention: Retention | None = None
) -> Verified:
    """Walk through the whole log, a chunk at a time. `retention`: what the settings let a purge take away; None,
    nothing."""
    outside = anchors or {}
    with reading(engine) as connection:
        walk = Walk(purged_to(connection), {number: one.hash for number, one in outside.items()})
        problems: list[Problem] = []
        purges: list[Event] = []
        try:
            for events in _chunks(connection):
                problems += walk.follow(events)
                purges += [event for event in events if event.action == Action.AUDIT_PURGED]
                if len(problems) >= MOST_PROBLEMS:
                    break
            else:
                problems += walk.end()
                problems += _of_purges(walk.begins, purges, outside, retention)
                problems += _of_reviews(connection, retention)
        except (ValueError, TypeError, AttributeError):
            number = _unreadable(connection)
            if number is None:
                raise
            problems.append(Problem(number, f"Händelse {number} är ändrad: den går inte att läsa."))
    return Verified(walk.count, walk.begins, walk.at, tuple(problems[:MOST_PROBLEMS]))


def event_of(row: Row[Any]) -> Event:
    """A stored row as an event. ValueError for what no event can hold."""
    told = dict(row._mapping)
    if not isinstance(told["details"], dict) or not isinstance(told["rows"], list | None):
        raise ValueError(f"event {told['event_no']} holds other JSON than an event's")
    told["at"] = clock.utc(told["at"])
    told["rows"] = None if told["rows"] is None else tuple(told["rows"])
    return Event(**told)


def _chunks(connection: Connection) -> Iterator[list[Event]]:
    """In one statement, so that a purge meanwhile is not met half-way."""
    streamed = connection.execution_options(yield_per=_CHUNK)
    for rows in streamed.execute(select(audit_event).order_by(audit_event.c.event_no)).partitions():
        yield [event_of(row) for row in rows]


def _unreadable(connection: Connection) -> int | None:
    """The first event that cannot be read as one."""
    for number in connection.scalars(select(audit_event.c.event_no).order_by(audit_event.c.event_no)).all():
        try:
            row = connection.execute(select(audit_event).where(audit_event.c.event_no == number)).one()
            canonical(event_of(row), number)
        except (ValueError, TypeError, AttributeError):
            return int(number)
    return None


def _of_purges(
    begins: Link, purges: Iterable[Event], anchors: Mapping[int, Anchor], retention: Retention | None
) -> Iterator[Problem]:
    """What is gone from the beginning must be told of, and be what the settings let go."""
    number = begins.event_no
    if begins == START:
        return
    if not any((one.details.get("up_to"), one.details.get("hash")) == (number, begins.hash) for one in purges):
        yield Problem(number, f"Loggen är gallrad till händelse {number}, men ingen händelse berättar om det.")
    if retention is None:
        yield Problem(
            number,
            f"Loggen är gallrad till händelse {number}, men inget gallringsbeslut är inställt. Ange det beslut som "
            "gällde i SAMKOLL_AUDIT_RETENTION_MONTHS och SAMKOLL_AUDIT_RETENTION_DECISION, om det finns ett.",
        )
        return
    for one in purges:
        kept = one.details.get("months")
        if not isinstance(kept, int) or kept < retention.months:
            yield Problem(
                one.event_no,
                f"Händelse {one.event_no} är en gallring som sparade {kept} månader. Inställningen säger "
                f"{retention.months}.",
            )
    limit = kept_from(clock.now(), retention.months)
    young = [known for known, one in anchors.items() if known < number and one.at >= limit]
    if young:
        yield Problem(
            min(young) + 1,
            f"{_events(min(young) + 1, number)} gallrades för tidigt: enligt ankaret är loggen därefter från "
            f"{clock.local(anchors[min(young)].at):%Y-%m-%d} eller senare, och {retention.months} hela månader sparas.",
        )


def _of_reviews(connection: Connection, retention: Retention | None) -> Iterator[Problem]:
    """Reviews that are not what was signed, and those whose signing no decision lets go from the log."""
    limit = None if retention is None else kept_from(clock.now(), retention.months)
    for one in signed_reviews(connection):
        is_too_young = one.event_no is None and (limit is None or one.reviewed_at >= limit)
        if not one.is_intact or is_too_young:
            yield _of_review(one)


def _of_review(one: Review) -> Problem:
    name, number = f"Granskningen av {one.period} i {one.municipality_code}", one.event_no
    if number is None:
        return Problem(0, f"{name} är insatt eller ändrad: ingen händelse berättar att den är signerad.")
    if one.is_missing:
        return Problem(number, f"{name} saknas: händelse {number} berättar att den är signerad.")
    return Problem(number, f"{name} är ändrad efter signeringen: den är inte den som händelse {number} berättar om.")


def _events(first: int, last: int) -> str:
    return f"Händelse {first}" if first == last else f"Händelse {first}–{last}"
