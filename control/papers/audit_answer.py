"""The answer to the audit: per question and recommendation what is done, what the figures say, what remains. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from control.papers.audit_facts import Audit, Question, Recommendation
from control.papers.audit_remains import judged_sentence, remains
from control.papers.content import Block, Cell, Column, Document, Items, Paragraph, Section, Table
from control.papers.control_sections import MATURITY, NO_PLAN, day, subject_words
from control.papers.figure_words import figure_table, short_line
from control.papers.figures import Figure
from control.papers.follow_up import how_made, said_of
from control.papers.kinds import PaperKind, title_of
from control.papers.material import Material
from control.papers.occasions import Occasion, latest_result
from control.papers.plan_words import EFFECTS, RESULTS, SIDES, STATUSES, grade_words
from control.papers.samples import sample_words, samples_annex
from control.papers.sources import Action, Assessment
from control.plan.content import Control, Risk
from kpi import format as text

_GOALS = ("question_4", MATURITY)
"""What is judged that tells whether the board's follow-up leads to anything."""


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
            *_other_actions(material, audit),
            how_made(material, is_read=True),
        ),
        annexes=tuple(samples_annex(material.plans, material.occasions)),
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
        if material.earlier is not None:
            what += f" Kontrollmomenten nedan är de i planen för {material.earlier.year}."
    measured = (
        f"Nämnden följer {text.count_word(len(material.figures))} nyckeltal varje månad, tertial eller år; "
        f"siffrorna gäller {text.month(material.period)}"
        f"{', eller den senaste tidigare period som står vid nyckeltalet' if material.earlier_figures else ''}."
    )
    points = [
        f"Fråga {question.number}: {judged_sentence(_of_question(material, question))}." for question in audit.questions
    ]
    return Paragraph(f"{what} {measured}"), Items(tuple(points))


def _at(told: str, section: str) -> str:
    """What the report says, and where."""
    where = f"avsnitt {section}" if section[:1].isdigit() else section
    return f"{told.rstrip('.')} ({where})."


def _of_question(material: Material, question: Question) -> list[Figure]:
    return [one for one in material.figures if one.definition.audit_question == question.number]


def _question(material: Material, question: Question) -> Section:
    figures, judged = _of_question(material, question), _judged(material, question)
    controls, actions = _controls_of(material, question), _actions_of_question(material, question)
    blocks: list[Block] = [
        Paragraph(f"Revisorernas bedömning: {_at(question.found, question.section)}"),
        *_assessed(judged),
        *_done(material, controls, actions),
    ]
    if figures:
        blocks.append(figure_table(f"Nyckeltal för fråga {question.number}", figures, material.period))
    blocks += said_of(material, figures)
    blocks += remains(material, figures, [control for _, control in controls], actions, judged)
    return Section(f"Fråga {question.number}. {question.asked}", tuple(blocks))


def _controls_of(material: Material, question: Question) -> list[tuple[Risk, Control]]:
    return [
        (risk, control)
        for risk in _risks(material)
        if risk.audit_question == question.number
        for control in risk.controls
    ]


def _actions_of_question(material: Material, question: Question) -> list[Action]:
    controls = [control for _, control in _controls_of(material, question)]
    return _actions_of(material, _of_question(material, question), controls)


def _risks(material: Material) -> tuple[Risk, ...]:
    """Of the year's plan, else of the year before's, by which the controls were made."""
    return material.plans[0].content.risks if material.plans else ()


def _judged(material: Material, question: Question) -> list[Assessment]:
    subject = f"question_{question.number}"
    return [one for one in material.assessments if one.subject == subject and one.unit_code is None]


def _assessed(found: Sequence[Assessment]) -> list[Block]:
    """What presidium and administration judge today, each by itself."""
    if not found:
        return [Paragraph("Nämnden har inte bedömt frågan ännu.")]
    return [Paragraph(_assessed_words(one)) for one in found]


def _assessed_words(one: Assessment) -> str:
    return (
        f"{text.capital(SIDES[one.side])} bedömer ({text.month(one.period)}): {grade_words(one.subject, one.grade)}. "
        f"{one.motivation}{_resting_on(one)}"
    )


def _resting_on(one: Assessment) -> str:
    return f" {_evidence(one.evidence)}." if one.evidence else ""


def _done(material: Material, controls: Sequence[tuple[Risk, Control]], actions: Sequence[Action]) -> list[Block]:
    """The controls of the risks with what they found, and the actions for the figures and after the controls."""
    found: list[Block] = []
    if controls:
        columns = (
            Column("Kontrollmoment", 44), Column("Senaste resultat", 20),
            Column("Iakttagelse och underlag", 36),
        )  # fmt: skip
        rows = tuple(_control_row(material, risk, control) for risk, control in controls)
        found.append(Table("Kontroller", columns, rows))
    else:
        found.append(Paragraph(_no_control(material)))
    return [*found, _action_table("Åtgärder", actions)] if actions else found


def _action_table(caption: str, actions: Sequence[Action]) -> Table:
    columns = (Column("Åtgärd", 44), Column("Läge", 20), Column("Effekt och underlag", 36))
    return Table(caption, columns, tuple(_action_row(one) for one in actions))


