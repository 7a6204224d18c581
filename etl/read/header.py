"""Column names: from one or several header rows, each name once."""

from __future__ import annotations

from collections.abc import Sequence

from etl.mapping import normal
from etl.read.refusal import DeliveryRefused
from warehouse.identity.mask import mask_text

LONGEST_NAME = 200
_MOST_COLUMNS = 1000


def join_header_rows(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name per column: the rows' different texts, joined from above as "Above / Below"."""
    width = max((len(row) for row in rows), default=0)
    names = []
    for index in range(width):
        levels: list[str] = []
        for row in rows:
            text = " ".join(row[index].split()) if index < len(row) else ""
            if text and normal(text) not in (normal(level) for level in levels):
                levels.append(text)
        names.append(" / ".join(levels))
    return names


def check_header(names: Sequence[str], line: int) -> list[str]:
    """The names, safe to keep; DeliveryRefused when one stands twice or when they are absurdly many. A blank name stays
    blank."""
    if len(names) > _MOST_COLUMNS:
        raise DeliveryRefused(
            f"Rad {line}: filen har {len(names)} kolumner, mer än de {_MOST_COLUMNS} som tillåts. Rätta exporten."
        )
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if name and (first := seen.setdefault(normal(name), position)) != position:
            raise DeliveryRefused(
                f"Rad {line}: rubriken ”{mask_text(name)[:LONGEST_NAME]}” står två gånger, i kolumn {first} och "
                f"{position}. Ge varje kolumn ett eget namn och leverera filen på nytt."
            )
    return [mask_text(name)[:LONGEST_NAME] for name in names]
