"""Why somebody wants to see or do something with data about persons: a reason that is kept, and so must hold none."""

from __future__ import annotations

import re

from warehouse.errors import UserError
from warehouse.identity.spelling import SEPARATORS

LONGEST_REASON = 500
LONG_NUMBER = re.compile(rf"[0-9](?:[{re.escape(SEPARATORS)}]{{0,3}}[0-9]){{9,}}")
"""Ten digits or more, however they are set apart: every spelling of a personal identity number, and some more."""


def kept_reason(text: str | None) -> str | None:
    """The reason as it is kept, on one line; None when nothing is written. UserError when it may not be kept."""
    found = " ".join((text or "").split())
    if LONG_NUMBER.search(found):
        raise UserError(
            "Skälet sparas inte: det innehåller ett nummer som kan vara ett personnummer. Skriv skälet utan "
            "personnummer och andra långa nummer."
        )
    if len(found) > LONGEST_REASON:
        raise UserError(f"Skälet sparas inte: det är längre än {LONGEST_REASON} tecken. Korta det.")
    return found or None
