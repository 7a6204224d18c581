"""The current versions that a delivery is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

from etl.rules.values import Value
from warehouse.contract import Dataset
from warehouse.tables import VERSIONED, delivery_scope, source

Key = tuple[Value | None, ...]
_FEW = 20_000
_AT_A_TIME = 500


@dataclass(frozen=True)
class Current:
    """A key's current version."""

    version_id: int
    source_id: int
    content_hash: int
    recorded_by: int
    recorded_on: date


def is_empty(connection: Connection, dataset: Dataset) -> bool:
    """Whether the dataset has no versions at all."""
    return connection.execute(select(VERSIONED[dataset.name].c.version_id).limit(1)).first() is None


def read_current(connection: Connection, dataset: Dataset, keys: Sequence[Key]) -> dict[Key, Current]:
    """The current versions of those keys (and, when they are many, of their neighbours)."""
    table = VERSIONED[dataset.name]
    first = table.c[dataset.key[0].column]
    leading = sorted({key[0] for key in keys}, key=str)
    if len(leading) > _FEW:
        return _read(connection, dataset, table.c.ended_by.is_(None))
    found: dict[Key, Current] = {}
    for start in range(0, len(leading), _AT_A_TIME):
        some = leading[start : start + _AT_A_TIME]
        found |= _read(connection, dataset, and_(table.c.ended_by.is_(None), first.in_(some)))
    return found


def read_scope(
    connection: Connection, dataset: Dataset, source_id: int, municipalities: Iterable[str]
) -> dict[Key, Current]:
    """The current versions of a source in the municipalities that rows name ('' = none)."""
    table = VERSIONED[dataset.name]
    codes = list(municipalities)
    column = table.c.municipality_code
    named = or_(column.in_(codes), column.is_(None) if "" in codes else false())
    return _read(connection, dataset, and_(table.c.ended_by.is_(None), table.c.source_id == source_id, named))


def read_source(connection: Connection, dataset: Dataset, source_id: int) -> dict[Key, Current]:
    """All the current versions of a source."""
    table = VERSIONED[dataset.name]
    return _read(connection, dataset, and_(table.c.ended_by.is_(None), table.c.source_id == source_id))


def spoken_by(
    connection: Connection, dataset: Dataset, source_id: int, municipalities: Iterable[str]
) -> frozenset[int]:
    """The source's deliveries that spoke for one of the municipalities."""
    return frozenset(
        connection.scalars(
            select(delivery_scope.c.delivery_id).where(
                delivery_scope.c.source_id == source_id,
                delivery_scope.c.dataset == dataset.name,
                delivery_scope.c.municipality_code.in_(list(municipalities)),
            )
        )
    )


def unit_municipalities(connection: Connection) -> dict[str, str]:
    """Each known unit's municipality, the latest one when it has moved; a region's own unit has none."""
    units = VERSIONED["org_units"]
    rows = connection.execute(
        select(units.c.unit_code, units.c.municipality_code)
        .where(units.c.ended_by.is_(None), units.c.municipality_code.is_not(None))
        .order_by(units.c.valid_from)
    )
    return {row.unit_code: row.municipality_code for row in rows}


def _read(connection: Connection, dataset: Dataset, condition: ColumnElement[bool]) -> dict[Key, Current]:
    table = VERSIONED[dataset.name]
    key = [table.c[field.column] for field in dataset.key]
    rows = connection.execute(
        select(
            table.c.version_id, table.c.source_id, table.c.content_hash, table.c.recorded_by, table.c.recorded_on, *key
        ).where(condition)
    )
    return {tuple(row[5:]): Current(*row[:5]) for row in rows}


def owners_of_deleted(connection: Connection, dataset: Dataset, source_id: int, keys: Iterable[Key]) -> dict[Key, int]:
    """Keys without a current version that another source delivered first: that source's number."""
    others = select(delivery_scope.c.source_id).where(
        delivery_scope.c.dataset == dataset.name, delivery_scope.c.source_id != source_id
    )
    if connection.execute(others.limit(1)).first() is None:
        return {}
    table = VERSIONED[dataset.name]
    columns = [table.c[field.column] for field in dataset.key]
    ended = select(table.c.source_id, *columns).where(table.c.ended_by.is_not(None), table.c.source_id != source_id)
    wanted = set(keys)
    return {tuple(row[1:]): row[0] for row in connection.execute(ended) if tuple(row[1:]) in wanted}


def source_names(connection: Connection) -> dict[int, str]:
    """Every source's name by its number."""
    return {row.source_id: row.name for row in connection.execute(select(source.c.source_id, source.c.name))}
