"""Reads from which day to which a municipality's deliveries hold what a figure counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from warehouse.tables import kpi, kpi_coverage, kpi_unplaced


@dataclass(frozen=True)
class Held:
    """The first event month's first day, and as-of."""

    first_on: date
    as_of: date


def coverage(connection: Connection, municipality_code: str) -> dict[str, Held]:
    """By figure; a figure without a row has no coverage in the municipality."""
    rows = connection.execute(
        select(kpi.c.kpi_id, kpi_coverage.c.first_on, kpi_coverage.c.as_of)
        .join(kpi, kpi.c.kpi_no == kpi_coverage.c.kpi_no)
        .where(kpi_coverage.c.municipality_code == municipality_code)
    )
    return {row.kpi_id: Held(row.first_on, row.as_of) for row in rows}


def unplaced(connection: Connection, kpi_id: str, municipality_code: str) -> int:
    """Rows of the municipality that the figure cannot count yet, since their unit or plan is unknown."""
    found = connection.execute(
        select(kpi_unplaced.c.rows)
        .join(kpi, kpi.c.kpi_no == kpi_unplaced.c.kpi_no)
        .where(kpi.c.kpi_id == kpi_id, kpi_unplaced.c.municipality_code == municipality_code)
    ).scalar_one_or_none()
    return found or 0
