"""SIP-processen: the seven steps of a plan, where it stops, and who comes to the meetings."""

from __future__ import annotations

from dashboard.components import states
from dashboard.components.head import page_head
from dashboard.context import Context, Page
from kpi.access import Place, check_can_open


def page(context: Context) -> Page:
    """The steps of the place's plans."""
    check_can_open(context.viewer, Place.PROCESS)
    return Page("SIP-processen", [page_head("SIP-processen"), states.empty("Det finns inga uppgifter att visa.")])
