"""Values that a municipality reports itself, when it has counts and no events: additive figures take either.

A cell is never both: where events are counted for a unit in a period, in itself or below it, its reported values are
left out; and of two reports for the same place the finer one counts (a unit's before its board's). A reported period is
placed by its last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from kpi.coverage import AsOf
from kpi.definition import Definition, Shape
from kpi.grid import Grid
from kpi.moment import known
from kpi.period import Period
from kpi.placement import Placement
from warehouse.tables import VERSIONED

DATASET = "reported_values"


@dataclass(frozen=True)
class Reported:
    """One reported cell; a count has no denominator."""

    kpi_id: str
    unit_code: str
    period: Period
    split: str
    numerator: float
    denominator: float | None

    def parts(self, definition: Definition) -> tuple[str, ...] | None:
        """The split's values in the figure's order; None when the row is split by something else."""
        pairs = dict(part.partition("=")[::2] for part in self.split.split(";") if part)
        return tuple(pairs[name] for name in definition.split) if pairs.keys() == set(definition.split) else None


def reported_days(as_of: AsOf) -> dict[str, date]:
    """The as-of days of reported values by municipality ('' = rows name none)."""
    return {municipality: day for (dataset, municipality), day in as_of.items() if dataset == DATASET}


def read_reported(connection: Connection, grid: Grid, days: Mapping[str, date], on: date | None) -> list[Reported]:
    """The reported cells whose period has begun by the as-of of their unit's municipality, or of their own delivery
    (which may have come before the unit was known). `days` as `reported_days`."""
    if not days:
        return []
    table = VERSIONED[DATASET]
    rows = connection.execute(
        select(
            table.c.kpi_id, table.c.unit_code, table.c.period, table.c.split, table.c.numerator, table.c.denominator,
            table.c.recorded_on,
        )
        .where(known(table, on))
        .order_by(table.c.kpi_id, table.c.unit_code, table.c.period, table.c.split)
    )  # fmt: skip
    found = []
    for row in rows:
        try:
            period = Period.parse(row.period)
        except ValueError:
            continue  # the delivery's own check tells it; it names no period to count in
        reported_to = grid.reported_to(row.unit_code, period, days)
        if period.first_day <= max(row.recorded_on, reported_to or row.recorded_on):
            found.append(Reported(row.kpi_id, row.unit_code, period, row.split, row.numerator, row.denominator))
    return found


def usable(definition: Definition, reported: Iterable[Reported]) -> list[Reported]:
    """The rows that speak of this figure, in its own period, split and parts."""
    if not definition.adds_up:
        return []
    return [
        one
        for one in reported
        if one.kpi_id == definition.id
        and one.period.type is definition.period
        and one.parts(definition) is not None
        and (one.denominator is not None or definition.shape is Shape.COUNT)
    ]


def placed(
    reported: Sequence[Reported], placements: Sequence[Placement], with_events: set[tuple[str, int]]
) -> tuple[list[tuple[Reported, int | None]], int]:
    """The rows that count, each with its placement's number (None = unplaced), and how many were left out.

    `with_events`: (unit_code, period code) of every unit that has events then, in itself or below.
    """
    numbers = {one: _placement_no(one, placements) for one in reported}
    below: set[tuple[str, int]] = set()
    for one, number in numbers.items():
        if number is not None:
            below |= {(unit.code, one.period.code) for unit in placements[number].chain[1:]}
    taken = with_events | below
    kept = [(one, number) for one, number in numbers.items() if (one.unit_code, one.period.code) not in taken]
    return kept, len(reported) - len(kept)


def _placement_no(reported: Reported, placements: Sequence[Placement]) -> int | None:
    day = reported.period.last_day
    for number, one in enumerate(placements):
        if one.unit_code == reported.unit_code and one.first <= day <= one.last:
            return number
    return None
