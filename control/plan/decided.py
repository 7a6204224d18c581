"""What a board decided, as it is entered: the day, the paragraph of the minutes and the registration number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from control.free_text import kept_text
from warehouse.errors import UserError, without_identity

_PARAGRAPH = re.compile(r"§?\s*([0-9]{1,4}(?:\s?[a-zA-Z])?)")
_REGISTRATION = re.compile(r"(?=.*[0-9])[\w./: -]{3,40}")
_LONGEST_NOTE = 1_000


@dataclass(frozen=True)
class BoardDecision:
    """A decision of the board. `note`: what else the minutes say, if anything."""

    decided_on: date
    paragraph: str
    registration_number: str
    note: str = ""


def kept_decision(told: BoardDecision, today: date, *, earliest: date, latest: date) -> BoardDecision:
    """The decision as it is kept; UserError for a day outside `earliest`–`latest` or to come, a paragraph or a
    registration number that is none."""
    day = told.decided_on
    if day > today:
        raise UserError(f"Beslutsdagen {day} har inte varit. Ett beslut förs in när nämnden har fattat det.")
    if not earliest <= day <= latest:
        raise UserError(f"Beslutsdagen {day} kan inte stämma: den ska ligga mellan {earliest} och {latest}. Rätta den.")
    return BoardDecision(
        day,
        kept_paragraph(told.paragraph),
        kept_registration_number(told.registration_number),
        kept_text(told.note, "Anteckningen", longest=_LONGEST_NOTE, is_required=False),
    )


def kept_paragraph(text: str) -> str:
    """`§ 98`; UserError for what is no paragraph of minutes."""
    found = _PARAGRAPH.fullmatch(text.strip())
    if found is None:
        raise UserError("Paragrafen saknas eller är ingen paragraf. Skriv den som i protokollet, till exempel § 98.")
    return f"§ {' '.join(found[1].split())}"


def kept_registration_number(text: str) -> str:
    """The registration number (diarienummer) as it is written; UserError for what is none."""
    found = " ".join(text.split())
    if _REGISTRATION.fullmatch(found) is None or without_identity(found) != found:
        raise UserError(
            "Diarienumret saknas eller är inget diarienummer. Skriv det som i diariet, till exempel SN 2025/123."
        )
    return found
