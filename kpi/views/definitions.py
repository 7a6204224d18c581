"""Reads what a change of the definitions would show, for a viewer; and when a figure's meaning has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Engine, select

from kpi.access import Viewer, can_read_figure, check_can_edit_definitions, is_operator
from kpi.backcast import Backcast, Pair, backcast
from kpi.definition import Catalogue
from kpi.period import Period
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading
from warehouse.tables import kpi, kpi_definition

_OWN_LEVELS = ("board", "administration", "unit")


@dataclass(frozen=True)
class MeaningChange:
    """The day from which on a figure's stored values follow another meaning than before."""

    definition_hash: str
    seen_at: datetime

    @property
    def month(self) -> Period:
        """The month of the change, by the Swedish calendar."""
        return Period.parse(f"{clock.local(self.seen_at):%Y-%m}")


def preview(engine: Engine, old: Catalogue, new: Catalogue, viewer: Viewer, kpi_id: str) -> Backcast:
    """The backcast of the viewer's own boards and what lies below them; the operator reads all.

    A definition under trial says itself what it counts and whose it is, so nothing it says widens what is shown: no
    level above the boards, and only for those who may save definitions. AccessDenied for others; UserError as
    `kpi.backcast.backcast`.
    """
    check_can_edit_definitions(viewer)
    found = backcast(engine, old, new, kpi_id)
    if is_operator(viewer):
        return found
    with reading(engine) as connection:
        organisation = read_organisation(connection)

    @cache
    def may_read(unit_code: str, period: Period) -> bool:
        days = period.first_day, period.last_day
        return can_read_figure(viewer, organisation, unit_code, *days, areas=found.new.areas)

    def keeps(pair: Pair) -> bool:
        return pair.level in _OWN_LEVELS and may_read(pair.unit_code, pair.period)

    return Backcast(found.old, found.new, tuple(filter(keeps, found.pairs)))


def meaning_changes(connection: Connection, kpi_id: str) -> tuple[MeaningChange, ...]:
    """When the figure got another meaning, the oldest first; its first meaning is no change."""
    rows = connection.execute(
        select(kpi_definition.c.definition_hash, kpi_definition.c.first_seen_at)
        .join(kpi, kpi.c.kpi_no == kpi_definition.c.kpi_no)
        .where(kpi.c.kpi_id == kpi_id)
        .order_by(kpi_definition.c.definition_no)
    ).all()
    return tuple(MeaningChange(row.definition_hash, row.first_seen_at) for row in rows[1:])
