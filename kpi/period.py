"""Periods: month, quarter, tertial (Jan–Apr, May–Aug, Sep–Dec), half-year and year. Pure.

Figures have months, tertials or years; boards also close quarters and half-years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache, total_ordering


class PeriodType(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    TERTIAL = "tertial"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Its length."""
        return _MONTHS[self]


_MONTHS = {
    PeriodType.MONTH: 1,
    PeriodType.QUARTER: 3,
    PeriodType.TERTIAL: 4,
    PeriodType.HALF_YEAR: 6,
    PeriodType.YEAR: 12,
}
_LETTERS = {PeriodType.TERTIAL: "T", PeriodType.QUARTER: "K", PeriodType.HALF_YEAR: "H"}
_OFFSETS = {PeriodType.MONTH: 0, PeriodType.TERTIAL: 20, PeriodType.QUARTER: 40, PeriodType.HALF_YEAR: 60}
_TEXT = re.compile(
    r"(?P<year>(?:19|20|21)[0-9]{2})(?:-(?:(?P<month>0[1-9]|1[0-2])|T(?P<T>[1-3])|K(?P<K>[1-4])|H(?P<H>[12])))?"
)


@total_ordering
@dataclass(frozen=True)
class Period:
    """A period by its type, year and number within the year (from 1). Sorts by first day, then length."""

    type: PeriodType
    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """`2025-03`, `2025-K1`, `2025-T1`, `2025-H1` or `2025`; ValueError with a Swedish sentence otherwise.

        Years are those of figures, 1900 to 2199: others reach beyond what dates and clocks can tell."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError(
                f"”{text}” är ingen period. Skriv en månad (2025-03), ett tertial (2025-T1) eller ett år (2025)."
            )
        year = int(match["year"])
        if match["month"]:
            return cls(PeriodType.MONTH, year, int(match["month"]))
        for type_, letter in _LETTERS.items():
            if match[letter]:
                return cls(type_, year, int(match[letter]))
        return cls(PeriodType.YEAR, year, 1)

    @classmethod
    def containing(cls, day: date, type_: PeriodType) -> Period:
        """The period of that type which holds the day."""
        return cls(type_, day.year, (day.month - 1) // _MONTHS[type_] + 1)

    @staticmethod
    def from_code(code: int) -> Period:
        """The inverse of `code`."""
        return _of_code(code)

    @property
    def code(self) -> int:
        """As stored: year × 100 + month | 20 + tertial | 40 + quarter | 60 + half-year | 0. Grows with time within a
        type."""
        return self.year * 100 + (0 if self.type is PeriodType.YEAR else _OFFSETS[self.type] + self.number)

    @property
    def first_day(self) -> date:
        """The first day in the period."""
        return _days(self.type, self.year, self.number)[0]

    @property
    def last_day(self) -> date:
        """The last day in the period."""
        return _days(self.type, self.year, self.number)[1]

    def shift(self, steps: int) -> Period:
        """The period that many steps later (earlier when negative)."""
        per_year = 12 // _MONTHS[self.type]
        year, index = divmod(self.year * per_year + self.number - 1 + steps, per_year)
        return Period(self.type, year, index + 1)

    def to(self, type_: PeriodType) -> Period:
        """The period of another type that holds this one's first day."""
        return Period.containing(self.first_day, type_)

    def __str__(self) -> str:
        if self.type is PeriodType.YEAR:
            return f"{self.year}"
        letter = _LETTERS.get(self.type)
        return f"{self.year}-{letter}{self.number}" if letter else f"{self.year}-{self.number:02}"

    def __hash__(self) -> int:
        return self.year * 100 + self.number  # that of all three parts is slow, since an enumeration's own is

    def __lt__(self, other: Period) -> bool:
        if self.type is other.type:
            return (self.year, self.number) < (other.year, other.number)
        return (self.first_day, self.last_day) < (other.first_day, other.last_day)


@lru_cache(maxsize=16_384)
def _days(type_: PeriodType, year: int, number: int) -> tuple[date, date]:
    """A period's first and last day. Pages ask for the same few again and again, of periods made anew."""
    months = _MONTHS[type_]
    first = date(year, (number - 1) * months + 1, 1)
    ends, month = divmod(number * months, 12)
    return first, date(year + ends, month + 1, 1) - timedelta(days=1)


@lru_cache(maxsize=16_384)
def _of_code(code: int) -> Period:
    year, rest = divmod(code, 100)
    if rest == 0:
        return Period(PeriodType.YEAR, year, 1)
    type_ = max((one for one, offset in _OFFSETS.items() if offset < rest), key=_OFFSETS.__getitem__)
    return Period(type_, year, rest - _OFFSETS[type_])


def periods_between(first: Period, last: Period) -> list[Period]:
    """Every period from first to last, both included; both of one type."""
    per_year = 12 // _MONTHS[first.type]
    begins, ends = (one.year * per_year + one.number - 1 for one in (first, last))
    return [Period(first.type, at // per_year, at % per_year + 1) for at in range(begins, ends + 1)]


def overlap(one: Period, other: Period) -> bool:
    """Whether the two share any day."""
    return one.first_day <= other.last_day and one.last_day >= other.first_day
