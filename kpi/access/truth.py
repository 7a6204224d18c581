"""Who may do what, as a table: every rule asked about every role, in an organisation small enough to see through.

`python -m kpi.access.truth` prints it for docs/security.md; a test holds the document to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from kpi.access.control import (
    Side,
    can_assess,
    can_carry_out,
    can_comment,
    can_confirm,
    can_edit_plan,
    can_make_papers,
    can_manage_action,
    can_read_control,
    can_read_drafts,
    can_read_evidence_file,
    can_read_papers,
    can_read_plan,
    can_record_decision,
    can_review_sample,
    can_set_scale,
)
from kpi.access.figures import Exposure, can_read_figure, can_read_overview
from kpi.access.oversight import can_administer, can_read_log, can_review_access
from kpi.access.places import Place, can_open
from kpi.access.released import can_export_release, can_import_release, can_read_imported, can_read_released
from kpi.access.rows import can_hand_over_rows, can_read_handed_over, can_read_rows
from kpi.access.viewer import Grant, Role, Viewer
from kpi.access.work import (
    can_close,
    can_decide_deliveries,
    can_edit_definitions,
    can_read_closing,
    can_read_deliveries,
    can_read_rejects,
)
from kpi.organisation import Organisation, Unit

HERE, ELSEWHERE = "1287", "1263"
OWN_BOARD, OTHER_BOARD, FOREIGN_BOARD = "1287-SN", "1287-BN", "1263-SN"
OWN_UNIT, OTHER_UNIT = "1287-SN-A", "1287-SN-B"
DAYS = date(2025, 3, 1), date(2025, 3, 31)
REASON = "Granskar ärenden utan återkoppling"

ORGANISATION = Organisation(
    (
        Unit("12", "Regionen", "region", None, None),
        Unit(HERE, "Kommunen", "municipality", "12", HERE),
        Unit(OWN_BOARD, "Socialnämnden", "board", HERE, HERE, "social"),
        Unit(OWN_UNIT, "Barn och familj", "unit", OWN_BOARD, HERE, actor="socialtjanst"),
        Unit(OTHER_UNIT, "Öppenvården", "unit", OWN_BOARD, HERE, actor="socialtjanst"),
        Unit(OTHER_BOARD, "Bildningsnämnden", "board", HERE, HERE, "education"),
        Unit(ELSEWHERE, "Grannkommunen", "municipality", "12", ELSEWHERE),
        Unit(FOREIGN_BOARD, "Grannkommunens socialnämnd", "board", ELSEWHERE, ELSEWHERE, "social"),
    )
)
ROLES = tuple(role for role in Role if role is not Role.OPERATOR)
_WITHOUT_BOARD = frozenset({Role.CENTRAL_CONTROLLER, Role.DPO, Role.DELREGIONAL, Role.ADMIN})


def viewer_as(role: Role) -> Viewer:
    """Somebody with the role where it usually is: in the municipality, for its board of social services, for a unit."""
    boards = frozenset() if role in _WITHOUT_BOARD else frozenset({OWN_BOARD})
    units = frozenset({OWN_UNIT}) if role is Role.UNIT_MANAGER else frozenset()
    return Viewer(role.value, (Grant(role, HERE, boards, units),))


Rule = Callable[[Viewer], bool]


def _figure(unit: str, areas: tuple[str, ...] = ("social",), exposure: Exposure = Exposure.INSIDE) -> Rule:
    return lambda viewer: can_read_figure(viewer, ORGANISATION, unit, *DAYS, areas=areas, exposure=exposure)


def _rows(unit: str, reason: str | None) -> Rule:
    return lambda viewer: can_read_rows(viewer, ORGANISATION, unit, *DAYS, reason=reason)


def _handed_over(board: str) -> Rule:
    return lambda viewer: can_read_handed_over(
        viewer, ORGANISATION, board, *DAYS, board_code=board, municipality_code=HERE
    )


def _released(unit: str) -> Rule:
    return lambda viewer: can_read_released(viewer, ORGANISATION, unit)


def _page(place: Place) -> Rule:
    return lambda viewer: can_open(viewer, place)


def _assess(side: Side) -> Callable[[Viewer, str], bool]:
    return lambda viewer, board: can_assess(viewer, board, side, OWN_UNIT if side is Side.UNIT else None)


def _confirm(side: Side) -> Callable[[Viewer, str], bool]:
    return lambda viewer, board: can_confirm(viewer, board, side, OWN_UNIT if side is Side.UNIT else None)


CONTROL: Mapping[str, Callable[[Viewer, str], bool]] = {
    "internal control: read": can_read_control,
    "internal control: write and propose the plan": can_edit_plan,
    "internal control: read the plan": can_read_plan,
    "internal control: set the scale of risks": can_set_scale,
    "internal control: enter a decision": can_record_decision,
    "internal control: carry out a control": can_carry_out,
    "internal control: review a sample of plans": can_review_sample,
    **{f"assess and sign for the {side}": _assess(side) for side in Side},
    **{f"confirm for the {side}": _confirm(side) for side in Side},
    "actions: the board's": can_manage_action,
    "actions: the own unit's": lambda viewer, board: can_manage_action(viewer, board, OWN_UNIT),
    "files of evidence: about the board": can_read_evidence_file,
    "files of evidence: about the own unit": lambda viewer, board: can_read_evidence_file(viewer, board, OWN_UNIT),
    "files of evidence: about another unit": lambda viewer, board: can_read_evidence_file(viewer, board, OTHER_UNIT),
    "comment a figure": can_comment,
    "papers: read": can_read_papers,
    "papers: drafts and annexes under secrecy": can_read_drafts,
    "papers: make, plan the year, tell the administration": can_make_papers,
}
"""What is asked about a board's internal control."""


