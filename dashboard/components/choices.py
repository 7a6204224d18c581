"""What a reader chooses on a page: board or unit, and month or closed period. The address carries the choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
DAY_ID = "choice-day"
INITIATOR_ID = "choice-initiator"
CALLED_ID = "choice-called"
CONSENT_ID = "choice-consent"
SENDER_ID = "choice-sender"
RECEIVER_ID = "choice-receiver"
PARAMETERS = {
    MONTH_ID: "manad", PLACE_ID: "enhet", END_ID: "slut", KIND_ID: "slag", PERIOD_ID: "period", YEAR_ID: "ar",
    SINCE_ID: "sedan", CALLER_ID: "kallande", CATEGORY_ID: "kategori", COUNTERPART_ID: "motpart", STANDING_ID: "lage",
    BACK_ID: "tid", ORDER_ID: "ordning", DAY_ID: "dag", INITIATOR_ID: "initierad-av", CALLED_ID: "kallad",
    CONSENT_ID: "samtycke", SENDER_ID: "skickad-av", RECEIVER_ID: "skickad-till",
}  # fmt: skip
"""The parameter of the address that each choice writes."""
SHOWN, PARAMETER = "data-shown", "data-parameter"
"""Properties: what the page shows, and of which parameter. Links, views and files are of the address completed by them
(`assets/while-reading.js`): it leads to what is seen also when nobody chose it."""
ALL = "alla"
"""What stands for no choice at all."""
_POPOVER = {"shadow": "md", "radius": "md"}


def _select(identity: str, label: str, options: Sequence[tuple[str, str]], chosen: str, width: int) -> dmc.Select:
    """One of (value, words); there is always one chosen. What the page shows stands beside it, also since the browser
    tells of a choice when the page has only been drawn."""
    return dmc.Select(
        id=identity,
        label=label,
        data=[{"value": value, "label": words} for value, words in options],
        value=chosen,
        allowDeselect=False,
        w=width,
        size="md",
        maxDropdownHeight=320,
        comboboxProps=_POPOVER,
        **_shown(identity, chosen),
    )


def _shown(identity: str, chosen: str) -> dict[str, Any]:
    return {SHOWN: chosen, PARAMETER: PARAMETERS[identity]}


def _several(
    identity: str, label: str, options: Sequence[tuple[str, str]], chosen: str, width: int
) -> dmc.Select | html.Span:
    """A choice where there is anything to choose between; else only what is shown."""
    if len(options) > 1:
        return _select(identity, label, options, chosen, width)
    return html.Span(hidden=True, **_shown(identity, chosen))


def place_choice(label: str, units: Sequence[Unit], chosen: str) -> dmc.Select | html.Span:
    """A choice of board or unit, where there are several."""
    return _several(PLACE_ID, label, [(unit.code, _label(unit)) for unit in units], chosen, 260)


def _label(unit: Unit) -> str:
    """The name, with its level where the name does not tell it: `Trelleborgs kommun`, `Socialnämnden (nämnd)`."""
    level = texts.LEVELS.get(unit.level, unit.level)
    return unit.name if unit.name.lower().endswith(level) else f"{unit.name} ({level})"


def month_choice(months: Sequence[Period], chosen: Period, preliminary_from: Period | None = None) -> dmc.Select:
    """A choice of month, the newest first; an unfinished month says so."""
    options = [
        (str(month), text.month(month) + (", preliminär" if month == preliminary_from else "")) for month in months
    ]
    return _select(MONTH_ID, "Månad", options, str(chosen), 200)


def end_choice(ends: Sequence[Period], chosen: Period) -> dmc.Select | html.Span:
    """A choice of what a closed period ends with, the newest first, where there are several."""
    return _several(END_ID, "Till och med", [(str(end), text.month(end)) for end in ends], str(chosen), 200)


def since_choice(closed: Sequence[Period], chosen: Period | None) -> dmc.Select | None:
    """A choice of which closed month to compare with, the newest first; None when nothing has been closed."""
    options = [(str(one), text.month(one)) for one in closed]
    return _select(SINCE_ID, "Jämför med", options, str(chosen), 200) if chosen is not None else None


def period_choice(label: str, periods: Sequence[Period], chosen: Period) -> dmc.Select:
    """A choice of period, the newest first."""
    options = [(str(period), text.capital(text.month(period))) for period in periods]
    return _select(PERIOD_ID, label, options, str(chosen), 230)


def kind_choice(kinds: Sequence[tuple[str, str]], chosen: str) -> dmc.Select:
    """A choice of which rows, as (code, word)."""
    return _select(KIND_ID, "Slag", kinds, chosen, 180)


def year_choice(years: Sequence[int], chosen: int) -> dmc.Select | html.Span:
    """A choice of year, the newest first, where there are several."""
    return _several(YEAR_ID, "År", [(str(one), str(one)) for one in years], str(chosen), 140)


def caller_choice(actors: Sequence[str], chosen: str | None) -> dmc.Select | None:
    """A choice of calling actor, or of all; None with nothing to choose between."""
    codes = sorted({*actors, *([chosen] if chosen else [])}, key=lambda one: swedish_key(texts.actor(one)))
    if len(codes) < 2 and chosen is None:
        return None
    return narrowing(CALLER_ID, "Kallande aktör", [(one, text.capital(texts.actor(one))) for one in codes], chosen)


def narrowing(
    identity: str,
    label: str,
    words: Sequence[tuple[str, str]],
    chosen: str | None,
    every: str = "Alla",
    width: int = 200,
) -> dmc.Select:
    """A choice of one among (code, word), or of `every` one."""
    return _select(identity, label, [(ALL, every), *words], chosen or ALL, width)


def choices(*found: dmc.Select | html.Span | None) -> html.Div:
    """The choices side by side."""
    return html.Div([one for one in found if one is not None], className="choices")
