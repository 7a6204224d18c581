"""Sentences about actions: what stands out, what was expected, what came of it. Plain strings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from control.actions.content import BoardAction, CostClass, Effect, Status
from control.actions.effect import Comparison, Level
from kpi import format as text
from kpi.definition import Definition
from kpi.period import PeriodType

_FIELDS = {
    "what": "Vad", "root_cause": "Orsak", "responsible": "Ansvarig", "starts_on": "Start", "due_on": "Klar senast",
    "expected_from": "Värde i dag", "expected_to": "Förväntat värde", "cost_class": "Kostnad", "status": "Status",
    "done_on": "Klar",
}  # fmt: skip
_CODES = {one.value: one.words for kind in (Status, CostClass) for one in kind}
_PERIODS = {PeriodType.MONTH: ("hel månad", "hela månader"), PeriodType.TERTIAL: ("helt tertial", "hela tertial"),
            PeriodType.YEAR: ("helt år", "hela år")}  # fmt: skip


def lead(actions: Sequence[BoardAction], today: date, unproven: frozenset[int] = frozenset()) -> list[tuple[str, bool]]:
    """The first sentences: what is late, what is due next, what is judged to have worked; each with whether it warns.
    `unproven`: the numbers of those whose figure has not moved by more than usual variation."""
    if not actions:
        return [("Nämnden har inga åtgärder ännu.", False)]
    late = sum(one.is_late(today) for one in actions)
    found = []
    if late:
        many = f"{text.capital(text.count_word(late))} åtgärder är försenade."
        found.append((many if late > 1 else "En åtgärd är försenad.", True))
    ahead = sorted((one for one in actions if one.is_ongoing and not one.is_late(today)), key=lambda one: one.due_on)
    if ahead:
        found.append((f"Näst på tur är ”{ahead[0].what}”, som ska vara klar {text.day(ahead[0].due_on)}.", False))
    elif not late:
        found.append(("Inga åtgärder pågår.", False))
    return [*found, (_judged(actions, unproven), False)]


def _judged(actions: Sequence[BoardAction], unproven: frozenset[int]) -> str:
    """That it has worked is the administration's judgement; what the figures show is said beside it."""
    worked = [one for one in actions if one.effect is Effect.YES]
    if not worked:
        return "Ingen åtgärd har bedömts ha gett effekt ännu."
    if len(worked) == 1:
        but = ", men om det är mer än normal variation går inte att säga" if worked[0].number in unproven else ""
        return f"Åtgärden ”{worked[0].what}” bedöms av förvaltningen ha gett effekt{but}."
    many, unsure = text.counts(len(worked), sum(one.number in unproven for one in worked), is_common=True)
    told = f"{text.capital(many)} åtgärder bedöms av förvaltningen ha gett effekt, senast ”{worked[-1].what}”"
    if not unproven:
        return f"{told}."
    which = "ingen av dem går det" if len(unproven) == len(worked) else f"{unsure} av dem går det inte"
    return f"{told}; för {which} att säga om det är mer än normal variation."


def status(one: BoardAction, today: date) -> str:
    """`pågår`, `försenad 12 dagar`, `klar 3 maj 2025`."""
    if one.is_late(today):
        return f"försenad {text.days((today - one.due_on).days)}"
    if one.status is Status.DONE and one.done_on is not None:
        when = "i tid" if one.was_in_time else "efter den dag som lovades först"
        return f"klar {text.day(one.done_on)}, {when}"
    return one.status.words


def effect(one: BoardAction) -> str:
    """What was judged last; a dash before anybody has."""
    return one.effect.words if one.effect is not None else "inte bedömd"


def quantity(definition: Definition, value: float | None) -> str:
    """A value of the figure's with its unit."""
    if value is None:
        return "okänt"
    decimals = definition.decimals if definition.is_share else max(definition.decimals, int(value % 1 > 0))
    return text.quantity(value, definition.unit, decimals)


def expected(definition: Definition, one: BoardAction) -> str:
    """`från 55 % till 85 %`, or that nothing was promised."""
    if one.expected_to is None:
        return "inget värde är lovat"
    to = f"till {quantity(definition, one.expected_to)}"
    return to if one.expected_from is None else f"från {quantity(definition, one.expected_from)} {to}"


def span(level: Level) -> str:
    """`jan 2024 – dec 2024`."""
    first, last = text.month(level.first, short=True), text.month(level.last, short=True)
    return first if first == last else f"{first} – {last}"


def limits(definition: Definition, level: Level) -> str:
    """`28 % till 82 %`; a dash where they cannot be told."""
    if level.lower is None or level.upper is None:
        return "–"
    return f"{quantity(definition, level.lower)} till {quantity(definition, level.upper)}"


def comparison(definition: Definition, found: Comparison, expected_to: float | None) -> str:
    """What the figure did, before beside after."""
    one, many = _PERIODS[definition.period]
    before, after = found.before, found.after
    if after is None or after.level is None:
        none = "ingen" if definition.period is PeriodType.MONTH else "inget"
        return f"Ännu finns {none} {one} med värde efter att åtgärden började."
    if before is None or before.level is None:
        return "Det finns inga värden från tiden före åtgärden att jämföra med."
    old, new = quantity(definition, before.level), quantity(definition, after.level)
    told = [f"Före åtgärden låg nyckeltalet på {old} ({span(before)}), efter på {new} ({span(after)}).", _moved(found)]
    if found.is_reached is not None:
        reached = "nått" if found.is_reached else "inte nått"
        told.append(f"Det förväntade värdet {quantity(definition, expected_to)} är {reached}.")
    if found.proposal is Effect.TOO_EARLY:
        told.append(f"Det är för tidigt att bedöma: {after.count} {one if after.count == 1 else many} räcker inte.")
    return " ".join(one for one in told if one)


def _moved(found: Comparison) -> str:
    if not found.way:
        return "Nyckeltalet har ingen riktning som är bättre, och inget värde är lovat."
    if not found.is_wanted:
        return "Det har inte blivit bättre."
    if found.is_beyond:
        return "Det är en förbättring som är större än vanlig variation."
    if found.before is not None and found.before.lower is not None:
        return "Förbättringen ryms inom vanlig variation."
    return "Det går inte att säga om förbättringen är större än vanlig variation: fallen eller perioderna är för få."


def proposal(found: Comparison) -> str:
    """What the numbers speak for."""
    if found.proposal is None:
        return "Siffrorna räcker inte för att föreslå något. Du bedömer."
    return f"Siffrorna talar för: {found.proposal.words}. Du bedömer."


def change(name: str, old: object, new: object, definition: Definition | None) -> str:
    """A changed field: `Klar senast: 31 maj 2025 → 30 juni 2025`; one that had no value: `Klar: 15 september 2025`."""
    if old is None:
        return f"{_FIELDS.get(name, name)}: {_value(name, new, definition)}"
    return f"{_FIELDS.get(name, name)}: {_value(name, old, definition)} → {_value(name, new, definition)}"


def _value(name: str, value: object, definition: Definition | None) -> str:
    if value is None:
        return "inget"
    if name.endswith("_on"):
        return text.day(date.fromisoformat(str(value)))
    if isinstance(value, int | float):
        return quantity(definition, value) if definition is not None else text.number(value, 1)
    return _CODES.get(str(value), str(value)) if name in ("status", "cost_class") else f"”{value}”"
