"""Rows behind the figures: a unit's of a month, as wanted, in the viewer's reach. Only `control.rows`
calls this: it records.

A row is its unit's on its deciding day. It is shown when its unit lay under the asked one on that day, and grants of
the viewer's reached it there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, UnaryExpression, and_, false, func, or_, select, tuple_

from kpi.access import Role, Viewer, can_read_rows, check_can_hand_over_rows, check_can_read_rows
from kpi.access.rows import ROW_READERS, SHORTEST_REASON, readers_for
from kpi.moment import known
from kpi.organisation import Organisation, Unit
from kpi.period import Period, PeriodType
from kpi.views.case_filter import CaseFilter
from kpi.views.case_rows import CASE_KINDS, Case, CaseKind, Cases, Key
from kpi.views.deviation_page import known_on
from kpi.views.errors import NotFound
from kpi.views.reached import reached
from warehouse.tables import VERSIONED

_SOME_REASON = "-" * SHORTEST_REASON
_HANDS_OVER = frozenset({Role.CHIEF})
DEVIATIONS = "deviations"


def case_kind(dataset: str) -> CaseKind:
    """The dataset, where its rows are read; NotFound otherwise."""
    kind = CASE_KINDS.get(dataset)
    if kind is None:
        raise NotFound("Uppgifterna finns inte som underlag. Välj avvikelser, SIP eller hänvisningar.")
    return kind


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
    wanted: CaseFilter | None = None,
) -> Cases:
    """The unit's rows of the month, and of what lay below it, by day and key; of them those that are wanted, also of
    the months before.

    AccessDenied where the viewer may not read them or states no reason that is needed; NotFound for another dataset or
    for a period that is no month.
    """
    kind = case_kind(dataset)
    _check_is_month(month)
    check_can_read_rows(viewer, organisation, unit_code, month.first_day, month.last_day, reason=reason)
    asked = wanted if isinstance(wanted, kind.filter) else kind.filter()
    unit = _unit(organisation, unit_code, month.last_day)
    until = known_on(connection, unit.municipality_code, kind.figure)
    stand = min(month.last_day, until or month.last_day)
    table = VERSIONED[kind.dataset]
    within = _within(connection, viewer, readers_for(reason), organisation, kind, unit_code, *asked.own_days(month))
    sort = asked.conditions(stand, *asked.days(month))
    where = and_(*within, *sort, *([table.c[kind.key] == asked.key] if asked.key is not None else []))
    order = asked.order_by(table, kind.day, kind.key)
    rows, total = _page(connection, kind, where, order, limit, offset)
    found = tuple(_case(kind, organisation, row) for row in rows)
    return Cases(kind, unit, month, found, total, offset + 1, wanted=asked, known_on=until)


def _page(
    connection: Connection,
    kind: CaseKind,
    where: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]],
    limit: int,
    offset: int,
) -> tuple[Sequence[Row[Any]], int]:
    """Some of the rows in order, and how many there are. The rows are counted by all that they are sorted by but their
    key, so that only those alike with some of the page's are read and sorted, however many there are."""
    groups = order[:-2]
    columns = [one.element if isinstance(one, UnaryExpression) else one for one in groups]
    sizes = connection.execute(select(*columns, func.count()).where(where).group_by(*columns).order_by(*groups)).all()
    passed, skipped, shown = 0, 0, []
    for *group, size in sizes:
        if passed + size <= offset:
            skipped += size
        elif passed < offset + limit:
            shown.append(tuple(group))
        passed += size
    if not shown:
        return (), passed
    among = or_(*(and_(*(column == value for column, value in zip(columns, one, strict=True))) for one in shown))
    rows = connection.execute(_rows(kind).where(where, among).order_by(*order).limit(limit).offset(offset - skipped))
    return rows.all(), passed


def keys_to_hand_over(
    connection: Connection, viewer: Viewer, organisation: Organisation, dataset: str, unit_code: str, month: Period
) -> list[Key]:
    """The keys of all rows that the chief may hand over a sample of, sorted. Raises as `cases`."""
    kind = case_kind(dataset)
    _check_is_month(month)
    check_can_hand_over_rows(viewer, organisation, unit_code, month.first_day, month.last_day)
    table = VERSIONED[dataset]
    query = select(table.c.municipality_code, table.c[kind.key]).where(
        *_within(connection, viewer, _HANDS_OVER, organisation, kind, unit_code, month.first_day, month.last_day)
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
    connection: Connection,
    viewer: Viewer,
    roles: frozenset[Role],
    organisation: Organisation,
    kind: CaseKind,
    unit_code: str,
    first: date,
    last: date,
) -> Iterable[ColumnElement[bool]]:
    table = VERSIONED[kind.dataset]
    unit, day = table.c[kind.unit], table.c[kind.day]
    in_reach = reached(connection, viewer, roles, organisation, unit_code, first, last)
    return known(table, None), day.between(first, last), in_reach.holds(unit, day)


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
