"""At which address each place lies."""

from __future__ import annotations

from collections.abc import Mapping

from kpi.access import Place

ADDRESSES: Mapping[Place, str] = {
    Place.OVERVIEW: "/",
    Place.FIGURES: "/nyckeltal",
    Place.PROCESS: "/sip-processen",
    Place.DEVIATIONS: "/avvikelser",
    Place.CENTRES: "/familjecentral",
    Place.PLAN: "/intern-kontroll",
    Place.ASSESSMENTS: "/bedomningar",
    Place.ACTIONS: "/atgarder",
    Place.AUDIT: "/revision",
    Place.PAPERS: "/handlingar",
    Place.CLOSING: "/stangning",
    Place.COMPARISON: "/jamforelse",
    Place.ROWS: "/underlag",
    Place.DEFINITIONS: "/definitioner",
    Place.DELIVERIES: "/leveranser",
    Place.ACCESS: "/atkomst",
    Place.USERS: "/anvandare",
}


def place_at(path: str) -> Place | None:
    """The place that an address belongs to; None when it leads nowhere."""
    path = path.rstrip("/") or "/"
    return next(
        (place for place, at in ADDRESSES.items() if path == at or (at != "/" and path.startswith(f"{at}/"))), None
    )
