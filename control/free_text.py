"""What people write about the work: kept as it is, so it must not hold a personal identity number."""

from __future__ import annotations

from control.reasons import LONG_NUMBER
from warehouse.errors import UserError

LONGEST = 4_000


def kept_text(text: str | None, field: str, *, longest: int = LONGEST, is_required: bool = True) -> str:
    """The text without blanks at its ends, its lines kept; "" when nothing is written. `field`: its Swedish name.

    UserError when it is missing, too long, or holds what may be a personal identity number.
    """
    lines = [" ".join(line.split()) for line in (text or "").replace("\r\n", "\n").replace("\x00", "").split("\n")]
    found = "\n".join(lines).strip()
    if not found and is_required:
        raise UserError(f"{field} saknas. Fyll i och spara igen.")
    if len(found) > longest:
        raise UserError(f"{field} är längre än {longest} tecken. Korta texten.")
    if LONG_NUMBER.search(found):
        raise UserError(
            f"{field} innehåller ett nummer som kan vara ett personnummer. Skriv utan personnummer och andra långa "
            "nummer."
        )
    return found
