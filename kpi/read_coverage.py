"""Reads what coverage and denominators rest on: the first events and the children."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, case, func, or_, select

from kpi.coverage import Children, FirstEvents
from kpi.moment import known
from warehouse.contract import DATASETS
from warehouse.tables import VERSIONED

_SUM, _AGES = "0-17", 18


def read_first_events(
    connection: Connection, datasets: frozenset[str], homes: Mapping[str, str], on: date | None = None
) -> FirstEvents:
    """The earliest event of each dataset and municipality, as known now or on a day. `homes`: municipality by unit, for
    the dataset whose rows name only their unit."""
    found: FirstEvents = {}
    for dataset in sorted(datasets):
        event_on = DATASETS[dataset].event_on
        if event_on is None:
            continue
        table = VERSIONED[dataset]
        has_municipality = DATASETS[dataset].has_municipality
        place = table.c.municipality_code if has_municipality else table.c.unit_code
        first = func.min(table.c[event_on])
        for code, value in connection.execute(select(place, first).where(known(table, on)).group_by(place)):
            municipality = code if has_municipality else homes.get(code, "")
            day = date.fromisoformat(f"{value}-01") if isinstance(value, str) else value
            found[dataset, municipality] = min(day, found.get((dataset, municipality), day))
    return found


def read_children(connection: Connection, on: date | None = None) -> Children:
    """Children 0–17 of every municipality and year; a year is given by single ages or as a sum, never both.

    A year of which only some ages have come is not known: their sum would be too small to divide by.
    """
    table = VERSIONED["population"]
    is_whole = or_(func.max(case((table.c.age == _SUM, 1), else_=0)) == 1, func.count() == _AGES)
    rows = connection.execute(
        select(table.c.municipality_code, table.c.year, func.sum(table.c.children))
        .where(known(table, on))
        .group_by(table.c.municipality_code, table.c.year)
        .having(is_whole)
    )
    found: Children = {}
    for municipality, year, children in rows:
        found.setdefault(municipality, {})[year] = int(children)
    return found
