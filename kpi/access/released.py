"""What boards have released, and the signed packages by which municipalities give it to each other."""

from __future__ import annotations

from datetime import date

from kpi.access.figures import READS_INSIDE
from kpi.access.viewer import AccessDenied, Grant, Role, Viewer, has_role, is_operator, passes
from kpi.organisation import Organisation

_OWN_BOARDS_ONLY = frozenset({Role.MEMBER, Role.SECRETARY})
READS_RELEASED = READS_INSIDE | _OWN_BOARDS_ONLY | {Role.CENTRAL_CONTROLLER, Role.DELREGIONAL}
"""Who reads releases."""
_CENTRAL = frozenset({Role.CENTRAL_CONTROLLER})


def check_can_read_released(viewer: Viewer, organisation: Organisation, unit_code: str) -> None:
    """What has been released of a unit: every reading role in its municipality, and of what lies above it. A member and
    a secretary read the own boards' only, and the levels above them. Other municipalities' releases come as packages.
    """
    if is_operator(viewer):
        return
    if not any(_reads_released(grant, organisation, unit_code) for grant in viewer.grants):
        raise AccessDenied("Du har inte behörighet att läsa det som har släppts här. Du läser din egen kommuns.")


def can_read_released(viewer: Viewer, organisation: Organisation, unit_code: str) -> bool:
    """As `check_can_read_released`."""
    return passes(lambda: check_can_read_released(viewer, organisation, unit_code))


def _reads_released(grant: Grant, organisation: Organisation, unit_code: str) -> bool:
    if grant.role not in READS_RELEASED:
        return False
    spans = organisation.spans(unit_code)
    if not spans:
        return False
    boards = organisation.boards_of(unit_code, date.min, date.max)
    if boards:
        is_own = boards <= grant.boards if grant.role in _OWN_BOARDS_ONLY else True
        return is_own and any(unit.municipality_code == grant.municipality_code for unit in spans)
    below = organisation.under(unit_code, date.min, date.max)
    return any(unit.level == "board" and unit.municipality_code == grant.municipality_code for unit in below)


def check_can_read_imported(viewer: Viewer, for_municipality: str, municipality_code: str) -> None:
    """Another municipality's package: whoever reads releases of every board in the municipality that took it in, and
    who has a delregional grant in the one that sent it."""
    if is_operator(viewer) or has_role(
        viewer, READS_RELEASED - _OWN_BOARDS_ONLY - {Role.DELREGIONAL}, for_municipality
    ):
        return
    if not has_role(viewer, frozenset({Role.DELREGIONAL}), municipality_code):
        raise AccessDenied("Du har inte behörighet att läsa den kommunens släppta nyckeltal.")


def can_read_imported(viewer: Viewer, for_municipality: str, municipality_code: str) -> bool:
    """As `check_can_read_imported`."""
    return passes(lambda: check_can_read_imported(viewer, for_municipality, municipality_code))


def check_can_export_release(viewer: Viewer, municipality_code: str) -> None:
    """Sending a municipality's releases to others is its central controller's."""
    if not is_operator(viewer) and not has_role(viewer, _CENTRAL, municipality_code):
        raise AccessDenied("Bara kommunens centrala controller gör paket av det som har släppts.")


def can_export_release(viewer: Viewer, municipality_code: str) -> bool:
    """As `check_can_export_release`."""
    return passes(lambda: check_can_export_release(viewer, municipality_code))


def check_can_import_release(viewer: Viewer, municipality_code: str) -> None:
    """Taking in another municipality's package is the receiving municipality's central controller's."""
    if not is_operator(viewer) and not has_role(viewer, _CENTRAL, municipality_code):
        raise AccessDenied("Bara kommunens centrala controller läser in andra kommuners paket.")


def can_import_release(viewer: Viewer, municipality_code: str) -> bool:
    """As `check_can_import_release`."""
    return passes(lambda: check_can_import_release(viewer, municipality_code))
