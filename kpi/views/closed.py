"""Reads what a board's closings froze, for its own pages: which values have changed since. Whoever asks has read the
present values of the same unit and periods, by the right that these need too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isclose

from sqlalchemy import Connection, bindparam, select

from kpi.cells import Cell, split_of
from kpi.definition import Definition
from kpi.period import Period, PeriodType
from kpi.views.rows import ChangedSince, Reading, is_told_by_parts
from kpi.views.series import by_part, by_period
from kpi.views.snapshot import snapshot
from kpi.views.values import Wanted
from warehouse import clock, tables
from warehouse.closed_tables import closed_value, release


@dataclass(frozen=True)
class Frozen:
    """What was frozen of a figure and a unit: cells as they were, and for each period the day it was closed or last
    corrected. A period that held nothing has a day and no cells."""

    cells: tuple[Cell, ...]
    closed_on: Mapping[Period, date]


_FROZEN = (
    select(
        tables.kpi.c.kpi_id, tables.kpi_unit.c.unit_code, closed_value.c.period, closed_value.c.split_no,
        closed_value.c.numerator, closed_value.c.denominator, closed_value.c.value, closed_value.c.cases,
        closed_value.c.release_no, release.c.closed_at,
    )
    .join(tables.kpi, tables.kpi.c.kpi_no == closed_value.c.kpi_no)
    .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == closed_value.c.unit_no)
    .join(release, release.c.release_no == closed_value.c.release_no)
    .where(
        tables.kpi_unit.c.unit_code.in_(bindparam("units", expanding=True)),
        tables.kpi.c.kpi_id.in_(bindparam("figures", expanding=True)),
    )
    .order_by(closed_value.c.release_no)
)  # fmt: skip


def closed_ends(connection: Connection, boards: Iterable[str]) -> tuple[Period, ...]:
    """The last months of the periods that any of the boards has closed, the newest first."""
    codes = connection.scalars(select(release.c.period).where(release.c.board_code.in_(sorted(boards))).distinct())
    ends = {Period.containing(Period.from_code(code).last_day, PeriodType.MONTH) for code in codes}
    return tuple(sorted(ends, key=lambda one: one.last_day, reverse=True))


def frozen(connection: Connection, wanted: Sequence[Wanted]) -> dict[tuple[str, str], Frozen]:
    """By figure and unit, each period as it was frozen the last time; only what has been closed is there."""
    asked = {(one.definition.id, one.unit_code): one for one in wanted if one.unit_code is not None}
    if not asked:
        return {}
    values = {"units": sorted({unit or "" for _, unit in asked}), "figures": sorted({id_ for id_, _ in asked})}
    splits = snapshot(connection).splits
    found: dict[tuple[str, str], dict[Period, tuple[int, date, list[Cell]]]] = {}
    for row in connection.execute(_FROZEN, values):
        key = row.kpi_id, row.unit_code
        one = asked.get(key)
        if one is None or not one.codes[0] <= row.period <= one.codes[1]:
            continue
        period, periods = Period.from_code(row.period), found.setdefault(key, {})
        if period not in periods or periods[period][0] != row.release_no:
            periods[period] = row.release_no, clock.local(row.closed_at).date(), []
        if row.numerator is not None or row.value is not None:
            cell = Cell(
                row.kpi_id, row.unit_code, "", period, split_of(splits[row.split_no]) or None, row.numerator,
                row.denominator, row.value, row.cases, "ok",
            )  # fmt: skip
            periods[period][2].append(cell)
    return {
        key: Frozen(
            tuple(cell for _, _, cells in periods.values() for cell in cells),
            {period: day for period, (_, day, _) in periods.items()},
        )
        for key, periods in found.items()
    }


def changed_since(definition: Definition, was: Frozen | None, now: Sequence[Cell]) -> tuple[ChangedSince, ...]:
    """The closed periods whose value is another now, the newest first; of a figure that is told by its parts, part by
    part. Pure."""
    if was is None:
        return ()
    if is_told_by_parts(definition):
        before, after = by_part(was.cells), by_part(now)
    else:
        before, after = {(): by_period(definition, was.cells)}, {(): by_period(definition, now)}
    found = []
    for split in sorted(before.keys() | after.keys()):
        for period, day in was.closed_on.items():
            old, new = before.get(split, {}).get(period), after.get(split, {}).get(period)
            if not _is_same(old, new):
                found.append(ChangedSince(period, split, old or _nothing(period), new or _nothing(period), day))
    return tuple(sorted(found, key=lambda one: (one.period.last_day, one.split), reverse=True))


def _nothing(period: Period) -> Reading:
    return Reading(period, period, None, None, None, 0)


def _is_same(old: Reading | None, new: Reading | None) -> bool:
    """Nothing and zero are the same here: a period without rows is kept without numbers."""
    mine, yours = ((one.numerator, one.denominator, one.value) if one else (None,) * 3 for one in (old, new))
    return all(isclose(a or 0.0, b or 0.0, rel_tol=1e-9, abs_tol=1e-9) for a, b in zip(mine, yours, strict=True))
