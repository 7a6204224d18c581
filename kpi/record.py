"""A value as programs read it, from the command line and from the API: one shape for both. Pure."""

from __future__ import annotations

from typing import Any

from kpi.cells import Cell
from kpi.disclosure.suppressed import Suppressed
from kpi.released import ReleasedValue


def whole(number: float | None) -> float | int | None:
    """29 and not 29.0, as people and other programs count."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def value_record(cell: Cell) -> dict[str, Any]:
    """A value of the inside; whole numbers without a decimal point."""
    return {
        "kpi": cell.kpi_id,
        "unit": cell.unit_code,
        "level": cell.level,
        "period": str(cell.period),
        "split": dict(cell.split) if cell.split else None,
        "numerator": whole(cell.numerator),
        "denominator": whole(cell.denominator),
        "value": whole(cell.value),
        "cases": cell.cases,
        "status": cell.status,
        "suppressed": False,
    }


def released_record(one: ReleasedValue, fewest: int) -> dict[str, Any]:
    """A released value, `too_few` below `fewest` cases. What is hidden has one status, whatever its number is."""
    content = one.content
    told = {
        "kpi": one.kpi_id,
        "unit": one.unit.code,
        "level": one.unit.level,
        "period": str(one.period),
        "split": dict(one.split) if one.split else None,
    }
    if isinstance(content, Suppressed):
        nothing = dict.fromkeys(("numerator", "denominator", "value", "cases"))
        return told | nothing | {"status": "suppressed", "suppressed": True}
    return told | {
        "numerator": whole(content.numerator),
        "denominator": whole(content.denominator),
        "value": whole(content.value),
        "cases": content.cases,
        "status": "too_few" if content.cases < fewest else "ok",
        "suppressed": False,
    }
