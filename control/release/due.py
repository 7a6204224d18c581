"""Which values a closing releases: those whose every board has closed all of their period. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kpi.coverage import Coverage
from kpi.definition import Definition
from kpi.grid import Grid
from kpi.organisation import Organisation, Unit
from kpi.period import Period, PeriodType, overlap, periods_between

_BELOW_BOARDS = ("administration", "unit")
"""Where a month holds so few that it is hardly ever shown: a board that closes longer periods releases those alone,
and so more of them can be shown. What stands is released at their end alone, at every level: from month to month it
tells what began."""


@dataclass(frozen=True)
class Closed:
    """The periods that each board has closed, by board code."""

    periods: frozenset[tuple[str, Period]]

    @cached_property
    def _months(self) -> frozenset[tuple[str, Period]]:
        return frozenset((board, month) for board, period in self.periods for month in months_of(period))

    def holds(self, board: str, period: Period) -> bool:
        """Whether the board has closed every month of the period."""
        return all((board, month) in self._months for month in months_of(period))


def months_of(period: Period) -> list[Period]:
    """The months of a period."""
    return periods_between(*(Period.containing(day, PeriodType.MONTH) for day in (period.first_day, period.last_day)))


@dataclass(frozen=True)
class DueUnit:
    """A unit and period of which a figure is to be released. `own`: the figure's own periods that make the period up,
    itself alone when it is one."""

    unit: Unit
    period: Period
    own: tuple[Period, ...]


@dataclass(frozen=True)
class Due:
    """Finds what is due when a board closes a period. `closed` holds that closing too."""

    organisation: Organisation
    grid: Grid
    closed: Closed

    def of(
        self,
        definition: Definition,
        board: str,
        period: Period,
        coverage: Mapping[str, Coverage],
        present: Collection[str],
    ) -> Iterator[DueUnit]:
        """The figure's due units and periods that the closing touches, released before or not. `present`: the units
        that have ever had a row of the figure; a board without any does not have it, and is not waited for."""
        for candidate in self._candidates(definition, board, period):
            for unit in self._around(board, candidate):
                if unit.level not in definition.levels or not self._is_closed(unit, candidate, definition, present):
                    continue
                is_small = unit.level in _BELOW_BOARDS or definition.meaning.is_stock
                if is_small and self._is_too_short(definition, board, candidate):
                    continue
                own = [one for one in own_periods(definition, candidate) if self._is_held(unit, one, coverage)]
                whole = self._is_held(unit, candidate, coverage)
                if own and (whole or candidate.type is definition.period):
                    yield DueUnit(unit, candidate, tuple(own))

    def late(self, definition: Definition, board: str, period: Period, coverage: Mapping[str, Coverage]) -> bool:
        """Whether deliveries do not reach the end of a period that the figure has within the closed one; what has never
        been delivered is not late."""
        unit = self.organisation.on(board, period.last_day)
        if unit is None or unit.area not in definition.areas:
            return False
        concerned = self.grid.municipalities(board, period)
        held = [coverage[code] for code in concerned if code in coverage]
        own = own_periods(definition, period)
        return bool(own) and any(one.as_of < own[-1].last_day for one in held)

    def _candidates(self, definition: Definition, board: str, period: Period) -> list[Period]:
        """The figure's own periods that share a day with the closed one; the longer periods that it sums up to."""
        own, first, last = definition.period, period.first_day, period.last_day
        found = periods_between(Period.containing(first, own), Period.containing(last, own))
        if not definition.adds_up:
            return found
        near = self._municipality(board, period)
        around = {
            one for other, one in self.closed.periods if overlap(one, period) and self._municipality(other, one) == near
        }
        around |= {Period(PeriodType.YEAR, year, 1) for year in {first.year, last.year}}
        longer = [one for one in around if one.type.months > own.months and one.type.months % own.months == 0]
        return [*found, *sorted(longer)]

    def _around(self, board: str, period: Period) -> Iterator[Unit]:
        """The board, what lies below it and what it lies in, in the period."""
        below = self.organisation.under(board, period.first_day, period.last_day)
        yield from below
        seen = {unit.code for unit in below}
        waiting = [board]
        while waiting:
            for span in self.organisation.spans(waiting.pop()):
                if span.overlaps(period.first_day, period.last_day) and span.parent_code not in (None, *seen):
                    parent = self.organisation.on(str(span.parent_code), period.last_day)
                    if parent is not None:
                        seen.add(parent.code)
                        waiting.append(parent.code)
                        yield parent

    def _is_closed(self, unit: Unit, period: Period, definition: Definition, present: Collection[str]) -> bool:
        """Whether every board that the figure's value rests on has closed the period. A figure that boards do not have
        rests on all of its areas' boards, in the municipalities that have it."""
        days = period.first_day, period.last_day
        boards = self.organisation.boards_of(unit.code, *days)
        if not boards:
            below = self.organisation.under(unit.code, *days)
            known = {one.municipality_code for one in below if one.code in present}
            boards = frozenset(
                one.code
                for one in below
                if one.level == "board"
                and (
                    one.code in present
                    if "board" in definition.levels
                    else one.area in definition.areas and one.municipality_code in known
                )
            )
        elif not any(self._area(board, period.last_day) in definition.areas and board in present for board in boards):
            return False
        return bool(boards) and all(self.closed.holds(board, period) for board in boards)

    def _is_too_short(self, definition: Definition, board: str, period: Period) -> bool:
        """Whether the board closes longer periods, of which the period is no sum and not the end."""
        around = [
            one
            for other, one in self.closed.periods
            if other == board and one.first_day <= period.first_day and one.last_day >= period.last_day
        ]
        if not around or min(one.type.months for one in around) <= period.type.months:
            return False
        return definition.adds_up or all(one.last_day != period.last_day for one in around)

    def _municipality(self, board: str, period: Period) -> str | None:
        unit = self.organisation.on(board, period.last_day)
        return unit.municipality_code if unit is not None else None

    def _area(self, board: str, day: date) -> str | None:
        unit = self.organisation.on(board, day)
        return unit.area if unit is not None else None

    def _is_held(self, unit: Unit, period: Period, coverage: Mapping[str, Coverage]) -> bool:
        """Whether the unit exists in the period, and the deliveries of all it rests on hold the period whole."""
        if not any(span.overlaps(period.first_day, period.last_day) for span in self.organisation.spans(unit.code)):
            return False
        held = [coverage.get(code) for code in self.grid.municipalities(unit.code, period)]
        return bool(held) and all(
            one is not None and one.first_on <= period.first_day and one.as_of >= period.last_day for one in held
        )


