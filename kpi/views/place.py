"""Where a figure is read for a board or a part of one: there, in its municipality or in its region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpi.access import Exposure, Viewer, can_read_figure, exposure_of, homes
from kpi.definition import Definition
from kpi.organisation import Organisation, Unit
from kpi.period import Period
from warehouse.contract import AREAS

_HIGHEST = 5
"""Steps from a municipality to the top; a longer walk is a loop in the delivered tree."""


@dataclass(frozen=True)
class Place:
    """Where a figure is read: the unit, and the board and municipality that it belongs to (or is read from)."""

    unit: Unit
    board_code: str | None
    municipality_code: str


def period_of(definition: Definition, month: Period) -> Period:
    """The figure's own period for a month: the month, or the latest tertial or year that has ended by then."""
    period = month.to(definition.period)
    return period if period.last_day <= month.last_day else period.shift(-1)


def place_of(organisation: Organisation, unit_code: str, month: Period, *, home: str | None = None) -> Place | None:
    """Where the unit stood in the month; None when it is unknown or belongs to no municipality. `home`: the
    municipality from which a unit above municipalities is read."""
    unit = organisation.on(unit_code, month.last_day)
    municipality = (unit.municipality_code or home) if unit is not None else None
    if unit is None or municipality is None:
        return None
    boards = organisation.boards_of(unit_code, month.last_day, month.last_day)
    return Place(unit, next(iter(boards)) if len(boards) == 1 else None, municipality)


def place_for(
    organisation: Organisation,
    viewer: Viewer,
    definition: Definition,
    home: Unit,
    month: Period,
    *,
    with_other_areas: bool = False,
) -> Place | None:
    """Where the figure is read from a home, a board or part of one: the home itself, or the nearest level above its
    board that the figure has. None when the viewer may not read it there, or it concerns other areas.
    `with_other_areas`: published statistics about another board's area too, which every viewer may read."""
    areas = _areas(organisation, home, month)
    if areas.isdisjoint(definition.areas) and not (with_other_areas and exposure_of(definition) is Exposure.PUBLIC):
        return None
    if home.level == "board" and "board" in definition.levels:
        return place_of(organisation, home.code, month)
    candidates = [home, *above(organisation, home, month)]
    unit = next((one for one in candidates if one.level in definition.levels), None)
    if unit is None:
        return None
    period = period_of(definition, month)
    allowed = can_read_figure(
        viewer,
        organisation,
        unit.code,
        period.first_day,
        period.last_day,
        areas=definition.areas,
        exposure=exposure_of(definition),
    )
    return place_of(organisation, unit.code, month, home=home.municipality_code) if allowed else None


def opens(organisation: Organisation, viewer: Viewer, definition: Definition, month: Period) -> bool:
    """Whether the figure's page opens for the viewer without a unit being named: where the viewer begins."""
    own = homes(viewer, organisation)
    if not own:
        return False
    return place_for(organisation, viewer, definition, own[0], month, with_other_areas=True) is not None


def _areas(organisation: Organisation, home: Unit, month: Period) -> frozenset[str]:
    """The area of the home's board in the month; of a board without one every area."""
    boards = organisation.boards_of(home.code, month.first_day, month.last_day) or {home.code}
    found = [organisation.on(code, month.last_day) for code in boards]
    return frozenset(one.area for one in found if one is not None and one.area) or frozenset(AREAS)


def above(organisation: Organisation, home: Unit, month: Period) -> Iterator[Unit]:
    """The municipality and what it lies in, upwards."""
    unit = organisation.municipality(home.municipality_code)
    for _ in range(_HIGHEST):
        if unit is None:
            return
        yield unit
        unit = organisation.on(unit.parent_code, month.last_day) if unit.parent_code else None
