"""Who does what in the demo's history: the roles that the demo's visitors choose among, called the same."""

from __future__ import annotations

from kpi.access import Grant, Role, Viewer

MUNICIPALITY, BOARD, EDUCATION = "1287", "1287-SN", "1287-UN"
SVEDALA, SVEDALA_BOARD = "1263", "1263-SN"


def _viewer(label: str, role: Role, board: str = BOARD) -> Viewer:
    return Viewer(label, (Grant(role, board[:4], frozenset({board})),))


PRESIDIUM = _viewer("Presidium", Role.PRESIDIUM)
VICE = _viewer("Presidium, vice ordförande", Role.PRESIDIUM)
"""The presidium's second person: whoever looks as the presidium can confirm what this one has signed."""
CHIEF = _viewer("Förvaltningschef", Role.CHIEF)
DEVELOPER = _viewer("Verksamhetsutvecklare", Role.DEVELOPER)
CONTROLLER = _viewer("Controller", Role.CONTROLLER)
SECRETARY = _viewer("Nämndsekreterare", Role.SECRETARY)
EDUCATION_CHIEF = _viewer("Förvaltningschef, annan nämnd", Role.CHIEF, EDUCATION)
SVEDALA_CONTROLLER = _viewer("Controller, Svedala", Role.CONTROLLER, SVEDALA_BOARD)


def closer_of(board: str) -> Viewer:
    """The controller that closes the board's periods."""
    return CONTROLLER if board == BOARD else _viewer("Controller", Role.CONTROLLER, board)
