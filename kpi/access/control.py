"""Internal control: a board's plan, controls, assessments, actions and papers. All of them are the board's own, about
the organisation and never about a person; only the sample that a review draws names cases."""

from __future__ import annotations

from enum import StrEnum

from kpi.access.viewer import AccessDenied, Role, Viewer, is_operator, passes

CONTROL_ROLES = frozenset(
    {Role.PRESIDIUM, Role.CHIEF, Role.UNIT_MANAGER, Role.DEVELOPER, Role.CONTROLLER, Role.AUDITOR}
)
"""Who reads the plan and what comes of it."""
PAPER_ROLES = CONTROL_ROLES | {Role.SECRETARY, Role.MEMBER}
"""Who reads what has been put before the board."""
PLAN_ROLES = CONTROL_ROLES | {Role.SECRETARY}
"""Who reads the plan: the secretary enters what the board decided about it."""
_DRAFTS = frozenset({Role.CONTROLLER, Role.SECRETARY})
_DRAFT_READERS = _DRAFTS | {Role.PRESIDIUM, Role.CHIEF, Role.AUDITOR}
_PLANNERS = frozenset({Role.CHIEF, Role.CONTROLLER, Role.DEVELOPER})
_REVIEWERS = frozenset({Role.CHIEF, Role.DEVELOPER})
_COMMENTERS = frozenset({Role.CHIEF, Role.CONTROLLER})


class Side(StrEnum):
    """Whose view an assessment is. Sides are shown beside each other, never averaged."""

    PRESIDIUM = "presidium"
    ADMINISTRATION = "administration"
    UNIT = "unit"


_SIGNS = {
    Side.PRESIDIUM: frozenset({Role.PRESIDIUM}),
    Side.ADMINISTRATION: frozenset({Role.CHIEF, Role.DEVELOPER}),
    Side.UNIT: frozenset({Role.UNIT_MANAGER}),
}
_CONFIRMS = {
    Side.PRESIDIUM: frozenset({Role.PRESIDIUM}),
    Side.ADMINISTRATION: frozenset({Role.CHIEF, Role.CONTROLLER, Role.DEVELOPER}),
    Side.UNIT: frozenset({Role.UNIT_MANAGER, Role.CHIEF}),
}


def _of_board(viewer: Viewer, roles: frozenset[Role], board_code: str) -> bool:
    """A grant of one of the roles names the board. Part of a board is enough for a unit manager alone."""
    return any(
        grant.role in roles and board_code in grant.boards and (grant.is_whole or grant.role is Role.UNIT_MANAGER)
        for grant in viewer.grants
    )


def _of_unit(viewer: Viewer, board_code: str, unit_code: str) -> bool:
    return any(
        grant.role is Role.UNIT_MANAGER and board_code in grant.boards and unit_code in grant.units
        for grant in viewer.grants
    )


def check_can_read_control(viewer: Viewer, board_code: str) -> None:
    """A board's plan, controls, results, assessments and actions: those who work with it, and its auditor."""
    if not is_operator(viewer) and not _of_board(viewer, CONTROL_ROLES, board_code):
        raise AccessDenied("Nämndens interna kontroll läses av dem som arbetar med den och av nämndens revisor.")


