"""Every state once, from both sides of each limit; the words are what a board reads."""

import pytest

from kpi.period import Period
from kpi.status import Bound, State, Status, Target, distance, judge, severity, target_for
from tests.builders.figures import definition

AT_LEAST_90 = Target(Bound.AT_LEAST, 0.9)
AT_MOST_30 = Target(Bound.AT_MOST, 30.0)


def words(value: float | None, cases: int, target: Target | None, *, is_share: bool = True) -> tuple[State, str]:
    status = judge(value, cases, minimum_cases=5, target=target, is_share=is_share)
    return status.state, status.words


@pytest.mark.parametrize(
    ("value", "cases", "target", "expected"),
    [
        (0.90, 20, AT_LEAST_90, (State.REACHES, "Når det föreslagna målet")),
        (0.85, 20, AT_LEAST_90, (State.NEAR, "Nära det föreslagna målet")),
        (0.849, 20, AT_LEAST_90, (State.OFF, "Lägre än det föreslagna målet")),
        (0.849, 4, AT_LEAST_90, (State.TOO_FEW, "För få fall att bedöma")),
        (0.849, 5, AT_LEAST_90, (State.OFF, "Lägre än det föreslagna målet")),
        (None, 0, AT_LEAST_90, (State.NO_CASES, "Inga fall att bedöma")),
        (0.5, 20, None, (State.NO_TARGET, "Följs utan mål")),
        (0.0, 0, None, (State.NO_TARGET, "Följs utan mål")),
        (None, 0, None, (State.NO_CASES, "Inga fall att bedöma")),
        (0.2, 20, Target(Bound.AT_LEAST, 0.9, is_decided=True), (State.OFF, "Når inte målet")),
        (0.95, 20, Target(Bound.AT_LEAST, 0.9, is_decided=True), (State.REACHES, "Når målet")),
        (0.4, 20, Target(Bound.AT_MOST, 0.1, is_watch=True), (State.OFF, "Över den föreslagna bevakningsnivån")),
        (0.4, 20, Target(Bound.AT_LEAST, 0.8, is_watch=True), (State.OFF, "Under den föreslagna bevakningsnivån")),
        (0.1, 20, Target(Bound.AT_MOST, 0.1, is_watch=True), (State.REACHES, "Inom den föreslagna bevakningsnivån")),
        (0.12, 20, Target(Bound.AT_MOST, 0.1, is_watch=True), (State.NEAR, "Nära den föreslagna bevakningsnivån")),
    ],
)
def test_shares(value: float | None, cases: int, target: Target | None, expected: tuple[State, str]) -> None:
    assert words(value, cases, target) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (30.0, (State.REACHES, "Når det föreslagna målet")),
        (33.0, (State.NEAR, "Nära det föreslagna målet")),
        (33.5, (State.OFF, "Högre än det föreslagna målet")),
    ],
)
def test_days(value: float, expected: tuple[State, str]) -> None:
    assert words(value, 9, AT_MOST_30, is_share=False) == expected


def test_a_period_that_no_delivery_covers_is_missing_whatever_its_value() -> None:
    status = judge(0.0, 0, minimum_cases=5, target=None, is_share=False, is_covered=False)
    assert status == Status(State.NOT_YET, "Uppgifter saknas")


def test_an_unfinished_period_keeps_its_words_and_says_so() -> None:
    status = judge(0.95, 9, minimum_cases=5, target=AT_LEAST_90, is_share=True, is_preliminary=True)
    assert status == Status(State.REACHES, "Når det föreslagna målet", is_preliminary=True)


def test_a_proposed_target_is_never_called_missed() -> None:
    for bound in Bound:
        for value in (0.0, 0.5, 0.9, 1.0):
            assert "inte" not in words(value, 50, Target(bound, 0.9))[1]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.05, (State.REACHES, "Når det föreslagna målet")),
        (0.08, (State.NEAR, "Nära det föreslagna målet")),
        (0.11, (State.OFF, "Större skillnad än det föreslagna målet")),
    ],
)
def test_a_gap_is_judged_by_its_distance_from_zero(value: float, expected: tuple[State, str], sign: int) -> None:
    assert words(sign * value, 20, Target(Bound.WITHIN, 0.05)) == expected


def test_figures_toward_zero_have_targets_on_both_sides() -> None:
    target = target_for(definition("sip_school_gap"), Period.parse("2025-T1"), None, None)
    assert target is not None
    assert (target.bound, target.level) == (Bound.WITHIN, 0.05)


def test_severity_counts_margins_so_that_units_compare() -> None:
    assert severity(0.8, Target(Bound.AT_LEAST, 0.9, near=0.05), is_share=True) == pytest.approx(2)
    assert severity(8, Target(Bound.AT_MOST, 0.0, near=2), is_share=False) == pytest.approx(4)
    assert severity(-0.3, Target(Bound.WITHIN, 0.1), is_share=True) == pytest.approx(4)
    assert severity(3, Target(Bound.AT_MOST, 0.0), is_share=False) == pytest.approx(3)


def test_a_count_against_none_does_not_stand_before_every_share() -> None:
    a_third = severity(0.39, Target(Bound.AT_LEAST, 0.8), is_share=True)
    for near in (None, 2):
        of_28 = severity(28, Target(Bound.AT_MOST, 0.0, near=near), is_share=False, is_count=True)
        assert of_28 == pytest.approx(28**0.5)
        assert 1 < of_28 < a_third
    assert severity(3, Target(Bound.AT_MOST, 0.0, near=2), is_share=False, is_count=True) == pytest.approx(1.5)
    assert severity(0, Target(Bound.AT_LEAST, 0.0), is_share=False, is_count=True) == 0


def test_distance_is_positive_on_the_wrong_side() -> None:
    assert distance(0.6, AT_LEAST_90) == pytest.approx(0.3)
    assert distance(25, AT_MOST_30) == -5
