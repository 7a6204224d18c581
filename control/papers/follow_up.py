"""The monthly, tertial and year follow-up: what the board needs to know, then the whole as an annex. Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime

from control.papers.content import Annex, Block, Cell, Column, Document, Items, Paragraph, Section, Table, listed
from control.papers.control_sections import (
    action_words,
    actions_section,
    actions_sentence,
    assessments_section,
    controls_section,
    current_actions,
    disagreements,
)
from control.papers.control_table import controls_sentence, undone_sentence
from control.papers.figure_words import (
    HIDDEN,
    figure_chart,
    figure_table,
    is_better,
    is_worse,
    new_level,
    sentence,
    short_line,
)
from control.papers.figures import Figure
from control.papers.kinds import PaperKind, title_of
from control.papers.material import Material
from control.papers.samples import samples_annex
from control.papers.sources import Action
from kpi import format as text
from kpi.code_words import AUDIT_QUESTIONS
from kpi.period import Period
from kpi.status import State

_COMMENT = "Förvaltningens kommentar"
MOST_SHOWN = 6
"""How many figures are told one by one; the others are in the annex."""


def follow_up(material: Material) -> Document:
    """The paper."""
    kind, period = PaperKind(material.head.kind), material.period
    important = needing_attention(material.figures)
    sections = [
        _attention_section(material, important),
        *_deviations(material),
        controls_section(material.plan, material.occasions, material.late, material.earlier, material.undone),
        actions_section(_actions(material), material.catalogue.definitions, period),
    ]
    if kind is not PaperKind.MONTHLY:
        assessed = assessments_section(material.assessments)
        sections += [_risks(material)] if material.plan is not None else []
        sections += [assessed] if assessed is not None else []
    sections.append(how_made(material))
    return Document(
        head=material.head,
        title=title_of(kind, period),
        decisions=_decisions(material, kind, important),
        summary=_summary(material, important),
        sections=tuple(sections),
        annexes=(figures_annex(material), *samples_annex(material.plans, [*material.occasions, *material.late])),
        copies_to=("Kommunstyrelsen", "Revisionen") if kind is not PaperKind.MONTHLY else (),
    )


def needing_attention(figures: Sequence[Figure]) -> list[Figure]:
    """Figures that miss a target or level, decided before proposed, and those that have clearly become worse; the
    farthest off first among equals by the order of the definitions."""
    found = [one for one in figures if one.is_off or is_worse(one)]
    return sorted(found, key=lambda one: (not (one.is_off and _is_decided(one)), not is_worse(one), not one.is_off))


def _is_decided(figure: Figure) -> bool:
    return figure.target is not None and figure.target.is_decided and not figure.target.is_watch


def _decisions(material: Material, kind: PaperKind, important: Sequence[Figure]) -> tuple[str, ...]:
    told = text.month(material.period)
    found = [f"godkänna uppföljningen av intern kontroll för {told} och lägga den till handlingarna"]
    without = [
        one.definition.name for one in important
        if (_is_decided(one) or is_worse(one))
        and one.definition.control != "counterpart"
        and not material.is_acted_on(one.definition.id)
        and not material.remark(one, "no_action")
    ]  # fmt: skip
    if without:
        names = listed([f"”{name}”" for name in without[:MOST_SHOWN]])
        found.append(f"uppdra åt förvaltningen att till nästa uppföljning föreslå åtgärder för {names}")
    if any(one.target is not None and not one.target.is_decided for one in material.figures):
        found.append("uppdra åt förvaltningen att lägga fram förslag till beslut om de mål som ännu bara är föreslagna")
    if kind is PaperKind.YEAR:
        found.append("överlämna uppföljningen till kommunstyrelsen")
    return tuple(found)


def _summary(material: Material, important: Sequence[Figure]) -> tuple[Block, ...]:
    figures, period = material.figures, material.period
    off = [one for one in important if one.is_off]
    reached, near = (
        [one for one in figures if not one.is_off and one.status is not None and one.status.state is state]
        for state in (State.REACHES, State.NEAR)
    )
    judged = len(off) + len(reached) + len(near)
    every, can, right, close, wrong = _neuter(len(figures), judged, len(reached), len(near), len(off))
    first = (
        f"{text.capital(text.within(period))} redovisas {every} nyckeltal om samverkan kring "
        f"barn och unga. {text.capital(can)} kan bedömas mot ett mål eller en nivå"
        f"{f': {right} når den, {close} ligger nära och {wrong} ligger utanför den' if judged else ''}."
    )
    points = []
    if missed := [one for one in off if _is_decided(one)]:
        points.append(f"Når inte nämndens mål: {_names(missed)}.")
    if proposed := [one for one in off if not _is_decided(one)]:
        points.append(f"Sämre än det föreslagna målet eller den föreslagna bevakningsnivån: {_names(proposed)}.")
    if worse := [one for one in figures if is_worse(one)]:
        points.append(f"Tydligt sämre än förut: {_names(worse)}.")
    if better := [one for one in figures if is_better(one)]:
        points.append(f"Tydligt bättre än förut: {_names(better)}.")
    if material.plan is not None and material.occasions:
        points.append(controls_sentence(material.occasions))
    if late := material.late:
        many = "En kontroll" if len(late) == 1 else f"{text.capital(text.count_word(len(late)))} kontroller"
        points.append(f"{many} för tidigare perioder har signerats efter förra stängningen.")
    if material.undone:
        points.append(undone_sentence(material.undone))
    if actions := _actions(material):
        points.append(actions_sentence(actions, period))
    if material.head.kind != PaperKind.MONTHLY and (apart := disagreements(material.assessments)):
        many = "en fråga" if len(apart) == 1 else f"{text.count_word(len(apart))} frågor"
        points.append(f"Presidiet och förvaltningen bedömer olika i {many}.")
    return Paragraph(first), *([Items(tuple(points))] if points else [])


def _neuter(*counts: int) -> list[str]:
    """How many figures, in one form: `inget`, `ett`, `tolv`."""
    return [told if count else "inget" for count, told in zip(counts, text.counts(*counts), strict=True)]


def _names(figures: Sequence[Figure]) -> str:
    names = [in_text(one.definition.name) for one in figures[:MOST_SHOWN]]
    more = len(figures) - len(names)
    return enumerated([*names, f"{text.count_word(more)} till (se bilaga 1)"] if more > 0 else names)


def enumerated(names: Sequence[str]) -> str:
    """As `listed`, with semicolons where a name has a comma of its own."""
    if len(names) < 2 or not any("," in one for one in names):
        return listed(names)
    return f"{'; '.join(names[:-1])} och {names[-1]}"


def in_text(name: str) -> str:
    """A figure's name in running text; `SIP uppföljda i tid` keeps its capitals."""
    return name if name.split()[0].isupper() else name[:1].lower() + name[1:]


