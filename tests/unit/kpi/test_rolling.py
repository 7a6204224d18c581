"""Sums over periods divide last, and tell zero, missing and incomplete apart."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.period import Period
from kpi.rolling import compare, is_held, matrix, months_back, reading, total, window
from kpi.views.rows import Part, Reading
from tests.builders.figures import definition

MARCH = Period.parse("2025-03")
SHARE, COUNT = definition("sip_call_complete"), definition("deviations_reported")


def share(numerator: int, denominator: int, period: Period = MARCH) -> Reading:
    value = numerator / denominator if denominator else None
    return Reading(period, period, numerator, denominator, value, denominator)


def test_a_window_divides_the_sums() -> None:
    found = window(SHARE, [share(1, 4), share(3, 3), share(0, 0)])
    assert (found.numerator, found.denominator, found.value, found.cases) == (4, 7, 4 / 7, 7)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=12))
def test_a_share_of_sums_lies_between_the_shares(pairs: list[tuple[int, int]]) -> None:
    months = [share(min(pair), max(pair)) for pair in pairs]
    found = window(SHARE, months)
    shares = [month.value for month in months if month.value is not None]
    if not shares:
        assert found.value is None
    else:
        assert found.value is not None
        assert min(shares) - 1e-12 <= found.value <= max(shares) + 1e-12


def test_what_cannot_be_summed_is_refused() -> None:
    for kpi_id in ("sip_lead_time", "sip_active", "sip_per_1000", "sip_school_gap", "training_coverage"):
        with pytest.raises(ValueError, match="adds up to nothing"):
            window(definition(kpi_id), [share(1, 2)])


def test_a_missing_month_makes_the_window_incomplete_but_an_empty_one_does_not() -> None:
    missing = Reading(MARCH, MARCH, None, None, None, 0, covered=0)
    assert window(SHARE, [share(1, 2), missing]).covered == 1
    assert window(SHARE, [share(1, 2), share(0, 0)]).is_covered


@pytest.mark.parametrize(
    ("month", "held"),
    [("2024-12", False), ("2025-01", True), ("2025-02", True), ("2025-03", True), ("2025-04", False)],
)
def test_deliveries_hold_a_period_from_the_first_month_to_as_of(month: str, held: bool) -> None:
    period = Period.parse(month)
    assert is_held(period, date(2025, 1, 10), date(2025, 3, 10)) is held
    assert reading(period, {}, date(2025, 1, 10), date(2025, 3, 10)).is_covered is held
    assert not is_held(period, None, None)


def test_months_back_ends_with_the_month() -> None:
    assert [str(month) for month in months_back(Period.parse("2025-02"), 3)] == ["2024-12", "2025-01", "2025-02"]


def test_too_few_cases_or_missing_deliveries_are_not_compared() -> None:
    assert compare(share(6, 10), share(3, 10), 5, needs_cases=True).difference == pytest.approx(0.3)
    assert compare(share(6, 10), share(3, 4), 5, needs_cases=True).difference is None
    assert compare(share(6, 10), share(3, 4), 5, needs_cases=False).difference is not None
    missing = Reading(MARCH, MARCH, 1, 2, 0.5, 2, periods=12, covered=11)
    assert compare(missing, share(3, 10), 0, needs_cases=False).difference is None


def test_distances_from_zero_are_compared_whatever_the_sign() -> None:
    now, before = replace(share(1, 2), value=-0.3, cases=9), replace(share(1, 2), value=0.1, cases=9)
    assert compare(now, before, 5, needs_cases=True, from_zero=True).difference == pytest.approx(0.2)
    assert compare(now, before, 5, needs_cases=True).difference == pytest.approx(-0.4)


def test_parts_that_overlap_are_never_one() -> None:
    with pytest.raises(ValueError, match="adds up to nothing"):
        total(definition("training_coverage"), [share(1, 4), share(2, 6)])


def test_split_cells_of_a_month_become_one() -> None:
    found = total(SHARE, [share(1, 4), share(2, 6)])
    assert (found.numerator, found.denominator, found.value) == (3, 10, 0.3)


def test_a_matrix_has_row_and_column_sums() -> None:
    def flow(sender: str, receiver: str, number: int) -> Part:
        return Part(
            (("from_actor", sender), ("to_actor", receiver)), Reading(MARCH, MARCH, number, None, number, number)
        )

    found = matrix([flow("bvc", "mvc", 3), flow("bvc", "skola", 4), flow("mvc", "bvc", 5)])
    assert found.sent == {"bvc": 7, "mvc": 5}
    assert found.received == {"bvc": 5, "mvc": 3, "skola": 4}
    assert found.total == 12
