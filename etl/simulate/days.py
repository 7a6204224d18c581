"""Arrays of days: working days, random days of months, ages and texts. Missing days are NaT and stay missing."""

from __future__ import annotations

import numpy as np

from etl.simulate.story import Days, Flags, Span, Texts

MISSING = np.datetime64("NaT", "D")
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


def missing(count: int) -> Days:
    """That many missing days."""
    return np.full(count, MISSING)


def to_workday(days: Days) -> Days:
    """Saturdays and Sundays moved to the Monday after."""
    number = days.astype("datetime64[D]").astype(np.int64)
    weekday = (number + _EPOCH_WEEKDAY) % 7
    moved = days + np.where(weekday > 4, 7 - weekday, 0).astype("timedelta64[D]")
    return np.where(np.isnat(days), MISSING, moved)


def after(days: Days, steps: np.ndarray) -> Days:
    """The working day that many (fractions of) days later."""
    return to_workday(days + np.asarray(steps).astype("timedelta64[D]"))


def past_july(rng: np.random.Generator, days: Days, share: float = 0.75) -> Days:
    """Most of the days in July, when nobody can be gathered, moved five weeks later."""
    july = days.astype("datetime64[M]").astype(np.int64) % 12 == 6
    moves = july & (rng.random(len(days)) < share)
    return np.where(moves, to_workday(days + np.timedelta64(35, "D")), days)


def only(days: Days, keep: Flags) -> Days:
    """The days where `keep`, else missing."""
    return np.where(keep, days, MISSING)


def spread(rng: np.random.Generator, window: Span, a_year: float, season: tuple[float, ...]) -> Days:
    """Sorted working days in the window, as many as `a_year` says, busy and quiet months by `season` (12 weights).

    Each stretch of twelve months gets its number rounded, so that a year never strays far; months stray freely.
    """
    first = window.first.astype("datetime64[M]")
    months = np.arange(first, window.end.astype("datetime64[M]"))
    weights = np.asarray(season)[months.astype(np.int64) % 12]
    drawn: list[Days] = []
    for start in range(0, len(months), 12):
        stretch = weights[start : start + 12]
        expected = a_year * stretch.sum() / sum(season)
        total = int(np.floor(expected + rng.random()))
        counts = rng.multinomial(total, stretch / stretch.sum())
        month = np.repeat(months[start : start + 12], counts)
        begins = month.astype("datetime64[D]")
        length = ((month + np.timedelta64(1, "M")).astype("datetime64[D]") - begins).astype(np.int64)
        drawn.append(begins + np.floor(rng.random(total) * length).astype("timedelta64[D]"))
    days = to_workday(np.sort(np.concatenate(drawn))) if drawn else missing(0)
    return days[days < window.end]


def age_on(birth: Days, day: Days) -> np.ndarray:
    """Completed years; both given."""
    born, then = birth.astype("datetime64[M]"), day.astype("datetime64[M]")
    years = (then.astype(np.int64) // 12) - (born.astype(np.int64) // 12)
    month = then.astype(np.int64) % 12 - born.astype(np.int64) % 12
    day_of_month = (day - then).astype(np.int64) - (birth - born).astype(np.int64)
    age: np.ndarray = years - ((month < 0) | ((month == 0) & (day_of_month < 0)))
    return age


def birthday(birth: Days, age: int) -> Days:
    """The day each turns `age`; 29 February becomes 1 March in other years."""
    month = birth.astype("datetime64[M]")
    day: Days = (month + np.timedelta64(12 * age, "M")).astype("datetime64[D]") + (birth - month)
    return day


def numbered_by_year(prefix: str, days: Days) -> Texts:
    """Ids of things in the order of their days, such as `SIP2025-00017`: the year and a running number within it."""
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    _, first, place = np.unique(year, return_index=True, return_inverse=True)
    number = np.arange(len(year)) - first[place] + 1
    return np.array([f"{prefix}{y}-{n:05}" for y, n in zip(year, number, strict=True)], dtype=object)


def texts(days: Days, pattern: str = "%Y-%m-%d") -> Texts:
    """Each day written by a strftime pattern, blank where missing; every distinct day is written once."""
    result = np.full(len(days), "", dtype=object)
    given = ~np.isnat(days)
    if given.any():
        distinct, place = np.unique(days[given], return_inverse=True)
        result[given] = np.array([day.strftime(pattern) for day in distinct.astype(object)], dtype=object)[place]
    return result
