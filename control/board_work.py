"""What a board and its administration have under way, read once for a page that weighs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from control.actions.content import BoardAction, answers_in
from control.actions.store import read_actions
from control.occasions.reading import Listed, Standing, occasions
from control.plan.store import Stage, plans_of, revisions_of, working_of
from control.remarks import Remark, latest, read_remarks
from kpi.access import Viewer
from kpi.period import Period


@dataclass(frozen=True)
class BoardWork:
    """The board's actions, the remarks that stand, its controls, and the years whose plans wait for its decision."""

    board_code: str
    actions: tuple[BoardAction, ...] = ()
    remarks: tuple[Remark, ...] = ()
    controls: tuple[Listed, ...] = ()
    plans_proposed: tuple[int, ...] = ()

    def ongoing_for(self, kpi_id: str) -> tuple[BoardAction, ...]:
        """The actions about a figure that are still to be done, the next due first."""
        return tuple(one for one in self.actions if one.kpi_id == kpi_id and one.is_ongoing)

    def acted_on(self, kpi_id: str, period: Period) -> tuple[BoardAction, ...]:
        """The actions that answer for a figure in a period: those still to be done, and those that were done in it."""
        return tuple(one for one in self.actions if one.kpi_id == kpi_id and answers_in(one, period))

    def late_actions(self, today: date) -> tuple[BoardAction, ...]:
        """Those whose day has passed."""
        return tuple(one for one in self.actions if one.is_late(today))

    @property
    def late_controls(self) -> tuple[Listed, ...]:
        """Those that should have been carried out."""
        return tuple(one for one in self.controls if one.standing is Standing.LATE)


def read_board_work(connection: Connection, viewer: Viewer, board_code: str, today: date) -> BoardWork:
    """AccessDenied for who does not read the board's control."""
    proposed = []
    for plan in plans_of(connection, board_code):
        work = working_of(revisions_of(connection, plan.plan_no))
        if work is not None and work.stage is Stage.PROPOSED:
            proposed.append(plan.year)
    return BoardWork(
        board_code,
        read_actions(connection, viewer, board_code),
        latest(read_remarks(connection, viewer, board_code)),
        occasions(connection, viewer, board_code, None, today),
        tuple(sorted(proposed)),
    )
