"""Reads deliveries: what came, how fresh it is, what was rejected or held. Aggregates and messages; no row's contents.

A viewer reads the municipalities that a grant names, and the freshness of what names none; the operator reads all.
A row in quarantine is shown by file, line, field and message, never by its cells.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, false, func, or_, select, true

from kpi.access import (
    Viewer,
    can_decide_deliveries,
    check_can_read_deliveries,
    check_can_read_rejects,
    is_operator,
    readable_municipalities,
)
from kpi.views.rows import Freshness
from warehouse.tables import VERSIONED, delivery, delivery_dataset, delivery_scope, rejected_row, source

COMMITTED = ("loaded", "unchanged")


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
        .where(_in_reach(viewer))
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
    limit: int | None = None,
    offset: int = 0,
) -> RejectPage:
    """Rows in quarantine, newest delivery first, then by line."""
    check_can_read_rejects(viewer)
    conditions = [_reject_in_reach(viewer)]
    if delivery_id is not None:
        conditions.append(rejected_row.c.delivery_id == delivery_id)
    if dataset is not None:
        conditions.append(rejected_row.c.dataset == dataset)
    if only_open:
        conditions.append(rejected_row.c.resolved_by.is_(None))
        conditions.append(delivery.c.status != "refused")
    base = rejected_row.join(delivery, delivery.c.delivery_id == rejected_row.c.delivery_id).join(
        source, source.c.source_id == rejected_row.c.source_id
    )
    total = connection.execute(select(func.count()).select_from(base).where(*conditions)).scalar_one()
    query = (
        select(rejected_row, delivery.c.file_name, source.c.code.label("source"))
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


def freshness(
    connection: Connection,
    viewer: Viewer,
    *,
    datasets: Collection[str] | None = None,
    municipality_code: str | None = None,
) -> tuple[Freshness, ...]:
    """How far each source's dataset reaches per municipality, with the counts of its latest delivery."""
    check_can_read_deliveries(viewer)
    scope = delivery_scope
    conditions = [_municipality_in_reach(viewer, scope.c.municipality_code), delivery.c.status.in_(COMMITTED)]
    if datasets is not None:
        conditions.append(scope.c.dataset.in_(tuple(datasets)))
    if municipality_code is not None:
        conditions.append(scope.c.municipality_code.in_((municipality_code, "")))
    latest = (
        select(
            scope.c.source_id,
            scope.c.dataset,
            scope.c.municipality_code,
            func.max(scope.c.as_of).label("as_of"),
            func.max(scope.c.delivery_id).label("delivery_id"),
        )
        .join(delivery, delivery.c.delivery_id == scope.c.delivery_id)
        .where(*conditions)
        .group_by(scope.c.source_id, scope.c.dataset, scope.c.municipality_code)
        .subquery()
    )
    counted = delivery_dataset
    query = (
        select(
            latest,
            source.c.name,
            delivery.c.file_name,
            delivery.c.is_synthetic,
            counted.c.read,
            counted.c.inserted,
            counted.c.changed,
            counted.c.unchanged,
            counted.c.out_of_scope,
        )
        .join(source, source.c.source_id == latest.c.source_id)
        .join(delivery, delivery.c.delivery_id == latest.c.delivery_id)
        .outerjoin(counted, (counted.c.delivery_id == latest.c.delivery_id) & (counted.c.dataset == latest.c.dataset))
        .order_by(latest.c.municipality_code, source.c.name, latest.c.dataset)
    )
    names = _municipality_names(connection)
    waiting = open_rejects(connection, viewer)
    return tuple(
        Freshness(
            row.name,
            row.dataset,
            row.municipality_code,
            names.get(row.municipality_code, row.municipality_code),
            row.as_of,
            row.file_name,
            row.is_synthetic,
            waiting.get((row.source_id, row.dataset, row.municipality_code), 0),
            row.read or 0,
            (row.inserted or 0) + (row.changed or 0) + (row.unchanged or 0),
            row.out_of_scope or 0,
        )
        for row in connection.execute(query)
    )


def open_rejects(connection: Connection, viewer: Viewer) -> dict[tuple[int, str, str], int]:
    """How many rows wait in quarantine, by source, dataset and municipality ('' when the row told none)."""
    check_can_read_deliveries(viewer)
    code = func.coalesce(rejected_row.c.municipality_code, "")
    rows = connection.execute(
        select(rejected_row.c.source_id, rejected_row.c.dataset, code.label("code"), func.count().label("rows"))
        .join(delivery, delivery.c.delivery_id == rejected_row.c.delivery_id)
        .where(
            rejected_row.c.resolved_by.is_(None),
            delivery.c.status.in_(COMMITTED),
            _reject_in_reach(viewer),
        )
        .group_by(rejected_row.c.source_id, rejected_row.c.dataset, code)
    )
    return {(row.source_id, row.dataset, row.code): row.rows for row in rows}


def is_synthetic(
    connection: Connection, municipality_code: str | None = None, datasets: Collection[str] | None = None
) -> bool:
    """Whether any loaded delivery of this municipality (None: any) and these datasets (None: any) is synthetic."""
    query = (
        select(delivery.c.delivery_id)
        .join(delivery_scope, delivery_scope.c.delivery_id == delivery.c.delivery_id)
        .where(delivery.c.is_synthetic, delivery.c.status.in_(COMMITTED))
        .limit(1)
    )
    if municipality_code is not None:
        query = query.where(delivery_scope.c.municipality_code.in_((municipality_code, "")))
    if datasets is not None:
        query = query.where(delivery_scope.c.dataset.in_(tuple(datasets)))
    return connection.execute(query).first() is not None


def _in_reach(viewer: Viewer) -> ColumnElement[bool]:
    """Deliveries of which some scope or rejected row is in reach (a held one has no scope yet)."""
    if is_operator(viewer):
        return true()
    scoped = select(delivery_scope.c.delivery_id).where(
        _municipality_in_reach(viewer, delivery_scope.c.municipality_code)
    )
    rejected = select(rejected_row.c.delivery_id).where(_reject_in_reach(viewer))
    return or_(delivery.c.delivery_id.in_(scoped), delivery.c.delivery_id.in_(rejected))


def _municipality_in_reach(viewer: Viewer, column: ColumnElement[str | None]) -> ColumnElement[bool]:
    if is_operator(viewer):
        return true()
    codes = sorted(readable_municipalities(viewer))
    return column.in_((*codes, "")) if codes else false()


def _reject_in_reach(viewer: Viewer) -> ColumnElement[bool]:
    """A rejected row that names no municipality may be anybody's: only those who decide about deliveries see it."""
    code = rejected_row.c.municipality_code
    if is_operator(viewer):
        return true()
    named = code.in_(sorted(readable_municipalities(viewer)))
    return or_(named, code.is_(None), code == "") if can_decide_deliveries(viewer) else named


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


def _municipality_names(connection: Connection) -> dict[str, str]:
    table = VERSIONED["org_units"]
    query = select(table.c.municipality_code, table.c.name).where(
        table.c.level == "municipality", table.c.ended_by.is_(None)
    )
    return {row.municipality_code: row.name for row in connection.execute(query) if row.municipality_code}
