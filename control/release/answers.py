"""What a board answers for before it closes a period: each red figure has an action, or a written reason for none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from control.free_text import kept_text
from control.remarks import keep_reason_for_none, unanswered
from kpi.access import OPERATOR, Viewer, is_operator
from kpi.definition import Catalogue
from kpi.organisation import Unit
from kpi.period import Period, PeriodType
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from kpi.views.overview import overview
from kpi.views.rows import FigureRow
from warehouse.errors import UserError
from warehouse.plan_tables import control_plan, control_plan_decision

REASON = "Skälet till att röda nyckeltal saknar åtgärd"


def left_unanswered(
    connection: Connection, catalogue: Catalogue, board: Unit, period: Period
) -> tuple[FigureRow, ...]:  # fmt: skip
    """The board's red figures, as its overview of the period's last month has them, that nobody has answered for. Read
    as the operator, since the secretary may know that they are left but not their values."""
    month = Period.containing(period.last_day, PeriodType.MONTH)
    try:
        found = overview(connection, catalogue, OPERATOR, read_organisation(connection), board.code, month)
    except NotFound:  # nothing has been delivered of the month
        return ()
    rows = found.rows if found is not None else ()
    return unanswered(connection, OPERATOR, board.code, rows)


def to_answer_for(
    connection: Connection, catalogue: Catalogue, viewer: Viewer, board: Unit, period: Period, reason: str | None
) -> tuple[FigureRow, ...]:
    """Those that `reason` has to answer for before the period is closed. UserError, which names them, where there are
    some and no reason.

    The command line closes also for boards that do not work with internal control here (they have adopted no plan for
    the year): nobody could have answered."""
    if is_operator(viewer) and not _has_plan(connection, board.code, period.year):
        return ()
    left = left_unanswered(connection, catalogue, board, period)
    if left and not (reason or "").strip():
        names = "; ".join(row.definition.name for row in left)
        raise UserError(
            f"{period} stängs inte: varje rött nyckeltal ska ha en åtgärd eller ett skäl till att ingen behövs. Det "
            f"saknas för {names}. Starta en åtgärd, eller skriv skälet på nyckeltalets sida eller vid stängningen "
            "(”samkoll close” med --reason)."
        )
    return left


def answer_for(
    connection: Connection, viewer: Viewer, board: Unit, left: Sequence[FigureRow], reason: str | None, at: datetime
) -> None:
    """Keep the reason as that of each figure, about the figure's own period, as its page does."""
    if not left:
        return
    text = kept_text(reason, REASON)
    for row in left:
        keep_reason_for_none(connection, viewer, board, row.definition.id, row.current.last, text, at)


def _has_plan(connection: Connection, board_code: str, year: int) -> bool:
    plan, decision = control_plan, control_plan_decision
    query = (
        select(plan.c.plan_no)
        .join(decision, decision.c.plan_no == plan.c.plan_no)
        .where(plan.c.board_code == board_code, plan.c.year == year, decision.c.kind == "adopted")
    )
    return connection.execute(query.limit(1)).first() is not None
