"""How many deviations of each sort a board's units reported, by month: counts, never a row."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, func, select

from kpi.access import Viewer, check_can_read_control
from kpi.moment import known
from kpi.organisation import Organisation
from kpi.period import Period
from kpi.recurring import Sort
from kpi.views.cases import lay_under
from warehouse.tables import VERSIONED


def deviation_counts(
    connection: Connection, viewer: Viewer, organisation: Organisation, board_code: str, first: Period, last: Period
) -> dict[tuple[Sort, Period], int]:
    """Of the months first..last, as the units lay on each day. They are true counts, also of single cases: the caller
    tells a number only to who reads the unit's figures. AccessDenied for who does not read the board's control."""
    check_can_read_control(viewer, board_code)
    table = VERSIONED["deviations"]
    columns = (table.c.unit_code, table.c.category, table.c.counterpart_actor)
    found: Counter[tuple[Sort, Period]] = Counter()
    month = first
    while month <= last:
        query = select(*columns, func.count()).where(
            known(table, None),
            table.c.reported_on.between(month.first_day, month.last_day),
            lay_under(organisation, board_code, month, table.c.unit_code, table.c.reported_on),
        )
        for unit, category, counterpart, count in connection.execute(query.group_by(*columns)):
            found[Sort(unit, category, counterpart), month] += count
        month = month.shift(1)
    return dict(found)
