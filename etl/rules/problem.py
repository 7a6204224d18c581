"""A broken rule and the rows that break it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from etl.table import Rows
from warehouse.identity.mask import mask_text

_LONGEST_QUOTE = 40


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


def quoted(text: str) -> str:
    """A cell's text inside a sentence: masked and not too long."""
    safe = " ".join(mask_text(text).split())
    return f"”{safe[:_LONGEST_QUOTE]}…”" if len(safe) > _LONGEST_QUOTE else f"”{safe}”"
