"""The days of a board's year: which are sensible, what is late and what comes next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from control.audit.hours import is_working_day
from control.papers.kinds import PERIOD_TYPES, PaperKind
from kpi import format as text
from kpi.period import Period, PeriodType

SOON = timedelta(days=30)
"""So long before its day something is next."""
_AFTER_MONTH, _AFTER_LONGER = timedelta(days=30), timedelta(days=45)
"""From the end of what is closed to the follow-up: time to close, write and send out."""
_RISK_ANALYSIS, _PLAN = (10, 15), (12, 10)
_NEXT_YEAR_FROM = 9
"""The month from which next year's days are proposed too."""


class DateKind(StrEnum):
    """What a day is for: the papers, and the analysis that the plan comes out of."""

    RISK_ANALYSIS = "risk_analysis"
    CONTROL_PLAN = "control_plan"
    MONTHLY = "monthly"
    TERTIAL = "tertial"
    YEAR = "year"
    AUDIT_ANSWER = "audit_answer"

    @property
    def word(self) -> str:
        """Its Swedish name."""
        return "Riskanalys" if self is DateKind.RISK_ANALYSIS else PaperKind(self.value).word

    @property
    def period_type(self) -> PeriodType | None:
        """Which periods it is about; None = any."""
        return PeriodType.YEAR if self is DateKind.RISK_ANALYSIS else PERIOD_TYPES[PaperKind(self.value)]


@dataclass(frozen=True)
class Day:
    """Something that is put before the board, and when."""

    kind: DateKind
    period: Period
    on: date


@dataclass(frozen=True)
class BoardDate:
    """A day as it stands. `counted_on` says whether it was on time: it never moves once it has passed."""

    number: int
    municipality_code: str
    board_code: str
    kind: DateKind
    period: Period
    planned_on: date
    counted_on: date
    done_on: date | None
    paper_no: int | None
    cancelled_on: date | None
    edits: int

    @property
    def is_open(self) -> bool:
        """Whether it is still to come."""
        return self.done_on is None and self.cancelled_on is None

    @property
    def title(self) -> str:
        """`Tertialuppföljning för första tertialet 2026`."""
        return title_of(self.kind, self.period)

    @property
    def was_in_time(self) -> bool | None:
        """By the day that counts; None while it is not done."""
        return None if self.done_on is None else self.done_on <= self.counted_on

    def is_late(self, today: date) -> bool:
        """Whether the day that counts has passed, and nothing has been put before the board."""
        return self.is_open and self.counted_on < today

    def is_soon(self, today: date, within: timedelta = SOON) -> bool:
        """Whether its day is near."""
        return self.is_open and not self.is_late(today) and self.planned_on <= today + within


def title_of(kind: DateKind, period: Period) -> str:
    """What is put before the board, with its period."""
    if kind is DateKind.RISK_ANALYSIS:
        return f"{kind.word} inför {text.month(period)}"
    if kind is DateKind.CONTROL_PLAN:
        return f"{kind.word} {text.month(period)}"
    return f"{kind.word} för {text.month(period)}"


def what_is_next(rows: Iterable[BoardDate], today: date) -> tuple[BoardDate, ...]:
    """The late ones first, then what is due within 30 days."""
    wanted = [one for one in rows if one.is_late(today) or one.is_soon(today)]
    return tuple(sorted(wanted, key=lambda one: (not one.is_late(today), one.planned_on, one.number)))


def in_order(rows: Iterable[BoardDate], today: date) -> tuple[BoardDate, ...]:
    """What is next first, then what comes later, then what is done or cancelled, the newest first."""
    rows = tuple(rows)
    ahead = what_is_next(rows, today)
    later = sorted((one for one in rows if one.is_open and one not in ahead), key=lambda one: one.planned_on)
    ended = sorted((one for one in rows if not one.is_open), key=lambda one: one.planned_on, reverse=True)
    return (*ahead, *later, *ended)


def proposed_days(closes: PeriodType, today: date) -> tuple[Day, ...]:
    """Sensible days that have not passed: this year's, and from September next year's too."""
    years = (today.year, today.year + 1) if today.month >= _NEXT_YEAR_FROM else (today.year,)
    found = {one for year in years for one in _of_year(year, closes) if one.on >= today}
    return tuple(sorted(found, key=lambda one: (one.on, one.kind, one.period.code)))


def _of_year(year: int, closes: PeriodType) -> Iterator[Day]:
    coming = Period(PeriodType.YEAR, year + 1, 1)
    yield Day(DateKind.RISK_ANALYSIS, coming, meeting_day(date(year, *_RISK_ANALYSIS)))
    yield Day(DateKind.CONTROL_PLAN, coming, meeting_day(date(year, *_PLAN)))
    for day in (*_follow_ups(year - 1, closes), *_follow_ups(year, closes)):
        if day.on.year == year:
            yield day


def _follow_ups(year: int, closes: PeriodType) -> Iterator[Day]:
    """The year's follow-up speaks for its last tertial too, and a tertial's for its last month."""
    whole = Period(PeriodType.YEAR, year, 1)
    yield Day(DateKind.YEAR, whole, _after(whole, closes))
    for number in (1, 2):
        tertial = Period(PeriodType.TERTIAL, year, number)
        yield Day(DateKind.TERTIAL, tertial, _after(tertial, closes))
    if closes is PeriodType.MONTH:
        for number in range(1, 13):
            if number % PeriodType.TERTIAL.months:
                month = Period(PeriodType.MONTH, year, number)
                yield Day(DateKind.MONTHLY, month, meeting_day(month.last_day + _AFTER_MONTH))


def _after(period: Period, closes: PeriodType) -> date:
    """A follow-up is made of what is closed, so not before the closed period that ends it."""
    ends = Period.containing(period.last_day, closes).last_day
    return meeting_day(ends + _AFTER_LONGER)


def meeting_day(day: date) -> date:
    """The nearest working day before; what falls in July, when boards do not meet, on 20 August."""
    if day.month == 7:
        day = date(day.year, 8, 20)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
