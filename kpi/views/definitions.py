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
    level above the boards, only for those who may save definitions, and no value from which a condition may have asked
    for a single child: of so few cases, in or out, or that few from the other definition's (open figures count none).
    AccessDenied for others; UserError as `kpi.backcast.backcast`.
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
    if before is not None and after is not None and _is_closed(old, new) and _differ_by_few(before, after):
        before = after = None
    is_told = after is not None and (before is not None or pair.before is None)
    return replace(pair, before=before, after=after, newly_missed=pair.newly_missed and is_told)


def _is_closed(*definitions: Definition | None) -> bool:
    return any(one is not None and one.release_class != ReleaseClass.OPEN for one in definitions)


def _unless_few(definition: Definition | None, cell: Cell | None) -> Cell | None:
    """The cell, unless what it counts, or what it leaves out of that, may be a single child. None and all are few: a
    condition that the child does not meet would else answer by its absence."""
    if cell is None or not _is_closed(definition):
        return cell
    return None if any(count <= HIDE_UP_TO for count in _counts(cell)) else cell


def _differ_by_few(before: Cell, after: Cell) -> bool:
    """Whether what one definition counts and the other does not may be a single child. Where both count among as many,
    only what differs must be many; else also the new ones' parts, none and all being few."""
    gaps = [abs(one - other) for one, other in zip(_counts(before), _counts(after), strict=False)]
    if before.denominator == after.denominator:
        gaps = [gap for gap in gaps if gap]
    return any(gap <= HIDE_UP_TO for gap in gaps)


def _counts(cell: Cell) -> list[float]:
    """The cases, and of a share or rate also its parts and what the numerator leaves out."""
    if cell.numerator is None:
        return [cell.cases]
    if cell.denominator is None:
        return [cell.cases, cell.numerator]
    return [cell.cases, cell.numerator, cell.denominator, cell.denominator - cell.numerator]


def meaning_changes(connection: Connection, kpi_id: str) -> tuple[MeaningChange, ...]:
    """When the figure got another meaning, the oldest first; its first meaning is no change."""
    rows = connection.execute(
        select(kpi_definition.c.definition_hash, kpi_definition.c.first_seen_at)
        .join(kpi, kpi.c.kpi_no == kpi_definition.c.kpi_no)
        .where(kpi.c.kpi_id == kpi_id)
        .order_by(kpi_definition.c.definition_no)
    ).all()
    return tuple(MeaningChange(row.definition_hash, row.first_seen_at) for row in rows[1:])
