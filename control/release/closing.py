"""Closes a board's period: freezes its values and releases what may be known of them.

Everything is worked out on one snapshot and stored in one transaction, unless somebody has closed or computed in
between. Levels above the board are released with the last of the boards below them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from control.audit.actions import Action
from control.audit.log import lock_chain, record
from control.definitions import record_if_changed
from control.release.answers import answer_for, to_answer_for
from control.release.counts import FigureCell
from control.release.decide import Decision, decide
from control.release.due import Tree
from control.release.gather import Work
from control.release.rule import keep_rule
from control.release.store import (
    Stored,
    newest_release_no,
    write,
)
from kpi.access import Viewer, check_can_close
from kpi.definition import Catalogue
from kpi.disclosure.attack import Progress
from kpi.period import Period
from kpi.runs import newest_run_no
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.errors import UserError


@dataclass(frozen=True)
class Summary:
    """What a closing came to. `shown` and `hidden`: values by figure; `late`: names of figures whose deliveries do not
    reach the period's end, which are not released; `exposed`: small counts that earlier releases give away already."""

    stored: Stored
    shown: Mapping[str, int]
    hidden: Mapping[str, int]
    above: tuple[str, ...]
    late: tuple[str, ...]
    exposed: tuple[str, ...]
    unmodelled: int


def close_period(
    engine: Engine,
    catalogue: Catalogue,
    viewer: Viewer,
    board_code: str,
    period: Period,
    *,
    reason: str | None = None,
    without_action: str | None = None,
    progress: Progress | None = None,
    at: datetime | None = None,
) -> Summary:
    """Close the period, or with a `reason` correct a closed one. The definitions that it is closed with are kept first:
    its papers are written again by them. `without_action`: why red figures that nobody has answered for have no action;
    it is kept as the reason of each.

    AccessDenied for others than the board's controller. UserError for an unknown board, a period that is not over, is
    of another sort than the board closes, is closed already (or, with a reason, is not, or has not changed), holds
    nothing, or, when it is closed first, has red figures without an answer.
    """
    check_can_close(viewer, board_code)
    if progress is not None:
        progress("Samlar", 0, 1)
    if catalogue.source:
        record_if_changed(engine, catalogue.source)
    with reading(engine) as connection:
        work = Work(connection, catalogue, board_code, period, reason)
        if reason is None:  # before what takes a minute, and once more when nobody else writes
            to_answer_for(connection, catalogue, viewer, work.board, period, without_action)
        gathered = work.gather()
        if progress is not None:
            progress("Samlar", 1, 1)
        seen = newest_release_no(connection), newest_run_no(connection)
        corrected = {cell.key for cell in gathered.new if cell.key in work.before}
        decision = decide(
            gathered.cells,
            work.ledger,
            work.quantities,
            Tree(work.organisation),
            corrected=corrected,
            progress=progress,
        )
        header = work.header(viewer, at or clock.now())
    with writing(engine) as connection:
        lock_chain(connection)  # one closes at a time: the slower one is told, and meets no fault
        if (newest_release_no(connection), newest_run_no(connection)) != seen:
            not_done = "rättades" if header.revision else "stängdes"
            raise UserError(
                f"{period} {not_done} inte: någon annan stängde en period eller beräknade om under tiden. Försök igen."
            )
        if reason is None:
            left = to_answer_for(connection, catalogue, viewer, work.board, period, without_action)
            answer_for(connection, viewer, work.board, left, without_action, header.closed_at)
        keep_rule(connection, viewer, board_code, period.type)
        told = [cell for cell in gathered.new if not work.before.get(cell.key, False)]
        stored = write(connection, header, told, gathered.own, decision)
        record(
            connection,
            viewer,
            Action.PERIOD_REVISED if header.revision else Action.PERIOD_CLOSED,
            f"{board_code} {period}",
            municipality_code=header.municipality_code,
            board_code=board_code,
            reason=reason,
            details={"release": stored.release_no, "revision": header.revision, "hash": stored.content_hash},
            at=header.closed_at,
        )
    return _summary(stored, told, decision, gathered.late)


def _summary(stored: Stored, cells: Iterable[FigureCell], decision: Decision, late: tuple[str, ...]) -> Summary:
    told = [(cell, cell.key in decision.shown) for cell in cells]
    shown = Counter(cell.definition.id for cell, is_shown in told if is_shown)
    hidden = Counter(cell.definition.id for cell, is_shown in told if not is_shown)
    above = {cell.unit_code for cell, _ in told if cell.level in ("region", "delregional", "municipality")}
    return Summary(stored, shown, hidden, tuple(sorted(above)), late, decision.exposed, decision.unmodelled)
