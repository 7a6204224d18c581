"""A broken rule and the rows that break it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from etl.table import Rows
from warehouse.identity.mask import mask_text

_LONGEST_QUOTE = 30
_SIGNS = "[0-9 \\xa0\\u202f.,:;/%+\\u2212\\u2013-]*"
NUMBERS = re.compile(f"(?=.*[0-9]){_SIGNS}[A-Za-z]?{_SIGNS}")
"""What a day, a period or a number may have been meant as: digits with signs between, and one letter (2025-T4)."""
CODES = re.compile(r"[^\s]+")
"""What a code may have been meant as: one word."""
NOT_SHOWN = "[text som inte visas]"


@dataclass(frozen=True, eq=False)
class Problem:
    """`rows` (canonical) break `rule` in `field` (None: the row as a whole).

    `sentence` gives, for a row, what is wrong and the remedy: Swedish, with any quoted cell masked, without file, line
    and field, which are put before it.
    """

    field: str | None
    rule: str
    rows: Rows
    sentence: Callable[[int], str]


def quoted(text: str, expected: re.Pattern[str] = NUMBERS) -> str:
    """A cell's text inside a sentence: masked, and shown only when it is short and like what the field expects. In a
    file whose columns have slipped, any cell may hold a name or a note; file, line and field tell where it is."""
    given = " ".join(text.split())
    if len(given) > _LONGEST_QUOTE or expected.fullmatch(given) is None:
        return NOT_SHOWN
    return f"”{mask_text(given)}”"
