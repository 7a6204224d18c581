"""Which hours are usual ones: 06–20 by the Swedish clock, on days when offices are open. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

from warehouse import clock

OPENS, CLOSES = time(6), time(20)
_FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
_FROM_EASTER = (-2, 1, 39)
"""Good Friday, Easter Monday, Ascension Day; the other moving holidays are Sundays or Saturdays, or Midsummer Eve."""


def is_usual(moment: datetime) -> bool:
    """Whether offices are at work then."""
    local = clock.local(moment)
    return OPENS <= local.time() < CLOSES and is_working_day(local.date())


def is_working_day(day: date) -> bool:
    """Neither weekend, nor holiday, nor an eve that is kept as one."""
    return day.weekday() < 5 and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    midsummer = next(date(year, 6, day) for day in range(19, 26) if date(year, 6, day).weekday() == 4)
    moving = (_easter(year) + timedelta(days=days) for days in _FROM_EASTER)
    return frozenset((midsummer, *moving, *(date(year, month, day) for month, day in _FIXED)))


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, left = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    weekday = (32 + 2 * left + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
