"""Where a figure is read for a board: the board itself, its municipality or its region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpi.access import Exposure, Viewer, can_read_figure, exposure_of
from kpi.definition import Definition
from kpi.organisation import Organisation, Unit
from kpi.period import Period

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
    board: Unit,
    month: Period,
    *,
    with_other_areas: bool = False,
) -> Place | None:
    """Where the figure is read for a board: the board, or the nearest level above it that the figure has. None when the
    viewer may not read it there, or it concerns other areas. `with_other_areas`: published statistics about another
    board's area too, which every viewer may read."""
    is_elsewhere = board.area is not None and board.area not in definition.areas
    if is_elsewhere and not (with_other_areas and exposure_of(definition) is Exposure.PUBLIC):
        return None
    if "board" in definition.levels:
        return place_of(organisation, board.code, month)
    unit = next((one for one in above(organisation, board, month) if one.level in definition.levels), None)
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
    return place_of(organisation, unit.code, month, home=board.municipality_code) if allowed else None


def above(organisation: Organisation, board: Unit, month: Period) -> Iterator[Unit]:
    """The board's municipality and what it lies in, upwards."""
    unit = organisation.municipality(board.municipality_code)
    for _ in range(_HIGHEST):
        if unit is None:
            return
        yield unit
        unit = organisation.on(unit.parent_code, month.last_day) if unit.parent_code else None
