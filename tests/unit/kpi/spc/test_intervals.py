"""Intervals hold their value, widen with confidence, and refuse what is no proportion or rate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.spc.funnel import Significance, average, compare_proportions, compare_rates
from kpi.spc.intervals import USUAL, WIDE, byar, exact_poisson, normal_quantile, rate_interval, wilson


@given(st.integers(1, 500), st.data())
def test_wilson_lies_within_0_and_1_about_its_value(below: int, data: st.DataObject) -> None:
    cases = data.draw(st.integers(0, below))
    usual, wide = wilson(cases, below), wilson(cases, below, WIDE)
    assert 0 <= wide.lower <= usual.lower <= cases / below <= usual.upper <= wide.upper <= 1


@given(st.integers(0, 60), st.integers(1, 10_000))
def test_a_rates_interval_holds_it_and_widens(events: int, exposure: int) -> None:
    usual, wide = rate_interval(events, exposure), rate_interval(events, exposure, WIDE)
    assert wide.lower <= usual.lower <= events / exposure < usual.upper < wide.upper


def test_the_exact_interval_takes_over_below_ten() -> None:
    assert rate_interval(9, 1) == exact_poisson(9)
    assert rate_interval(10, 1) == byar(10, USUAL)


@pytest.mark.parametrize(("cases", "below"), [(0, 0), (3, 2), (-1, 5)])
def test_what_is_no_proportion_is_refused(cases: int, below: int) -> None:
    with pytest.raises(ValueError, match="proportion"):
        wilson(cases, below)


@pytest.mark.parametrize(("events", "exposure"), [(1, 0), (-1, 5)])
def test_what_is_no_rate_is_refused(events: int, exposure: int) -> None:
    with pytest.raises(ValueError, match="rate"):
        rate_interval(events, exposure)


def test_what_is_no_confidence_is_refused() -> None:
    with pytest.raises(ValueError, match="confidence"):
        normal_quantile(1.0)


def test_a_unit_without_cases_is_not_compared() -> None:
    assert compare_proportions([5, 0], [10, 0])[1] is None
    assert compare_rates([5, 0], [10, 0])[1] is None


def test_a_unit_far_below_the_others_is_told() -> None:
    found = compare_proportions([90, 10], [100, 100])
    assert [one.significance for one in found if one] == [Significance.HIGH_BY_FAR, Significance.LOW_BY_FAR]


def test_nothing_has_no_average() -> None:
    with pytest.raises(ValueError, match="nothing"):
        average([], [])
    with pytest.raises(ValueError, match="proportion"):
        compare_proportions([3], [2])
