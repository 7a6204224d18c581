"""Reads deliveries and rows in quarantine, in the viewer's reach. Counts and messages; never a row's cells."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from kpi.access import Viewer, check_can_read_deliveries, check_can_read_rejects
from kpi.views.reach import COMMITTED, deliveries_in_reach, rejects_in_reach
from warehouse.tables import delivery, delivery_dataset, delivery_scope, rejected_row, source

_SHOWN = tuple(column for column in rejected_row.c if column.name not in ("row", "row_key", "source_id"))
"""Of a row in quarantine: its cells stay where they are."""


@dataclass(frozen=True)
class Counts:
    """What became of a dataset's rows; `read` is the sum of the others but `deleted`."""

    dataset: str
    read: int
    inserted: int
    changed: int
    unchanged: int
    duplicate: int
    rejected: int
    out_of_scope: int
    deleted: int


@dataclass(frozen=True)
class DeliveryRow:
    """One delivery."""

    delivery_id: int
    source: str
    source_name: str
    file_name: str
    status: str
    reason: str | None
    as_of: date
    received_at: datetime
    committed_at: datetime | None
    size: int
    warnings: tuple[str, ...]
    is_synthetic: bool
    replay_of: int | None
    municipalities: tuple[str, ...]
    counts: tuple[Counts, ...]


@dataclass(frozen=True)
class RejectRow:
    """One row in quarantine, without its cells."""

    reject_id: int
    delivery_id: int
    file_name: str
    source: str
    dataset: str
    municipality_code: str | None
    sheet: str | None
    line: int
    field: str | None
    rule: str
    message: str
    other_problems: int
    resolved_by: int | None


@dataclass(frozen=True)
class RejectPage:
    """Some of the rejects, and how many there are in all."""

    rows: tuple[RejectRow, ...]
    total: int


def deliveries(
    connection: Connection,
    viewer: Viewer,
    *,
    status: Collection[str] | None = None,
    delivery_id: int | None = None,
    limit: int | None = None,
) -> tuple[DeliveryRow, ...]:
    """Deliveries, the newest first."""
    check_can_read_deliveries(viewer)
    query = (
        select(delivery, source.c.code.label("source"), source.c.name.label("source_name"))
        .join(source, source.c.source_id == delivery.c.source_id)
        .where(deliveries_in_reach(viewer))
        .order_by(delivery.c.delivery_id.desc())
    )
    if status is not None:
        query = query.where(delivery.c.status.in_(tuple(status)))
    if delivery_id is not None:
        query = query.where(delivery.c.delivery_id == delivery_id)
    if limit is not None:
        query = query.limit(limit)
    found = connection.execute(query).all()
    numbers = [row.delivery_id for row in found]
    counts = _counts(connection, numbers)
    municipalities = _municipalities(connection, numbers)
    return tuple(
        DeliveryRow(
            row.delivery_id,
            row.source,
            row.source_name,
            row.file_name,
            row.status,
            row.reason,
            row.as_of,
            row.received_at,
            row.committed_at,
            row.size,
            tuple(str(warning) for warning in row.warnings),
            row.is_synthetic,
            row.replay_of,
            municipalities.get(row.delivery_id, ()),
            counts.get(row.delivery_id, ()),
        )
        for row in found
    )


def rejects(
    connection: Connection,
    viewer: Viewer,
    *,
    delivery_id: int | None = None,
    dataset: str | None = None,
    only_open: bool = True,
    only_committed: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> RejectPage:
    """Rows in quarantine, newest delivery first, then by line. `only_committed`: not those of a held delivery, which
    are a preview until somebody decides."""
    check_can_read_rejects(viewer)
    conditions = [rejects_in_reach(viewer)]
    if delivery_id is not None:
        conditions.append(rejected_row.c.delivery_id == delivery_id)
    if dataset is not None:
        conditions.append(rejected_row.c.dataset == dataset)
    if only_open:
        conditions.append(rejected_row.c.resolved_by.is_(None))
        conditions.append(delivery.c.status != "refused")
    if only_committed:
        conditions.append(delivery.c.status.in_(COMMITTED))
    base = rejected_row.join(delivery, delivery.c.delivery_id == rejected_row.c.delivery_id).join(
        source, source.c.source_id == rejected_row.c.source_id
    )
    total = connection.execute(select(func.count()).select_from(base).where(*conditions)).scalar_one()
    query = (
        select(*_SHOWN, delivery.c.file_name, source.c.code.label("source"))
        .select_from(base)
        .where(*conditions)
        .order_by(rejected_row.c.delivery_id.desc(), rejected_row.c.line, rejected_row.c.reject_id)
        .offset(offset)
    )
    rows = connection.execute(query if limit is None else query.limit(limit))
    return RejectPage(
        tuple(
            RejectRow(
                row.reject_id,
                row.delivery_id,
                row.file_name,
                row.source,
                row.dataset,
                row.municipality_code,
                row.sheet,
                row.line,
                row.field,
                row.rule,
                row.message,
                len(row.other_problems),
                row.resolved_by,
            )
            for row in rows
        ),
        total,
    )


def _counts(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[Counts, ...]]:
    found: dict[int, list[Counts]] = {}
    table = delivery_dataset
    query = select(table).where(table.c.delivery_id.in_(numbers)).order_by(table.c.delivery_id, table.c.dataset)
    for row in connection.execute(query):
        found.setdefault(row.delivery_id, []).append(
            Counts(
                row.dataset,
                row.read,
                row.inserted,
                row.changed,
                row.unchanged,
                row.duplicate,
                row.rejected,
                row.out_of_scope,
                row.deleted,
            )
        )
    return {number: tuple(rows) for number, rows in found.items()}


def _municipalities(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Whom a delivery speaks for: its scopes once committed, and the municipalities that rejected rows name."""
    found: dict[int, set[str]] = {}
    for table in (delivery_scope, rejected_row):
        query = (
            select(table.c.delivery_id, table.c.municipality_code).where(table.c.delivery_id.in_(numbers)).distinct()
        )
        for row in connection.execute(query):
            if row.municipality_code:
                found.setdefault(row.delivery_id, set()).add(row.municipality_code)
    return {number: tuple(sorted(codes)) for number, codes in found.items()}
