"""Intern kontroll: the board's controls (for the merge: the plan's own page takes this place)."""

from __future__ import annotations

from dash import html

from control.occasions.reading import occasions
from dashboard.components.head import page_head
from dashboard.components.occasion_list import occasion_section
from dashboard.context import Context, Page
from kpi.access import Place, check_can_open, control_boards
from warehouse import clock


def page(context: Context) -> Page:
    """The controls of each board that the viewer reads."""
    check_can_open(context.viewer, Place.PLAN)
    today = clock.today()
    lists = [
        occasion_section(occasions(context.connection, context.viewer, board, None, today), today)
        for board in sorted(control_boards(context.viewer))
    ]
    return Page("Intern kontroll", [page_head("Intern kontroll"), html.Div(lists)])
