"""Reads how fresh deliveries are: what pages and figures say about where their rows come from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, func, select

from kpi.access import Viewer, check_can_read_deliveries, delivery_municipalities, readable_municipalities
from kpi.views.reach import COMMITTED, counted_rejects_in_reach, scopes_in_reach
from kpi.views.rows import Freshness
from warehouse.tables import VERSIONED, delivery, delivery_dataset, delivery_scope, rejected_row, source


def freshness(
    connection: Connection,
    viewer: Viewer,
    *,
    datasets: Collection[str] | None = None,
    municipality_code: str | None = None,
) -> tuple[Freshness, ...]:
    """How far each source's dataset reaches per municipality, with the counts of its latest delivery."""
    check_can_read_deliveries(viewer)
    return _freshness(connection, viewer, delivery_municipalities(viewer), datasets, municipality_code)


def freshness_behind(
    connection: Connection,
    viewer: Viewer,
    *,
    datasets: Collection[str] | None,
    municipality_code: str | None,
) -> tuple[Freshness, ...]:
    """As `freshness`, of what a figure rests on, for whoever may read the figure: the caller has checked that."""
    return _freshness(connection, viewer, readable_municipalities(viewer), datasets, municipality_code)


def latest_day(connection: Connection, viewer: Viewer, municipality_code: str) -> date | None:
    """The last day that the municipality's deliveries tell of, for whoever may read its figures; None for others."""
    query = (
        select(func.max(delivery_scope.c.as_of))
        .join(delivery, delivery.c.delivery_id == delivery_scope.c.delivery_id)
        .where(
            scopes_in_reach(viewer, readable_municipalities(viewer)),
            delivery.c.status.in_(COMMITTED),
            delivery_scope.c.municipality_code == municipality_code,
        )
    )
    found: date | None = connection.scalar(query)
    return found


def _freshness(
    connection: Connection,
    viewer: Viewer,
    codes: frozenset[str],
    datasets: Collection[str] | None,
    municipality_code: str | None,
) -> tuple[Freshness, ...]:
    scope = delivery_scope
    conditions = [scopes_in_reach(viewer, codes), delivery.c.status.in_(COMMITTED)]
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
    waiting = _open_rejects(connection, viewer, codes)
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
    return _open_rejects(connection, viewer, delivery_municipalities(viewer))


def _open_rejects(connection: Connection, viewer: Viewer, codes: frozenset[str]) -> dict[tuple[int, str, str], int]:
    code = func.coalesce(rejected_row.c.municipality_code, "")
    rows = connection.execute(
        select(rejected_row.c.source_id, rejected_row.c.dataset, code.label("code"), func.count().label("rows"))
        .join(delivery, delivery.c.delivery_id == rejected_row.c.delivery_id)
        .where(
            rejected_row.c.resolved_by.is_(None),
            delivery.c.status.in_(COMMITTED),
            counted_rejects_in_reach(viewer, codes),
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


def _municipality_names(connection: Connection) -> dict[str, str]:
    table = VERSIONED["org_units"]
    query = select(table.c.municipality_code, table.c.name).where(
        table.c.level == "municipality", table.c.ended_by.is_(None)
    )
    return {row.municipality_code: row.name for row in connection.execute(query) if row.municipality_code}
