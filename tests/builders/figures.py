"""Rows as pages read them, for tests of words, leads and charts. The definitions are the shipped ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from kpi.definition import Catalogue, Definition
from kpi.loader import load_catalogue
from kpi.organisation import Unit
from kpi.period import Period
from kpi.rolling import compare, months_back
from kpi.status import AWAITING, Bound, Target, judge, severity, target_for
from kpi.views.compared import with_uncertainty
from kpi.views.rows import FigureRow, Overview, Part, PartSeries, Reading, UnitReading, is_told_by_parts
from warehouse.settings import Settings

MARCH = Period.parse("2025-03")
BOARD = Unit("1287-SN", "Socialnämnden", "board", "1287", "1287", "social")
MUNICIPALITY = Unit("1287", "Trelleborg", "municipality", "12", "1287")
PROPOSED_90 = Target(Bound.AT_LEAST, 0.9)


@cache
def catalogue() -> Catalogue:
    """The shipped definitions."""
    return load_catalogue(Settings().definitions)


def definition(kpi_id: str) -> Definition:
    """One of the shipped definitions."""
    return catalogue().definitions[kpi_id]


def share(numerator: int, denominator: int, last: Period = MARCH, *, periods: int = 12, covered: int = 12) -> Reading:
    """A share over `periods` months that end with `last`."""
    value = numerator / denominator if denominator else None
    first = last.shift(1 - periods)
    return Reading(first, last, numerator, denominator, value, denominator, periods, covered)


def count(number: float | None, last: Period = MARCH, *, periods: int = 1) -> Reading:
    """A count, of one month or several."""
    return Reading(last.shift(1 - periods), last, number, None, number, int(number or 0), periods, periods)


def share_row(
    numerator: int,
    denominator: int,
    *,
    before: tuple[int, int] = (0, 0),
    kpi_id: str = "sip_followed_up_in_time",
    target: Target | None = PROPOSED_90,
    month: tuple[int, int] = (8, 13),
) -> FigureRow:
    """A row of a share whose twelve months are numerator of denominator."""
    meaning = definition(kpi_id)
    year = share(numerator, denominator)
    earlier = share(*before, MARCH.shift(-12))
    current = share(*month, periods=1, covered=1)
    status = judge(year.value, year.cases, minimum_cases=meaning.minimum_cases, target=target, is_share=True)
    off = None
    if target is not None and year.value is not None and year.value < target.level:
        off = severity(year.value, target, is_share=True)
    return FigureRow(
        meaning,
        BOARD,
        target,
        current,
        year,
        status,
        compare(year, earlier, meaning.minimum_cases, needs_cases=True),
        tuple(share(6, 10, month, periods=1, covered=1) for month in months_back(MARCH, 24)),
        tuple(share(70, 120, month) for month in months_back(MARCH, 24)),
        date(2025, 4, 7),
        date(2023, 1, 1),
        severity=off,
    )


def plain_row(
    kpi_id: str, current: Reading, *, before: Reading | None = None, parts: tuple[Part, ...] = ()
) -> FigureRow:
    """A row that is judged on its own period: a tertial, a year, a stock, a gap, statistics, or parts."""
    meaning = definition(kpi_id)
    target = target_for(meaning, current.last, None, None)
    telling = parts[0] if parts and target is not None and is_told_by_parts(meaning) else None
    judged = telling.reading if telling else current
    is_share = meaning.unit in ("percent", "points")
    status = judge(
        judged.value, judged.cases, minimum_cases=meaning.minimum_cases, target=target, is_share=is_share,
        is_covered=current.is_covered,
    )  # fmt: skip
    change = None
    if before is not None:
        from_zero = meaning.direction == "toward_zero"
        change = compare(current, before, meaning.minimum_cases, needs_cases=True, from_zero=from_zero)
    awaits = meaning.is_own and not parts and current.value is None
    return FigureRow(
        meaning, BOARD, target, current, None, AWAITING if awaits else status, change, (current,), (),
        None if awaits else date(2025, 4, 7), date(2023, 1, 1), parts,
        tuple(PartSeries(part.split, (part.reading,)) for part in parts), telling,
    )  # fmt: skip


def value(number: float | None, period: str, cases: int = 0) -> Reading:
    """A value without anything to divide: days, a gap, statistics as given."""
    when = Period.parse(period)
    return Reading(when, when, None, None, number, cases)


def part(numerator: int, denominator: int, period: str, **split: str) -> Part:
    """A part of a share."""
    return Part(tuple(split.items()), share(numerator, denominator, Period.parse(period), periods=1, covered=1))


def units_beside(meaning: Definition, *readings: Reading) -> tuple[UnitReading, ...]:
    """The readings as units named Alfa, Beta, …, compared with each other."""
    units = [
        UnitReading(Unit(name, name, "unit", "1287-SN", "1287"), one, one.cases < meaning.minimum_cases)
        for name, one in zip(("Alfa", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"), readings, strict=False)
    ]
    return with_uncertainty(meaning, units)


def late(row: FigureRow, as_of: date | None = date(2025, 2, 20)) -> FigureRow:
    """The row with deliveries that end before its month."""
    return replace(row, as_of=as_of)


def overview(*rows: FigureRow, preliminary_from: Period | None = None) -> Overview:
    """A board's page with these rows."""
    return Overview(BOARD, MUNICIPALITY, MARCH, (MARCH,), preliminary_from, rows, is_synthetic=True)
