"""A unit's cells as readings, period by period, with what is missing and what is zero told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kpi.definition import Definition, Kind, Shape
from kpi.period import Period, PeriodType
from kpi.rolling import YEAR, is_held, months_back, reading, total, window
from kpi.views.coverage import Held
from kpi.views.rows import Part, Reading, Split, is_told_by_parts
from kpi.views.values import Cell

_ALWAYS = Held(date.min, date.max)
"""Published statistics have no deliveries of their own to wait for: a year without a value was not measured."""


def rolls(definition: Definition) -> bool:
    """Whether twelve months are summed to one reading."""
    return definition.adds_up and definition.period is PeriodType.MONTH


def by_period(definition: Definition, cells: Sequence[Cell]) -> dict[Period, Reading]:
    """Cells of one unit as one reading per period. The cells of a split are summed where that has a meaning, else there
    are no readings; a distribution's parts are told apart from its whole."""
    if is_told_by_parts(definition):
        return {}
    groups: dict[Period, list[Reading]] = {}
    for cell in cells:
        if definition.split or cell.split is None:
            groups.setdefault(cell.period, []).append(as_reading(cell))
    if definition.split:
        return {period: total(definition, found) for period, found in groups.items()}
    return {period: found[0] for period, found in groups.items()}


def by_part(cells: Sequence[Cell]) -> dict[Split, dict[Period, Reading]]:
    """Cells of one unit by their split, in order of it."""
    groups: dict[Split, dict[Period, Reading]] = {}
    for cell in sorted((one for one in cells if one.split), key=lambda one: one.split or ()):
        groups.setdefault(cell.split or (), {})[cell.period] = as_reading(cell)
    return groups


def parts_of(definition: Definition, cells: Sequence[Cell], last: Period, held: Held | None) -> tuple[Part, ...]:
    """The split cells of the row's window: twelve months summed, else the period's own; of published statistics each
    series' latest."""
    groups = by_part(cells)
    if definition.kind is Kind.CONTEXT:
        return tuple(Part(split, found[max(found)]) for split, found in groups.items())
    if not rolls(definition):
        return tuple(Part(split, found[last]) for split, found in groups.items() if last in found)
    months = months_back(last, YEAR)
    wanted = {split: found for split, found in groups.items() if any(month in found for month in months)}
    return tuple(
        Part(split, window(definition, Series(definition, found, held).of(months))) for split, found in wanted.items()
    )


class Series:
    """Looks up periods."""

    def __init__(self, definition: Definition, readings: Mapping[Period, Reading], held: Held | None) -> None:
        self._definition = definition
        self._readings = readings
        self._looked_up: dict[Period, Reading] = {}
        found = _ALWAYS if definition.kind is Kind.CONTEXT else held
        self._held = (found.first_on, found.as_of) if found else (None, None)

    def __call__(self, period: Period) -> Reading:
        found = self._looked_up.get(period)
        if found is None:
            found = self._looked_up[period] = self._look_up(period)
        return found

    def _look_up(self, period: Period) -> Reading:
        found = reading(period, self._readings, *self._held)
        is_flow = self._definition.split and self._definition.shape is Shape.COUNT
        if is_flow and found.numerator is None and is_held(period, *self._held):
            return Reading(period, period, 0.0, None, 0.0, 0)  # a flow without rows in a held month is zero in all
        return found

    def of(self, periods: Sequence[Period]) -> tuple[Reading, ...]:
        """The readings of these periods."""
        return tuple(self(period) for period in periods)

    def window(self, last: Period) -> Reading:
        """The twelve months that end with `last` as one."""
        return window(self._definition, self.of(months_back(last, YEAR)))


def as_reading(cell: Cell) -> Reading:
    """A cell as the reading of its own period."""
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
