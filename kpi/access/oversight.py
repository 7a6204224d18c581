"""The log and its review, users and settings: roles that read no figure."""

from __future__ import annotations

from kpi.access.viewer import AccessDenied, Role, Viewer, has_role, is_operator, passes

_DPO = frozenset({Role.DPO})
_ADMIN = frozenset({Role.ADMIN})


def check_can_read_log(viewer: Viewer, municipality_code: str) -> None:
    """Who read and did what: the municipality's data protection officer."""
    if not is_operator(viewer) and not has_role(viewer, _DPO, municipality_code):
        raise AccessDenied("Loggen läses av kommunens dataskyddsombud.")


def can_read_log(viewer: Viewer, municipality_code: str) -> bool:
    """As `check_can_read_log`."""
    return passes(lambda: check_can_read_log(viewer, municipality_code))


def check_can_review_access(viewer: Viewer, municipality_code: str) -> None:
    """Signing the access review is a person's: the municipality's data protection officer, never the command line."""
    if not has_role(viewer, _DPO, municipality_code):
        raise AccessDenied("Åtkomsten granskas av kommunens dataskyddsombud.")


def can_review_access(viewer: Viewer, municipality_code: str) -> bool:
    """As `check_can_review_access`."""
    return passes(lambda: check_can_review_access(viewer, municipality_code))


def check_can_administer(viewer: Viewer, municipality_code: str) -> None:
    """Sessions, service tokens and what is set: the municipality's administrator."""
    if not is_operator(viewer) and not has_role(viewer, _ADMIN, municipality_code):
        raise AccessDenied("Användare och inställningar sköts av kommunens systemadministratör.")


def can_administer(viewer: Viewer, municipality_code: str) -> bool:
    """As `check_can_administer`."""
    return passes(lambda: check_can_administer(viewer, municipality_code))
