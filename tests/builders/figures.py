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
from kpi.status import Bound, Target, judge
from kpi.views.rows import FigureRow, Overview, Reading
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
    gap = None
    if target is not None and year.value is not None and year.value < target.level:
        gap = (target.level - year.value) / target.level
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
        gap=gap,
    )


def late(row: FigureRow, as_of: date | None = date(2025, 2, 20)) -> FigureRow:
    """The row with deliveries that end before its month."""
    return replace(row, as_of=as_of)


def overview(*rows: FigureRow, preliminary_from: Period | None = None) -> Overview:
    """A board's page with these rows."""
    return Overview(BOARD, MUNICIPALITY, MARCH, (MARCH,), preliminary_from, rows, is_synthetic=True)
