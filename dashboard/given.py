"""What people write in forms, as values."""

from __future__ import annotations

from datetime import date

from warehouse.errors import UserError

DAY_HELP = "År-månad-dag, till exempel 2025-05-15."


def given_day(text: str | None, field: str) -> date | None:
    """A day written as `2025-05-15`; None when nothing is. UserError otherwise; `field`: its Swedish name."""
    written = (text or "").strip()
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UserError(f"{field} går inte att läsa som en dag. Skriv år-månad-dag, till exempel 2025-05-15.") from None


def given_step(text: str | None) -> int | None:
    """The step that was chosen in a list; None when none was, or something that is no step."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 3 else None


def given_number(value: object) -> int | None:
    """A whole number; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31 else None
