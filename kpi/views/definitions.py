"""Reads what a change of the definitions would show, for a viewer; and when a figure's meaning has changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Engine, select

from kpi.access import Viewer, can_read_figure, check_can_edit_definitions, is_operator
from kpi.backcast import Backcast, Pair, backcast
from kpi.cells import Cell
from kpi.definition import Catalogue, Definition
from kpi.disclosure.primary import HIDE_UP_TO, ReleaseClass
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
    level above the boards, only for those who may save definitions, and no value that rests on so few cases that a
    condition may have asked for a single child (open figures count none). AccessDenied for others; UserError as
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

    shown = (_without_few(found.old, found.new, pair) for pair in found.pairs if keeps(pair))
    return Backcast(found.old, found.new, tuple(pair for pair in shown if pair.before or pair.after))


def _without_few(old: Definition | None, new: Definition, pair: Pair) -> Pair:
    before, after = _unless_few(old, pair.before), _unless_few(new, pair.after)
    return replace(pair, before=before, after=after, newly_missed=pair.newly_missed and after is not None)


def _unless_few(definition: Definition | None, cell: Cell | None) -> Cell | None:
    if definition is None or cell is None or definition.release_class == ReleaseClass.OPEN:
        return cell
    return cell if cell.cases > HIDE_UP_TO else None


def meaning_changes(connection: Connection, kpi_id: str) -> tuple[MeaningChange, ...]:
    """When the figure got another meaning, the oldest first; its first meaning is no change."""
    rows = connection.execute(
        select(kpi_definition.c.definition_hash, kpi_definition.c.first_seen_at)
        .join(kpi, kpi.c.kpi_no == kpi_definition.c.kpi_no)
        .where(kpi.c.kpi_id == kpi_id)
        .order_by(kpi_definition.c.definition_no)
    ).all()
    return tuple(MeaningChange(row.definition_hash, row.first_seen_at) for row in rows[1:])
