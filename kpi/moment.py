"""When the warehouse is looked at: the deliveries that are known, and the versions that they wrote.

Recorded time has two faces (docs/architecture.md): days answer "as known on", delivery numbers answer "what changed
since the last run". Numbers are not committed in order (a held delivery may be approved weeks later), so a run
remembers both the highest number it saw and those below it that were not committed yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Table, and_, func, not_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from kpi.coverage import AsOf
from warehouse.tables import delivery, delivery_scope

_COMMITTED = ("loaded", "unchanged")


@dataclass(frozen=True)
class Cut:
    """What a run has seen: every committed delivery up to `last`, but not those in `pending`."""

    last: int
    pending: frozenset[int]


def current_cut(connection: Connection) -> Cut:
    """The deliveries that this snapshot holds."""
    last = connection.execute(select(func.coalesce(func.max(delivery.c.delivery_id), 0))).scalar_one()
    waiting = connection.scalars(select(delivery.c.delivery_id).where(delivery.c.status.not_in(_COMMITTED)))
    return Cut(last, frozenset(waiting))


def committed_since(connection: Connection, cut: Cut) -> list[int]:
    """The numbers of the deliveries committed since the cut, in order."""
    new = or_(delivery.c.delivery_id > cut.last, delivery.c.delivery_id.in_(cut.pending))
    found = connection.scalars(
        select(delivery.c.delivery_id).where(delivery.c.status.in_(_COMMITTED), new).order_by(delivery.c.delivery_id)
    )
    return list(found)


def known(table: Table, on: date | None) -> ColumnElement[bool]:
    """The versions known now (None), or at the end of a day."""
    if on is None:
        return table.c.ended_by.is_(None)
    return and_(table.c.recorded_on <= on, or_(table.c.ended_on.is_(None), table.c.ended_on > on))


def seen_by(table: Table, cut: Cut) -> ColumnElement[bool]:
    """The versions that a run saw."""
    came_later = or_(table.c.recorded_by > cut.last, table.c.recorded_by.in_(cut.pending))
    ended = and_(table.c.ended_by.is_not(None), table.c.ended_by <= cut.last, table.c.ended_by.not_in(cut.pending))
    return and_(not_(came_later), not_(ended))


def read_as_of(connection: Connection, *, on: date | None = None, without: list[int] | None = None) -> AsOf:
    """As known now or at the end of a day; `without` leaves out the deliveries that a run had not seen."""
    query = (
        select(delivery_scope.c.dataset, delivery_scope.c.municipality_code, func.max(delivery_scope.c.as_of))
        .join(delivery, delivery.c.delivery_id == delivery_scope.c.delivery_id)
        .where(delivery.c.status.in_(_COMMITTED))
        .group_by(delivery_scope.c.dataset, delivery_scope.c.municipality_code)
    )
    if on is not None:
        query = query.where(delivery_scope.c.as_of <= on)
    if without:
        query = query.where(delivery_scope.c.delivery_id.not_in(without))
    return {(dataset, municipality): as_of for dataset, municipality, as_of in connection.execute(query)}
