"""What a board takes a position on, in words: a matter's title, sentence and proposal, and the decisions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from control.matters import NAMED, Matter, MatterKind, grouped
from control.papers.content import listed
from dashboard import words
from dashboard.parts import judged_in_full
from kpi import format as text
from kpi.period import Period
from kpi.views.rows import FigureRow


def decisions(matters: Sequence[Matter], month: Period) -> list[str]:
    """Each in the words of a decision, `att` before it left out; one for each group of matters, in their order."""
    first = f"godkänna uppföljningen av intern kontroll för {text.month(month)} och lägga den till handlingarna"
    return [first, *(_decision(group) for group in grouped(matters))]


def _decision(group: Sequence[Matter]) -> str:
    one = group[0]
    match one.kind:
        case MatterKind.PLAN:
            return f"anta intern kontrollplan {one.year}"
        case MatterKind.LATE_ACTIONS:
            late = one.actions
            if len(late) == 1:
                return f"begära besked om när åtgärden ”{late[0].what}” blir klar"
            return f"begära besked om när de {text.count_word(len(late))} försenade åtgärderna blir klara"
        case MatterKind.LATE_CONTROLS:
            which = "det försenade kontrollmomentet" if len(one.controls) == 1 else "de försenade kontrollmomenten"
            return f"ge förvaltningen i uppdrag att genomföra {which}"
        case MatterKind.TARGETS:
            return "ge förvaltningen i uppdrag att lägga fram förslag till beslut om de mål som bara är föreslagna"
    names = [one.row.definition.name for one in group[:NAMED] if one.row is not None]
    return _ASKED[one.kind] + listed([f"”{name}”" for name in names])


_ASKED = {
    MatterKind.MISSED: "ge förvaltningen i uppdrag att till nästa uppföljning föreslå åtgärder för ",
    MatterKind.PROPOSED: "begära förvaltningens analys av ",
    MatterKind.COUNTERPART: "ta upp i den delregionala samverkan ",
}


def of_several(group: Sequence[Matter]) -> str:
    """A card's title for the figures that it names together, and how many there are besides."""
    if len(group) <= NAMED:
        return f"{_many(group)} nyckeltal {_TOGETHER[group[0].kind]}"
    shown, every = text.counts(NAMED, len(group))
    return f"{text.capital(shown)} av {every} nyckeltal {_TOGETHER[group[0].kind]}"


_TOGETHER = {
    MatterKind.MISSED: "utan åtgärd",
    MatterKind.PROPOSED: "att analysera",
    MatterKind.COUNTERPART: "som motparten avgör",
}


def told(one: Matter) -> tuple[str, str, str]:
    """A title, what it is in a sentence, and what the board is proposed."""
    match one.kind:
        case MatterKind.PLAN:
            return (
                f"Intern kontrollplan {one.year}",
                "Förslaget väntar på nämndens beslut.",
                "nämnden antar planen",
            )
        case MatterKind.LATE_ACTIONS:
            title = "Försenad åtgärd" if len(one.actions) == 1 else f"{_many(one.actions)} försenade åtgärder"
            first = one.actions[0]
            sentence = f"”{first.what}” skulle ha varit klar {text.day(first.due_on)}."
            return title, sentence, "nämnden begär besked om när arbetet blir klart"
        case MatterKind.LATE_CONTROLS:
            is_one = len(one.controls) == 1
            title = "Försenat kontrollmoment" if is_one else f"{_many(one.controls)} försenade kontrollmoment"
            first_control = one.controls[0]
            due = text.day(first_control.occasion.due_on)
            return (
                title,
                f"”{first_control.described.control.what}” skulle ha genomförts {due}.",
                "förvaltningen genomför kontrollen",
            )
        case MatterKind.TARGETS:
            what = "Ett" if one.undecided == 1 else text.capital(text.count_word(one.undecided))
            return (
                "Mål som bara är föreslagna",
                f"{what} nyckeltal har mål som nämnden inte har beslutat om.",
                "förvaltningen lägger fram förslag till beslut om målen",
            )
    assert one.row is not None, "the others are about a figure"
    return one.row.definition.name, _of_figure(one.row), _PROPOSALS[one.kind]


_PROPOSALS = {
    MatterKind.MISSED: "förvaltningen föreslår åtgärder till nästa uppföljning",
    MatterKind.PROPOSED: "nämnden begär förvaltningens analys",
    MatterKind.COUNTERPART: "nämnden tar upp frågan i den delregionala samverkan",
}


def _many(those: Sequence[Any]) -> str:
    return text.capital(text.count_word(len(those)))


def _of_figure(row: FigureRow) -> str:
    definition = row.definition
    against = words.against(definition, row.target) if row.target else words.target(definition, None)
    return f"{text.capital(judged_in_full(row))} {words.when(definition, row.judged)}, {against}."
