"""The product's places (pages), and which roles each is for. What a page then shows has rules of its own."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kpi.access.control import CONTROL_ROLES, PAPER_ROLES, PLAN_ROLES
from kpi.access.figures import READS_BOARD, READS_INSIDE
from kpi.access.released import READS_RELEASED
from kpi.access.rows import ROW_READERS
from kpi.access.viewer import AccessDenied, Role, Viewer, has_role, is_operator, passes
from kpi.access.work import READS_CLOSING


class Place(StrEnum):
    """A page, by its Swedish name."""

    OVERVIEW = "Översikt"
    FIGURES = "Nyckeltal"
    PROCESS = "SIP-processen"
    DEVIATIONS = "Avvikelser"
    CENTRES = "Familjecentral"
    PLAN = "Intern kontroll"
    ASSESSMENTS = "Bedömningar"
    ACTIONS = "Åtgärder"
    AUDIT = "Revision"
    PAPERS = "Handlingar"
    CLOSING = "Stängning"
    COMPARISON = "Jämförelse"
    ROWS = "Underlag"
    DEFINITIONS = "Definitioner"
    DELIVERIES = "Leveranser"
    ACCESS = "Åtkomst"
    USERS = "Användare"


OPENED_BY: Mapping[Place, frozenset[Role]] = {
    Place.OVERVIEW: READS_INSIDE,
    Place.FIGURES: READS_INSIDE,
    Place.PROCESS: READS_INSIDE,
    Place.DEVIATIONS: READS_INSIDE,
    Place.CENTRES: READS_INSIDE,
    Place.PLAN: PLAN_ROLES,
    Place.ASSESSMENTS: CONTROL_ROLES,
    Place.ACTIONS: CONTROL_ROLES,
    Place.AUDIT: CONTROL_ROLES,
    Place.PAPERS: PAPER_ROLES,
    Place.CLOSING: READS_CLOSING,
    Place.COMPARISON: READS_RELEASED,
    Place.ROWS: ROW_READERS | {Role.AUDITOR},
    Place.DEFINITIONS: READS_RELEASED | {Role.DEVELOPER},
    Place.DELIVERIES: READS_BOARD,
    Place.ACCESS: frozenset({Role.DPO}),
    Place.USERS: frozenset({Role.ADMIN}),
}
"""Every place has its roles; a place without would be nobody's."""


def check_can_open(viewer: Viewer, place: Place) -> None:
    """A page is opened by the roles that it is for."""
    if not is_operator(viewer) and not has_role(viewer, OPENED_BY.get(place, frozenset())):
        raise AccessDenied(f"Sidan {place} ingår inte i din behörighet.")


def can_open(viewer: Viewer, place: Place) -> bool:
    """As `check_can_open`."""
    return passes(lambda: check_can_open(viewer, place))


def places_of(viewer: Viewer) -> tuple[Place, ...]:
    """What the viewer may open, in the menu's order; the first is where the viewer begins."""
    return tuple(place for place in Place if can_open(viewer, place))
