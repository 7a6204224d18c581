"""A figure for one unit and month: reads its cells once and puts together what a page says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from kpi.access import Viewer
from kpi.definition import Definition, Kind, Rebase, Shape
from kpi.period import Period, PeriodType
from kpi.rolling import YEAR, compare, months_back
from kpi.spc.verdict import NOTHING, Variation
from kpi.status import AWAITING, WITHOUT_TARGET, State, Status, Target, distance, judge, severity, target_for
from kpi.variation import rebases_for, variation_of
from kpi.views.closed import Frozen, changed_since, frozen
from kpi.views.coverage import Held
from kpi.views.marks import read_marks
from kpi.views.place import Place, period_of
from kpi.views.rows import Change, ChartMark, FigureRow, Part, PartSeries, Reading, Then, is_told_by_parts
from kpi.views.series import Series, by_part, by_period, parts_of, rolls
from kpi.views.values import Cell, Wanted, several_values

SERIES = {PeriodType.MONTH: 24, PeriodType.TERTIAL: 9, PeriodType.YEAR: 5}
"""How many periods a small line shows."""
CHARTED = 36
"""How many months a control chart is made of."""
_PER_YEAR = {PeriodType.MONTH: 12, PeriodType.TERTIAL: 3, PeriodType.YEAR: 1}


def figure_row(
    connection: Connection,
    viewer: Viewer,
    definition: Definition,
    place: Place,
    month: Period,
    held: Held | None,
    *,
    periods: int | None = None,
) -> FigureRow:
    """The row. AccessDenied when the viewer may not read the unit. `periods`: how long a series, by default short."""
    length = periods or SERIES[definition.period]
    return _rows(connection, viewer, [(definition, place, length, held)], month)[0]


def figure_rows(
    connection: Connection,
    viewer: Viewer,
    places: Sequence[tuple[Definition, Place]],
    month: Period,
    held: Mapping[str, Held],
    since: Period | None = None,
) -> list[FigureRow]:
    """Several figures' rows with short series, read together; `held`: by figure. `since`: an earlier month to compare
    with, at most two years back."""
    wanted = [(one, place, SERIES[one.period], held.get(one.id)) for one, place in places]
    return _rows(connection, viewer, wanted, month, since)


def _rows(
    connection: Connection,
    viewer: Viewer,
    rows: Sequence[tuple[Definition, Place, int, Held | None]],
    month: Period,
    since: Period | None = None,
) -> list[FigureRow]:
    wanted = []
    for definition, place, length, _ in rows:
        last = period_of(definition, month)
        first = last.shift(1 - max(length + YEAR, 2 * YEAR))
        wanted.append(Wanted(definition, place.unit.code, first, last))
    municipalities = {place.municipality_code for _, place, *_ in rows}
    marks = read_marks(connection, viewer, {one.id for one, *_ in rows}, municipalities)
    found, was = [], frozen(connection, wanted)
    for (definition, place, length, held), cells in zip(rows, several_values(connection, viewer, wanted), strict=True):
        last = period_of(definition, month)
        target = target_for(definition, last, place.board_code, place.municipality_code)
        here = marks[place.municipality_code].at(definition.id, place) if place.municipality_code in marks else ()
        closed = was.get((definition.id, place.unit.code))
        before = period_of(definition, since) if since is not None else None
        found.append(_Builder(definition, place, last, length, tuple(cells), held, target, closed, here, before).row())
    return found


@dataclass(frozen=True)
class _Builder:
    """What a row is made of."""

    definition: Definition
    place: Place
    last: Period
    length: int
    cells: tuple[Cell, ...]
    held: Held | None
    target: Target | None
    closed: Frozen | None
    marks: tuple[ChartMark, ...]
    since: Period | None = None

    def row(self) -> FigureRow:
        definition = self.definition
        get = Series(definition, by_period(definition, self.cells), self.held)
        shown = self._shown()
        current = get(self._latest())
        year = get.window(self.last) if rolls(definition) else None
        parts = self._parts()
        telling = _telling(definition, parts, self.target)
        judged = telling.reading if telling is not None and is_told_by_parts(definition) else year or current
        status = self._status(judged, current)
        return FigureRow(
            definition,
            self.place.unit,
            self.target,
            current,
            year,
            status,
            self._change(get, year, current),
            get.of(shown),
            tuple(get.window(period) for period in shown) if _is_drawn_over_twelve(definition) else (),
            self.held.as_of if self.held else None,
            self.held.first_on if self.held else None,
            parts,
            self._part_series(shown),
            telling,
            self._severity(judged, status),
            variation=self._variation(get),
            rebases=self._rebases(),
            changed_since=changed_since(definition, self.closed, self.cells),
            marks=tuple(one for one in self.marks if not one.is_rebase),
            then=self._then(get),
        )

    def _variation(self, get: Series) -> Variation:
        if is_told_by_parts(self.definition):
            return NOTHING
        return variation_of(self.definition, get.of(months_back(self.last, CHARTED)), self.target, self._rebases())

    def _rebases(self) -> tuple[Rebase, ...]:
        """Those of the definition, and those that people have accepted here."""
        told = rebases_for(self.definition, self.place.board_code, self.place.municipality_code)
        return told + tuple(Rebase(one.month, one.note) for one in self.marks if one.is_rebase)

    def _latest(self) -> Period:
        """The figure's period; of published statistics the latest that has a value, since not every year has."""
        if self.definition.kind is not Kind.CONTEXT:
            return self.last
        return max((cell.period for cell in self.cells), default=self.last)

    def _shown(self) -> list[Period]:
        """The series' periods. Years and tertials before anything was held are left out; months never are, so that
        the lines of all figures span the same time."""
        periods = months_back(self.last, self.length)
        if self.definition.period is PeriodType.MONTH or not self.cells:
            return periods
        begins = min(cell.period for cell in self.cells)
        return [period for period in periods if period >= begins] or periods[-1:]

    def _parts(self) -> tuple[Part, ...]:
        parts = parts_of(self.definition, self.cells, self._latest(), self.held)
        if not is_told_by_parts(self.definition) or self.target is None:
            return parts
        return tuple(replace(part, status=self._judge(part.reading, self.target, is_covered=True)) for part in parts)

    def _part_series(self, shown: Sequence[Period]) -> tuple[PartSeries, ...]:
        if not is_told_by_parts(self.definition):
            return ()
        return tuple(
            PartSeries(split, Series(self.definition, found, self.held).of(shown))
            for split, found in by_part(self.cells).items()
        )

    def _status(self, judged: Reading, current: Reading) -> Status:
        if self.definition.is_own and self.held is None:
            return AWAITING
        status = self._judge(judged, self.target, is_covered=current.is_covered)
        if status.state is State.NO_CASES and self.target is None and is_told_by_parts(self.definition) and self.cells:
            status = WITHOUT_TARGET  # the parts have values, though the whole has none
        return replace(status, is_preliminary=judged.is_preliminary or current.is_preliminary)

    def _then(self, get: Series) -> Then | None:
        """At the earlier month; None for what has no value of its own in every period."""
        definition, since = self.definition, self.since
        if since is None or is_told_by_parts(definition) or definition.kind is Kind.CONTEXT:
            return None
        reading = get.window(since) if rolls(definition) else get(since)
        target = target_for(definition, since, self.place.board_code, self.place.municipality_code)
        return Then(reading, self._judge(reading, target, is_covered=get(since).is_covered))

    def _judge(self, reading: Reading, target: Target | None, *, is_covered: bool) -> Status:
        return judge(
            reading.value,
            reading.cases,
            minimum_cases=self.definition.minimum_cases,
            target=target,
            is_share=self.definition.is_share,
            is_count=self.definition.shape is Shape.COUNT,
            is_covered=is_covered,
        )

    def _change(self, get: Series, year: Reading | None, current: Reading) -> Change | None:
        definition = self.definition
        if is_told_by_parts(definition):
            return None
        if year is not None:
            now, before = year, get.window(self.last.shift(-_PER_YEAR[definition.period]))
        else:
            now, before = current, get(self._before(current.last))
        return compare(
            now,
            before,
            definition.minimum_cases,
            needs_cases=definition.shape is not Shape.COUNT,
            from_zero=definition.direction == "toward_zero",
        )

    def _before(self, period: Period) -> Period:
        """The same period a year before; of published statistics the one that was measured before."""
        earlier = period.shift(-_PER_YEAR[self.definition.period])
        if self.definition.kind is not Kind.CONTEXT:
            return earlier
        return max((cell.period for cell in self.cells if cell.period < period), default=earlier)

    def _severity(self, judged: Reading, status: Status) -> float | None:
        if self.target is None or judged.value is None or status.state not in (State.NEAR, State.OFF):
            return None
        definition = self.definition
        is_count = definition.shape is Shape.COUNT
        return severity(judged.value, self.target, is_share=definition.is_share, is_count=is_count)


def _is_drawn_over_twelve(definition: Definition) -> bool:
    """A share of few cases swings from month to month."""
    return rolls(definition) and definition.shape is Shape.SHARE


def _telling(definition: Definition, parts: Sequence[Part], target: Target | None) -> Part | None:
    """The biggest flow; of shares the one furthest on the bad side, among those of enough cases. None where no side is
    bad, and of published statistics, whose series are not compared."""
    if not parts or not definition.split or definition.kind is Kind.CONTEXT:
        return None
    if definition.shape is Shape.COUNT:
        return max(parts, key=lambda part: part.reading.numerator or 0.0)
    enough = [
        (_badness(definition, part.reading.value, target), part.reading.cases, part)
        for part in parts
        if part.reading.value is not None and part.reading.cases >= max(definition.minimum_cases, 1)
    ]
    if target is None and definition.direction not in _BAD_SIDE:
        return None
    return max(enough, key=lambda one: one[:2])[2] if enough else None


_BAD_SIDE = {"decrease": 1, "increase": -1}


def _badness(definition: Definition, value: float, target: Target | None) -> float:
    """How far on the bad side: of the target, else by the direction alone."""
    return distance(value, target) if target is not None else value * _BAD_SIDE.get(definition.direction, 0)
