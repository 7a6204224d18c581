"""What whoever reads has the next step in: by what each may do, never by what somebody else decides. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from control.actions.content import BoardAction, to_remind_of
from control.board_work import BoardWork
from control.occasions.reading import Listed, Standing
from control.remarks import without_answer
from kpi.access import Viewer, can_carry_out, can_comment, can_manage_action
from kpi.views.rows import FigureRow


@dataclass(frozen=True)
class NextSteps:
    """Actions that are late or soon due, controls that are late or due, and red figures that nobody has answered for
    and that would stop a closing, each the most pressing first."""

    actions: tuple[BoardAction, ...] = ()
    controls: tuple[Listed, ...] = ()
    figures: tuple[FigureRow, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.actions) + len(self.controls) + len(self.figures)


def next_steps(
    viewer: Viewer, rows: Sequence[FigureRow], work: BoardWork, unit_code: str | None, today: date
) -> NextSteps:
    """`unit_code`: the part of the board that the page is about, None for the whole of it."""
    board = work.board_code

    def is_mine(one: BoardAction) -> bool:
        return can_manage_action(viewer, board, one.unit_code) and unit_code in (None, one.unit_code)

    controls = tuple(one for one in work.controls if one.standing in (Standing.LATE, Standing.DUE))
    may_answer = can_comment(viewer, board) or (unit_code is not None and can_manage_action(viewer, board, unit_code))
    red = without_answer(rows, work.actions, work.remarks)
    return NextSteps(
        tuple(to_remind_of([one for one in work.actions if is_mine(one)], today)),
        controls if can_carry_out(viewer, board) and unit_code is None else (),
        tuple(sorted(red, key=_farthest)) if may_answer else (),
    )


def _farthest(row: FigureRow) -> tuple[float, str]:
    return -(row.severity or 0.0), row.definition.name
