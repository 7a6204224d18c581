"""One control that comes due: where it stands, what to check, what the figures propose, and what has been found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dash import html

from control.occasions.described import Described
from control.occasions.occasion import Occasion, Proposal, Result
from control.occasions.reading import Standing, standing_of
from control.plan.content import Frequency, Method, Scale, Step
from dashboard import words
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import address, link
from dashboard.components.status_mark import status_mark
from dashboard.components.variation_mark import variation_mark
from kpi import format as text
from kpi.period import Period, PeriodType
from kpi.views.rows import FigureRow

_METHODS = {
    Method.TOTAL: "Allt granskas",
    Method.SAMPLE: "Stickprov",
    Method.EXTRACT: "Uttag ur system",
}
_FREQUENCIES = {
    Frequency.MONTH: "varje månad",
    Frequency.QUARTER: "varje kvartal",
    Frequency.TERTIAL: "varje tertial",
    Frequency.HALF_YEAR: "varje halvår",
    Frequency.YEAR: "en gång om året",
}


def lead(found: Described, today: date, *, is_closed: bool = False) -> html.P:
    """Where it stands, first. `is_closed`: the board has closed its plan."""
    occasion = found.occasion
    about = f"Kontrollmomentet för {text.month(occasion.period)}"
    if occasion.result is not None and occasion.signed_at is not None:
        by = f"Undertecknat {text.local_day(occasion.signed_at)} av {occasion.signed_by}."
        late = "" if occasion.is_on_time else f" Det skulle ha varit genomfört {text.day(occasion.due_on)}."
        found_then = f"{text.capital(occasion.result.words)} {text.within(occasion.period)}."
        return html.P([html.Strong(found_then), f" {by}{late}"], className="lead")
    if occasion.status == "cancelled":
        return html.P(f"{about} utgår: planen har ändrats.", className="lead")
    if is_closed:
        return html.P(f"{about} blev inte genomfört: nämnden har avslutat planen.", className="lead")
    standing = standing_of(occasion, today)
    if standing is Standing.LATE:
        late_by = text.days((today - occasion.due_on).days)
        told = html.Strong(f"{about} är försenat {late_by}.", className="off")
        return html.P([told, f" Det skulle ha varit genomfört {text.day(occasion.due_on)}."], className="lead")
    begins = "" if standing is Standing.DUE else " Perioden är inte slut."
    return html.P(f"{about} ska vara genomfört senast {text.day(occasion.due_on)}.{begins}", className="lead")


def what_panel(found: Described) -> html.Section:
    """The risk and how it is controlled."""
    risk, control = found.risk, found.control
    method = _METHODS[control.method]
    if control.sample_size:
        things = "planer (SIP)" if found.is_review else "stycken"
        method = f"{method} om {text.number(control.sample_size)} {things}"
    facts = [
        ("Process", risk.process),
        ("Risk", f"{_sentence(risk.cause)} {_sentence(risk.event)} {_sentence(risk.effect)}"),
        ("Riskvärde i planen", value_words(risk.probability, risk.consequence, found.scale)),
        ("Hur", f"{method}, {_FREQUENCIES[control.frequency]}"),
        ("Ansvarig", control.responsible),
        ("Rapporteras", f"till {_within(control.reported_to)}, {_within(control.reported_when)}"),
    ]
    if risk.source is not None:
        facts.append(("Revisionen", f"{risk.source.report}, {risk.source.section}: {risk.source.gist}"))
    items = [html.Div([html.Dt(term), html.Dd(told)]) for term, told in facts]
    return html.Section([html.H2("Vad som kontrolleras"), html.Dl(items, className="facts")], className="panel")


def _sentence(told: str) -> str:
    told = text.capital(told.strip())
    return told if told.endswith((".", "!", "?")) else f"{told}."


def _within(told: str) -> str:
    """As it stands inside a sentence."""
    return told[:1].lower() + told[1:]


def value_words(probability: int | None, consequence: int | None, scale: Scale) -> str:
    """`6 (sannolikhet 2, möjlig × konsekvens 3, kännbar)`."""
    if probability is None or consequence is None:
        return "Inte bedömd"
    told = [
        f"{name} {number}, {word(steps, number)}"
        for name, number, steps in (
            ("sannolikhet", probability, scale.probability),
            ("konsekvens", consequence, scale.consequence),
        )
    ]
    return f"{probability * consequence} ({' × '.join(told)})"


def word(steps: Sequence[Step], number: int) -> str:
    """A step's word, as it stands in running text."""
    found = steps[number - 1].word if 1 <= number <= len(steps) else "utanför skalan"
    return _within(found)


