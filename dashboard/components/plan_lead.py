"""What stands with a board's plan, in a sentence or two, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from control.plan.reading import PlanView
from control.plan.scale import Band
from control.plan.store import Decided, PlanDecision, PlanStatus, Stage
from control.plan.words import DECISIONS
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import link
from kpi import format as text


@dataclass(frozen=True)
class Step:
    """Something that the reader may do with the plan."""

    words: str
    href: str


def no_plan_lead(year: int, *, is_first: bool, may_begin: bool) -> html.P:
    """Nothing is begun for the year."""
    which = "ännu" if is_first else f"för {year}"
    after = (
        " Börja med ett färdigt förslag och ändra det som inte passar."
        if may_begin and is_first
        else " Påbörja den nedan."
        if may_begin
        else " Förvaltningschefen, verksamhetsutvecklaren eller controllern påbörjar den."
    )
    return html.P([html.Strong(f"Nämnden har ingen kontrollplan {which}."), after], className="lead")


def plan_lead(found: PlanView) -> html.Div:
    """What the board has decided, how the risks stand, and what waits."""
    year, status = found.plan.year, found.status
    first = {
        PlanStatus.DRAFT: f"Planen för {year} är ett utkast.",
        PlanStatus.PROPOSED: f"Planen för {year} är föreslagen och väntar på nämndens beslut.",
    }.get(status) or _standing(found)
    pieces: list[Any] = [html.Strong(first), f" {_risks(found)}"]
    notes = []
    if found.adopted is not None and found.working is not None:
        waits = "väntar på nämndens beslut" if found.working.stage is Stage.PROPOSED else "är ett utkast"
        notes.append(
            f"Revidering {found.working.revision} {waits} och visas här. Skäl: {found.working.reason} "
            f"Det som nämnden antog står kvar tills den har beslutat."
        )
    if not found.is_intact:
        notes.append(
            "Planens innehåll stämmer inte med den kontrollsumma som beslutet gäller. Någon har ändrat i databasen. "
            "Säg till den som driver Samkoll."
        )
    return html.Div([html.P(pieces, className="lead"), *(html.P(one, className="lead-note") for one in notes)])


def _standing(found: PlanView) -> str:
    year = found.plan.year
    adopted = next(one for one in reversed(found.decisions) if one.kind is Decided.ADOPTED)
    last = found.decisions[-1]
    if found.status is PlanStatus.CLOSED:
        return f"Planen för {year} är avslutad {_when(last)}."
    if found.status is PlanStatus.FOLLOWED_UP:
        return f"Planen för {year} är uppföljd: nämnden godkände uppföljningen {_when(last)}."
    again = f", senast reviderad {_when(adopted)}" if adopted.revision else ""
    first = next(one for one in found.decisions if one.kind is Decided.ADOPTED)
    return f"Planen för {year} är antagen {_when(first)}{again}."


def _when(decision: PlanDecision) -> str:
    return f"{text.day(decision.decided_on)}, {decision.paragraph.replace(' ', text.NBSP, 1)}"


def _risks(found: PlanView) -> str:
    risks = found.content.risks
    if not risks:
        return "Den har inga risker ännu."
    high = sum(found.band(one) is Band.HIGH for one in risks)
    some, every = text.counts(high, len(risks), is_common=True)
    many = text.capital(some) if high else "Ingen"
    return f"{many} av {every} {'risk' if len(risks) == 1 else 'risker'} har högt riskvärde."


def step_list(steps: Sequence[Step]) -> html.Nav | None:
    """The ways on, the most likely first."""
    if not steps:
        return None
    items = [html.Li(link(one.words, one.href, className="more")) for one in steps]
    return html.Nav(html.Ul(items, className="plan-steps"), className="plan-nav", **aria(label="Gör med planen"))


def decision_section(found: PlanView) -> html.Section | None:
    """What the board has decided, the newest first."""
    if not found.decisions:
        return None
    columns = [Column("Beslut"), Column("Paragraf"), Column("Diarienummer"), Column("Nämnden"), Column("Kontrollsumma")]
    rows: list[list[Any]] = [
        [
            text.day(one.decided_on),
            one.paragraph,
            one.registration_number,
            [_decided(one), html.Small(one.note)] if one.note else _decided(one),
            html.Code(one.content_hash[:12]),
        ]
        for one in reversed(found.decisions)
    ]
    return html.Section(
        [html.H2("Nämndens beslut"), data_table("Nämndens beslut om planen", columns, rows)], className="section"
    )


def _decided(one: PlanDecision) -> str:
    if one.kind is Decided.ADOPTED and one.revision:
        return f"antog revidering {one.revision}"
    return DECISIONS[one.kind]
