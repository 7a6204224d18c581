"""What whoever reads has the next step in: by what each may do and owns, never by what somebody else decides. Pure.

A closing asks about every red figure (`control.remarks.without_answer`). Of these the reader has the next step in those
whose definition names the reader's office as owner; who answers for the board sees the others apart, as others' steps,
and what another principal decides as something to take up with it, also what is known of a whole municipality or region
only, as the board's own matters have it (`control.matters`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from control.actions.content import BoardAction, to_remind_of
from control.board_work import BoardWork
from control.occasions.reading import Listed, Standing
from control.remarks import is_answered, is_red, without_answer
from kpi.access import Role, Viewer, can_carry_out, can_comment, can_manage_action
from kpi.views.rows import FigureRow

_OFFICES = {
    Role.CHIEF: "förvaltningschef",
    Role.UNIT_MANAGER: "enhetschef",
    Role.DEVELOPER: "verksamhetsutvecklare",
    Role.PRESIDIUM: "presidium",
}
"""The owners that definitions name (`owner_role`)."""


@dataclass(frozen=True)
class NextSteps:
    """Actions that are late or soon due, controls that are late or due, and the reader's own red figures that nobody
    has answered for, each the most pressing first. Beside them the figures that have another owner here (`others`) and
    those that another principal decides (`theirs`). `may_explain`: the reader may write why nothing is done."""

    actions: tuple[BoardAction, ...] = ()
    controls: tuple[Listed, ...] = ()
    figures: tuple[FigureRow, ...] = ()
    others: tuple[FigureRow, ...] = ()
    theirs: tuple[FigureRow, ...] = ()
    may_explain: bool = False

    @property
    def count(self) -> int:
        """How many are the reader's."""
        return len(self.actions) + len(self.controls) + len(self.figures)


def next_steps(
    viewer: Viewer, rows: Sequence[FigureRow], work: BoardWork, unit_code: str | None, today: date
) -> NextSteps:
    """`unit_code`: the part of the board that the page is about, None for the whole of it."""
    board = work.board_code

    def is_mine(one: BoardAction) -> bool:
        return can_manage_action(viewer, board, one.unit_code) and unit_code in (None, one.unit_code)

    controls = tuple(one for one in work.controls if one.standing in (Standing.LATE, Standing.DUE))
    may_explain = can_comment(viewer, board)
    may_answer = may_explain or (unit_code is not None and can_manage_action(viewer, board, unit_code))
    asked = sorted(without_answer(rows, work.actions, work.remarks), key=_farthest) if may_answer else []
    offices = {_OFFICES.get(grant.role) for grant in viewer.grants if board in grant.boards}
    ours = [row for row in asked if row.definition.control != "counterpart"]
    theirs = [
        row
        for row in sorted(rows, key=_farthest)
        if row.definition.control == "counterpart" and is_red(row) and not is_answered(row, work.actions, work.remarks)
    ]
    return NextSteps(
        tuple(to_remind_of([one for one in work.actions if is_mine(one)], today)),
        controls if can_carry_out(viewer, board) and unit_code is None else (),
        tuple(row for row in ours if row.definition.owner_role in offices),
        tuple(row for row in ours if row.definition.owner_role not in offices) if may_explain else (),
        tuple(row for row in theirs if may_explain or (may_answer and row.definition.owner_role in offices)),
        may_explain,
    )


def _farthest(row: FigureRow) -> tuple[float, str]:
    return -(row.severity or 0.0), row.definition.name