def _of_board(may: Callable[[Viewer, str], bool], board: str) -> Rule:
    return lambda viewer: may(viewer, board)


_BOTH = ("social", "education")
MATTERS: Mapping[str, Rule] = {
    **{f"page {place}": _page(place) for place in Place},
    "overview of the own board": lambda viewer: can_read_overview(viewer, ORGANISATION, OWN_BOARD),
    "overview of the own unit": lambda viewer: can_read_overview(viewer, ORGANISATION, OWN_UNIT),
    "inside figure: own unit": _figure(OWN_UNIT),
    "inside figure: another unit of the board": _figure(OTHER_UNIT),
    "inside figure: own board": _figure(OWN_BOARD),
    "inside figure: another board": _figure(OTHER_BOARD),
    "inside figure: the municipality, one board's area": _figure(HERE),
    "inside figure: the municipality, boards mixed": _figure(HERE, _BOTH),
    "inside figure: another municipality": _figure(FOREIGN_BOARD),
    "inside figure: the region": _figure("12", _BOTH),
    "open figure: the municipality": _figure(HERE, _BOTH, Exposure.OPEN),
    "open figure: another municipality": _figure(ELSEWHERE, _BOTH, Exposure.OPEN),
    "published statistics: the municipality, the region": lambda viewer: all(
        _figure(unit, _BOTH, Exposure.PUBLIC)(viewer) for unit in (HERE, "12")
    ),
    "released: own board": _released(OWN_BOARD),
    "released: another board": _released(OTHER_BOARD),
    "released: another municipality, directly": _released(FOREIGN_BOARD),
    "released: another municipality, by a package taken in here": lambda viewer: can_read_imported(
        viewer, HERE, ELSEWHERE
    ),
    "released: a package taken in elsewhere": lambda viewer: can_read_imported(viewer, ELSEWHERE, "1233"),
    "make a package of the own releases": lambda viewer: can_export_release(viewer, HERE),
    "take in another's package": lambda viewer: can_import_release(viewer, HERE),
    "make or take in elsewhere": lambda viewer: (
        can_export_release(viewer, ELSEWHERE) or can_import_release(viewer, ELSEWHERE)
    ),
    "rows about persons: own unit, no reason stated": _rows(OWN_UNIT, None),
    "rows about persons: own unit, reason stated": _rows(OWN_UNIT, REASON),
    "rows about persons: another unit of the board, reason stated": _rows(OTHER_UNIT, REASON),
    "rows about persons: another board, reason stated": _rows(OTHER_BOARD, REASON),
    "hand a sample of rows to the auditor": lambda viewer: can_hand_over_rows(viewer, ORGANISATION, OWN_UNIT, *DAYS),
    "read a handed-over sample of the own board": _handed_over(OWN_BOARD),
    "read a handed-over sample of another board": _handed_over(OTHER_BOARD),
    "deliveries: how fresh": can_read_deliveries,
    "deliveries: rejected rows": can_read_rejects,
    "deliveries: approve, refuse, replay": can_decide_deliveries,
    "definitions: save": can_edit_definitions,
    "closings, and what is left before the next: own board": lambda viewer: can_read_closing(viewer, OWN_BOARD),
    "closings, and what is left before the next: another board": lambda viewer: can_read_closing(viewer, OTHER_BOARD),
    "close a period: own board": lambda viewer: can_close(viewer, OWN_BOARD),
    "close a period: another board": lambda viewer: can_close(viewer, OTHER_BOARD),
    **{matter: _of_board(may, OWN_BOARD) for matter, may in CONTROL.items()},
    "internal control, assessments, actions, papers: another board": lambda viewer: any(
        may(viewer, OTHER_BOARD) for may in CONTROL.values()
    ),
    "the log: own municipality": lambda viewer: can_read_log(viewer, HERE),
    "the log: another municipality": lambda viewer: can_read_log(viewer, ELSEWHERE),
    "sign the access review": lambda viewer: can_review_access(viewer, HERE),
    "users and settings: own municipality": lambda viewer: can_administer(viewer, HERE),
    "users and settings: another municipality": lambda viewer: can_administer(viewer, ELSEWHERE),
}
"""Everything that the rules are asked, in the table's order."""


def truth() -> dict[str, frozenset[Role]]:
    """The roles that may, by matter."""
    return {
        matter: frozenset(role for role in ROLES if rule(viewer_as(role))) for matter, rule in MATTERS.items()
    }  # fmt: skip


def markdown() -> str:
    """The table as it stands in docs/security.md."""
    heads = [role.value.replace("_", " ") for role in ROLES]
    lines = [f"| | {' | '.join(heads)} |", f"|---|{':-:|' * len(heads)}"]
    for matter, may in truth().items():
        lines.append(f"| {matter} | {' | '.join('yes' if role in may else '' for role in ROLES)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())
