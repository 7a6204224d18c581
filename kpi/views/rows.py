"""The frozen rows that pages and the command line read. Nothing here touches a database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from kpi.definition import Definition, Kind, Rebase
from kpi.organisation import Unit
from kpi.period import Period
from kpi.spc.funnel import Compared
from kpi.spc.intervals import Interval
from kpi.spc.verdict import NOTHING, Variation
from kpi.status import Status, Target


@dataclass(frozen=True)
class Reading:
    """A value for first..last (one period or several summed). `value` is None where there is nothing to divide or no
    coverage; `covered` of `periods` are held by deliveries. `note`: what a reader must know about this value alone."""

    first: Period
    last: Period
    numerator: float | None
    denominator: float | None
    value: float | None
    cases: int
    periods: int = 1
    covered: int = 1
    is_preliminary: bool = False
    note: str | None = None

    @property
    def is_covered(self) -> bool:
        """Whether deliveries hold every period."""
        return self.covered == self.periods


@dataclass(frozen=True)
class Change:
    """The reading beside an earlier one of the same length. `difference` is in the value's unit, None when either
    value is missing or of too few cases."""

    now: Reading
    before: Reading
    difference: float | None


Split = tuple[tuple[str, str], ...]
"""(column, value) pairs."""


@dataclass(frozen=True)
class Part:
    """One split cell, such as actor = bup, summed over the row's window. `status`: against the figure's target, for a
    figure that is told by its parts."""

    split: Split
    reading: Reading
    status: Status | None = None


@dataclass(frozen=True)
class PartSeries:
    """One part period by period, in step with its row's series."""

    split: Split
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class ChangedSince:
    """A period's value as its closing froze it, and as it is now. `split`: () for a figure that has a value of its own.
    A side without numbers held nothing."""

    period: Period
    split: Split
    closed: Reading
    now: Reading
    closed_on: date


@dataclass(frozen=True)
class Then:
    """What a row's status spoke of at an earlier month, against the target that held then; by the values of today."""

    reading: Reading
    status: Status


@dataclass(frozen=True)
class ChartMark:
    """What a person has marked in a figure's chart from a month on."""

    month: Period
    note: str
    is_rebase: bool
    action_no: int | None


def is_told_by_parts(definition: Definition) -> bool:
    """Whether its parts overlap or stand on scales of their own, so that a total would say something wrong."""
    return bool(definition.split) and not definition.adds_up


@dataclass(frozen=True)
class FigureRow:
    """A figure for a unit and a month.

    `current`: the figure's own period (of published statistics the latest that has a value); `year`: the rolling 12
    months (None for what cannot be summed); `judged`: the one of them that the status speaks of. `series`: period by
    period; `rolling`: the twelve months that end with each of them, for shares (empty for other kinds). `telling`: the
    part that says most, the furthest on the wrong side or the biggest flow. `severity`: how far on the wrong side of
    the target, in the target's margins.
    `variation`: what a control chart of its last 36 months says, with a new usual level from each of
    `rebases`; `marks`: where actions began. `changed_in`: the months in which the figure got another meaning; the whole
    series is computed by the meaning that serves. `changed_since`: closed periods whose value is another now, the
    newest first. `then`: the same at the earlier month that the page compares with, if any.
    """

    definition: Definition
    unit: Unit
    target: Target | None
    current: Reading
    year: Reading | None
    status: Status
    change: Change | None
    series: tuple[Reading, ...]
    rolling: tuple[Reading, ...]
    as_of: date | None
    first_on: date | None
    parts: tuple[Part, ...] = ()
    part_series: tuple[PartSeries, ...] = ()
    telling: Part | None = None
    severity: float | None = None
    changed_in: tuple[Period, ...] = ()
    variation: Variation = NOTHING
    rebases: tuple[Rebase, ...] = ()
    changed_since: tuple[ChangedSince, ...] = ()
    marks: tuple[ChartMark, ...] = ()
    then: Then | None = None

    @property
    def judged(self) -> Reading:
        """The reading that the status is about."""
        if self.is_told_by_parts and self.telling is not None:
            return self.telling.reading
        return self.year or self.current

    @property
    def is_told_by_parts(self) -> bool:
        """Whether it has no value of its own, only its parts'."""
        return is_told_by_parts(self.definition)

    @property
    def is_context(self) -> bool:
        """Whether the values are another's published statistics."""
        return self.definition.kind is Kind.CONTEXT

    @property
    def has_values(self) -> bool:
        """Whether there is anything to read in any period."""
        return bool(self.parts) or any(one.value is not None for one in (self.current, *self.series))

    @property
    def from_first_value(self) -> FigureRow:
        """The row whose series begin with the first period that has a value."""
        first = next((at for at, one in enumerate(self.series) if one.value is not None), 0)
        return replace(self, series=self.series[first:], rolling=self.rolling[first:])

    @property
    def is_late(self) -> bool:
        """Whether deliveries do not reach the end of the figure's period."""
        if self.is_context or (self.definition.is_own and self.as_of is None):
            return False  # nobody delivers them: there is nothing yet to tell
        return self.as_of is None or self.as_of < self.current.last.last_day


@dataclass(frozen=True)
class Overview:
    """A month of a board, or of the part of it that the viewer reads. `since`: the earlier month that its rows are
    compared with; `closed`: the last months of the
    periods that the board has closed before this one, the newest first."""

    home: Unit
    municipality: Unit | None
    month: Period
    months: tuple[Period, ...]
    """The months to choose from, the newest first."""
    preliminary_from: Period | None
    """The first month that some delivery does not yet hold whole."""
    rows: tuple[FigureRow, ...]
    is_synthetic: bool
    since: Period | None = None
    closed: tuple[Period, ...] = ()


@dataclass(frozen=True)
class UnitReading:
    """One unit beside its siblings; `parts` for a figure that is told by them. `interval`: the 95 % interval of a share
    or a rate, in the value's unit; `compared`: how it lies to the units' average (None for what is not compared);
    `is_small`: it has fewer cases than the figure's minimum, so nothing is said of how it lies."""

    unit: Unit
    reading: Reading
    is_small: bool
    parts: tuple[Part, ...] = ()
    interval: Interval | None = None
    compared: Compared | None = None

    @property
    def is_judged(self) -> bool:
        """Whether anything may be said of how it lies to the average."""
        return self.compared is not None and not self.is_small

    @property
    def side(self) -> int:
        """1 or -1 when it lies beyond the 99.8 % limits above or below the units' average, else 0."""
        if self.compared is None or self.is_small or not self.compared.significance.is_outside:
            return 0
        return self.compared.significance.side


@dataclass(frozen=True)
class Freshness:
    """How far a source's dataset reaches in a municipality. `municipality_code` '' = its rows name none."""

    source: str
    dataset: str
    municipality_code: str
    municipality: str
    as_of: date
    file_name: str
    is_synthetic: bool
    open_rejects: int
    read: int
    accepted: int
    out_of_scope: int


@dataclass(frozen=True)
class FigurePage:
    """All that the page of one figure shows. `units` are in order of name, never ranked. `beside`: the figures that
    it is read together with."""

    row: FigureRow
    month: Period
    months: tuple[Period, ...]
    places: tuple[Unit, ...]
    units: tuple[UnitReading, ...]
    sources: tuple[Freshness, ...]
    unplaced: int
    open_rejects: int
    is_synthetic: bool
    beside: tuple[FigureRow, ...] = ()
