"""Asking the scheduler to close a board's period, or to correct a closed one: it takes a while, and pages wait for
nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine, insert, select

from control.audit.actions import Action
from control.audit.log import lock_chain, record
from control.reasons import kept_reason
from control.release.answers import answer_for, to_answer_for
from control.release.check_list import Check
from control.release.closable import next_revision
from control.release.rule import board_of
from kpi.access import Viewer, check_can_close
from kpi.definition import Catalogue
from kpi.period import Period
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.tables import job_request


def ask_to_close(
    engine: Engine,
    viewer: Viewer,
    catalogue: Catalogue,
    board_code: str,
    period: Period,
    *,
    today: date,
    correction: str | None = None,
    without_action: str | None = None,
    left: Sequence[Check] = (),
) -> int:
    """Record the request and return its number; while one of the board waits, that one's. `correction`: why a closed
    period is corrected; `without_action`: why red figures that nobody has answered for have no action, kept as the
    reason of each; `left`: what was not done of the check list, kept in the log.

    AccessDenied for others than the board's controller; UserError when the period may not be closed, or corrected, or
    when it is closed first and has red figures without an answer.
    """
    check_can_close(viewer, board_code)
    why = kept_reason(correction)
    with writing(engine) as connection:
        lock_chain(connection)  # one asks at a time: of two the second is given the first one's request
        board = board_of(read_organisation(connection), board_code)
        waiting = connection.execute(
            select(job_request.c.request_id).where(
                job_request.c.board_code == board_code, job_request.c.state.in_(("waiting", "running"))
            )
        ).first()
        if waiting is not None:
            return int(waiting.request_id)
        if correction is not None and why is None:
            raise UserError(f"Skriv varför {period} rättas. Skälet står i rättelsen och i rapporterna.")
        next_revision(connection, board, period, is_correction=why is not None, today=today)
        if why is None:  # a correction is of a period that was answered for when it was closed
            red = to_answer_for(connection, catalogue, viewer, board, period, without_action)
            answer_for(connection, viewer, board, red, without_action, clock.now())
        number: int = connection.execute(
            insert(job_request)
            .values(
                kind="close", board_code=board_code, period=period.code, reason=why, asked_by=viewer.user,
                asked_at=clock.now(), state="waiting",
            )
            .returning(job_request.c.request_id)
        ).scalar_one()  # fmt: skip
        record(
            connection,
            viewer,
            Action.CLOSING_REQUESTED,
            f"{board_code} {period}",
            municipality_code=board.municipality_code,
            board_code=board_code,
            reason=why,
            details={"request": number, "left": {one.matter.value: one.count for one in left}},
        )
        return number
