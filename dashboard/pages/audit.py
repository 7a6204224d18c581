"""Revision: each audit question and recommendation, with what is done about it and what shows it."""

from __future__ import annotations

from dashboard.components import states
from dashboard.components.head import page_head
from dashboard.context import Context, Page
from kpi.access import Place, check_can_open


def page(context: Context) -> Page:
    """The audit's questions, answered from what stands here."""
    check_can_open(context.viewer, Place.AUDIT)
    return Page("Revision", [page_head("Revision"), states.empty("Det finns inga uppgifter att visa.")])
