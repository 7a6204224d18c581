"""Reviewing drawn plans against the law's four contents: how far it has come, and a card for each plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from control.occasions.law import HEALTH_CARE
from control.occasions.reviews import OF_PLANS, Progress, ReviewedPlan
from dashboard.components.attributes import aria
from dashboard.components.occasion_forms import draw_words
from kpi import format as text
from kpi.organisation import Organisation

PLANS_ID, PLANS_OF_ID, SEEN_ID, TOLD_ID, STATE_ID = "plans", "plans-of", "plans-seen", "plans-told", "plans-state"
DRAW_ID, ANSWER_TYPE, SAVE_TYPE = "plans-draw", "plan-answer", "plan-save"
QUESTIONS = (
    "Vilka insatser som behövs",
    "Vilka insatser varje huvudman ansvarar för",
    "Åtgärder som någon annan vidtar (”inga andra” räcker)",
    "Vilken huvudman som har det övergripande ansvaret",
)
"""What the plan must say, in the order of `control.occasions.reviews.CONTENTS`."""


def review_section(number: int, done: Progress, size: int, *, may_review: bool, is_open: bool) -> html.Section:
    """The plans themselves come by a callback: each time they are read it is logged."""
    state: list[Any] = [html.P(progress_words(done))]
    if may_review and not done.drawn and is_open:
        told = f"Samkoll lottar {text.number(size)} bland nämndens {OF_PLANS}. Det görs en gång och sparas i loggen."
        button = dmc.Button("Lotta planer", id=DRAW_ID, variant="default", size="sm")
        state += [html.P(told, className="muted"), html.Div(button, className="decide")]
    if done.sample is not None:
        state.append(html.P(draw_words(done.sample), className="muted small"))
    children: list[Any] = [html.H2("Granskning av planer"), html.Div(state, id=STATE_ID)]
    if may_review:
        children += [
            dcc.Store(id=PLANS_OF_ID, data=number),
            dcc.Loading(html.Div(id=PLANS_ID, **aria(live="polite")), type="dot"),
        ]
    return html.Section(children, className="section")


def progress_words(done: Progress) -> str:
    """`7 av 12 planer är granskade, och 5 av dem har lagens fyra uppgifter.`"""
    if not done.drawn:
        return "Inga planer är lottade än."
    told = f"{text.number(done.reviewed)} av {text.plural(done.drawn, 'plan', 'planer')} är granskade"
    if not done.reviewed:
        return f"{told}."
    return f"{told}, och {text.number(done.whole)} av dem har lagens fyra uppgifter."


def plan_cards(plans: Sequence[ReviewedPlan], organisation: Organisation, *, is_open: bool) -> list[Any]:
    """A card for each plan. A saving tells under them what became of it, and leaves what is written in the others."""
    if not plans:
        return []
    return [
        html.P("Läsningen har sparats i loggen.", className="muted small"),
        dcc.Store(id=SEEN_ID, data={str(one.number): one.edits for one in plans}),
        html.Div([_card(one, organisation, is_open=is_open) for one in plans], className="plan-cards"),
        html.Div(id=TOLD_ID, role="status", className="plans-told", **aria(live="polite")),
    ]


def _card(plan: ReviewedPlan, organisation: Organisation, *, is_open: bool) -> html.Article:
    unit = organisation.spans(plan.unit_code)
    where = unit[-1].name if unit else plan.unit_code
    state = f"Granskad {text.day(plan.reviewed_on)} av {plan.reviewed_by}." if plan.reviewed_on else ""
    children: list[Any] = [
        html.H3(f"Plan {plan.row_no}: {plan.sip_id}"),
        html.P(f"{where}. Gällande lag: {plan.law.paragraph} och {HEALTH_CARE}.", className="muted small"),
    ]
    children += [_question(plan, at, is_open=is_open) for at in range(len(QUESTIONS))]
    identity = {"type": SAVE_TYPE, "plan": plan.number}
    save = [dmc.Button("Spara", id=identity, variant="default", size="sm", **aria(label=f"Spara plan {plan.row_no}"))]
    children.append(html.Div([*(save if is_open else []), html.Span(state, className="small")], className="decide"))
    return html.Article(children, className="panel plan-card")


def _question(plan: ReviewedPlan, at: int, *, is_open: bool) -> Any:
    kept = None if plan.contents is None else ("ja" if plan.contents[at] else "nej")
    if not is_open:
        return html.P([f"{QUESTIONS[at]}: ", html.Strong(text.capital(kept or "inte granskat"))])
    choices = [dmc.Radio(label=text.capital(one), value=one, size="sm") for one in ("ja", "nej")]
    return dmc.RadioGroup(
        html.Div(choices, className="radios"),
        id={"type": ANSWER_TYPE, "plan": plan.number, "question": at},
        label=QUESTIONS[at],
        value=kept,
        size="sm",
    )