def figures_panel(found: Described, rows: Sequence[FigureRow] | None, proposal: Proposal) -> html.Section:
    """The figures that measure it, and what they propose now."""
    children: list[Any] = [html.H2("Nyckeltal")]
    if rows:
        month = Period.containing(found.occasion.period.last_day, PeriodType.MONTH)
        children.append(html.Ul([_figure(row, month) for row in rows], className="measures"))
    if not found.occasion.is_done:  # what they proposed to who signed stands by the result
        children += proposal_words(proposal, found.scale, is_past=False)
    return html.Section(children, className="panel")


def _figure(row: FigureRow, month: Period) -> html.Li:
    """Its name, its value with the time that it speaks of, its target, and how it stands."""
    definition = row.definition
    is_held = row.as_of is not None and row.as_of >= month.first_day
    href = address(f"/nyckeltal/{definition.id}", enhet=row.unit.code, manad=str(month) if is_held else None)
    told = f"{words.value(definition, row.judged)}, {words.when(definition, row.judged)}"
    variation = variation_mark(row.variation)
    return html.Li(
        [
            link(definition.name, href),
            html.Span(told if row.has_values else words.why_empty(row)),
            html.Span(text.capital(words.target(definition, row.target)), className="muted small"),
            html.Span([status_mark(row.status), *([variation] if variation else [])], className="standing"),
        ]
    )


def proposal_words(proposal: Proposal, scale: Scale, *, is_past: bool) -> list[Any]:
    """What the figures propose (or proposed to who signed), and why; a person decides."""
    because = html.Ul([html.Li(one) for one in proposal.because], className="plain-list because")
    if proposal.result is None or proposal.probability is None:
        told = "Nyckeltalen gav inget förslag." if is_past else "Nyckeltalen ger inget förslag."
        return [html.P(told), because]
    step = f"sannolikhet {proposal.probability}, {word(scale.probability, proposal.probability)}"
    verb = "föreslog" if is_past else "föreslår"
    decides = "" if is_past else " Du bedömer och avgör."
    return [
        html.P([f"Nyckeltalen {verb} ", html.Strong(proposal.result.words), f" och {step}.{decides}"]),
        because,
    ]


def signed_panel(found: Described) -> html.Section:
    """What was found, as it was signed, and what the figures proposed then."""
    occasion = found.occasion
    facts: list[tuple[str, Any]] = [
        ("Resultat", text.capital(occasion.result.words) if occasion.result else "–"),
        ("Genomfört", text.day(occasion.done_on) if occasion.done_on else "–"),
        ("Analys", _paragraphs(occasion.analysis) if occasion.analysis else "Ingen anmärkning att analysera."),
        ("Riskvärde efter kontrollen", value_words(occasion.probability, occasion.consequence, found.scale)),
        ("Undertecknat", _signature(occasion.signed_at, occasion.signed_by)),
    ]
    if occasion.proposal is not None:
        facts.append(("Förslag då", html.Div(proposal_words(occasion.proposal, found.scale, is_past=True))))
    items = [html.Div([html.Dt(term), html.Dd(told)]) for term, told in facts]
    return html.Section([html.H2("Resultat"), html.Dl(items, className="facts")], className="panel")


def unsigned_panel() -> html.Section:
    """For who only reads."""
    told = states.empty("Resultatet är inte undertecknat än. Det visas här när det är det.")
    return html.Section([html.H2("Resultat"), told], className="panel")


def _paragraphs(told: str) -> list[html.P]:
    return [html.P(line) for line in told.split("\n") if line]


def _signature(at: datetime | None, by: str | None) -> str:
    return f"{text.moment(at)} av {by}" if at is not None else "–"


def history_panel(occasion: Occasion, scale: Scale) -> html.Section | None:
    """What was signed before it was opened again, the newest first; None when nothing was."""
    if not occasion.earlier:
        return None
    columns = [Column("Undertecknat"), Column("Resultat"), Column("Analys"), Column("Riskvärde"), Column("Öppnat igen")]
    rows = [_earlier(one, scale) for one in reversed(occasion.earlier)]
    table = data_table("Tidigare resultat", columns, rows)
    return html.Section([html.H2("Tidigare resultat"), table], className="section")


def _earlier(one: Mapping[str, Any], scale: Scale) -> list[Any]:
    signed, opened = (text.moment(datetime.fromisoformat(one[name])) for name in ("signed_at", "reopened_at"))
    return [
        [signed, html.Small(f"av {one['signed_by']}")],
        text.capital(Result(one["result"]).words),
        one["analysis"] or "–",
        value_words(one["probability"], one["consequence"], scale),
        [opened, html.Small(f"av {one['reopened_by']}"), html.Small(f"Skäl: {one['reason']}")],
    ]
