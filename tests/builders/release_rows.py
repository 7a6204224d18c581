"""Releases written straight into the warehouse's tables, for tests of what readers outside the board meet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Table, insert

from kpi.period import Period
from kpi.store import numbers_of
from warehouse import closed_tables, tables
from warehouse.contract import LEVELS
from warehouse.database import writing

Released = tuple[str, str, str, str, str, tuple[float | None, float | None, float | None, int] | None]
"""Figure, unit, level, period, split, and the numbers; None when hidden."""


def release(engine: Engine, board: str, period: str, values: Iterable[Released], *, is_synthetic: bool = True) -> int:
    """A closing of the board's period with these values; its number."""
    with writing(engine) as connection:
        run = connection.execute(
            insert(tables.kpi_run)
            .values(
                started_at=datetime(2025, 1, 1, tzinfo=UTC), kind="full", status="done", last_delivery_id=1,
                definitions_hash="0" * 64, scope={"is_limited": True}, written=0,
            )
            .returning(tables.kpi_run.c.run_no)
        ).scalar_one()  # fmt: skip
        number = connection.execute(
            insert(closed_tables.release)
            .values(
                board_code=board, municipality_code=board[:4], period=Period.parse(period).code, revision=0,
                closed_at=datetime(2025, 2, 1, 12, 0, 7, tzinfo=UTC), closed_by="controller", run_no=run,
                definitions_digest="0" * 64, is_synthetic=is_synthetic, audit="{}", previous_hash="",
                content_hash=f"{run:x}".zfill(64),
            )
            .returning(closed_tables.release.c.release_no)
        ).scalar_one()  # fmt: skip
    add_values(engine, number, values)
    return int(number)


def add_values(engine: Engine, number: int, values: Iterable[Released]) -> None:
    """More values of a closing."""
    with writing(engine) as connection:
        for kpi_id, unit, level, of, split, numbers in values:
            numerator, denominator, value, cases = numbers or (None, None, None, None)
            connection.execute(
                insert(closed_tables.release_value).values(
                    kpi_no=_number(connection, tables.kpi, "kpi_id", kpi_id),
                    unit_no=_number(connection, tables.kpi_unit, "unit_code", unit),
                    split_no=_number(connection, tables.kpi_split, "split", split),
                    period=Period.parse(of).code, release_no=number, level=LEVELS.index(level),
                    is_suppressed=numbers is None, numerator=numerator, denominator=denominator, value=value,
                    cases=cases,
                )
            )  # fmt: skip


def count_of(kpi_id: str, unit: str, level: str, of: str, count: int | None, split: str = "") -> Released:
    """A count; None when hidden."""
    return kpi_id, unit, level, of, split, None if count is None else (count, None, count, count)


def _number(connection: Connection, table: Table, column: str, wanted: str) -> int:
    return numbers_of(connection, table, table.c[column], [wanted])[wanted]
