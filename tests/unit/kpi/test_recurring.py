"""Which deviations make a series, by hand."""

from __future__ import annotations

from kpi.period import Period
from kpi.recurring import Series, Sort, faded, recurring

LAST = Period.parse("2025-06")
BUP, SCHOOL = Sort("A", "oklart_ansvar", "bup"), Sort("A", "oklart_ansvar", "skola")


def months(*told: str) -> tuple[Period, ...]:
    return tuple(Period.parse(f"2025-{one}") for one in told)


def of(sort: Sort, *told: str, count: int = 1) -> dict[tuple[Sort, Period], int]:
    return {(sort, month): count for month in months(*told)}


def test_three_months_of_the_last_six_are_a_series() -> None:
    counts = of(BUP, "01", "04", "06", count=2) | of(SCHOOL, "05", "06", count=9)
    assert recurring(counts, LAST, {}) == (Series(BUP, months("01", "04", "06"), 6),)
    assert recurring(counts, Period.parse("2025-07"), {}) == (), "January is too long ago"
    assert recurring(counts | of(BUP, "06", count=0), LAST, {}) == (), "a month without any is none"


def test_what_comes_after_a_closing_is_another_series() -> None:
    counts = of(BUP, "01", "02", "03", "04", "05", "06")
    assert recurring(counts, LAST, {BUP: Period.parse("2025-03")}) == (Series(BUP, months("04", "05", "06"), 3),)
    assert recurring(counts, LAST, {BUP: Period.parse("2025-04")}) == ()


def test_a_series_that_fades_is_told_for_six_months_with_what_has_come_since() -> None:
    counts = of(BUP, "01", "02", "04") | of(SCHOOL, "04", "05", "06")
    july, august = (Period.parse(f"2025-0{month}") for month in (7, 8))
    assert faded(counts, LAST, {}) == (), "both are series"
    assert faded(counts, july, {}) == (Series(BUP, months("01", "02", "04"), 3, is_faded=True),)
    since = counts | of(BUP, "08")
    assert faded(since, august, {}) == (Series(BUP, months("01", "02", "04", "08"), 4, is_faded=True),)
    december, january = july.shift(5), july.shift(6)
    assert [one.sort for one in faded(counts, december, {})] == [SCHOOL, BUP], "the latest first"
    assert [one.sort for one in faded(counts, january, {})] == [SCHOOL], "six months have gone"
    assert faded(counts, july, {BUP: Period.parse("2025-04")}) == (), "it has been closed"


def test_the_longest_is_told_first() -> None:
    counts = of(BUP, "04", "05", "06") | of(SCHOOL, "03", "04", "05", "06")
    assert [one.sort for one in recurring(counts, LAST, {})] == [SCHOOL, BUP]
