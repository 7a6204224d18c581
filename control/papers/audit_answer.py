"""The answer to the audit: per question and recommendation what is done, what the figures say, what remains. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from control.papers.audit_facts import Audit, Question, Recommendation
from control.papers.content import Block, Cell, Column, Document, Items, Paragraph, Section, Table
from control.papers.control_sections import NO_PLAN, day
from control.papers.figure_words import figure_table, told, when
from control.papers.figures import Figure
from control.papers.follow_up import how_made
from control.papers.kinds import PaperKind, title_of
from control.papers.material import Material
from control.papers.plan_words import EFFECTS, RESULTS, SIDES, STATUSES, grade_words
from control.papers.sources import Action, Occasion
from control.plan.content import Control, Risk
from kpi import format as text
from kpi.status import State


def audit_answer(material: Material, audit: Audit) -> Document:
    """The paper."""
    return Document(
        head=material.head,
        title=title_of(PaperKind.AUDIT_ANSWER, material.period),
        decisions=(
            "anta förvaltningens yttrande som sitt eget",
            "överlämna yttrandet till kommunens revisorer",
        ),
        summary=_summary(material, audit),
        sections=(
            Section("Granskningen", (Paragraph(f"{audit.name}. {audit.overall}"), Paragraph(_words()))),
            Section("Svar på revisionsfrågorna", (), tuple(_question(material, one) for one in audit.questions)),
            Section(
                "Svar på rekommendationerna", (), tuple(_recommendation(material, one) for one in audit.recommendations)
            ),
            how_made(material, is_read=True),
        ),
        copies_to=("Kommunens revisorer", "Kommunstyrelsen"),
    )


def _words() -> str:
    return (
        "Revisorernas frågor, bedömningar och rekommendationer återges med egna ord och hänvisning till avsnitt i "
        "rapporten."
    )


def _summary(material: Material, audit: Audit) -> tuple[Block, ...]:
    plan = material.plan
    if plan is not None and plan.decision is not None:
        controls = sum(len(risk.controls) for risk in plan.content.risks)
        what = (
            f"Nämnden har antagit en intern kontrollplan för {plan.year} ({text.day(plan.decision.decided_on)}, "
            f"{plan.decision.paragraph}) med {text.count_word(controls)} kontrollmoment om samverkan kring barn och "
            "unga."
        )
    else:
        what = "Nämnden hade inte antagit någon kontrollplan för året när siffrorna frystes."
    measured = (
        f"{text.capital(text.count_word(len(material.figures)))} nyckeltal följs varje månad, tertial eller år; "
        f"siffrorna gäller {text.month(material.period)}."
    )
    points = []
    for question in audit.questions:
        figures = _of_question(material, question)
        off = [one for one in figures if one.is_off]
        told_ = (
            f"{text.count_word(len(figures))} nyckeltal, {text.count_word(len(off)) if off else 'inget'} på fel sida"
        )
        points.append(f"Fråga {question.number}: {told_ if figures else 'inga nyckeltal har värden för perioden'}.")
    return Paragraph(f"{what} {measured}"), Items(tuple(points))


def _of_question(material: Material, question: Question) -> list[Figure]:
    return [one for one in material.figures if one.definition.audit_question == question.number]


def _question(material: Material, question: Question) -> Section:
    figures = _of_question(material, question)
    blocks: list[Block] = [
        Paragraph(f"Revisorernas bedömning: {question.found} (avsnitt {question.section})"),
        *_assessed(material, f"question_{question.number}"),
        *_done(material, [risk for risk in _risks(material) if risk.audit_question == question.number], figures),
    ]
    if figures:
        blocks.append(figure_table(f"Nyckeltal för fråga {question.number}", figures, material.period))
    blocks += _remains(material, figures)
    return Section(f"Fråga {question.number}. {question.asked}", tuple(blocks))


def _risks(material: Material) -> tuple[Risk, ...]:
    return material.plan.content.risks if material.plan is not None else ()


def _assessed(material: Material, subject: str) -> list[Block]:
    """What presidium and administration judge today, each by itself."""
    found = [one for one in material.assessments if one.subject == subject and one.unit_code is None]
    if not found:
        return [Paragraph("Nämnden har inte bedömt frågan ännu.")]
    return [
        Paragraph(
            f"{text.capital(SIDES[one.side])} bedömer ({text.month(one.period)}): {grade_words(subject, one.grade)}. "
            f"{one.motivation}"
        )
        for one in found
    ]


def _done(material: Material, risks: Sequence[Risk], figures: Sequence[Figure]) -> list[Block]:
    """The controls of the risks with what they found, and the actions for the figures."""
    controls = [(risk, control) for risk in risks for control in risk.controls]
    found: list[Block] = []
    if controls:
        columns = (Column("Kontrollmoment", 44), Column("Senaste resultat", 20), Column("Underlag", 36))
        rows = tuple(_control_row(material, risk, control) for risk, control in controls)
        found.append(Table("Kontroller", columns, rows))
    else:
        found.append(Paragraph(_no_control(material)))
    actions = _actions_of(material, figures)
    if actions:
        columns = (Column("Åtgärd", 44), Column("Läge", 20), Column("Effekt och underlag", 36))
        found.append(Table("Åtgärder", columns, tuple(_action_row(one) for one in actions)))
    return found


def _no_control(material: Material) -> str:
    return NO_PLAN if material.plan is None else "Inget kontrollmoment i planen gäller detta."


def _actions_of(material: Material, figures: Iterable[Figure]) -> list[Action]:
    ids = {one.definition.id for one in figures}
    return [one for one in material.actions if one.kpi_id in ids and one.status != "cancelled"]


def _control_row(material: Material, risk: Risk, control: Control) -> tuple[Cell, ...]:
    latest = _latest(material, control.id)
    name = Cell(control.what, below=f"Risk: {risk.event}")
    if latest is None or latest.result is None:
        return name, Cell("Inte genomfört än"), Cell("")
    done = day(latest.done_on) if latest.done_on else ""
    return (
        name,
        Cell(text.capital(RESULTS[latest.result]), below=done),
        Cell("; ".join(latest.evidence) or latest.analysis),
    )


def _latest(material: Material, control_id: str) -> Occasion | None:
    found = [one for one in material.occasions if one.control_id == control_id and one.result is not None]
    return max(found, key=lambda one: one.due_on, default=None)


def _action_row(one: Action) -> tuple[Cell, ...]:
    below = f"klar {day(one.done_on)}" if one.done_on else f"klar senast {day(one.due_on)}"
    effect = "Inte bedömd än"
    if one.effect is not None:
        effect = f"Effekt: {EFFECTS[one.effect.effect]}. {one.effect.motivation}"
    return (
        Cell(one.what, below=f"Ansvarig: {one.responsible}"),
        Cell(text.capital(STATUSES[one.status]), below=below),
        Cell(effect, below="; ".join(one.evidence)),
    )


def _recommendation(material: Material, one: Recommendation) -> Section:
    figures = [found for kpi_id in one.kpis if (found := material.figure(kpi_id)) is not None]
    measured = [
        (risk, control) for risk in _risks(material) for control in risk.controls if set(control.kpis) & set(one.kpis)
    ]
    blocks: list[Block] = [Paragraph(f"{one.gist} (avsnitt {one.section})")]
    if measured:
        names = [f"{control.what.rstrip('.')} (risk: {_lower(risk.event)})" for risk, control in measured]
        blocks.append(Paragraph("Det som görs: planen har dessa kontrollmoment."))
        blocks.append(Items(tuple(names)))
    else:
        blocks.append(Paragraph(_no_control(material)))
    actions = _actions_of(material, figures)
    if actions:
        blocks.append(
            Items(tuple(f"Åtgärd: {action.what.rstrip('.')}, {STATUSES[action.status]}" for action in actions))
        )
    if figures:
        blocks.append(Paragraph("Det visar siffrorna:"))
        blocks.append(Items(tuple(_figure_line(figure) for figure in figures)))
    blocks += _remains(material, figures)
    return Section(f"Rekommendation {one.number}", tuple(blocks))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:].rstrip(".")


def _figure_line(figure: Figure) -> str:
    shown = told(figure.definition, figure.judged) if not figure.splits else "redovisas per del i tabellen ovan"
    judged = f", {figure.status.words.lower()}" if figure.status is not None and figure.target is not None else ""
    span = "de senaste tolv månaderna" if figure.twelve is not None else when(figure.of)
    return f"{figure.definition.name}: {shown} ({span}){judged}"


def _remains(material: Material, figures: Sequence[Figure]) -> list[Block]:
    """What is still to be done, from what is off, near or under way."""
    parts = []
    if off := [one.definition.name for one in figures if one.is_off]:
        parts.append(f"Nå mål eller nivå: {'; '.join(off)}.")
    if near := [one.definition.name for one in figures if one.status is not None and one.status.state is State.NEAR]:
        parts.append(f"Nå hela vägen fram: {'; '.join(near)}.")
    going = [one for one in _actions_of(material, figures) if one.status in ("planned", "started")]
    if going:
        parts.append(f"Slutföra {'en åtgärd' if len(going) == 1 else f'{text.count_word(len(going))} åtgärder'}.")
    if not figures:
        parts.append("Få fram siffror: inga finns för den stängda perioden.")
    if not parts:
        return [Paragraph("Inget av nyckeltalen ligger på fel sida om mål eller nivå. De följs vidare.")]
    return [Paragraph("Det som återstår:"), Items(tuple(parts))]
