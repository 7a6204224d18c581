"""What people write in forms, as values."""

from __future__ import annotations

from datetime import date

from control.actions.form import read_day


def given_day(text: str | None, field: str) -> date | None:
    """A day as browsers give it; None when nothing is. UserError otherwise; `field`: its Swedish name."""
    return read_day(text, field) if text and text.strip() else None


def given_step(text: str | None) -> int | None:
    """The step that was chosen in a list; None when none was, or something that is no step."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 3 else None


def given_number(value: object) -> int | None:
    """A whole number; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31 else None