def _actions(material: Material) -> list[Action]:
    return current_actions(material.actions, material.period)


def _attention_section(material: Material, important: Sequence[Figure]) -> Section:
    heading = "Nyckeltal som behöver nämndens uppmärksamhet"
    if not important:
        return Section(heading, (Paragraph("Inget nyckeltal ligger under sitt mål eller har tydligt försämrats."),))
    parts = [figure_part(material, one) for one in important[:MOST_SHOWN]]
    if rest := [in_text(one.definition.name) for one in important[MOST_SHOWN:]]:
        words = f"Ytterligare {text.count_word(len(rest))} står i bilaga 1: {enumerated(rest)}."
        parts.append(Section("Övriga", (Paragraph(words),)))
    return Section(heading, (), tuple(parts))


def figure_part(material: Material, figure: Figure) -> Section:
    """One figure: its sentence, chart, comment, the counterpart's words and our own behaviour beside, and actions."""
    blocks: list[Block] = [Paragraph(sentence(figure))]
    chart = figure_chart(figure)
    if chart is not None:
        blocks.append(chart)
    if comment := material.remark(figure, "comment"):
        blocks.append(Paragraph(f"{_COMMENT}: {comment}"))
    if figure.definition.control == "counterpart":
        blocks += _counterpart(material, figure)
    last = material.period.last_day
    blocks += [Paragraph(action_words(one, last)) for one in material.actions_for(figure.definition.id)]
    if reason := material.reason_for_none(figure):
        blocks.append(Paragraph(reason))
    return Section(figure.definition.name, tuple(blocks))


def _counterpart(material: Material, figure: Figure) -> list[Block]:
    beside = _beside(material, figure)
    ours = " och svarar själv för det som står bredvid" if any(_is_ours(own) for own in beside) else ""
    found: list[Block] = [
        Paragraph(f"{_who_decides(figure)} Nämnden bevakar värdet{ours}."),
        *(Paragraph(f"{_beside_lead(own)}: {own.definition.name}. {sentence(own)}") for own in beside),
    ]
    found.append(Paragraph(_counterpart_said(material, figure)))
    return found


def _counterpart_said(material: Material, figure: Figure) -> str:
    said = material.remark(figure, "counterpart")
    return f"Motparten säger: {said}" if said else "Motparten har inte kommenterat värdet."


def _who_decides(figure: Figure) -> str:
    """Whose the value is; that of the called is partly the municipality's own."""
    if "actor" in figure.definition.split:
        return (
            "Varje part avgör om den deltar: andra huvudmän för sina verksamheter, kommunen för socialtjänst, förskola "
            "och skola."
        )
    return "En annan huvudman avgör det här värdet."


def _beside(material: Material, figure: Figure) -> list[Figure]:
    return [own for kpi_id in figure.definition.beside if (own := material.figure(kpi_id)) is not None]


def _beside_lead(figure: Figure) -> str:
    return "Vårt eget" if _is_ours(figure) else "Läses också"


def _is_ours(figure: Figure) -> bool:
    return figure.definition.control != "counterpart"


