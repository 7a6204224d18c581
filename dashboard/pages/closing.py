"""Stängning: which of a board's periods are closed, what is left before the next one is, and the closing itself."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from control.release.check_list import CheckList, check_list
from dashboard.components import states
from dashboard.components.choices import choices, place_choice
from dashboard.components.closing_panels import (
    DONE_ID,
    POLL_ID,
    checks_section,
    close_section,
    lead,
    periods_section,
    requests_section,
    rule_section,
)
from dashboard.components.head import page_head
from dashboard.components.work_panel import of_closing, work_panel
from dashboard.context import Context, Page
from kpi.access import can_close, can_read_closing
from kpi.organisation import Unit
from kpi.period import Period
from kpi.views.freshness import is_synthetic
from warehouse import clock

POLL_MS = 3000
"""How often a waiting closing is looked at."""


def page(context: Context) -> Page:
    """The board of the address, else the first."""
    boards = boards_of(context)
    if not boards:
        return Page("Stängning", states.nothing_yet())
    code = context.query.get("enhet") or boards[0].code
    found = closing_of(context, code)
    municipality = context.organisation.municipality(found.board.municipality_code or "")
    synthetic = is_synthetic(context.connection, found.board.municipality_code)
    may_close = can_close(context.viewer, code)
    children: list[Any] = [
        page_head(
            f"Stängning, {found.board.name}",
            place=municipality.name if municipality else None,
            choices=choices(place_choice("Nämnd", boards, code)),
            is_synthetic=synthetic,
        ),
        lead(found),
        dcc.Interval(id=POLL_ID, interval=POLL_MS, disabled=not found.is_waiting),
        html.Div(id=DONE_ID, role="status"),
        work_panel([of_closing(one) for one in found.requests if one.is_waiting]),
        checks_section(found),
        close_section(found, may_close=may_close),
        requests_section(found.requests),
        periods_section(found),
        rule_section(found, may_close=may_close),
    ]
    return Page(f"Stängning, {found.board.name}", [child for child in children if child is not None])


def boards_of(context: Context) -> list[Unit]:
    """The boards whose closings the viewer reads."""
    return [one for one in context.organisation.boards() if can_read_closing(context.viewer, one.code)]


def closing_of(context: Context, board_code: str) -> CheckList:
    """The board's check list for the period of the address; whatever is no period there counts as none."""
    try:
        wanted = Period.parse(context.query.get("period", ""))
    except ValueError:
        wanted = None
    return check_list(
        context.connection, context.catalogue, context.viewer, board_code, today=clock.today(), wanted=wanted
    )