def own_periods(definition: Definition, period: Period) -> list[Period]:
    """The figure's own periods that lie whole within a period."""
    own = definition.period
    found = periods_between(Period.containing(period.first_day, own), Period.containing(period.last_day, own))
    return [one for one in found if one.first_day >= period.first_day and one.last_day <= period.last_day]


@dataclass(frozen=True)
class Tree:
    """What lies directly under and over a unit, and whether it exists, on any day of a period."""

    organisation: Organisation

    @cached_property
    def _below(self) -> dict[str, list[Unit]]:
        below: dict[str, list[Unit]] = {}
        for unit in self.organisation.units:
            if unit.parent_code:
                below.setdefault(unit.parent_code, []).append(unit)
        return below

    def children(self, code: str, period: Period) -> tuple[str, ...]:
        """The codes of what lies under it."""
        spans = self._below.get(code, [])
        return tuple(sorted({one.code for one in spans if one.overlaps(period.first_day, period.last_day)}))

    def parents(self, code: str, period: Period) -> frozenset[str]:
        """The codes of what it lies under: several when it moves."""
        spans = self.organisation.spans(code)
        within = [one for one in spans if one.overlaps(period.first_day, period.last_day)]
        return frozenset(one.parent_code for one in within if one.parent_code)

    def exists(self, code: str, period: Period) -> bool:
        """Whether the unit is there at all."""
        return any(one.overlaps(period.first_day, period.last_day) for one in self.organisation.spans(code))
