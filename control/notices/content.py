"""What a notice is. Pure.

A title is made of fixed words, days and numbers alone, so that it may leave the product; what people have written
stands in the text only, and is tried once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from control.free_text import kept_text
from warehouse.errors import UserError
from warehouse.identity.mask import mask_text


class NoticeKind(StrEnum):
    """Why it is told."""

    DECISION = "decision"
    REMINDER = "reminder"


class Stage(StrEnum):
    """How near a day is; each is told once."""

    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True)
class Telling:
    """What may be told to a board's administration. `key`: what it is about and at which stage."""

    key: str
    municipality_code: str
    board_code: str
    title: str
    text: str
    address: str


@dataclass(frozen=True)
class Notice:
    """What has been told, as one reader sees it."""

    number: int
    board_code: str
    kind: NoticeKind
    title: str
    text: str
    address: str
    made_at: datetime
    is_read: bool


def written(text: str) -> str:
    """What people wrote, as a notice repeats it: nothing where it may hold a personal identity number."""
    try:
        return mask_text(kept_text(text, "Texten", is_required=False))
    except UserError:
        return ""