def _other_actions(material: Material, audit: Audit) -> list[Section]:
    """The actions that belong to no question: decided for themselves, or of a figure that is not in the answer."""
    told_ = {one.action_no for question in audit.questions for one in _actions_of_question(material, question)}
    found = [one for one in material.actions if one.action_no not in told_ and one.status != "cancelled"]
    return [Section("Övriga åtgärder", (_action_table("Övriga åtgärder", found),))] if found else []


def _no_control(material: Material) -> str:
    return NO_PLAN if not material.plans else "Inget kontrollmoment i planen gäller detta."


def _actions_of(material: Material, figures: Iterable[Figure], controls: Iterable[Control]) -> list[Action]:
    """The actions that are to change the figures, and those that what the controls found led to."""
    ids, control_ids = {one.definition.id for one in figures}, {one.id for one in controls}
    numbers = {str(one.occasion_no) for one in material.occasions if one.control_id in control_ids}
    return [
        one
        for one in material.actions
        if one.status != "cancelled"
        and (one.kpi_id in ids or (one.origin == "control" and one.origin_reference in numbers))
    ]


def _control_row(material: Material, risk: Risk, control: Control) -> tuple[Cell, ...]:
    latest = latest_result(material.occasions, control.id)
    name = Cell(control.what, below=f"Risk: {risk.event}")
    if latest is None or latest.result is None:
        return name, Cell("Inte genomfört än"), Cell("")
    done = _when_done(latest)
    return (
        name,
        Cell(text.capital(RESULTS[latest.result]), below=done),
        Cell(latest.analysis, below=". ".join(filter(None, [_evidence(latest.evidence), sample_words([latest])]))),
    )


def _when_done(one: Occasion) -> str:
    return ", ".join(filter(None, [day(one.done_on) if one.done_on else "", one.signed_late]))


def _evidence(found: Sequence[str]) -> str:
    return f"Underlag: {'; '.join(found)}" if found else ""


def _action_row(one: Action) -> tuple[Cell, ...]:
    below = ", ".join(
        filter(None, [day(one.done_on) if one.done_on else f"klar senast {day(one.due_on)}", one.entered_late])
    )
    effect = _effect_words(one)
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
    blocks: list[Block] = [Paragraph(_at(one.gist, one.section))]
    if measured:
        names = [
            f"{control.what.rstrip('.')} (risk: {_lower(risk.event)}){_latest_words(material, control)}."
            for risk, control in measured
        ]
        blocks.append(
            Paragraph("Det som görs: planen har dessa kontrollmoment, här med senaste resultat och underlag.")
        )
        blocks.append(Items(tuple(names)))
    else:
        blocks.append(Paragraph(_no_control(material)))
    actions = _actions_of(material, figures, [control for _, control in measured])
    if actions:
        blocks.append(Items(tuple(_action_words(action) for action in actions)))
    if one.asks_for_goals:
        blocks += _goals(material)
    if figures:
        blocks.append(Paragraph("Det visar siffrorna:"))
        blocks.append(Items(tuple(short_line(figure) for figure in figures)))
    judged = [each for each in material.assessments if each.unit_code is None and each.subject in _GOALS]
    blocks += remains(
        material, figures, [control for _, control in measured], actions, judged if one.asks_for_goals else ()
    )
    return Section(f"Rekommendation {one.number}", tuple(blocks))


def _latest_words(material: Material, control: Control) -> str:
    latest = latest_result(material.occasions, control.id)
    if latest is None or latest.result is None:
        return ""
    done = "".join(f", {one}" for one in [_when_done(latest)] if one)
    resting_on = [one for one in (_evidence(latest.evidence), sample_words([latest])) if one]
    return ". ".join([f": {RESULTS[latest.result]}{done}", *resting_on])


def _action_words(one: Action) -> str:
    """What is done, how it stands, what came of it and what that rests on."""
    ended = f" {day(one.done_on)}" if one.done_on else ""
    ended += f", {one.entered_late}" if one.entered_late else ""
    told = [f"Åtgärd: {one.what.rstrip('.')}, {STATUSES[one.status]}{ended}", _effect_words(one).rstrip(".")]
    return f"{'. '.join([*told, *filter(None, [_evidence(one.evidence)])])}."


def _effect_words(one: Action) -> str:
    if one.effect is None:
        return "Effekten är inte bedömd än"
    return f"Effekt: {EFFECTS[one.effect.effect]}. {one.effect.motivation}"


def _goals(material: Material) -> list[Block]:
    """What presidium and administration judge: of each question the answer, whose reasons stand there, and the maturity
    with all that it rests on."""
    found = [one for one in material.assessments if one.unit_code is None]
    told = [
        f"{subject_words(one.subject)} {text.capital(SIDES[one.side])} bedömer ({text.month(one.period)}): "
        f"{grade_words(one.subject, one.grade)}."
        for one in found
        if one.subject != MATURITY
    ]
    told += [
        f"{subject_words(one.subject)}. {_assessed_words(one)}"
        for one in found
        if one.subject == MATURITY
    ]  # fmt: skip
    blocks: list[Block] = (
        [Paragraph("Så bedömer presidiet och förvaltningen samverkan:"), Items(tuple(told))] if told else []
    )
    if not any(one.subject == MATURITY for one in found):
        blocks.append(Paragraph("Nämnden har inte bedömt mognaden i samverkan ännu."))
    return blocks


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:].rstrip(".")
