"""Swedish spelling of numbers and days, with the no-break spaces written out as ~ so that they can be read."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi import format as text
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
        (12.5, 0, "13"),
        (28.499999999999996, 0, "29"),
    ],
)
def test_numbers(value: float, decimals: int, expected: str) -> None:
    assert shown(text.number(value, decimals)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        (0.6304, "percent", 0, "63~%"),
        (0.6304, "percent", 1, "63,0~%"),
        (4.25, "per_1000", 2, "4,25 per~1~000"),
        (34, "days", 0, "34~dagar"),
        (1, "days", 0, "1~dag"),
        (34.5, "days", 0, "34,5~dagar"),
        (11.594, "per_100", 1, "11,6 per~100"),
        (0.4485, "points", 0, "+45~procentenheter"),
        (-0.0865, "points", 0, "−9~procentenheter"),
        (0.011, "points", 0, "+1~procentenhet"),
        (0.001, "points", 0, "0~procentenheter"),
        (72.5, "percent_as_given", 0, "72,5~%"),
        (70.0, "percent_as_given", 0, "70~%"),
        (3, "level", 0, "nivå~3 av~5"),
        (1, "answer", 0, "nej"),
        (2, "answer", 0, "till viss del"),
        (3, "answer", 0, "ja"),
        (52, "count", 0, "52"),
    ],
)
def test_quantities(value: float, unit: str, decimals: int, expected: str) -> None:
    assert shown(text.quantity(value, unit, decimals)) == expected


@pytest.mark.parametrize(
    ("period", "long", "short"),
    [
        ("2025-03", "mars~2025", "mar~2025"),
        ("2025-K1", "första kvartalet~2025", "K1~2025"),
        ("2025-K4", "fjärde kvartalet~2025", "K4~2025"),
        ("2025-T1", "första tertialet~2025", "T1~2025"),
        ("2025-H2", "andra halvåret~2025", "H2~2025"),
        ("2025", "2025", "2025"),
    ],
)
def test_periods(period: str, long: str, short: str) -> None:
    assert shown(text.month(Period.parse(period))) == long
    assert shown(text.month(Period.parse(period), short=True)) == short


def test_a_period_in_running_text() -> None:
    assert shown(text.within(Period.parse("2025-03"))) == "i mars~2025"
    assert shown(text.within(Period.parse("2025-T3"))) == "under tredje tertialet~2025"
    assert shown(text.within(Period.parse("2025-K2"))) == "under andra kvartalet~2025"
    assert shown(text.within(Period.parse("2025-H1"))) == "under första halvåret~2025"
    assert shown(text.within(Period.parse("2025"))) == "under 2025"
    assert shown(text.last_month(Period.parse("2025-T2"))) == "augusti~2025"


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
    assert shown(text.given_points(-7.3)) == "7,3~procentenheter"
    assert shown(text.given_points(2.0)) == "2~procentenheter"
    assert shown(text.plural(1, "rad", "rader")) == "1~rad"
    assert text.capital("mars") == "Mars"
    assert text.counts(9, 38) == ("9", "38"), "both in one form"
    assert text.counts(1, 12) == ("ett", "tolv")
    assert text.counts(1, 6, is_common=True) == ("en", "sex")
    assert text.counts(1, 13, is_common=True) == ("1", "13")
    shares = (0.0, 0.004, -0.004, 0.006)
    assert [text.is_shown_as_zero(one) for one in shares] == [True, True, True, False]
    assert not text.is_shown_as_zero(0.004, 1)


AMOUNTS = st.floats(-1e9, 1e9, allow_nan=False)


@given(AMOUNTS, st.integers(0, 3))
def test_every_number_is_swedish_and_reads_back_as_what_it_was(value: float, decimals: int) -> None:
    told = text.number(value, decimals)
    assert re.fullmatch(r"−?\d{1,3}(~\d{3})*" + (rf",\d{{{decimals}}}" if decimals else ""), shown(told)), told
    back = Decimal(told.replace(text.NBSP, "").replace(text.MINUS, "-").replace(",", "."))
    assert abs(back - Decimal(value)) <= Decimal("0.5000001").scaleb(-decimals)
    assert told.startswith(text.MINUS) == (back < 0), "no minus before a zero"


@given(st.sampled_from([text.points, text.signed_points, text.given_points, text.days]), AMOUNTS | st.just(1.0))
def test_one_is_singular_and_everything_else_plural(words: Callable[[float], str], value: float) -> None:
    *number, unit = words(value).split(text.NBSP)
    is_one = number in (["1"], ["+1"], [f"{text.MINUS}1"])
    assert unit in (("procentenhet", "dag") if is_one else ("procentenheter", "dagar")), words(value)


@given(st.integers(0, 10**7))
def test_plurals_and_small_words(count: int) -> None:
    assert text.plural(count, "rad", "rader").endswith("rad" if count == 1 else "rader")
    assert (count <= 12) == text.count_word(count).isalpha()
