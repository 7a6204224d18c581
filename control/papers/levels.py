"""From when a board's usual levels were counted anew, as people had accepted it at a cut."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, or_, select

from kpi.definition import Rebase
from kpi.period import Period
from warehouse.action_tables import chart_mark


def accepted_levels(connection: Connection, board_code: str, at: datetime) -> Mapping[str, tuple[Rebase, ...]]:
    """The new levels of the board's own figures, by figure, the oldest first; a unit's hold there alone."""
    table = chart_mark
    rows = connection.execute(
        select(table.c.kpi_id, table.c.month, table.c.note)
        .where(
            table.c.board_code == board_code, table.c.is_rebase == 1, table.c.made_at <= at,
            or_(table.c.unit_code.is_(None), table.c.unit_code == board_code),
            or_(table.c.removed_at.is_(None), table.c.removed_at > at),
        )
        .order_by(table.c.month, table.c.mark_no)
    )  # fmt: skip
    found: dict[str, tuple[Rebase, ...]] = {}
    for row in rows:
        found[row.kpi_id] = (*found.get(row.kpi_id, ()), Rebase(Period.from_code(row.month), row.note))
    return found
