"""An action as a person writes it in a form, and as it is kept. Pure: every problem is a Swedish sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from control.actions.content import CostClass, Origin
from control.free_text import kept_text
from kpi.definition import Definition, Shape
from warehouse.errors import UserError

LONGEST_LINE = 300


@dataclass(frozen=True)
class ActionForm:
    """The fields as written; "" is nothing. Days are `2026-04-07`; the expected values in the unit that readers see."""

    what: str = ""
    root_cause: str = ""
    responsible: str = ""
    starts_on: str = ""
    due_on: str = ""
    expected_from: str = ""
    expected_to: str = ""
    cost_class: str = CostClass.LOW
    origin: str = Origin.FIGURE
    origin_reference: str = ""


@dataclass(frozen=True)
class Draft:
    """The same, read and tried."""

    what: str
    root_cause: str
    responsible: str
    starts_on: date
    due_on: date
    expected_from: float | None
    expected_to: float | None
    cost_class: CostClass
    origin: Origin
    origin_reference: str | None


def read_form(form: ActionForm, definition: Definition | None) -> Draft:
    """What the form says. UserError when something is missing or cannot be."""
    what = kept_text(form.what, "Vad som ska göras", longest=LONGEST_LINE)
    root_cause = kept_text(form.root_cause, "Orsaken")
    if not form.responsible.strip():
        raise UserError("Fyll i vem som är ansvarig.")
    responsible = kept_text(form.responsible, "Ansvarig", longest=LONGEST_LINE)
    if "@" in responsible:
        raise UserError("Ansvarig är en funktion, till exempel ”enhetschefen Barn och familj”, inte en adress.")
    starts_on, due_on = read_day(form.starts_on, "”Börjar”"), read_day(form.due_on, "”Klar senast”")
    if due_on < starts_on:
        raise UserError("”Klar senast” ligger före ”Börjar”. Ändra en av dagarna.")
    expected_from, expected_to = _expected(form, definition)
    origin = _choice(Origin, form.origin, "Åtgärdens ursprung")
    reference = kept_text(form.origin_reference, "Hänvisningen", longest=LONGEST_LINE, is_required=False) or None
    if origin is Origin.DECISION and reference is None:
        raise UserError("Beslutets diarienummer saknas. Fyll i det och spara igen.")
    return Draft(
        what,
        root_cause,
        responsible,
        starts_on,
        due_on,
        expected_from,
        expected_to,
        _choice(CostClass, form.cost_class, "Kostnaden"),
        origin,
        reference,
    )


def read_day(text: str, field: str) -> date:
    """A day as browsers give it. UserError when there is none, or it is not of this time."""
    if not text.strip():
        raise UserError(f"Fyll i dagen för {field}." if field.startswith("”") else "Fyll i dagen.")
    try:
        found = date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise UserError(f"{field} går inte att läsa som en dag. Skriv år-månad-dag, till exempel 2026-04-07.") from None
    if not 2000 <= found.year < 2200:
        raise UserError(f"{field} har ett orimligt år. Skriv år-månad-dag, till exempel 2026-04-07.")
    return found


def read_value(text: str, definition: Definition, field: str) -> float | None:
    """A value as readers see it (`63`, `63,5 %`) in the figure's own scale; None for nothing."""
    plain = "".join(text.replace("%", "").replace("\u2212", "-").split()).replace(",", ".")
    if not plain:
        return None
    try:
        found = float(plain)
    except ValueError:
        raise UserError(f"{field} är inget tal. Skriv bara siffror, till exempel 63 eller 4,5.") from None
    value = found / 100 if definition.is_share else found
    low = -1.0 if definition.unit == "points" else 0.0
    high = {"percent": 1.0, "points": 1.0, "percent_as_given": 100.0, "level": 5.0}.get(definition.unit, 1e9)
    if not low <= value <= high:
        times = 100 if definition.is_share else 1
        raise UserError(f"{field} ligger utanför vad nyckeltalet kan bli ({low * times:.0f} till {high * times:.0f}).")
    return round(value, 9)


def value_names(definition: Definition | None) -> tuple[str, str]:
    """What the fields of a figure's value are called: as it is, and as it is to be."""
    is_count = definition is not None and definition.shape is Shape.COUNT
    return ("Antal i dag", "Väntat antal") if is_count else ("Värde i dag", "Väntat värde")


def _expected(form: ActionForm, definition: Definition | None) -> tuple[float | None, float | None]:
    if definition is None:
        if form.expected_from.strip() or form.expected_to.strip():
            raise UserError("Välj vilket nyckeltal som ska ändras, eller lämna den förväntade effekten tom.")
        return None, None
    now, wanted = (f"”{name}”" for name in value_names(definition))
    before, after = read_value(form.expected_from, definition, now), read_value(form.expected_to, definition, wanted)
    if after is None:
        if before is not None:
            raise UserError(f"{wanted} saknas. Fyll i vad nyckeltalet ska bli.")
        return None, None
    if before is not None and not _is_better(definition, before, after):
        way = {"increase": "högre", "decrease": "lägre", "toward_zero": "närmare noll"}.get(definition.direction)
        than = f"{way} än i dag" if way else "något annat än i dag"
        raise UserError(f"{wanted} ska vara {than}: så mäts om åtgärden har effekt.")
    return before, after


def _is_better(definition: Definition, before: float, after: float) -> bool:
    match definition.direction:
        case "increase":
            return after > before
        case "decrease":
            return after < before
        case "toward_zero":
            return abs(after) < abs(before)
    return after != before


_Chosen = TypeVar("_Chosen", Origin, CostClass)


def _choice(kind: type[_Chosen], text: str, field: str) -> _Chosen:
    try:
        return kind(text)
    except ValueError:
        raise UserError(f"{field} är inte vald. Välj i listan.") from None
