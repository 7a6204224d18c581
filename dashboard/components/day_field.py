"""A day in a form: the browser's own field. It is read, typed and picked as on the reader's other pages and devices."""

from __future__ import annotations

from datetime import date
from typing import Any

import dash_mantine_components as dmc

_FIRST, _LAST = "2000-01-01", "2199-12-31"
"""As `control.actions.form.read_day` takes them; with a last day the year has four places."""


def day_field(
    id_: str | dict[str, str],
    label: str,
    value: date | str | None = None,
    *,
    help_: str | None = None,
    size: str = "sm",
) -> dmc.TextInput:
    """Its value is `2026-04-07`, or empty. `value`: what stands in it from the start."""
    native: dict[str, Any] = {"type": "date", "min": _FIRST, "max": _LAST}
    return dmc.TextInput(
        id=id_,
        label=label,
        value=str(value or ""),
        description=help_,
        attributes={"input": native},
        size=size,
        className="day-field",
    )
