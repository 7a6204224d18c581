"""Deliveries, definitions and closing: what a controller carries out, and who may look on."""

from __future__ import annotations

from kpi.access.figures import READS_BOARD
from kpi.access.viewer import AccessDenied, Role, Viewer, is_operator, passes


def delivery_municipalities(viewer: Viewer) -> frozenset[str]:
    """Those whose deliveries the viewer may see: where the same grant reads a board (not for the operator, who sees
    all)."""
    return frozenset(grant.municipality_code for grant in viewer.grants if grant.role in READS_BOARD)


def deciding_municipalities(viewer: Viewer) -> frozenset[str]:
    """Those whose deliveries the viewer decides about and whose rejected rows it reads: where it is controller of whole
    boards, or of the municipality (not for the operator, who decides about all)."""
    return frozenset(
        grant.municipality_code for grant in viewer.grants if grant.role is Role.CONTROLLER and grant.is_whole
    )


def check_can_read_deliveries(viewer: Viewer) -> None:
    """Freshness of deliveries (no rows, no figures): every role that reads a board, for its own municipality."""
    if not is_operator(viewer) and not delivery_municipalities(viewer):
        raise AccessDenied("Du har inte behörighet att se leveranserna.")


def can_read_deliveries(viewer: Viewer) -> bool:
    """As `check_can_read_deliveries`."""
    return passes(lambda: check_can_read_deliveries(viewer))


def check_can_read_rejects(viewer: Viewer) -> None:
    """Rows in quarantine, without personal data: the controller's. Others see their number only, since one row is a
    case and not a figure."""
    if not is_operator(viewer) and not deciding_municipalities(viewer):
        raise AccessDenied("Rader i karantän visas för controllern. Du ser hur många de är.")


def can_read_rejects(viewer: Viewer) -> bool:
    """As `check_can_read_rejects`."""
    return passes(lambda: check_can_read_rejects(viewer))


def check_can_decide_deliveries(viewer: Viewer) -> None:
    """Approving, refusing and replaying a delivery is the controller's, never of a unit or a branch only."""
    if not is_operator(viewer) and not deciding_municipalities(viewer):
        raise AccessDenied("Bara controllern godkänner, avvisar eller läser om leveranser.")


def can_decide_deliveries(viewer: Viewer) -> bool:
    """As `check_can_decide_deliveries`."""
    return passes(lambda: check_can_decide_deliveries(viewer))


def check_can_edit_definitions(viewer: Viewer) -> None:
    """Saving the definitions file is the controller's, never of a unit or a branch only: it changes every board's
    figures. Everybody who may open the page may read it."""
    if not is_operator(viewer) and not deciding_municipalities(viewer):
        raise AccessDenied("Bara controllern sparar definitionerna. Du kan läsa dem och pröva en ändring.")


def can_edit_definitions(viewer: Viewer) -> bool:
    """As `check_can_edit_definitions`."""
    return passes(lambda: check_can_edit_definitions(viewer))


READS_CLOSING = READS_BOARD | {Role.SECRETARY}


def check_can_read_closing(viewer: Viewer, board_code: str) -> None:
    """Which of a board's periods are closed, and what is left before the next is: no figure's value."""
    if is_operator(viewer):
        return
    if not any(
        grant.role in READS_CLOSING and grant.is_whole and board_code in grant.boards for grant in viewer.grants
    ):
        raise AccessDenied(
            "Nämndens stängningar läses av presidiet, förvaltningschefen, controllern, nämndsekreteraren och revisorn."
        )


def can_read_closing(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_read_closing`."""
    return passes(lambda: check_can_read_closing(viewer, board_code))


def check_can_close(viewer: Viewer, board_code: str) -> None:
    """Closing a board's period, and deciding which periods it closes, is its controller's."""
    if is_operator(viewer):
        return
    if not any(
        grant.role is Role.CONTROLLER and grant.is_whole and board_code in grant.boards for grant in viewer.grants
    ):
        raise AccessDenied("Bara nämndens controller stänger dess perioder.")


def can_close(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_close`."""
    return passes(lambda: check_can_close(viewer, board_code))
