"""Rows about persons: a unit manager's own, a chief's for a stated reason, and an auditor's by a logged hand-over."""

from __future__ import annotations

from datetime import date

from kpi.access.figures import covers
from kpi.access.viewer import AccessDenied, ReasonNeeded, Role, Viewer, passes
from kpi.organisation import Organisation

_BY_OFFICE = frozenset({Role.UNIT_MANAGER})
_BY_REASON = frozenset({Role.CHIEF})
_BY_HANDOVER = frozenset({Role.AUDITOR})
ROW_READERS = _BY_OFFICE | _BY_REASON
SHORTEST_REASON = 10
"""Characters; a shorter one says nothing that a review can judge."""


def check_can_read_rows(
    viewer: Viewer, organisation: Organisation, unit_code: str, first: date, last: date, *, reason: str | None = None
) -> None:
    """A unit's rows about persons for the days first..last: its manager's, and the chief's who states why.

    On every one of the days some grant must reach the unit. The command line reads no rows: it is nobody's office.
    """
    paths = organisation.paths(unit_code, first, last)
    if not paths or not all(any(covers(grant, path, ROW_READERS) for grant in viewer.grants) for path in paths):
        raise AccessDenied(
            "Uppgifter om enskilda visas för enhetens chef och för förvaltningschefen. Du ser enhetens nyckeltal."
        )
    if not needs_reason(viewer, organisation, unit_code, first, last):
        return
    if not _is_reason(reason):
        raise ReasonNeeded(
            f"Skriv varför du behöver läsa uppgifter om enskilda, med minst {SHORTEST_REASON} tecken. Skälet sparas i "
            "loggen och granskas."
        )


def readers_for(reason: str | None) -> frozenset[Role]:
    """The roles whose grants count for a read with that reason: a chief's only with one that `check_can_read_rows`
    accepts, also where another grant makes the read pass without it."""
    return ROW_READERS if _is_reason(reason) else _BY_OFFICE


def _is_reason(reason: str | None) -> bool:
    return reason is not None and len(reason.strip()) >= SHORTEST_REASON


def needs_reason(viewer: Viewer, organisation: Organisation, unit_code: str, first: date, last: date) -> bool:
    """Whether the viewer reads the unit's rows by another office than its manager's."""
    paths = organisation.paths(unit_code, first, last)
    return not all(any(covers(grant, path, _BY_OFFICE) for grant in viewer.grants) for path in paths)


def can_read_rows(
    viewer: Viewer, organisation: Organisation, unit_code: str, first: date, last: date, *, reason: str | None = None
) -> bool:
    """As `check_can_read_rows`."""
    return passes(lambda: check_can_read_rows(viewer, organisation, unit_code, first, last, reason=reason))


def check_can_hand_over_rows(
    viewer: Viewer, organisation: Organisation, unit_code: str, first: date, last: date
) -> None:
    """Handing a sample of a unit's rows to the auditor is the chief's, whose documents they are."""
    paths = organisation.paths(unit_code, first, last)
    if not paths or not all(any(covers(grant, path, _BY_REASON) for grant in viewer.grants) for path in paths):
        raise AccessDenied("Bara förvaltningschefen lämnar över ett urval av rader till revisorn.")


def can_hand_over_rows(viewer: Viewer, organisation: Organisation, unit_code: str, first: date, last: date) -> bool:
    """As `check_can_hand_over_rows`."""
    return passes(lambda: check_can_hand_over_rows(viewer, organisation, unit_code, first, last))


def check_can_read_handed_over(
    viewer: Viewer,
    organisation: Organisation,
    unit_code: str,
    first: date,
    last: date,
    *,
    board_code: str,
    municipality_code: str,
) -> None:
    """A sample of a unit's rows for the days first..last, by the auditor of the board that handed it over.

    A grant for some units or branches reaches a sample only when it reaches all that the unit holds.
    """
    grants = [
        grant
        for grant in viewer.grants
        if grant.role is Role.AUDITOR and grant.municipality_code == municipality_code and board_code in grant.boards
    ]
    if any(grant.is_whole for grant in grants):
        return
    below = organisation.under(unit_code, first, last)
    paths = [path for unit in below for path in organisation.paths(unit.code, first, last) if unit_code in path.through]
    if not paths or not all(any(covers(grant, path, _BY_HANDOVER) for grant in grants) for path in paths):
        raise AccessDenied("Det överlämnade urvalet läses bara av nämndens revisor.")


def can_read_handed_over(
    viewer: Viewer,
    organisation: Organisation,
    unit_code: str,
    first: date,
    last: date,
    *,
    board_code: str,
    municipality_code: str,
) -> bool:
    """As `check_can_read_handed_over`."""
    return passes(
        lambda: check_can_read_handed_over(
            viewer, organisation, unit_code, first, last, board_code=board_code, municipality_code=municipality_code
        )
    )
