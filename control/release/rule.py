"""Which periods a board closes: what it has set, else what it closed first."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, insert, select

from control.audit.actions import Action
from control.audit.log import lock_chain, record
from control.definitions import known_boards
from control.locking import ChangedMeanwhile
from kpi.access import Viewer, check_can_close
from kpi.organisation import Organisation, Unit
from kpi.period import PeriodType
from kpi.views.organisation import check_unit_is_known, read_organisation
from warehouse import clock, closed_tables
from warehouse.database import writing
from warehouse.errors import UserError

CLOSABLE = (PeriodType.MONTH, PeriodType.QUARTER, PeriodType.TERTIAL, PeriodType.HALF_YEAR)
WORDS = {
    PeriodType.MONTH: "månader",
    PeriodType.QUARTER: "kvartal",
    PeriodType.TERTIAL: "tertial",
    PeriodType.HALF_YEAR: "halvår",
}
EXAMPLES = "en månad (2025-03), ett kvartal (2025-K1), ett tertial (2025-T1) eller ett halvår (2025-H1)"


def set_rule(
    engine: Engine, viewer: Viewer, board_code: str, type_: PeriodType, *, seen: str | None = None
) -> None:  # fmt: skip
    """Which periods the board closes from now on; what it closes already is not set again. `seen`: the sort that a page
    showed, "" for none. AccessDenied, UserError for an unknown board, ChangedMeanwhile when it closes another sort than
    was seen."""
    check_can_close(viewer, board_code)
    with writing(engine) as connection:
        lock_chain(connection)
        board = board_of(read_organisation(connection), board_code)
        decided = rules(connection).get(board_code)
        if seen is not None and seen != (decided.value if decided else ""):
            raise ChangedMeanwhile("Valet")
        if decided is type_:
            return
        connection.execute(
            closed_tables.closing_rule.delete().where(closed_tables.closing_rule.c.board_code == board_code)
        )
        keep_rule(connection, viewer, board_code, type_)
        record(
            connection,
            viewer,
            Action.CLOSING_RULE_SET,
            f"{board_code} stänger {WORDS[type_]}",
            municipality_code=board.municipality_code,
            board_code=board_code,
            details={"period_type": type_.value},
        )


def rules(connection: Connection) -> dict[str, PeriodType]:
    """What each board closes; one that has neither decided nor closed anything is not there."""
    table = closed_tables.closing_rule
    return {row.board_code: PeriodType(row.period_type) for row in connection.execute(select(table))}


def keep_rule(connection: Connection, viewer: Viewer, board_code: str, type_: PeriodType) -> None:
    """The first closing decides, where nothing is decided."""
    if board_code not in rules(connection):
        connection.execute(
            insert(closed_tables.closing_rule).values(
                board_code=board_code, period_type=type_.value, set_at=clock.now(), set_by=viewer.user
            )
        )


def board_of(organisation: Organisation, board_code: str) -> Unit:
    """The board; UserError for an unknown unit, or one that is no board."""
    check_unit_is_known(board_code, organisation)
    if board_code not in known_boards(organisation):
        boards = ", ".join(known_boards(organisation))
        raise UserError(f"{board_code} är ingen nämnd. Nämnderna är {boards}.")
    return next(unit for unit in organisation.boards() if unit.code == board_code)
