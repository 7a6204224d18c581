"""Avvikelser: what fails in collaboration, with whom, and what comes of telling it."""

from __future__ import annotations

from dashboard.components import states
from dashboard.components.head import page_head
from dashboard.context import Context, Page
from kpi.access import Place, check_can_open


def page(context: Context) -> Page:
    """The place's deviations, from pattern to case."""
    check_can_open(context.viewer, Place.DEVIATIONS)
    return Page("Avvikelser", [page_head("Avvikelser"), states.empty("Det finns inga uppgifter att visa.")])
