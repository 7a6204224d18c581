"""Control charts other than XmR: bases, gaps, zero denominators, runs, and series at the edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.spc.control import LINES, control_chart
from kpi.spc.runs import analyse_runs, fewest_crossings, longest_run_allowed
from kpi.spc.series import ChartError, ChartType, Division, Series
from tests.builders.spc import monthly

C, G, I_CHART, MR, RUN, T = (ChartType(name) for name in ("c", "g", "i", "mr", "run", "t"))
P, PP, U, UP = (ChartType(name) for name in ("p", "pp", "u", "up"))
PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12)), min_size=1, max_size=30)
MEASURES = st.lists(st.one_of(st.none(), st.integers(0, 40)), min_size=1, max_size=30)


def shares(pairs: list[tuple[int, int]]) -> Series:
    return monthly([min(cases, below) for cases, below in pairs], [below for _, below in pairs])


@given(MEASURES, st.sampled_from([RUN, I_CHART]), st.sampled_from([0.5, 3, 100]), st.integers(-40, 40))
def test_lines_move_and_grow_with_the_series(
    values: list[float | None], type_: ChartType, scale: float, shift: int
) -> None:
    moved = [None if value is None else scale * value + shift for value in values]
    before, after = control_chart(type_, monthly(values)), control_chart(type_, monthly(moved))
    assert before.runs == after.runs
    for old, new in zip(before.points, after.points, strict=True):
        for line, found in ((old.centre, new.centre), (old.lower, new.lower), (old.upper, new.upper)):
            assert found == (None if line is None else pytest.approx(scale * line + shift, rel=1e-9, abs=1e-9))


@given(PAIRS, st.sampled_from([P, PP, U, UP]))
def test_limits_are_cut_and_a_zero_denominator_has_neither_value_nor_limits(
    pairs: list[tuple[int, int]], type_: ChartType
) -> None:
    for point, (_, below) in zip(control_chart(type_, shares(pairs)).points, pairs, strict=True):
        if not below:
            assert (point.value, point.lower, point.upper, point.is_outside) == (None, None, None, False)
        elif point.lower is not None and point.upper is not None and point.centre is not None:
            assert 0 <= point.lower <= point.centre <= point.upper
            assert type_ in (U, UP) or point.upper <= 1


@given(MEASURES, MEASURES, st.sampled_from([RUN, I_CHART, MR, C, G]))
def test_a_part_does_not_depend_on_what_comes_after(
    early: list[float | None], late: list[float | None], type_: ChartType
) -> None:
    alone = control_chart(type_, monthly(early))
    both = control_chart(type_, monthly([*early, *late]), Division(parts=(len(early),)))
    assert both.points[: len(early)] == alone.points
    assert both.runs[0] == alone.runs[0]


@pytest.mark.parametrize("type_", [one for one in LINES if one not in (P, PP, U, UP)])
@pytest.mark.parametrize("values", [[], [None], [None, None, None], [4], [4, 4, 4, 4], [4, None, 4]])
def test_series_at_the_edge_draw_what_there_is(type_: ChartType, values: list[float | None]) -> None:
    chart = control_chart(type_, monthly(values))
    assert len(chart.points) == len(values)
    assert not any(point.is_outside for point in chart.points)
    assert not any(one.is_signal for one in chart.runs)


@pytest.mark.parametrize("type_", [P, PP, U, UP])
@pytest.mark.parametrize("below", [[], [0], [0, 0], [None, 3], [5, 5]])
def test_denominators_at_the_edge_draw_what_there_is(type_: ChartType, below: list[float | None]) -> None:
    chart = control_chart(type_, monthly([0] * len(below), below))
    assert not any(point.is_outside for point in chart.points)


def test_a_prime_chart_without_spread_has_no_limits() -> None:
    chart = control_chart(PP, monthly([0, 0, 0], [5, 6, 7]))
    assert [(point.centre, point.lower, point.upper) for point in chart.points] == [(0, None, None)] * 3


def test_an_excluded_point_is_bridged_and_a_missing_one_is_not() -> None:
    excluded = control_chart(I_CHART, monthly([1, 2, 90, 4, 5]), Division(exclude=frozenset({3})))
    without = control_chart(I_CHART, monthly([1, 2, 4, 5]))
    missing = control_chart(I_CHART, monthly([1, 2, None, 4, 5]))
    assert excluded.points[0].upper == without.points[0].upper
    assert missing.points[0].upper == pytest.approx(3 + 3 * 1 / 1.128)
    assert excluded.points[2].is_outside
    assert excluded.runs[0].useful == 4


def test_an_excluded_point_is_in_no_run() -> None:
    found = control_chart(RUN, monthly([1, 9, 2, 9, 3, 9]), Division(exclude=frozenset({2, 4}))).runs[0]
    assert (found.useful, found.crossings) == (4, 1)


def test_a_freeze_sets_the_base_and_parts_take_over_from_it() -> None:
    values = [2, 4, 6, 50, 60]
    assert control_chart(C, monthly(values), Division(freeze=3)).points[-1].centre == 4
    both = control_chart(C, monthly(values), Division(parts=(3,), freeze=1))
    assert [point.centre for point in both.points] == [4, 4, 4, 55, 55]
    assert [point.part for point in both.points] == [1, 1, 1, 2, 2]


def test_parts_at_the_ends_are_none() -> None:
    chart = control_chart(RUN, monthly([1, 2, 3]), Division(parts=(0, 3, 7, 2, 2)))
    assert [point.part for point in chart.points] == [1, 1, 2]


def test_a_g_chart_has_the_median_as_its_line_and_limits_about_the_mean() -> None:
    point = control_chart(G, monthly([1, 2, 9])).points[0]
    assert (point.centre, point.lower, point.upper) == (2, 0, pytest.approx(4 + 3 * 20**0.5))


def test_moving_ranges_are_not_screened_and_never_signal_by_runs() -> None:
    chart = control_chart(MR, monthly([0] * 12 + [90] + [1, 2] * 12))
    assert chart.points[0].value is None
    assert chart.points[1].upper == pytest.approx(3.267 * (90 + 89 + 23) / 36)
    assert chart.points[1].lower == 0
    assert not chart.runs[0].is_signal


@pytest.mark.parametrize(
    ("type_", "series", "says"),
    [
        (ChartType.XMR, monthly([1]), "ritas inte här"),
        (P, monthly([1]), "kräver nämnare"),
        (U, monthly([1]), "kräver nämnare"),
        (P, monthly([3], [2]), "större än sin nämnare"),
        (C, monthly([-1]), "negativt"),
        (T, monthly([4, 0]), "större än noll"),
    ],
)
def test_values_that_a_chart_cannot_show_are_told(type_: ChartType, series: Series, says: str) -> None:
    with pytest.raises(ChartError, match=says):
        control_chart(type_, series)


@pytest.mark.parametrize(
    ("values", "below", "says"),
    [([1, 2], [1], "nämnare"), ([float("nan")], None, "rimligt"), ([1e16], None, "rimligt"), ([1], [-1], "negativ")],
)
def test_a_series_that_is_none_is_told(values: list[float], below: list[float] | None, says: str) -> None:
    with pytest.raises(ChartError, match=says):
        monthly(values, below)


def test_a_date_stands_once() -> None:
    (day,) = monthly([1]).dates
    with pytest.raises(ChartError, match="mer än en gång"):
        Series((day, day), (1, 2))


@pytest.mark.parametrize(
    ("useful", "allowed", "fewest"),
    [(1, 3, 0), (2, 4, 0), (10, 6, 2), (12, 7, 3), (20, 7, 6), (24, 8, 8), (100, 10, 41)],
)
def test_the_bounds_of_runs(useful: int, allowed: int, fewest: int) -> None:
    assert (longest_run_allowed(useful), fewest_crossings(useful)) == (allowed, fewest)


def test_runs_skip_points_on_the_line_and_missing_ones() -> None:
    found = analyse_runs([1, 0, 1, None, 1, -1, -1, 1])
    assert (found.useful, found.longest, found.crossings, found.is_signal) == (6, 3, 2, False)


def test_too_long_a_run_and_too_few_crossings_are_signals() -> None:
    assert analyse_runs([1] * 7 + [-1, 1] * 3).is_signal is False
    assert analyse_runs([1] * 8 + [-1, 1] * 2).is_signal is True
    assert analyse_runs([1] * 6 + [-1] * 6).is_signal is True
