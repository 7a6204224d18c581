"""Which board's actions a page is about, and where in it the viewer may start one."""

from __future__ import annotations

from datetime import date

from kpi.access import AccessDenied, Viewer, can_manage_action, can_read_control, check_can_read_control
from kpi.organisation import Organisation, Unit
from kpi.views.errors import NotFound


def control_homes(organisation: Organisation, viewer: Viewer) -> tuple[Unit, ...]:
    """The boards whose control the viewer reads, by municipality and name."""
    return tuple(board for board in organisation.boards() if can_read_control(viewer, board.code))


def board_of(organisation: Organisation, viewer: Viewer, unit_code: str | None, today: date) -> Unit:
    """The board that the unit lies under today; of what lies above the boards, or when no unit is told, the viewer's
    first there. NotFound for an unknown unit, AccessDenied for another's board."""
    own = control_homes(organisation, viewer)
    spans = organisation.spans(unit_code) if unit_code else ()
    if unit_code and not spans:
        raise NotFound("Enheten finns inte. Välj en i listan.")
    codes = organisation.boards_of(unit_code, today, today) if unit_code else frozenset()
    if codes:
        code = min(codes)
        check_can_read_control(viewer, code)
        return organisation.spans(code)[-1]
    found = next((one for one in own if not spans or one.municipality_code == spans[-1].municipality_code), None)
    if found is None:
        raise AccessDenied("Du har ingen nämnd vars interna kontroll du läser.")
    return found


def board_about(organisation: Organisation, viewer: Viewer, unit_code: str, today: date) -> Unit | None:
    """As `board_of`; None for who reads no board's control there."""
    try:
        return board_of(organisation, viewer, unit_code, today)
    except AccessDenied:
        return None


def places_to_act(organisation: Organisation, viewer: Viewer, board: Unit, today: date) -> tuple[Unit, ...]:
    """The board and its units, those where the viewer may manage actions."""
    return tuple(
        unit
        for unit in organisation.under(board.code, today, today)
        if can_manage_action(viewer, board.code, None if unit.code == board.code else unit.code)
    )
