"""One action: what, why and when, the figure before and after, what has happened, and what may be done with it."""

from __future__ import annotations

from typing import Any

from dash import html

from control.actions.content import BoardAction
from control.actions.judging import compared, figure_of
from control.actions.store import effects, history, read_action
from control.evidence import About, can_add_evidence, evidence_of
from control.marks import marks_of
from dashboard.components.action_forms import work_section
from dashboard.components.action_parts import effect_section, facts_section, history_section, lead, signed_section
from dashboard.components.action_table import ADDRESS
from dashboard.components.evidence import Target, evidence_section
from dashboard.components.head import page_head
from dashboard.components.link import address
from dashboard.context import Context, Page
from dashboard.pages.actions import HIDDEN
from kpi import format as text
from kpi.access import AccessDenied, can_manage_action
from kpi.views.errors import NotFound
from kpi.views.freshness import is_synthetic
from kpi.views.rows import FigureRow
from warehouse import clock


def page(context: Context, number: str) -> Page:
    """The action of the address's number."""
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise NotFound("Åtgärden finns inte. Välj en i listan över åtgärder.")
    today, connection, viewer = clock.today(), context.connection, context.viewer
    one = read_action(connection, viewer, int(number))
    definition = context.catalogue.definitions.get(one.kpi_id or "")
    place = next(iter(context.organisation.spans(one.place_code)[-1:]), None)
    row, is_hidden = _row(context, one)
    found = compared(row, one) if row is not None and not row.is_told_by_parts else None
    panels: list[Any] = [facts_section(one, definition, place.name if place else one.place_code)]
    if row is not None:
        panels.append(effect_section(row, found or compared(row, one), one))
    children: list[Any] = [
        page_head(
            one.what,
            place=place.name if place else one.place_code,
            crumbs=[("Åtgärder", address(ADDRESS, enhet=one.board_code)), (f"Åtgärd {one.number}", None)],
            is_synthetic=is_synthetic(connection, one.municipality_code),
        ),
        lead(one, today),
        *([html.P(HIDDEN, className="lead-note")] if is_hidden else []),
        html.Div(panels, className="stack section"),
        signed_section(effects(connection, viewer, one), None if is_hidden else definition),
    ]
    children.append(_evidence(context, one))
    if can_manage_action(viewer, one.board_code, one.unit_code):
        children.append(work_section(one, definition, found, marks_of(connection, one), today))
    children.append(history_section(history(connection, viewer, one), definition))
    return Page(one.what, children)


def _evidence(context: Context, one: BoardAction) -> html.Section:
    """What the action rests on, and what each judgement of its effect does."""
    connection, viewer = context.connection, context.viewer
    about = [(About.ACTION, one.number, "Åtgärden")]
    about += [(About.EFFECT, each.number, f"Effekten, bedömd {text.day(each.assessed_on)}")
              for each in effects(connection, viewer, one)]  # fmt: skip
    targets = [
        Target(what, number, name, evidence_of(connection, viewer, what, number)) for what, number, name in about
    ]
    return evidence_section(targets, may_add=can_add_evidence(connection, viewer, About.ACTION, one.number))


def _row(context: Context, one: BoardAction) -> tuple[FigureRow | None, bool]:
    """The figure, and whether it is not for the viewer."""
    try:
        return figure_of(context.connection, context.viewer, context.catalogue, context.organisation, one), False
    except AccessDenied:
        return None, True
