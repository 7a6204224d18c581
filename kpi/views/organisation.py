"""Reads the organisation tree as known now or on a day. Names and structure are public; no grant is needed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from kpi.moment import Cut, known, seen_by
from kpi.organisation import Organisation, Unit
from warehouse.errors import UserError
from warehouse.tables import VERSIONED

_ALWAYS = date(1, 1, 1)


def read_organisation(connection: Connection, *, on: date | None = None, seen: Cut | None = None) -> Organisation:
    """Every span of every unit, as known now, at the end of a day, or as a run had `seen` it."""
    table = VERSIONED["org_units"]
    rows = connection.execute(
        select(
            table.c.unit_code,
            table.c.name,
            table.c.level,
            table.c.parent_code,
            table.c.municipality_code,
            table.c.area,
            table.c.actor,
            table.c.valid_from,
            table.c.valid_to,
        )
        .where(known(table, on) if seen is None else seen_by(table, seen))
        .order_by(table.c.unit_code, table.c.valid_from)
    )
    return Organisation(
        tuple(
            Unit(
                code=row.unit_code,
                name=row.name,
                level=row.level,
                parent_code=row.parent_code,
                municipality_code=row.municipality_code,
                area=row.area,
                actor=row.actor,
                valid_from=row.valid_from or _ALWAYS,
                valid_to=row.valid_to,
            )
            for row in rows
        )
    )


def check_unit_is_known(unit_code: str, *organisations: Organisation) -> None:
    """UserError when none of the organisations holds the unit."""
    if not any(one.spans(unit_code) for one in organisations):
        raise UserError(f"Enheten ”{unit_code}” finns inte bland de levererade organisationsenheterna.")
