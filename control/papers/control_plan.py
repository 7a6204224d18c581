"""The control plan as a paper: what the board adopts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from control.papers.content import Annex, Block, Cell, Column, Document, Items, Paragraph, Section, Table
from control.papers.figure_words import HIDDEN, judgement, parts_words, target_words, told, when
from control.papers.kinds import PaperKind, title_of
from control.papers.material import Material
from control.papers.plan_words import CATEGORIES, FREQUENCIES, HANDLINGS, method_words
from control.papers.sources import Plan
from control.plan.content import Handling, Risk, Scale, Step
from kpi import format as text

_MOST_NAMED = 3


def control_plan(material: Material) -> Document:
    """The paper."""
    plan = material.plan
    if plan is None:
        raise ValueError("a control plan is written of a plan")
    sections = [
        Section("Så är planen gjord", _about(plan, material.earlier)),
        _matrix_section(plan),
        _risks_section(plan, material.earlier),
        *([_how_made(material)] if material.head.cut.release_no else []),
    ]
    return Document(
        head=material.head,
        title=title_of(PaperKind.CONTROL_PLAN, material.period),
        decisions=_decisions(plan),
        summary=_summary(plan),
        sections=tuple(sections),
        annexes=(_controls_annex(plan), *_figures_annex(material, plan), _scale_annex(plan.content.scale)),
        copies_to=("Kommunstyrelsen", "Förvaltningen", "Revisionen"),
        note=_standing(plan),
    )


def _standing(plan: Plan) -> str:
    if plan.decision is None:
        return ""
    told_ = plan.decision
    return f"{text.day(told_.decided_on)}, {told_.paragraph}, dnr {told_.registration_number}"


def _decisions(plan: Plan) -> tuple[str, ...]:
    if plan.decision is not None:
        return (f"lägga intern kontrollplan {plan.year}, som nämnden har antagit, till handlingarna",)
    what = f"anta intern kontrollplan för samverkan kring barn och unga {plan.year}"
    if plan.revision:
        what = f"anta ändring {plan.revision} av intern kontrollplan för samverkan kring barn och unga {plan.year}"
    return (
        what,
        (
            "uppdra åt förvaltningen att genomföra kontrollmomenten och redovisa resultatet i tertial- och "
            "årsuppföljningen"
        ),
    )


def _summary(plan: Plan) -> tuple[Block, ...]:
    risks = plan.content.risks
    controls = [control for risk in risks for control in risk.controls]
    act = [risk for risk in risks if risk.handling is Handling.ACT]
    figures = {kpi for control in controls for kpi in control.kpis}
    first = (
        f"Planen har {text.count_word(len(risks))} risker i samverkan kring barn och unga och "
        f"{text.count_word(len(controls))} kontrollmoment. {text.capital(text.count_word(len(figures)))} nyckeltal "
        "mäter om riskerna är under kontroll."
    )
    points = _highest(risks)
    if act:
        many = "En" if len(act) == 1 else text.capital(text.count_word(len(act)))
        points.append(f"{many} av riskerna ska åtgärdas, inte bara kontrolleras")
    return Paragraph(first), Items(tuple(f"{one.rstrip('.')}." for one in points))


def _highest(risks: Sequence[Risk]) -> list[str]:
    """The risks of the greatest values, three at most; of as great ones none is named before the others."""
    found: list[str] = []
    for value in sorted({one.value for one in risks}, reverse=True):
        same = [one for one in risks if one.value == value]
        if len(found) + len(same) > _MOST_NAMED:
            return found or [f"{text.capital(text.count_word(len(same)))} risker har det högsta riskvärdet, {value}"]
        found += [f"Riskvärde {value}: {one.event[:1].lower()}{one.event[1:]}" for one in same]
    return found


def _about(plan: Plan, earlier: Plan | None) -> tuple[Block, ...]:
    size = plan.content.scale.size
    law = (
        "Varje nämnd ska se till att den interna kontrollen är tillräcklig (kommunallagen 6\u00a0kap. 6\u00a0§). "
        "Planen utgår från de frågor som revisorerna ställde om samverkan kring barn och unga; varje risk säger vilken "
        "fråga den gäller."
    )
    steps = (
        f"Riskvärdet är sannolikhet gånger konsekvens på en skala 1–{size}. Vad stegen betyder står i bilagan om "
        "skalan."
    )
    told_ = [law, steps]
    if plan.based_on is not None:
        told_.append(f"Planen bygger på planen för {plan.based_on}.")
    if _is_comparable(plan, earlier):
        told_.append(f"Riskvärdena i planen för {plan.year - 1} står i risktabellen.")
    elif earlier is not None:
        told_.append(
            f"Skalan har ett annat antal steg än i planen för {earlier.year}, så riskvärdena jämförs inte med dem."
        )
    return tuple(Paragraph(one) for one in told_)


def _is_comparable(plan: Plan, earlier: Plan | None) -> bool:
    """Whether the values of the year before can stand beside: risk values of scales of different size say nothing of
    each other."""
    return earlier is not None and earlier.content.scale.size == plan.content.scale.size


def _how_made(material: Material) -> Section:
    """Where the figures come from, and that the plan itself is not of any closing."""
    cut = material.head.cut
    closed = text.moment(datetime.fromisoformat(cut.recorded_at))
    lines = (
        "Planen återges som den stod när handlingen gjordes.",
        (
            f"Nyckeltalens utfall är de som nämnden hade fryst till och med stängning nr {cut.release_no} ({closed}). "
            "De ändras inte av senare leveranser."
        ),
        f"Stängningens fingeravtryck: {cut.release_hash}.",
        HIDDEN,
    )
    return Section("Så är uppgifterna framtagna", tuple(Paragraph(one) for one in lines))


def _matrix_section(plan: Plan) -> Section:
    """The matrix as a table: a row for each step of probability, the greatest first."""
    scale = plan.content.scale
    columns = (
        Column("Sannolikhet", 22),
        *(Column(f"{at}. {text.capital(step.word)}", 18) for at, step in enumerate(scale.consequence, 1)),
    )
    rows = [
        (
            Cell(f"{probability}. {text.capital(scale.probability[probability - 1].word)}"),
            *(Cell(_numbers(plan, probability, consequence)) for consequence in range(1, scale.size + 1)),
        )
        for probability in range(scale.size, 0, -1)
    ]
    lead = "Kolumnerna är konsekvensens steg. I rutorna står riskernas nummer ur tabellen nedan."
    return Section(
        "Riskmatris", (Paragraph(lead), Table("Riskmatris: sannolikhet och konsekvens", columns, tuple(rows)))
    )


def _numbers(plan: Plan, probability: int, consequence: int) -> str:
    found = [
        str(at)
        for at, risk in enumerate(in_order(plan), 1)
        if (risk.probability, risk.consequence) == (probability, consequence)
    ]
    return ", ".join(found) if found else "–"


def in_order(plan: Plan) -> list[Risk]:
    """The risks as they are numbered: the greatest value first."""
    return sorted(plan.content.risks, key=lambda one: -one.value)


def _risks_section(plan: Plan, earlier: Plan | None) -> Section:
    before = {}
    if earlier is not None and _is_comparable(plan, earlier):
        before = {risk.id: risk.value for risk in earlier.content.risks}
    columns = [
        Column("Nr", 6), Column("Risk", 53), Column("S", 5, is_number=True), Column("K", 5, is_number=True),
        Column("Värde", 10, is_number=True), Column("Hantering", 15),
    ]  # fmt: skip
    if before:
        columns.append(Column("Förra året", 9, is_number=True))
    rows = []
    for at, risk in enumerate(in_order(plan), 1):
        row = [
            Cell(str(at)),
            Cell(text.capital(risk.event), below=_below(risk)),
            _whole(risk.probability),
            _whole(risk.consequence),
            _whole(risk.value),
            Cell(text.capital(HANDLINGS[risk.handling])),
        ]
        if before:
            row.append(_whole(before[risk.id]) if risk.id in before else Cell("ny"))
        rows.append(tuple(row))
    return Section("Risker", (Table("Risker: S = sannolikhet, K = konsekvens", tuple(columns), tuple(rows)),))


def _below(risk: Risk) -> str:
    """Why it may happen, what it leads to, and where it comes from."""
    source = f" {risk.source.report}, avsnitt {risk.source.section}." if risk.source is not None else ""
    return (
        f"Orsak: {risk.cause.rstrip('.')}. Följd: {risk.effect.rstrip('.')}. {text.capital(risk.process)}, "
        f"{CATEGORIES[risk.category]}; revisionsfråga {risk.audit_question}.{source}"
    )


def _whole(value: int) -> Cell:
    return Cell(str(value), float(value))


def _controls_annex(plan: Plan) -> Annex:
    columns = (
        Column("Kontrollmoment", 28), Column("Metod", 13), Column("Hur ofta", 12), Column("Ansvarig", 27),
        Column("Redovisas", 24),
    )  # fmt: skip
    sections = []
    for at, risk in enumerate(in_order(plan), 1):
        rows = tuple(
            (
                Cell(control.what),
                Cell(text.capital(method_words(control))),
                Cell(text.capital(FREQUENCIES[control.frequency])),
                Cell(control.responsible),
                Cell(control.reported_to, below=control.reported_when),
            )
            for control in risk.controls
        )
        blocks: tuple[Block, ...] = (Paragraph("Risken har inget kontrollmoment."),)
        if rows:
            blocks = (Table(f"Kontrollmoment för risk {at}", columns, rows),)
        sections.append(Section(f"Risk {at}: {text.capital(risk.event.rstrip('.'))}", blocks))
    return Annex("Kontrollmoment", tuple(sections))


def _figures_annex(material: Material, plan: Plan) -> Sequence[Annex]:
    """The figures that measure the risks, with the last released value where there is one."""
    columns = (
        Column("Nyckeltal", 36),
        Column("Risk", 10),
        Column("Senaste utfall", 22),
        Column("Mål och bedömning", 32),
    )
    linked: dict[str, list[str]] = {}
    for at, risk in enumerate(in_order(plan), 1):
        for kpi_id in dict.fromkeys(kpi for control in risk.controls for kpi in control.kpis):
            linked.setdefault(kpi_id, []).append(str(at))
    rows = []
    for kpi_id, risks in linked.items():
        definition, figure = material.catalogue.definitions.get(kpi_id), material.figure(kpi_id)
        if definition is None:
            continue
        if figure is None:
            latest, judged = Cell("Inte redovisat än"), Cell("")
        elif figure.splits:
            latest = Cell("Redovisas per del", below=when(figure.of))
            judged = Cell(target_words(figure), below=text.capital(parts_words(figure)))
        else:
            latest = Cell(told(definition, figure.value), below=when(figure.of))
            judged = Cell(target_words(figure), below=judgement(figure))
        rows.append((Cell(definition.name), Cell(", ".join(risks)), latest, judged))
    if not rows:
        return ()
    table = Table("Nyckeltal som mäter riskerna", columns, tuple(rows))
    return (Annex("Nyckeltal som mäter riskerna", (Section("Nyckeltal och risker", (table,)),)),)


def _step(step: Step) -> Cell:
    return Cell(text.capital(step.word), below=text.capital(step.meaning))


def _scale_annex(scale: Scale) -> Annex:
    columns = (Column("Steg", 8), Column("Sannolikhet", 46), Column("Konsekvens", 46))
    rows = tuple(
        (Cell(str(at)), _step(likely), _step(grave))
        for at, (likely, grave) in enumerate(zip(scale.probability, scale.consequence, strict=True), 1)
    )
    return Annex("Skalan", (Section("Sannolikhet och konsekvens", (Table("Skalans steg", columns, rows),)),))
