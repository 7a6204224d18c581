"""What a reader chooses on a page: board or unit, and month or closed period. The address carries the choice."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html

from dashboard import texts
from kpi import format as text
from kpi.organisation import Unit, swedish_key
from kpi.period import Period

PLACE_ID = "choice-place"
MONTH_ID = "choice-month"
END_ID = "choice-end"
KIND_ID = "choice-kind"
PERIOD_ID = "choice-period"
YEAR_ID = "choice-year"
SINCE_ID = "choice-since"
CALLER_ID = "choice-caller"
CATEGORY_ID = "choice-category"
COUNTERPART_ID = "choice-counterpart"
STANDING_ID = "choice-standing"
BACK_ID = "choice-back"
ORDER_ID = "choice-order"
ALL = "alla"
"""What stands for no choice at all."""
_POPOVER = {"shadow": "md", "radius": "md"}


def place_choice(label: str, units: Sequence[Unit], chosen: str) -> dmc.Select | None:
    """A choice of board or unit; None when there is only one."""
    if len(units) < 2:
        return None
    data = [{"value": unit.code, "label": _label(unit)} for unit in units]
    return dmc.Select(
        id=PLACE_ID,
        label=label,
        data=data,
        value=chosen,
        allowDeselect=False,
        w=260,
        size="md",
        comboboxProps=_POPOVER,
    )


def _label(unit: Unit) -> str:
    """The name, with its level where the name does not tell it: `Trelleborgs kommun`, `Socialnämnden (nämnd)`."""
    level = texts.LEVELS.get(unit.level, unit.level)
    return unit.name if unit.name.lower().endswith(level) else f"{unit.name} ({level})"


def month_choice(months: Sequence[Period], chosen: Period, preliminary_from: Period | None = None) -> dmc.Select:
    """A choice of month, the newest first; an unfinished month says so."""
    data = [
        {"value": str(month), "label": text.month(month) + (", preliminär" if month == preliminary_from else "")}
        for month in months
    ]
    return dmc.Select(
        id=MONTH_ID,
        label="Månad",
        data=data,
        value=str(chosen),
        allowDeselect=False,
        w=200,
        size="md",
        maxDropdownHeight=320,
        comboboxProps=_POPOVER,
    )


def end_choice(ends: Sequence[Period], chosen: Period) -> dmc.Select | None:
    """A choice of what a closed period ends with, the newest first; None when there is only one."""
    if len(ends) < 2:
        return None
    return dmc.Select(
        id=END_ID,
        label="Till och med",
        data=[{"value": str(end), "label": text.month(end)} for end in ends],
        value=str(chosen),
        allowDeselect=False,
        w=200,
        size="md",
        maxDropdownHeight=320,
        comboboxProps=_POPOVER,
    )


def since_choice(closed: Sequence[Period], chosen: Period | None) -> dmc.Select | None:
    """A choice of which closed month to compare with, the newest first; None when nothing has been closed."""
    if chosen is None:
        return None
    return dmc.Select(
        id=SINCE_ID,
        label="Jämför med",
        data=[{"value": str(one), "label": text.month(one)} for one in closed],
        value=str(chosen),
        allowDeselect=False,
        w=200,
        size="md",
        maxDropdownHeight=320,
        comboboxProps=_POPOVER,
    )


def period_choice(label: str, periods: Sequence[Period], chosen: Period) -> dmc.Select:
    """A choice of period, the newest first."""
    return dmc.Select(
        id=PERIOD_ID,
        label=label,
        data=[{"value": str(period), "label": text.capital(text.month(period))} for period in periods],
        value=str(chosen),
        allowDeselect=False,
        w=230,
        size="md",
        maxDropdownHeight=320,
        comboboxProps=_POPOVER,
    )


def kind_choice(kinds: Sequence[tuple[str, str]], chosen: str) -> dmc.Select:
    """A choice of which rows, as (code, word)."""
    return dmc.Select(
        id=KIND_ID,
        label="Slag",
        data=[{"value": code, "label": word} for code, word in kinds],
        value=chosen,
        allowDeselect=False,
        w=180,
        size="md",
        comboboxProps=_POPOVER,
    )


def year_choice(years: Sequence[int], chosen: int) -> dmc.Select | None:
    """A choice of year, the newest first; None when there is only one."""
    if len(years) < 2:
        return None
    return dmc.Select(
        id=YEAR_ID,
        label="År",
        data=[{"value": str(one), "label": str(one)} for one in years],
        value=str(chosen),
        allowDeselect=False,
        w=140,
        size="md",
        comboboxProps=_POPOVER,
    )


def caller_choice(actors: Sequence[str], chosen: str | None, everybody: str) -> dmc.Select | None:
    """A choice of calling actor, or of all; None with nothing to choose between. `everybody`: the code of all."""
    codes = sorted({*actors, *([chosen] if chosen else [])}, key=lambda one: swedish_key(texts.actor(one)))
    if len(codes) < 2 and chosen is None:
        return None
    data = [{"value": one, "label": text.capital(texts.actor(one))} for one in codes]
    return dmc.Select(
        id=CALLER_ID,
        label="Kallande aktör",
        data=[{"value": everybody, "label": "Alla"}, *data],
        value=chosen or everybody,
        allowDeselect=False,
        w=200,
        size="md",
        comboboxProps=_POPOVER,
    )


def narrowing(
    identity: str,
    label: str,
    words: Sequence[tuple[str, str]],
    chosen: str | None,
    every: str = "Alla",
    width: int = 200,
) -> dmc.Select:
    """A choice of one among (code, word), or of `every` one."""
    return dmc.Select(
        id=identity,
        label=label,
        data=[{"value": ALL, "label": every}, *({"value": code, "label": word} for code, word in words)],
        value=chosen or ALL,
        allowDeselect=False,
        w=width,
        size="md",
        maxDropdownHeight=320,
        comboboxProps=_POPOVER,
    )


def choices(*found: dmc.Select | None) -> html.Div:
    """The choices side by side."""
    return html.Div([one for one in found if one is not None], className="choices")
