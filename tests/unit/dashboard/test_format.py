"""Swedish spelling of numbers and days, with the no-break spaces written out as ~ so that they can be read."""

from datetime import UTC, date, datetime

import pytest

from dashboard import format as text
from kpi.period import Period


def shown(value: str) -> str:
    return value.replace(text.NBSP, "~")


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, 0, "0"),
        (52, 0, "52"),
        (1234567, 0, "1~234~567"),
        (1234.56, 1, "1~234,6"),
        (-3.2, 1, "−3,2"),
        (-0.04, 1, "0,0"),
    ],
)
def test_numbers(value: float, decimals: int, expected: str) -> None:
    assert shown(text.number(value, decimals)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        (0.6304, "percent", 0, "63~%"),
        (0.6304, "percent", 1, "63,0~%"),
        (4.25, "per_1000", 2, "4,25 per 1~000"),
        (34, "days", 0, "34~dagar"),
        (1, "days", 0, "1~dag"),
        (34.5, "days", 0, "34,5~dagar"),
        (52, "count", 0, "52"),
    ],
)
def test_quantities(value: float, unit: str, decimals: int, expected: str) -> None:
    assert shown(text.quantity(value, unit, decimals)) == expected


@pytest.mark.parametrize(
    ("period", "long", "short"),
    [("2025-03", "mars~2025", "mar~2025"), ("2025-T1", "tertial 1~2025", "T1~2025"), ("2025", "2025", "2025")],
)
def test_periods(period: str, long: str, short: str) -> None:
    assert shown(text.month(Period.parse(period))) == long
    assert shown(text.month(Period.parse(period), short=True)) == short


def test_days() -> None:
    assert shown(text.day(date(2026, 4, 7))) == "7~april~2026"


def test_moments_are_told_by_the_swedish_clock_also_when_sqlite_gives_no_zone() -> None:
    told = datetime(2026, 4, 7, 6, 5, tzinfo=UTC)
    for moment in (told, told.replace(tzinfo=None)):
        assert shown(text.moment(moment)) == "7~april~2026 kl.~08.05"


def test_words() -> None:
    assert text.count_word(3) == "tre"
    assert text.count_word(13) == "13"
    assert shown(text.points(0.01)) == "1~procentenhet"
    assert shown(text.points(-0.12)) == "12~procentenheter"
    assert shown(text.plural(1, "rad", "rader")) == "1~rad"
    assert text.capital("mars") == "Mars"
