"""Intern kontroll: one control that comes due, from what to check to its signature."""

from __future__ import annotations

from typing import Any

from dash import html

from control.evidence import About, can_add_evidence, evidence_of
from control.occasions.described import Described
from control.occasions.figures import figures_of
from control.occasions.reading import occasion
from control.occasions.reviews import progress
from control.plan.content import Method
from control.plan.store import is_closed
from dashboard.components import occasion_forms as forms
from dashboard.components import occasion_panels as panels
from dashboard.components.evidence import Target, evidence_section
from dashboard.components.head import page_head
from dashboard.components.occasion_list import ADDRESS
from dashboard.components.review_panel import review_section
from dashboard.context import Context, Page
from kpi.access import can_carry_out, can_review_sample
from kpi.views.errors import NotFound
from kpi.views.freshness import is_synthetic
from warehouse import clock


def page(context: Context, number: str) -> Page:
    """The occasion of that number."""
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise NotFound("Kontrollmomentet finns inte. Välj ett i listan under Intern kontroll.")
    found = occasion(context.connection, context.viewer, int(number))
    held = found.occasion
    board = context.organisation.spans(held.board_code)
    heading, closed = found.control.what, is_closed(context.connection, held.plan_no)
    children: list[Any] = [
        page_head(
            heading,
            place=board[-1].name if board else held.board_code,
            crumbs=[("Intern kontroll", ADDRESS), (f"Kontrollmoment {held.number}", None)],
            is_synthetic=is_synthetic(context.connection, held.municipality_code),
        ),
        panels.lead(found, clock.today(), is_closed=closed),
        forms.seen(found),
        html.Div(panels.signed_panel(found), className="pair") if held.is_done else None,
        html.Div([panels.what_panel(found), _figures(context, found)], className="pair"),
        html.Div(_work(context, found, is_closed=closed), className="occasion-work"),
        panels.history_panel(held, found.scale),
    ]
    return Page(heading, [one for one in children if one is not None])


def _work(context: Context, found: Described, *, is_closed: bool) -> list[Any]:
    """What is done, in order: the sample, the evidence, the result, which stands first once it is signed."""
    connection, viewer, held = context.connection, context.viewer, found.occasion
    may = can_carry_out(viewer, held.board_code) and not is_closed
    is_open = held.status == "due" and not is_closed
    about = (About.OCCASION, held.number)
    target = Target(*about, "Kontrollmomentet", evidence_of(connection, viewer, *about))
    return [
        *_sample(context, found, may=may, is_open=is_open),
        evidence_section([target], may_add=can_add_evidence(connection, viewer, *about)),
        *([] if is_closed and not held.is_done else _result(found, may=may)),
    ]


def _sample(context: Context, found: Described, *, may: bool, is_open: bool) -> list[Any]:
    if found.is_review:
        held = found.occasion
        done = progress(context.connection, context.viewer, held.number)
        reviews = can_review_sample(context.viewer, held.board_code)
        size = found.control.sample_size or 0
        return [review_section(held.number, done, size, may_review=reviews, is_open=is_open)]
    return [forms.sample_section(found, may_draw=may and is_open)] if found.control.method is Method.SAMPLE else []


def _result(found: Described, *, may: bool) -> list[Any]:
    if found.occasion.is_done:
        return [forms.reopen_form()] if may else []
    if found.occasion.status == "cancelled":
        return []
    return [forms.result_form(found, clock.today()) if may else panels.unsigned_panel()]


def _figures(context: Context, found: Described) -> html.Section:
    rows, proposal = figures_of(context.connection, context.viewer, context.catalogue, context.organisation, found)
    return panels.figures_panel(found, rows, proposal)
