"""Rows behind the figures: a unit's of a month, in the viewer's reach. Only `control.rows` calls this: it records.

A row is its unit's on its deciding day. It is shown when its unit lay under the asked one on that day, and grants of
the viewer's reached it there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, false, func, or_, select, tuple_

from kpi.access import Role, Viewer, can_read_rows, check_can_hand_over_rows, check_can_read_rows
from kpi.access.rows import ROW_READERS, SHORTEST_REASON, readers_for
from kpi.definition import Catalogue, Definition
from kpi.moment import known
from kpi.organisation import Organisation, Unit
from kpi.period import Period, PeriodType
from kpi.views.case_rows import CASE_KINDS, Case, CaseKind, Cases, Key
from kpi.views.errors import NotFound
from kpi.views.unit_reach import unit_in_reach
from warehouse.tables import VERSIONED

_SOME_REASON = "-" * SHORTEST_REASON
_HANDS_OVER = frozenset({Role.CHIEF})


def case_kind(dataset: str) -> CaseKind:
    """The dataset, where its rows are read; NotFound otherwise."""
    kind = CASE_KINDS.get(dataset)
    if kind is None:
        raise NotFound("Uppgifterna finns inte som underlag. Välj avvikelser, SIP eller hänvisningar.")
    return kind


def kind_behind(catalogue: Catalogue, definition: Definition) -> CaseKind | None:
    """The rows that the figure counts, where they are among those that are read."""
    if not definition.meaning.measures:
        return None
    fact = catalogue.facts[definition.meaning.measures[0].fact]
    return CASE_KINDS.get(fact.branches[0].dataset)


def check_reaches_rows(viewer: Viewer, organisation: Organisation, unit_code: str, month: Period) -> None:
    """As `check_can_read_rows`, before any reason is asked for."""
    check_can_read_rows(viewer, organisation, unit_code, month.first_day, month.last_day, reason=_SOME_REASON)


def reaches_rows(viewer: Viewer, organisation: Organisation, unit_code: str, month: Period) -> bool:
    """As `check_reaches_rows`."""
    return can_read_rows(viewer, organisation, unit_code, month.first_day, month.last_day, reason=_SOME_REASON)


def units_with_rows_to_read(organisation: Organisation, viewer: Viewer, month: Period) -> tuple[Unit, ...]:
    """The units whose rows the viewer reads for the month, each board's from the top."""
    boards = sorted({board for grant in viewer.grants if grant.role in ROW_READERS for board in grant.boards})
    found = {unit.code: unit for board in boards for unit in organisation.under(board, month.first_day, month.last_day)}
    return tuple(unit for unit in found.values() if reaches_rows(viewer, organisation, unit.code, month))


def cases(
    connection: Connection,
    viewer: Viewer,
    organisation: Organisation,
    dataset: str,
    unit_code: str,
    month: Period,
    *,
    reason: str | None,
    limit: int,
    offset: int = 0,
) -> Cases:
    """The unit's rows of the month, and of what lay below it, by day and key.

    AccessDenied where the viewer may not read them or states no reason that is needed; NotFound for another dataset or
    for a period that is no month.
    """
    kind = case_kind(dataset)
    _check_is_month(month)
    check_can_read_rows(viewer, organisation, unit_code, month.first_day, month.last_day, reason=reason)
    table = VERSIONED[dataset]
    within = _within(viewer, readers_for(reason), organisation, kind, unit_code, month)
    total = connection.execute(select(func.count()).select_from(table).where(*within)).scalar_one()
    query = (
        _rows(kind)
        .where(*within)
        .order_by(table.c[kind.day], table.c[kind.key], table.c.municipality_code)
        .limit(limit)
        .offset(offset)
    )
    found = tuple(_case(kind, organisation, row) for row in connection.execute(query))
    return Cases(kind, _unit(organisation, unit_code, month.last_day), month, found, total, offset + 1)


def keys_to_hand_over(
    connection: Connection, viewer: Viewer, organisation: Organisation, dataset: str, unit_code: str, month: Period
) -> list[Key]:
    """The keys of all rows that the chief may hand over a sample of, sorted. Raises as `cases`."""
    kind = case_kind(dataset)
    _check_is_month(month)
    check_can_hand_over_rows(viewer, organisation, unit_code, month.first_day, month.last_day)
    table = VERSIONED[dataset]
    query = select(table.c.municipality_code, table.c[kind.key]).where(
        *_within(viewer, _HANDS_OVER, organisation, kind, unit_code, month)
    )
    return sorted((municipality, key) for municipality, key in connection.execute(query))


def cases_of_keys(
    connection: Connection, organisation: Organisation, dataset: str, keys: Collection[Key]
) -> dict[Key, Case]:
    """The current rows of keys that have been handed over; a removed row is not there. The caller has checked who
    reads."""
    kind = case_kind(dataset)
    table = VERSIONED[dataset]
    wanted = tuple_(table.c.municipality_code, table.c[kind.key]).in_(sorted(keys))
    rows = connection.execute(_rows(kind).where(known(table, None), wanted))
    found = (_case(kind, organisation, row) for row in rows)
    return {one.key: one for one in found}


def _check_is_month(month: Period) -> None:
    if month.type is not PeriodType.MONTH:
        raise NotFound("Välj en månad, till exempel 2025-03.")


def _unit(organisation: Organisation, unit_code: str, day: date) -> Unit:
    unit = organisation.on(unit_code, day)
    if unit is None:
        raise NotFound("Enheten finns inte. Välj en i listan.")
    return unit


def _rows(kind: CaseKind) -> Select[Any]:
    table = VERSIONED[kind.dataset]
    return select(*(table.c[field.name] for field in fields(kind.row)))


def _within(
    viewer: Viewer,
    roles: frozenset[Role],
    organisation: Organisation,
    kind: CaseKind,
    unit_code: str,
    month: Period,
) -> Iterable[ColumnElement[bool]]:
    table = VERSIONED[kind.dataset]
    unit, day = table.c[kind.unit], table.c[kind.day]
    return (
        known(table, None),
        day.between(month.first_day, month.last_day),
        lay_under(organisation, unit_code, month, unit, day),
        unit_in_reach(viewer, roles, unit, day, day),
    )


def lay_under(
    organisation: Organisation, above: str, period: Period, unit: ColumnElement[str], day: ColumnElement[date]
) -> ColumnElement[bool]:
    """That the row's unit is `above`, or lay under it on the row's day, which is one of the period's."""
    first, last = period.first_day, period.last_day
    spans: dict[tuple[date, date], set[str]] = {}
    for below in organisation.under(above, first, last):
        for path in organisation.paths(below.code, first, last):
            if above in path.through:
                spans.setdefault((max(path.first, first), min(path.last, last)), set()).add(below.code)
    return or_(false(), *(and_(unit.in_(sorted(codes)), day.between(*days)) for days, codes in spans.items()))


def _case(kind: CaseKind, organisation: Organisation, row: Row[Any]) -> Case:
    found = kind.row(**row._mapping)
    unit_code, day, key = (getattr(found, column) for column in (kind.unit, kind.day, kind.key))
    return Case((found.municipality_code, key), day, organisation.on(unit_code, day), found)
