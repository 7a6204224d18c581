"""One figure for one unit and month: reads its cells once and puts together what a page says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from kpi.access import Viewer
from kpi.definition import Catalogue, Definition, Shape
from kpi.organisation import Organisation, Unit
from kpi.period import Period, PeriodType
from kpi.rolling import YEAR, compare, is_held, months_back, reading, total, window
from kpi.status import State, Status, distance, judge, target_for
from kpi.views.coverage import Held
from kpi.views.rows import Change, FigureRow, Part, Reading
from kpi.views.values import Cell, figure_values

SERIES = {PeriodType.MONTH: 24, PeriodType.TERTIAL: 9, PeriodType.YEAR: 5}
"""How many periods a small line shows."""
_PER_YEAR = {PeriodType.MONTH: 12, PeriodType.TERTIAL: 3, PeriodType.YEAR: 1}

Split = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Place:
    """Where a figure is read: the unit, and the board and municipality that it belongs to."""

    unit: Unit
    board_code: str | None
    municipality_code: str


def period_of(definition: Definition, month: Period) -> Period:
    """The figure's own period for a month: the month, or the latest tertial or year that has ended by then."""
    period = month.to(definition.period)
    return period if period.last_day <= month.last_day else period.shift(-1)


def figure_row(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    definition: Definition,
    place: Place,
    month: Period,
    held: Held | None,
    *,
    periods: int | None = None,
) -> FigureRow:
    """The row. AccessDenied when the viewer may not read the unit. `periods`: how long a series, by default short."""
    last = period_of(definition, month)
    length = periods or SERIES[definition.period]
    first = last.shift(1 - max(length + YEAR, 2 * YEAR))
    cells = figure_values(
        connection, catalogue, viewer, definition.id, unit_code=place.unit.code, first=first, last=last
    )
    readings = by_period(definition, cells, held)
    get = _Series(definition, readings, held)
    current = get(last)
    year = get.window(last) if _adds_up(definition) else None
    status = _status(definition, place, current, year, last)
    return FigureRow(
        definition,
        place.unit,
        target_for(definition, last, place.board_code, place.municipality_code),
        current,
        year,
        status,
        _change(definition, get, last, year, current),
        tuple(get(period) for period in months_back(last, length)),
        tuple(get.window(period) for period in months_back(last, length)) if _rolls(definition) else (),
        held.as_of if held else None,
        held.first_on if held else None,
        _parts(definition, cells, last, held),
        _gap(definition, place, year or current, status, last),
    )


def by_period(definition: Definition, cells: Sequence[Cell], held: Held | None) -> dict[Period, Reading]:
    """Cells of one unit as one reading per period; the cells of a split are summed."""
    groups: dict[Period, list[Reading]] = {}
    for cell in cells:
        if definition.split or cell.split is None:  # a distribution's parts are told apart from its whole
            groups.setdefault(cell.period, []).append(cell_reading(cell))
    if not definition.split:
        return {period: found[0] for period, found in groups.items()}
    if definition.shape not in (Shape.COUNT, Shape.SHARE):
        return {}
    return {period: total(definition, found) for period, found in groups.items()}


def cell_reading(cell: Cell) -> Reading:
    """A stored value as a reading."""
    return Reading(
        cell.period,
        cell.period,
        cell.numerator,
        cell.denominator,
        cell.value,
        cell.cases,
        is_preliminary=cell.status == "preliminary",
        note=cell.note,
    )


def _adds_up(definition: Definition) -> bool:
    return definition.adds_up and definition.period is PeriodType.MONTH


def _rolls(definition: Definition) -> bool:
    """A share of few cases swings from month to month: it is drawn over twelve."""
    return _adds_up(definition) and definition.shape is Shape.SHARE


class _Series:
    """Looks up periods, with what is missing or zero told apart."""

    def __init__(self, definition: Definition, readings: Mapping[Period, Reading], held: Held | None) -> None:
        self._definition = definition
        self._readings = readings
        self._held = held

    def __call__(self, period: Period) -> Reading:
        held = self._held
        first_on, as_of = (held.first_on, held.as_of) if held else (None, None)
        found = reading(period, self._readings, first_on, as_of)
        if (
            self._definition.split
            and self._definition.shape is Shape.COUNT
            and found.numerator is None
            and is_held(period, first_on, as_of)
        ):
            return Reading(period, period, 0.0, None, 0.0, 0)  # a flow without rows in a held month is zero in all
        return found

    def window(self, last: Period) -> Reading:
        return window(self._definition, [self(period) for period in months_back(last, YEAR)])


def _status(definition: Definition, place: Place, current: Reading, year: Reading | None, last: Period) -> Status:
    judged = year or current
    return judge(
        judged.value,
        judged.cases,
        minimum_cases=definition.minimum_cases,
        target=target_for(definition, last, place.board_code, place.municipality_code),
        is_share=definition.unit == "percent",
        is_covered=current.is_covered,
        is_preliminary=current.is_preliminary,
    )


def _change(definition: Definition, get: _Series, last: Period, year: Reading | None, current: Reading) -> Change:
    back = last.shift(-_PER_YEAR[definition.period])
    now, before = (year, get.window(back)) if year is not None else (current, get(back))
    needs_cases = definition.shape is not Shape.COUNT
    return compare(now, before, definition.minimum_cases, needs_cases=needs_cases)


def _parts(definition: Definition, cells: Sequence[Cell], last: Period, held: Held | None) -> tuple[Part, ...]:
    months = months_back(last, YEAR if _adds_up(definition) else 1)
    inside = set(months)
    groups: dict[Split, dict[Period, Reading]] = {}
    for cell in cells:
        if cell.period in inside and cell.split:
            groups.setdefault(cell.split, {})[cell.period] = cell_reading(cell)
    first_on, as_of = (held.first_on, held.as_of) if held else (None, None)
    if not _adds_up(definition):
        return tuple(Part(split, found[last]) for split, found in sorted(groups.items()))
    return tuple(
        Part(split, window(definition, [reading(month, found, first_on, as_of) for month in months]))
        for split, found in sorted(groups.items())
    )


def _gap(definition: Definition, place: Place, judged: Reading, status: Status, last: Period) -> float | None:
    target = target_for(definition, last, place.board_code, place.municipality_code)
    if target is None or judged.value is None or status.state not in (State.NEAR, State.OFF):
        return None
    return distance(judged.value, target) / (abs(target.level) or 1.0)


def place_of(organisation: Organisation, unit_code: str, month: Period) -> Place | None:
    """Where the unit stood in the month; None when it is unknown or belongs to no municipality."""
    unit = organisation.on(unit_code, month.last_day)
    if unit is None or unit.municipality_code is None:
        return None
    boards = organisation.boards_of(unit_code, month.last_day, month.last_day)
    return Place(unit, next(iter(boards)) if len(boards) == 1 else None, unit.municipality_code)
