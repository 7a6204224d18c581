"""What people have marked in charts: where an action began, and from when a new usual level was accepted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from kpi.access import Viewer, can_read_control
from kpi.period import Period
from kpi.views.place import Place
from kpi.views.rows import ChartMark
from warehouse.action_tables import chart_mark


@dataclass(frozen=True)
class Marks:
    """A municipality's marks that the viewer may read, by figure."""

    found: Sequence[tuple[str, str, str | None, ChartMark]]

    def at(self, kpi_id: str, place: Place) -> tuple[ChartMark, ...]:
        """Those of the figure's chart at the place: a board's marks stand in the charts of its units and of its
        municipality too, a unit's in its own alone. A new usual level holds only where it was accepted."""
        return tuple(
            mark
            for figure, board, unit, mark in self.found
            if figure == kpi_id and _stands(place, board, unit, is_rebase=mark.is_rebase)
        )


def _stands(place: Place, board: str, unit: str | None, *, is_rebase: bool) -> bool:
    if unit is not None:
        return place.unit.code == unit
    if place.board_code is None:
        return True
    return place.board_code == board and (not is_rebase or place.unit.code == board)


def read_marks(
    connection: Connection, viewer: Viewer, kpi_ids: Collection[str], municipalities: Collection[str]
) -> dict[str, Marks]:
    """The marks that stand, by municipality."""
    rows = connection.execute(
        select(
            chart_mark.c.municipality_code, chart_mark.c.kpi_id, chart_mark.c.board_code, chart_mark.c.unit_code,
            chart_mark.c.month, chart_mark.c.note, chart_mark.c.is_rebase, chart_mark.c.action_no,
        )
        .where(
            chart_mark.c.municipality_code.in_(sorted(municipalities)),
            chart_mark.c.kpi_id.in_(sorted(kpi_ids)),
            chart_mark.c.removed_at.is_(None),
        )
        .order_by(chart_mark.c.month, chart_mark.c.mark_no)
    )  # fmt: skip
    found: dict[str, list[tuple[str, str, str | None, ChartMark]]] = {}
    for row in rows:
        if can_read_control(viewer, row.board_code):
            mark = ChartMark(Period.from_code(row.month), row.note, bool(row.is_rebase), row.action_no)
            found.setdefault(row.municipality_code, []).append((row.kpi_id, row.board_code, row.unit_code, mark))
    return {code: Marks(marks) for code, marks in found.items()}
