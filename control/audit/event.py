"""An event of the log and its place in the chain. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

FIRST_HASH = "0" * 64
"""What the first event of a log follows on."""

WHO = "who"
"""The detail that tells two of the same name apart (`Viewer.tag`)."""
MEANING = "meaning"
"""The detail that says what a definition under trial counts, by label: a condition may ask for a single child."""


@dataclass(frozen=True)
class Link:
    """A place in the chain: an event's number and hash."""

    event_no: int
    hash: str


START = Link(0, FIRST_HASH)


@dataclass(frozen=True)
class Content:
    """What an event tells. `rows`: the keys of the rows that were read; `details`: plain JSON values."""

    at: datetime
    actor: str
    roles: str
    action: str
    municipality_code: str | None
    board_code: str | None
    unit_code: str | None
    resource: str
    rows: tuple[str, ...] | None
    row_count: int | None
    reason: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Event(Content):
    """A content in its place."""

    event_no: int
    previous_hash: str
    hash: str

    @property
    def link(self) -> Link:
        """Its place."""
        return Link(self.event_no, self.hash)

    @property
    def is_intact(self) -> bool:
        """Whether its content, number and predecessor are those that its hash was made of."""
        return self.hash == hash_of(self, Link(self.event_no - 1, self.previous_hash))


_NAMES = tuple(field.name for field in fields(Content))


def canonical(content: Content, event_no: int) -> str:
    """The one way to write a content: JSON with sorted names and no blanks, the moment in UTC to the microsecond."""
    told = {name: getattr(content, name) for name in _NAMES}
    told["event_no"] = event_no
    told["at"] = content.at.astimezone(UTC).isoformat(timespec="microseconds")
    told["rows"] = None if content.rows is None else list(content.rows)
    told["details"] = dict(content.details)
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(content: Content, previous: Link) -> str:
    """SHA-256 over the predecessor's hash and the content with its number."""
    text = f"{previous.hash}\n{canonical(content, previous.event_no + 1)}"
    return hashlib.sha256(text.encode()).hexdigest()


def follow(previous: Link, content: Content) -> Event:
    """The content as the next event."""
    told = {name: getattr(content, name) for name in _NAMES}
    return Event(
        **told,
        event_no=previous.event_no + 1,
        previous_hash=previous.hash,
        hash=hash_of(content, previous),
    )