def can_read_control(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_read_control`."""
    return passes(lambda: check_can_read_control(viewer, board_code))


def check_can_read_evidence_file(viewer: Viewer, board_code: str, unit_code: str | None = None) -> None:
    """A file that a control, assessment or action rests on. It may name cases, so that who reads a part of the board
    only reads those about the own unit; that the others exist is told in lists."""
    check_can_read_control(viewer, board_code)
    is_whole = is_operator(viewer) or _of_board(viewer, CONTROL_ROLES - {Role.UNIT_MANAGER}, board_code)
    if not is_whole and not (unit_code and _of_unit(viewer, board_code, unit_code)):
        raise AccessDenied("Enhetschefen läser filer som gäller den egna enheten, inte hela nämndens.")


def can_read_evidence_file(viewer: Viewer, board_code: str, unit_code: str | None = None) -> bool:
    """As `check_can_read_evidence_file`."""
    return passes(lambda: check_can_read_evidence_file(viewer, board_code, unit_code))


def check_can_edit_plan(viewer: Viewer, board_code: str) -> None:
    """Write and propose the plan: the administration's and the controller's. The command line writes no plan."""
    if not _of_board(viewer, _PLANNERS, board_code):
        raise AccessDenied(
            "Kontrollplanen skrivs av förvaltningschefen, verksamhetsutvecklaren eller controllern. Du kan läsa den."
        )


def can_edit_plan(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_edit_plan`."""
    return passes(lambda: check_can_edit_plan(viewer, board_code))


def check_can_set_scale(viewer: Viewer, board_code: str) -> None:
    """Set how the board's municipality judges risks: its controller's."""
    if not _of_board(viewer, frozenset({Role.CONTROLLER}), board_code):
        raise AccessDenied("Riskskalan bestäms av controllern.")


def can_set_scale(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_set_scale`."""
    return passes(lambda: check_can_set_scale(viewer, board_code))


def check_can_read_plan(viewer: Viewer, board_code: str) -> None:
    """The plan itself: who reads the board's internal control, and who enters what the board decided about it."""
    if not can_record_decision(viewer, board_code):
        check_can_read_control(viewer, board_code)


def can_read_plan(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_read_plan`."""
    return passes(lambda: check_can_read_plan(viewer, board_code))


def check_can_record_decision(viewer: Viewer, board_code: str) -> None:
    """Enter what the board decided, with date, paragraph and registration number: its secretary's or controller's."""
    if not _of_board(viewer, _DRAFTS, board_code):
        raise AccessDenied("Nämndens beslut förs in av nämndsekreteraren eller controllern.")


def can_record_decision(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_record_decision`."""
    return passes(lambda: check_can_record_decision(viewer, board_code))


def check_can_carry_out(viewer: Viewer, board_code: str) -> None:
    """Carry out a control and sign its result."""
    if not _of_board(viewer, _PLANNERS, board_code):
        raise AccessDenied(
            "Kontrollmoment genomförs av förvaltningschefen, verksamhetsutvecklaren eller controllern. Du kan läsa "
            "resultatet."
        )


def can_carry_out(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_carry_out`."""
    return passes(lambda: check_can_carry_out(viewer, board_code))


def check_can_review_sample(viewer: Viewer, board_code: str) -> None:
    """Draw a sample of the board's plans and record what the law asks of each: it names cases, by their numbers in the
    source, so it is the administration's alone, and each draw is logged."""
    if not _of_board(viewer, _REVIEWERS, board_code):
        raise AccessDenied("Urval av planer granskas av verksamhetsutvecklaren eller förvaltningschefen.")


def can_review_sample(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_review_sample`."""
    return passes(lambda: check_can_review_sample(viewer, board_code))


def check_can_assess(viewer: Viewer, board_code: str, side: Side, unit_code: str | None = None) -> None:
    """Sign an assessment for a side: the presidium's by the presidium, the administration's by its chief or developer,
    a unit's by its manager."""
    if side is Side.UNIT:
        may = unit_code is not None and _of_unit(viewer, board_code, unit_code)
    else:
        may = _of_board(viewer, _SIGNS[side], board_code)
    if not may:
        raise AccessDenied("Bedömningen undertecknas av den som den gäller: presidiet, förvaltningen eller enheten.")


def can_assess(viewer: Viewer, board_code: str, side: Side, unit_code: str | None = None) -> bool:
    """As `check_can_assess`."""
    return passes(lambda: check_can_assess(viewer, board_code, side, unit_code))


def assessing_role(viewer: Viewer, board_code: str, side: Side, unit_code: str | None = None) -> Role:
    """The role by which the viewer signs for the side. AccessDenied as `check_can_assess`."""
    check_can_assess(viewer, board_code, side, unit_code)
    return _role_of(viewer, _SIGNS[side], board_code, unit_code)


def confirming_role(viewer: Viewer, board_code: str, side: Side, unit_code: str | None = None) -> Role:
    """The role by which the viewer confirms for the side. AccessDenied as `check_can_confirm`."""
    check_can_confirm(viewer, board_code, side, unit_code)
    return _role_of(viewer, _CONFIRMS[side], board_code, unit_code)


def _role_of(viewer: Viewer, roles: frozenset[Role], board_code: str, unit_code: str | None) -> Role:
    """The first role, in their own order, that gives the right."""
    return next(
        role
        for role in Role
        if role in roles
        and (
            unit_code is not None and _of_unit(viewer, board_code, unit_code)
            if role is Role.UNIT_MANAGER
            else _of_board(viewer, frozenset({role}), board_code)
        )
    )


def check_can_confirm(viewer: Viewer, board_code: str, side: Side, unit_code: str | None = None) -> None:
    """Confirm a side's assessment, as its second person (that it is another person is the service's to see)."""
    roles = _CONFIRMS[side]
    if side is Side.UNIT:
        is_own = unit_code is not None and _of_unit(viewer, board_code, unit_code)
        may = is_own or _of_board(viewer, roles - {Role.UNIT_MANAGER}, board_code)
    else:
        may = _of_board(viewer, roles, board_code)
    if not may:
        raise AccessDenied("Bedömningen bekräftas av en andra person i presidiet, förvaltningen eller enheten.")


def can_confirm(viewer: Viewer, board_code: str, side: Side, unit_code: str | None = None) -> bool:
    """As `check_can_confirm`."""
    return passes(lambda: check_can_confirm(viewer, board_code, side, unit_code))


def check_can_manage_action(viewer: Viewer, board_code: str, unit_code: str | None = None) -> None:
    """Start, change and follow up an action: the administration's and the controller's; a unit manager's for the own
    unit."""
    if not _of_board(viewer, _PLANNERS, board_code) and not (unit_code and _of_unit(viewer, board_code, unit_code)):
        raise AccessDenied("Åtgärder sköts av förvaltningen och controllern, och av enhetschefen för den egna enheten.")


def can_manage_action(viewer: Viewer, board_code: str, unit_code: str | None = None) -> bool:
    """As `check_can_manage_action`."""
    return passes(lambda: check_can_manage_action(viewer, board_code, unit_code))


def check_can_comment(viewer: Viewer, board_code: str) -> None:
    """Comment a figure of the board, or say why a red one has no action."""
    if not _of_board(viewer, _COMMENTERS, board_code):
        raise AccessDenied("Nyckeltal kommenteras av förvaltningschefen eller controllern.")


def can_comment(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_comment`."""
    return passes(lambda: check_can_comment(viewer, board_code))


def check_can_read_papers(viewer: Viewer, board_code: str) -> None:
    """What has been put before the board: its members, presidium, secretary, administration and auditor."""
    if not is_operator(viewer) and not _of_board(viewer, PAPER_ROLES, board_code):
        raise AccessDenied("Handlingarna läses av nämnden, förvaltningen och nämndens revisor.")


def can_read_papers(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_read_papers`."""
    return passes(lambda: check_can_read_papers(viewer, board_code))


def check_can_read_drafts(viewer: Viewer, board_code: str) -> None:
    """Papers that have not been put before the board yet, and annexes that need secrecy."""
    if not is_operator(viewer) and not _of_board(viewer, _DRAFT_READERS, board_code):
        raise AccessDenied(
            "Utkast och bilagor som kräver sekretess läses av presidiet, chefen, controllern och revisorn."
        )


def can_read_drafts(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_read_drafts`."""
    return passes(lambda: check_can_read_drafts(viewer, board_code))


def check_can_make_papers(viewer: Viewer, board_code: str) -> None:
    """Make a paper, put it before the board, plan the board's year, and tell the administration what was decided."""
    if not is_operator(viewer) and not _of_board(viewer, _DRAFTS, board_code):
        raise AccessDenied("Handlingar görs av nämndsekreteraren eller controllern.")


def can_make_papers(viewer: Viewer, board_code: str) -> bool:
    """As `check_can_make_papers`."""
    return passes(lambda: check_can_make_papers(viewer, board_code))


def control_boards(viewer: Viewer, roles: frozenset[Role] = CONTROL_ROLES) -> frozenset[str]:
    """The boards whose internal control the viewer reads (not for the operator, who reads all)."""
    return frozenset(board for grant in viewer.grants for board in grant.boards if _of_board(viewer, roles, board))