def _deviations(material: Material) -> list[Section]:
    found = [one for one in material.figures if "deviations" in one.definition.datasets]
    if not found:
        return []
    table = figure_table("Nyckeltal om avvikelser", found, material.period)
    lead = "Fler rapporterade avvikelser är inte sämre: risken är att det inte rapporteras."
    return [Section("Avvikelser i samverkan", (Paragraph(lead), table))]


def _risks(material: Material) -> Section:
    """The plan's risks, with the risk as it was judged last by a control."""
    plan = material.plan
    assert plan is not None
    latest = {
        risk.id: one.risk_value
        for one in (*material.late, *material.occasions)
        if one.period.year == plan.year
        and one.risk_value is not None
        and (held := plan.content.control(one.control_id)) is not None
        for risk in [held[0]]
    }
    columns = (
        Column("Risk", 60), Column("I planen", 12, is_number=True), Column("Efter kontroll", 14, is_number=True),
        Column("Ändring", 14),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(text.capital(risk.event), below=f"Leder till: {risk.effect}"),
            Cell(str(risk.value), float(risk.value)),
            Cell("Inte bedömd") if (now := latest.get(risk.id)) is None else Cell(str(now), float(now)),
            Cell(_moved(risk.value, now)),
        )
        for risk in sorted(plan.content.risks, key=lambda one: -one.value)
    )
    decided = plan.decision
    about = (
        f"Planen antogs {text.day(decided.decided_on)}, {decided.paragraph}, dnr {decided.registration_number}. "
        if decided
        else ""
    )
    size = plan.content.scale.size
    lead = f"{about}Riskvärdet är sannolikhet gånger konsekvens, vardera 1–{size}."
    return Section("Risker", (Paragraph(lead), Table("Riskvärden", columns, rows)))


def _moved(planned: int, now: int | None) -> str:
    if now is None:
        return ""
    return "Oförändrad" if now == planned else "Lägre" if now < planned else "Högre"


def figures_annex(material: Material) -> Annex:
    """Every figure, by the audits' questions."""
    told = {one.definition.id for one in needing_attention(material.figures)[:MOST_SHOWN]}
    sections = [
        Section(
            f"{number}. {question}",
            (figure_table(f"Nyckeltal för fråga {number}", found, material.period), *said_of(material, found, told)),
        )
        for number, question in AUDIT_QUESTIONS.items()
        if (found := [one for one in material.figures if one.definition.audit_question == number])
    ]
    return Annex(
        "Alla nyckeltal",
        (Section("Så läses tabellerna", (Paragraph(f"{_reading(material.period)} {HIDDEN}"),)), *sections),
    )


def said_of(material: Material, figures: Sequence[Figure], told: Set[str] = frozenset()) -> list[Block]:
    """What is said of the figures that have not been told one by one, and what stands beside a counterpart's."""
    said = [
        f"{one.definition.name}. {' '.join(words)}"
        for one in figures
        if one.definition.id not in told
        and (words := [*filter(None, [new_level(one)]), *_remarks(material, one), *_told_beside(material, one)])
    ]
    return [Paragraph("Om nyckeltalen:"), Items(tuple(said))] if said else []


def _remarks(material: Material, figure: Figure) -> list[str]:
    comment = material.remark(figure, "comment")
    return [*([f"{_COMMENT}: {comment}"] if comment else []), *filter(None, [material.reason_for_none(figure)])]


def _told_beside(material: Material, figure: Figure) -> list[str]:
    if figure.definition.control != "counterpart":
        return []
    beside = [f"{_beside_lead(own)}: {short_line(own)}." for own in _beside(material, figure)]
    return [" ".join([_counterpart_said(material, figure), *beside])]


def _reading(period: Period) -> str:
    return (
        f"Utfallet gäller {text.month(period)} om inget annat står. Bedömningen gäller de senaste tolv "
        "månaderna när nyckeltalet går att summera, annars utfallet. Ett föreslaget mål har nämnden inte beslutat om, "
        "så det räknas inte som missat. ”Tydlig” betyder mer än normal variation i ett styrdiagram."
    )


_EARLIER = (
    "Ett nyckeltal som inte har något värde för perioden redovisas för den senaste tidigare period som var stängd då. "
    "Den perioden står vid nyckeltalet."
)


def how_made(material: Material, *, is_read: bool = False) -> Section:
    """Where the numbers come from, so that anybody can ask for them again. `is_read`: also how the tables are read,
    where no annex tells it."""
    cut = material.head.cut
    closed = text.moment(datetime.fromisoformat(cut.recorded_at))
    frozen = (
        f"Uppgifterna frystes när nämnden stängde perioden (stängning nr {cut.release_no}, {closed}) och ändras inte "
        "av senare leveranser. Det som har skrivits i Samkoll efter stängningen är inte med."
    )
    lines = [
        frozen,
        *([_EARLIER] if material.earlier_figures else []),
        f"Stängningens fingeravtryck: {cut.release_hash}.",
        *([_reading(material.period)] if is_read else []),
        f"{HIDDEN} Det som döljs står i en egen bilaga under sekretess.",
    ]
    return Section("Så är uppgifterna framtagna", tuple(Paragraph(one) for one in lines))
