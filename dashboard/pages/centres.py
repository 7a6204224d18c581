"""Familjecentral: who refers whom, and how many are lost on the way."""

from __future__ import annotations

from dashboard.components import states
from dashboard.components.head import page_head
from dashboard.context import Context, Page
from kpi.access import Place, check_can_open


def page(context: Context) -> Page:
    """The flows of the family centres."""
    check_can_open(context.viewer, Place.CENTRES)
    return Page("Familjecentral", [page_head("Familjecentral"), states.empty("Det finns inga uppgifter att visa.")])
