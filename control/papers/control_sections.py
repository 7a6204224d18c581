"""Sections about controls, actions and assessments. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from control.papers.content import Block, Cell, Column, Items, Paragraph, Section, Table
from control.papers.control_table import (
    controls_sentence,
    controls_table,
    has_repeated,
    late_sentence,
    pending_items,
    undone_items,
    undone_sentence,
)
from control.papers.occasions import Occasion
from control.papers.plan_words import EFFECTS, SIDES, STATUSES, grade_words
from control.papers.sources import Action, Assessment, Plan
from kpi import format as text
from kpi.code_words import AUDIT_QUESTIONS
from kpi.definition import Definition
from kpi.period import Period

MATURITY = "maturity"
NO_PLAN = "Nämnden hade inte antagit någon kontrollplan för året när perioden stängdes."


def controls_section(
    plan: Plan | None,
    found: Sequence[Occasion],
    late: Sequence[Occasion] = (),
    earlier: Plan | None = None,
    undone: Sequence[Occasion] = (),
) -> Section:
    """The controls that came due, and what was found; `late`: those of earlier periods that were signed since, some by
    the `earlier` plan: counted, and only what was lacking is told one by one; `undone`: those of earlier periods that
    nobody has carried out."""
    plans = [one for one in (plan, earlier) if one is not None]
    more: list[Block] = []
    if late:
        more = [Paragraph(late_sentence(late))]
        if lacking := [one for one in late if one.result != "without_remark"]:
            caption = "Tidigare perioders kontrollmoment med brister"
            more.append(controls_table(caption, plans, lacking, is_dated=True))
    if undone:
        more += [Paragraph(undone_sentence(undone)), undone_items(plans, undone)]
    if plan is None:
        return Section("Kontrollmoment", (Paragraph(NO_PLAN), *more))
    if not found:
        return Section("Kontrollmoment", (Paragraph("Perioden har inget kontrollmoment i planen."), *more))
    pending = [one for one in found if one.is_pending]
    ended = [one for one in found if not one.is_pending]
    counted = (
        " Ett kontrollmoment som görs flera gånger under perioden räknas varje gång." if has_repeated(found) else ""
    )
    blocks: list[Block] = [Paragraph(f"{controls_sentence(found)}{counted}")]
    if ended:
        blocks.append(controls_table("Periodens kontrollmoment", plans, ended))
    if pending:
        blocks += [
            Paragraph("Det här skulle ännu inte vara klart när perioden stängdes:"),
            pending_items(plans, pending),
        ]
    return Section("Kontrollmoment", (*blocks, *more))


def current_actions(found: Sequence[Action], period: Period) -> list[Action]:
    """Those that were under way in the period, ended within it, or whose effect was judged within it."""
    return [one for one in found if _was_under_way(one, period) or _was_judged(one, period)]


def _was_under_way(one: Action, period: Period) -> bool:
    if one.ended_on is None:
        return True
    return one.ended_on >= period.first_day and (one.starts_on <= period.last_day or is_within(one.ended_on, period))


def _was_judged(one: Action, period: Period) -> bool:
    return one.effect is not None and is_within(one.effect.assessed_on, period)


def is_within(value: date, period: Period) -> bool:
    """Whether the day lies in the period."""
    return period.first_day <= value <= period.last_day


def actions_section(found: Sequence[Action], definitions: Mapping[str, Definition], period: Period) -> Section:
    """What is being done, by whom and until when, and what came of it."""
    if not found:
        none = "Inga åtgärder pågick, och ingen blev klar, avbröts eller bedömdes under perioden."
        return Section("Åtgärder", (Paragraph(none),))
    columns = (
        Column("Åtgärd", 28), Column("Ansvarig", 27), Column("Klar senast", 14), Column("Läge", 13),
        Column("Effekt", 23),
    )  # fmt: skip
    rows = tuple(_action_row(one, definitions, period.last_day) for one in found)
    return Section("Åtgärder", (Paragraph(actions_sentence(found, period)), Table("Periodens åtgärder", columns, rows)))


def _action_row(one: Action, definitions: Mapping[str, Definition], last: date) -> tuple[Cell, ...]:
    definition = definitions.get(one.kpi_id or "")
    moved = f"först {day(one.first_due_on)}" if one.first_due_on != one.due_on else ""
    status = "Försenad" if is_late(one, last) else text.capital(STATUSES[one.status])
    ended = ", ".join(filter(None, [day(one.ended_on) if one.ended_on else "", one.entered_late]))
    effect = Cell("Inte bedömd än", below=_expected(one, definition))
    if one.status == "cancelled":
        effect = Cell("Bedöms inte")
    if one.effect is not None:
        effect = Cell(text.capital(EFFECTS[one.effect.effect]), below=one.effect.motivation)
    return (
        Cell(one.what, below=one.root_cause),
        Cell(one.responsible),
        Cell(day(one.due_on), below=moved),
        Cell(status, below=ended),
        effect,
    )


def action_words(one: Action, last: date) -> str:
    """An action in running text, with how it stands by the day: `Åtgärd från 10 januari 2025, pågår: …`."""
    if is_late(one, last):
        standing, until = "försenad", f"skulle ha varit klar {text.day(one.due_on)}"
    elif one.done_on is not None:
        standing, until = f"klar {text.day(one.done_on)}", ""
    else:
        standing, until = STATUSES[one.status], f"klar senast {text.day(one.due_on)}"
    effect = f" Effekt: {EFFECTS[one.effect.effect]}." if one.effect is not None else ""
    told = "; ".join([f"Ansvarig: {one.responsible}", *filter(None, [until, one.entered_late])])
    return f"Åtgärd från {text.day(one.starts_on)}, {standing}: {one.what.rstrip('.')}. {told}.{effect}"


def _expected(one: Action, definition: Definition | None) -> str:
    """What it is expected to reach; what it began from is an inside figure and is not told."""
    if definition is None:
        return ""
    if one.expected_to is None:
        return f"Väntas påverka: {definition.name}"
    return f"Väntas ge: {definition.name} {text.quantity(one.expected_to, definition.unit, definition.decimals)}"


def is_late(one: Action, last: date) -> bool:
    """Whether it should have been done by the day."""
    return one.status in ("planned", "started") and one.due_on <= last


def actions_sentence(found: Sequence[Action], period: Period) -> str:
    """How many are under way, late, ended and judged."""
    going = [one for one in found if one.ended_on is None]
    late = [one for one in going if is_late(one, period.last_day)]
    parts = []
    if going:
        verb = "pågår eller är planerade" if len(going) > 1 else "pågår eller är planerad"
        many, some = text.counts(len(going), len(late), is_common=True)
        some = f", varav {some} är försenad{'' if len(late) == 1 else 'e'}" if late else ""
        if len(late) == len(going):
            some = ", och den är försenad" if len(going) == 1 else ", och alla är försenade"
        parts.append(f"{text.capital(many)} {'åtgärd' if len(going) == 1 else 'åtgärder'} {verb}{some}")
    for status, one_did, more_did in (("done", "blev klar", "blev klara"), ("cancelled", "avbröts", "avbröts")):
        days = [one.ended_on for one in found if one.status == status and one.ended_on is not None]
        within = sum(is_within(one, period) for one in days)
        after = sum(one > period.last_day for one in days)
        for count, when in ((within, "under perioden"), (after, "efter perioden, före stängningen")):
            if count:
                parts.append(f"{_actions(count)} {one_did if count == 1 else more_did} {when}")
    if judged := sum(_was_judged(one, period) for one in found):
        parts.append(f"Effekten av {'en åtgärd' if judged == 1 else f'{text.count_word(judged)} åtgärder'} bedömdes")
    return " ".join(f"{one}." for one in parts)


def _actions(count: int) -> str:
    return "En åtgärd" if count == 1 else f"{text.capital(text.count_word(count))} åtgärder"


def assessments_section(found: Sequence[Assessment]) -> Section | None:
    """Judgements of presidium and administration beside each other; None where there are none."""
    if not found:
        return None
    columns = (Column("Fråga", 26), Column("Vem", 14), Column("Bedömning", 15), Column("Motivering", 45))
    rows = tuple(
        (
            Cell(subject_words(one.subject)),
            Cell(text.capital(SIDES[one.side]), below=text.month(one.period, short=True)),
            Cell(text.capital(grade_words(one.subject, one.grade))),
            Cell(one.motivation, below=f"Underlag: {'; '.join(one.evidence)}" if one.evidence else ""),
        )
        for one in found
    )
    blocks: list[Paragraph | Items | Table] = [Table("Presidiets och förvaltningens bedömningar", columns, rows)]
    apart = disagreements(found)
    if apart:
        blocks.insert(0, Paragraph(f"Presidiet och förvaltningen bedömer olika: {'; '.join(apart)}."))
    return Section("Bedömningar", tuple(blocks))


def disagreements(found: Sequence[Assessment]) -> list[str]:
    """Where presidium and administration judge the same period differently; never averaged."""
    newest: dict[str, Period] = {}
    for one in found:
        if one.unit_code is None:
            newest[one.subject] = max(one.period, newest.get(one.subject, one.period))
    grades = {
        (one.subject, one.side): one.grade
        for one in found
        if one.unit_code is None and one.period == newest[one.subject]
    }
    subjects = sorted(newest)
    apart = []
    for subject in subjects:
        theirs, ours = grades.get((subject, "presidium")), grades.get((subject, "administration"))
        if theirs is not None and ours is not None and theirs != ours:
            words = f"presidiet: {grade_words(subject, theirs)}, förvaltningen: {grade_words(subject, ours)}"
            apart.append(f"{subject_words(subject)} ({words})")
    return apart


def subject_words(subject: str) -> str:
    """What is judged."""
    if subject == MATURITY:
        return "Mognad i samverkan"
    number = int(subject.removeprefix("question_"))
    return f"{number}. {AUDIT_QUESTIONS[number]}"


def day(value: date) -> str:
    """`7 apr 2026`."""
    return text.day(value, short=True)
