"""How numbers and texts stand in a workbook: real numbers with formats, and no text that a program could run."""

from __future__ import annotations

from kpi.format import NBSP

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""xlsxwriter's: a text is a text, whatever sign it begins with."""


def number_format(unit: str, places: int) -> str:
    """How Excel shows a number of the unit: `0.0 %`, `+0;-0;0`, `#,##0`."""
    whole = f"#,##0{'.' + '0' * places if places else ''}"
    if unit == "percent":
        return f"{whole} %"
    return f"+{whole};-{whole};{whole}" if unit == "points" else whole


def stored(value: float, unit: str) -> float:
    """The number itself: a share as a fraction, a difference of shares in percentage points."""
    return value * 100 if unit == "points" else value


def plain(told: str) -> str:
    """Without the no-break spaces, which a search does not find."""
    return told.replace(NBSP, " ")
