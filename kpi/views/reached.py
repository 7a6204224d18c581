"""Which units' rows below a unit a viewer reaches on which days: the one rule, for what is counted and what is read. It
is asked once, so that a read of a million rows tests plain codes and days.

The organisation's spans say what lay below; `kpi.views.unit_reach` says what the grants reach, stretch by stretch:
within one nothing changes about the way from the unit to its boards. A unit that lay under two boards at once is
reached by who reaches it under both, as `kpi.access` has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, Date, and_, false, literal, or_, select

from kpi.access import Role, Viewer, is_operator
from kpi.access.figures import READS_INSIDE
from kpi.moment import known
from kpi.organisation import Organisation
from kpi.views.unit_reach import unit_in_reach
from warehouse.tables import VERSIONED

_DAY = timedelta(days=1)
Stretch = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True)
class Reached:
    """The codes whose rows are read, by the days that they are read for; in order, so that equal reaches are equal."""

    codes: tuple[tuple[Stretch, frozenset[str]], ...]

    @property
    def units(self) -> frozenset[str]:
        """Every code that is read on some day."""
        return frozenset().union(*(codes for _, codes in self.codes))

    def holds(self, unit: ColumnElement[str], day: ColumnElement[date]) -> ColumnElement[bool]:
        """That a row's unit is reached on the row's day."""
        return or_(
            false(), *(and_(unit.in_(sorted(codes)), day.between(first, last)) for (first, last), codes in self.codes)
        )

    def has(self, unit_code: str, day: date) -> bool:
        """As `holds`, of a unit and a day that are known."""
        return any(unit_code in codes and first <= day <= last for (first, last), codes in self.codes)


def reached(
    connection: Connection,
    viewer: Viewer,
    roles: frozenset[Role],
    organisation: Organisation,
    above: str,
    first: date,
    last: date,
) -> Reached:
    """What grants of the roles reach of `above` and what lay below it, on the days first..last. The operator reads
    every inside aggregate, and no rows."""
    lay: dict[Stretch, set[str]] = {}
    for code in {unit.code for unit in organisation.under(above, first, last)}:
        for stretch in _stretches(organisation, code, above, first, last):
            lay.setdefault(stretch, set()).add(code)
    if is_operator(viewer) and roles >= READS_INSIDE:
        return Reached(tuple(sorted((stretch, frozenset(codes)) for stretch, codes in lay.items())))
    unit = VERSIONED["org_units"].c.unit_code
    found = []
    for stretch, codes in sorted(lay.items()):
        begins, ends = (literal(day, Date) for day in stretch)
        query = (
            select(unit)
            .distinct()
            .where(
                known(VERSIONED["org_units"], None),
                unit.in_(sorted(codes)),
                unit_in_reach(viewer, roles, unit, begins, ends),
            )
        )
        if in_reach := frozenset(connection.scalars(query)):
            found.append((stretch, in_reach))
    return Reached(tuple(found))


def _stretches(organisation: Organisation, code: str, above: str, first: date, last: date) -> Iterator[Stretch]:
    """The days on which the unit lay under `above`, cut wherever any of its ways to a board begins or ends."""
    paths = organisation.paths(code, first, last)
    begins = {max(one.first, first) for one in paths} | {one.last + _DAY for one in paths if one.last < last} | {first}
    days = sorted(begins)
    ends = [*(day - _DAY for day in days[1:]), last]
    for stretch in zip(days, ends, strict=True):
        if any(above in one.through and one.first <= stretch[0] and one.last >= stretch[1] for one in paths):
            yield stretch
