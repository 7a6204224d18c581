"""What is said about a board's figure of a period: a comment, why there is no action, what the counterpart says.

Nothing is rewritten: a corrected remark follows the one before. `without_answer` is what a closing, its check list and
the next steps of who prepares it ask: which red figures nobody has answered for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, insert, select

from control.actions.content import BoardAction, answers_in
from control.actions.store import read_actions
from control.audit.actions import Action
from control.audit.log import lock_chain, record
from control.free_text import kept_text
from control.locking import ChangedMeanwhile
from kpi.access import Viewer, check_can_comment, check_can_read_control
from kpi.definition import Catalogue, find_definition
from kpi.organisation import Unit
from kpi.period import Period, overlap
from kpi.spc.verdict import Told
from kpi.status import State
from kpi.views.organisation import read_organisation
from kpi.views.rows import FigureRow
from warehouse import clock
from warehouse.action_tables import figure_remark
from warehouse.database import writing
from warehouse.errors import UserError


class RemarkKind(StrEnum):
    """What a remark is."""

    COMMENT = "comment"
    NO_ACTION = "no_action"
    COUNTERPART = "counterpart"

    @property
    def words(self) -> str:
        """Its Swedish."""
        return _WORDS[self]


_WORDS = {
    RemarkKind.COMMENT: "Kommentar",
    RemarkKind.NO_ACTION: "Varför ingen åtgärd",
    RemarkKind.COUNTERPART: "Motpartens kommentar",
}


@dataclass(frozen=True)
class Remark:
    """A remark as it was written; `follows`: the number of the one that it corrects."""

    number: int
    board_code: str
    kpi_id: str
    period: Period
    kind: RemarkKind
    text: str
    follows: int | None
    at: datetime
    by: str


def write_remark(
    engine: Engine,
    viewer: Viewer,
    catalogue: Catalogue,
    board_code: str,
    kpi_id: str,
    period: Period,
    kind: str,
    text: str,
    *,
    seen: int | None = None,
    at: datetime | None = None,
) -> int:
    """Write a remark, or correct the one that stands (`seen`, as it was read); its number.

    AccessDenied for who may not comment, UserError for what cannot be said, ChangedMeanwhile when another wrote first.
    """
    check_can_comment(viewer, board_code)
    definition = find_definition(catalogue, kpi_id)
    if kind not in set(RemarkKind):
        raise UserError("Välj om det är en kommentar, ett skäl eller motpartens kommentar.")
    if kind == RemarkKind.COUNTERPART and definition.control != "counterpart":
        raise UserError(f"{definition.name} styrs inte av någon annan huvudman. Skriv en vanlig kommentar.")
    kept, at = kept_text(text, RemarkKind(kind).words), at or clock.now()
    with writing(engine) as connection:
        lock_chain(connection)  # one writes at a time: two first remarks would both stand
        board = next(iter(read_organisation(connection).spans(board_code)[-1:]), None)
        if board is None or board.level != "board" or board.municipality_code is None:
            raise UserError("Nämnden finns inte bland de levererade organisationsenheterna.")
        written = _read(connection, board_code, kpi_id)
        standing = [one for one in latest(written) if one.period == period and one.kind == kind]
        if (standing[0].number if standing else None) != seen:
            raise ChangedMeanwhile(RemarkKind(kind).words)
        return _keep(connection, viewer, board, kpi_id, period, RemarkKind(kind), kept, seen, at)


def keep_reason_for_none(
    connection: Connection, viewer: Viewer, board: Unit, kpi_id: str, period: Period, text: str, at: datetime
) -> int:
    """Keep, in the transaction of a closing, why the red figure has no action; its number. The caller has asked that it
    has none, and who may close."""
    return _keep(connection, viewer, board, kpi_id, period, RemarkKind.NO_ACTION, text, None, at)


def _keep(
    connection: Connection, viewer: Viewer, board: Unit, kpi_id: str, period: Period, kind: RemarkKind, text: str,
    follows: int | None, at: datetime,
) -> int:  # fmt: skip
    number: int = connection.execute(
        insert(figure_remark)
        .values(
            municipality_code=board.municipality_code, board_code=board.code, kpi_id=kpi_id, period=period.code,
            kind=kind.value, text=text, follows=follows, at=clock.utc(at), by=viewer.user[:80],
        )
        .returning(figure_remark.c.remark_no)
    ).scalar_one()  # fmt: skip
    record(
        connection,
        viewer,
        Action.FIGURE_REMARKED,
        f"{kpi_id} {period}",
        municipality_code=board.municipality_code,
        board_code=board.code,
        details={"kind": kind.value, "remark": number},
        at=at,
    )
    return number


def read_remarks(
    connection: Connection, viewer: Viewer, board_code: str, kpi_id: str | None = None
) -> tuple[Remark, ...]:
    """A board's remarks, the newest first, also those that have been corrected. AccessDenied for who does not read the
    board's control."""
    check_can_read_control(viewer, board_code)
    return _read(connection, board_code, kpi_id)


def latest(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """Those that stand: nobody has corrected them."""
    corrected = {one.follows for one in remarks}
    return tuple(one for one in remarks if one.number not in corrected)


def is_red(row: FigureRow) -> bool:
    """Whether a board has to answer for it: it is on the wrong side of its line, or has clearly changed for the
    worse."""
    return row.status.state is State.OFF or row.variation.told is Told.CONCERN


def is_answered(row: FigureRow, actions: Sequence[BoardAction], remarks: Sequence[Remark]) -> bool:
    """Whether the figure, as it is in its own period, has an action, under way now or in that period, or a reason for
    none. A comment, ours or the counterpart's, is no reason. The actions and remarks are the board's."""
    about, period = row.definition.id, row.current.last
    is_acted = any(one.kpi_id == about and answers_in(one, period) for one in actions)
    return is_acted or any(
        one.kpi_id == about and one.kind is RemarkKind.NO_ACTION and overlap(one.period, period) for one in remarks
    )


def without_answer(
    rows: Sequence[FigureRow], actions: Sequence[BoardAction], remarks: Sequence[Remark]
) -> tuple[FigureRow, ...]:
    """The red figures that a board has to answer for before it closes, and has not: those of its own or of its parts,
    whoever controls them: of what another principal decides it tells why it does nothing itself. Whose step it is, is
    asked in `control.next_steps`. What is known of a whole municipality or region only is nobody's there."""
    return tuple(row for row in rows if is_red(row) and is_of_a_board(row) and not is_answered(row, actions, remarks))


def is_of_a_board(row: FigureRow) -> bool:
    """Whether it is known of a board or a part of it, not of a whole municipality or region only."""
    return row.unit.level in ("board", "administration", "unit")


def unanswered(
    connection: Connection, viewer: Viewer, board_code: str, rows: Sequence[FigureRow]
) -> tuple[FigureRow, ...]:  # fmt: skip
    """As `without_answer`, of what the board has written."""
    return without_answer(
        rows, read_actions(connection, viewer, board_code), read_remarks(connection, viewer, board_code)
    )


def _read(connection: Connection, board_code: str, kpi_id: str | None) -> tuple[Remark, ...]:
    wanted = select(figure_remark).where(figure_remark.c.board_code == board_code)
    if kpi_id is not None:
        wanted = wanted.where(figure_remark.c.kpi_id == kpi_id)
    return tuple(
        Remark(
            row.remark_no, row.board_code, row.kpi_id, Period.from_code(row.period), RemarkKind(row.kind), row.text,
            row.follows, clock.utc(row.at), row.by,
        )
        for row in connection.execute(wanted.order_by(figure_remark.c.remark_no.desc()))
    )  # fmt: skip
