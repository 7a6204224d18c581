"""Series by month, and the golden cases of control charts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kpi.spc.series import Series

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[1] / "golden" / "spc.json").read_text("utf-8"))


def months(count: int) -> tuple[date, ...]:
    """So many months from January 2023, by their first days."""
    return tuple(date(2023 + at // 12, at % 12 + 1, 1) for at in range(count))


def monthly(values: Sequence[float | None], denominators: Sequence[float | None] | None = None) -> Series:
    """A series with one value a month."""
    return Series(months(len(values)), tuple(values), None if denominators is None else tuple(denominators))


def is_close(found: Any, expected: Any) -> bool:
    """Equal, numbers within a relative 1e-9; lists element by element."""
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(is_close, found, expected))
    if isinstance(expected, bool) or isinstance(found, bool) or not isinstance(expected, int | float):
        return type(found) is type(expected) and bool(found == expected)
    return isinstance(found, int | float) and abs(found - expected) <= 1e-9 * max(abs(found), abs(expected))
