"""The address of the page Avvikelser."""

from __future__ import annotations

from dashboard.components.link import address
from kpi.period import Period


def deviations_address(
    unit_code: str,
    month: Period,
    category: str | None = None,
    counterpart: str | None = None,
    came_from: str | None = None,
) -> str:
    """The page Avvikelser of a place and month, narrowed. `came_from`: the figure that its way back leads to."""
    query = {"kategori": category, "motpart": counterpart, "nyckeltal": came_from}
    return address("/avvikelser", enhet=unit_code, manad=str(month), **query)
