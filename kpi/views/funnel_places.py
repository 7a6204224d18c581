"""Municipalities beside a place's units: the own, and others' released values of the same time and definition.

They are held against the units' average, which they are no part of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from kpi.access import Viewer
from kpi.definition import Catalogue, Definition, Shape
from kpi.organisation import Organisation, Unit
from kpi.period import Period
from kpi.released import reading_of
from kpi.spc.funnel import Compared
from kpi.views.compared import Comparison, against, comparison
from kpi.views.comparison import ComparedFigure, PlaceValue, compared_figure, ends_of, span_of
from kpi.views.neighbours import NeighbourValue, Standing, neighbour_values, neighbours
from kpi.views.released import closings
from kpi.views.rows import FigurePage, Reading, UnitReading


@dataclass(frozen=True)
class FunnelPlace:
    """A municipality's value, or that of the board in it that answers to the page's. `reading`: None where nothing may
    be held against the units: `standing` says why, or that it `is_hidden`. `is_small`: it is not judged."""

    municipality: str
    unit: Unit | None
    reading: Reading | None
    compared: Compared | None
    standing: Standing
    is_hidden: bool = False
    is_small: bool = False
    is_own: bool = False


@dataclass(frozen=True)
class PlacesBeside:
    """The places of the page's month; or, when it ends no closed period, none, and the latest month before that does
    (None: none does)."""

    places: tuple[FunnelPlace, ...]
    latest: Period | None = None


def places_beside(
    connection: Connection, catalogue: Catalogue, viewer: Viewer, organisation: Organisation, page: FigurePage
) -> PlacesBeside | None:
    """Beside the units of a figure's page. None for what has no funnel, and where the viewer reads one municipality."""
    row = page.row
    definition, unit, middle = row.definition, row.unit, comparison(row.definition, page.units)
    code = unit.municipality_code
    if definition.shape is not Shape.SHARE or middle is None or not middle.funnel or code is None:
        return None
    if not neighbours(connection, viewer, organisation, code):
        return None
    ends = ends_of([one for one in closings(connection, viewer) if one.board.municipality_code == code])
    latest = next((one for one in ends if one <= page.month), None)
    if latest != page.month:
        return PlacesBeside((), latest)
    found = compared_figure(
        connection, catalogue, viewer, organisation, definition.id, unit_code=unit.code, end=page.month
    )
    if found is None:
        return None
    above = organisation.municipality(code)
    own = _place(definition, above.name if above else code, unit, row.year or row.current, middle, is_own=True)
    others = neighbour_values(connection, viewer, organisation, found)
    return PlacesBeside(_beside(own, others, found, _days(page.units[0].reading), middle))


def released_places(
    found: ComparedFigure, own_name: str, others: Sequence[NeighbourValue], units: Sequence[UnitReading]
) -> tuple[FunnelPlace, ...]:
    """Beside the released units of a place; () for what has no funnel, or without others."""
    middle = comparison(found.definition, units)
    if middle is None or not middle.funnel or not others:
        return ()
    own = _of_value(found, own_name, found.value, Standing.COMPARED, middle, is_own=True)
    return _beside(own, others, found, _days(units[0].reading), middle)


def _beside(
    own: FunnelPlace,
    others: Sequence[NeighbourValue],
    found: ComparedFigure,
    time: tuple[date, date],
    middle: Comparison,
) -> tuple[FunnelPlace, ...]:
    """The own first. Nothing where the own value is of another time than the units."""
    first, last = span_of(found.value, found.end)
    if (first.first_day, last.last_day) != time:
        return ()
    told = [_of_value(found, one.neighbour.name, one.value, one.standing, middle) for one in others]
    return (own, *told) if any(one.reading is not None or one.is_hidden for one in told) else ()


def _of_value(
    found: ComparedFigure,
    name: str,
    value: PlaceValue | None,
    standing: Standing,
    middle: Comparison,
    *,
    is_own: bool = False,
) -> FunnelPlace:
    if value is None or value.judged is None or standing is not Standing.COMPARED:
        return FunnelPlace(name, value.unit if value else None, None, None, standing)
    reading = reading_of(value.judged, *span_of(value, found.end))
    return _place(found.definition, name, value.unit, reading, middle, is_own=is_own)


def _place(
    definition: Definition, name: str, unit: Unit, reading: Reading | None, middle: Comparison, *, is_own: bool
) -> FunnelPlace:
    if reading is None:
        return FunnelPlace(name, unit, None, None, Standing.COMPARED, is_hidden=True, is_own=is_own)
    is_small = reading.cases < definition.minimum_cases
    compared = against(middle, reading)
    return FunnelPlace(name, unit, reading, compared, Standing.COMPARED, is_small=is_small, is_own=is_own)


def _days(reading: Reading) -> tuple[date, date]:
    return reading.first.first_day, reading.last.last_day
