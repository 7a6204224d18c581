"""What remains after an answer to the audit, and what the figures could not tell. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from control.papers.content import Block, Items, Paragraph
from control.papers.control_sections import MATURITY
from control.papers.figures import Figure
from control.papers.material import Material
from control.papers.occasions import Occasion, latest_result
from control.papers.plan_words import ANSWERS, RESULTS, SIDES, grade_words
from control.papers.sources import Action, Assessment
from control.plan.content import Control
from kpi import format as text
from kpi.status import State

_YES, _HIGHEST = max(ANSWERS), 5
_TO_RAISE = {False: "Komma dit att svaret är ja", True: "Nå en högre mognad i samverkan"}


def judged_sentence(figures: Sequence[Figure]) -> str:
    """How many can be judged and are off, and why the others cannot: `sex nyckeltal, varav två kan bedömas …`. What is
    so of all is said once."""
    if not figures:
        return "inget nyckeltal har något fryst värde ännu"
    judged, off = (sum(one.is_judged for one in figures), sum(one.is_off for one in figures))
    without = len(figures) - judged
    every, can, wrong, cannot = text.counts(len(figures), judged, off, without)
    many = f"{every} nyckeltal"
    if not judged:
        which = "som inte kan bedömas" if len(figures) == 1 else "och inget av dem kan bedömas"
        return f"{many}, {which} ({_reasons(figures)})"
    if len(figures) == 1:
        return f"{many}, som kan bedömas och {'' if off else 'inte '}ligger utanför sin nivå"
    which = "alla" if not without else f"varav {can}"
    first = f"{many}, {which} kan bedömas och {wrong if off else 'inget'} ligger utanför sin nivå"
    return f"{first}; {cannot} kan inte bedömas ({_reasons(_unjudged(figures))})" if without else first


def unjudged_words(figures: Sequence[Figure]) -> str:
    """`tre kan inte bedömas (två följs utan mål, ett visas inte eller har för få fall)`; nothing when all can."""
    without = _unjudged(figures)
    return f"{text.count_word(len(without))} kan inte bedömas ({_reasons(without)})" if without else ""


def _unjudged(figures: Sequence[Figure]) -> list[Figure]:
    return [one for one in figures if not one.is_judged]


def _reasons(without: Sequence[Figure]) -> str:
    """Why they cannot be judged: counted where they differ."""
    reasons = [_reason(one) for one in without]
    if len(set(reasons)) == 1:
        return reasons[0]
    return ", ".join(f"{text.count_word(reasons.count(one))} {one}" for one in dict.fromkeys(reasons))


def _reason(figure: Figure) -> str:
    if figure.target is None:
        return "följs utan mål"
    if figure.status is not None and figure.status.state is State.NO_CASES:
        return "har inga fall"
    return "visas inte eller har för få fall"


def remains(
    material: Material,
    figures: Sequence[Figure],
    controls: Sequence[Control],
    actions: Sequence[Action],
    judged: Sequence[Assessment] = (),
) -> list[Block]:
    """What is still to be done: of the figures, the controls, the actions and the assessments. That nothing is off is
    said of what could be judged only."""
    parts = []
    if off := [one.definition.name for one in figures if one.is_off]:
        parts.append(f"Nå mål eller nivå: {'; '.join(off)}.")
    if near := [one.definition.name for one in figures if one.status is not None and one.status.state is State.NEAR]:
        parts.append(f"Nå hela vägen fram: {'; '.join(near)}.")
    parts += _of_controls(material, controls)
    if going := sum(one.status in ("planned", "started") for one in actions):
        parts.append(f"Slutföra {'en åtgärd' if going == 1 else f'{text.count_word(going)} åtgärder'}.")
    parts += [
        f"{_TO_RAISE[one.subject == MATURITY]}: {SIDES[one.side]} bedömer {grade_words(one.subject, one.grade)}."
        for one in judged
        if one.grade < (_HIGHEST if one.subject == MATURITY else _YES)
    ]
    if not figures:
        parts.append("Få fram siffror: inga är frysta ännu.")
    if without := unjudged_words(figures):
        parts.append(f"Kunna bedöma alla nyckeltal: {without}.")
    if not parts:
        return [Paragraph("Inget av nyckeltalen ligger utanför sitt mål eller sin nivå. De följs vidare.")]
    return [Paragraph("Det som återstår:"), Items(tuple(parts))]


def _of_controls(material: Material, controls: Sequence[Control]) -> list[str]:
    """Controls that were not carried out, and shortcomings that the latest carrying out found."""
    missing, found = [], []
    for control in controls:
        own = [one for one in material.occasions if one.control_id == control.id]
        if late := sum(_is_missing(one) for one in own):
            missing.append(f"{control.what.rstrip('.')}{f' ({text.count_word(late)} gånger)' if late > 1 else ''}")
        latest = latest_result(own, control.id)
        found += [latest.result] if latest is not None else []
    lacking = [
        f"{RESULTS[result]} i {text.count_word(count)}"
        for result in ("serious", "minor")
        if (count := found.count(result))
    ]
    parts = [f"Genomföra kontroller som inte blev gjorda: {'; '.join(missing)}."] if missing else []
    return parts + ([f"Rätta det som kontrollmomenten ovan fann: {' och '.join(lacking)}."] if lacking else [])


def _is_missing(one: Occasion) -> bool:
    return one.result == "not_carried_out" or (one.result is None and not one.is_pending)
