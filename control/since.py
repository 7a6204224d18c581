"""What has happened since an earlier month: which figures have crossed their level, and what was done. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from control.actions.content import BoardAction
from control.board_work import BoardWork
from control.occasions.reading import Listed
from kpi.period import Period
from kpi.status import State
from kpi.views.rows import FigureRow

_JUDGED = (State.REACHES, State.NEAR, State.OFF)


@dataclass(frozen=True)
class Since:
    """Figures that have come to the wrong side of their level, and from it, since the month; the actions that have
    begun and ended after it, and the controls that were carried out. `judged`: how many figures could be judged both
    times."""

    month: Period
    judged: int
    worse: tuple[FigureRow, ...]
    better: tuple[FigureRow, ...]
    begun: tuple[BoardAction, ...] = ()
    ended: tuple[BoardAction, ...] = ()
    controls: tuple[Listed, ...] = ()


def since(rows: Sequence[FigureRow], month: Period, work: BoardWork | None, until: date) -> Since:
    """`until`: the last day that counts, so that an earlier month's page tells what was known of then."""
    both = [row for row in rows if row.then is not None and _is_judged(row)]
    after = month.last_day

    def is_between(day: date | None) -> bool:
        return day is not None and after < day <= until

    actions = work.actions if work is not None else ()
    return Since(
        month,
        len(both),
        tuple(row for row in both if _is_off(row) and not _was_off(row)),
        tuple(row for row in both if _was_off(row) and not _is_off(row)),
        tuple(one for one in actions if is_between(one.starts_on)),
        tuple(one for one in actions if is_between(one.done_on)),
        tuple(one for one in (work.controls if work is not None else ()) if is_between(one.occasion.done_on)),
    )


def _is_judged(row: FigureRow) -> bool:
    return row.status.state in _JUDGED and row.then is not None and row.then.status.state in _JUDGED


def _is_off(row: FigureRow) -> bool:
    return row.status.state is State.OFF


def _was_off(row: FigureRow) -> bool:
    return row.then is not None and row.then.status.state is State.OFF
