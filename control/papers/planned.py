"""What lies before the board next, by its year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from control.papers.kinds import PaperKind
from kpi.period import Period
from warehouse.paper_tables import board_date


@dataclass(frozen=True)
class Planned:
    """A planned paper. `counted_on`: the day that says whether it is on time, which a later one does not move once it
    has passed."""

    board_code: str
    kind: PaperKind
    period: Period
    counted_on: date


def next_date(connection: Connection, boards: Iterable[str]) -> Planned | None:
    """The first planned paper that has not been delivered; None where nothing is planned."""
    table = board_date
    row = connection.execute(
        select(table.c.board_code, table.c.kind, table.c.period, table.c.counted_on)
        .where(
            table.c.board_code.in_(sorted(boards)), table.c.kind.in_([one.value for one in PaperKind]),
            table.c.done_on.is_(None), table.c.cancelled_on.is_(None),
        )
        .order_by(table.c.counted_on, table.c.date_no)
        .limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    return Planned(row.board_code, PaperKind(row.kind), Period.from_code(row.period), row.counted_on)
