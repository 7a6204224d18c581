"""The XmR chart: what moves its lines and flags, what does not, and series at the edge."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.spc.icons import Assurance, Direction, PointType, Variation
from kpi.spc.rules import Label
from kpi.spc.series import ChartError, Series
from kpi.spc.xmr import XmrChart, XmrPoint, XmrSettings, xmr_chart
from tests.builders.spc import monthly, months

INCREASE, DECREASE, NEUTRAL = (XmrSettings(one) for one in Direction)
VALUES = st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=1, max_size=40)
GAPPY = VALUES.map(monthly)
SWAPPED = {PointType.IMPROVEMENT: PointType.CONCERN, PointType.CONCERN: PointType.IMPROVEMENT}
STABLE = [42, 45, 39, 44, 47, 41, 43, 46, 40, 44, 42, 45]


def labels(*values: float | None, settings: XmrSettings = INCREASE) -> list[Label]:
    return [point.label for point in xmr_chart(monthly(values), settings).points]


def flags(chart: XmrChart) -> list[tuple[Label, bool, bool, bool]]:
    return [(point.label, point.in_shift, point.in_trend, point.in_two_of_three) for point in chart.points]


def lines(point: XmrPoint) -> tuple[float | None, ...]:
    return point.mean, point.lower, point.upper


@given(GAPPY, st.sampled_from([0.5, 2, 10, 1000]), st.integers(-50, 50))
def test_limits_move_and_grow_with_the_series(series: Series, scale: float, shift: int) -> None:
    moved = replace(series, values=tuple(None if one is None else scale * one + shift for one in series.values))
    before, after = xmr_chart(series, INCREASE), xmr_chart(moved, INCREASE)
    assert flags(after) == flags(before)
    for old, new in zip(before.points, after.points, strict=True):
        for line, found in zip(lines(old), lines(new), strict=True):
            assert found == (None if line is None else pytest.approx(scale * line + shift, rel=1e-9, abs=1e-9))


@given(GAPPY)
def test_reversing_the_direction_swaps_improvement_and_concern(series: Series) -> None:
    up, down = xmr_chart(series, INCREASE), xmr_chart(series, DECREASE)
    assert [point.type for point in down.points] == [SWAPPED.get(point.type, point.type) for point in up.points]
    assert flags(up) == flags(down)


@given(GAPPY, st.integers(0, 30))
def test_reversing_the_direction_swaps_pass_and_fail(series: Series, target: int) -> None:
    up, down = (xmr_chart(series, replace(one, target=target)).assurance for one in (INCREASE, DECREASE))
    swapped = {Assurance.PASS: Assurance.FAIL, Assurance.FAIL: Assurance.PASS}
    assert down == (swapped.get(up, up) if up else None)


@given(VALUES, VALUES, st.one_of(st.none(), st.integers(0, 30)), st.booleans())
def test_adding_a_month_never_changes_earlier_parts(
    early: list[float | None], late: list[float | None], added: int | None, begins_part: bool
) -> None:
    values = [*early, *late]
    days = months(len(values) + 1)
    rebases = {days[len(early)]} | ({days[-1]} if begins_part else set())
    settings = replace(INCREASE, rebases=frozenset(rebases))
    before, after = (xmr_chart(monthly(one), settings) for one in (values, [*values, added]))
    last = after.points[-1].part
    kept = [point for point in after.points if point.part < last]
    assert kept == [*before.points][: len(kept)]
    assert len(kept) == (len(values) if begins_part else len(early))


@given(GAPPY)
def test_a_missing_month_has_no_flag_and_ends_every_rule(series: Series) -> None:
    chart = xmr_chart(series, INCREASE)
    for point in chart.points:
        if point.value is None:
            assert (point.outside, point.side, point.close) == (None, None, None)
            assert {point.in_shift, point.in_trend, point.in_two_of_three, point.is_signal} == {False}
    for flagged in ("in_shift", "in_trend"):
        stretches = groupby(chart.points, key=lambda point: getattr(point, flagged))
        assert all(len(list(stretch)) >= 7 for is_flagged, stretch in stretches if is_flagged)


@given(GAPPY, st.randoms())
def test_rows_may_come_in_any_order(series: Series, random: Random) -> None:
    rows = list(zip(series.dates, series.values, strict=True))
    random.shuffle(rows)
    shuffled = Series(tuple(day for day, _ in rows), tuple(value for _, value in rows))
    assert xmr_chart(shuffled, INCREASE) == xmr_chart(series, INCREASE)


@given(GAPPY)
def test_a_neutral_direction_has_neither_concern_nor_assurance(series: Series) -> None:
    chart = xmr_chart(series, replace(NEUTRAL, target=10))
    assert not {point.type for point in chart.points} & {PointType.IMPROVEMENT, PointType.CONCERN}
    assert chart.assurance is None


@pytest.mark.parametrize("values", [[], [None], [None] * 14, [3], [3, None, 5], [5] * 13 + [7]])
def test_without_known_variation_there_are_no_limits_flags_or_icons(values: list[float | None]) -> None:
    chart = xmr_chart(monthly(values), replace(INCREASE, target=1))
    assert {point.lower for point in chart.points} <= {None}
    assert not any(point.is_signal or point.in_shift or point.in_trend for point in chart.points)
    assert (chart.variation, chart.assurance) == (Variation.NOT_AVAILABLE, None)


@pytest.mark.parametrize(
    ("settings", "target", "says"),
    [
        (INCREASE, 6, Assurance.FAIL),
        (INCREASE, 4, Assurance.PASS),
        (DECREASE, 6, Assurance.PASS),
        (DECREASE, 4, Assurance.FAIL),
        (INCREASE, 5, Assurance.INCONSISTENT),
        (INCREASE, None, None),
        (NEUTRAL, 6, None),
    ],
)
@pytest.mark.parametrize("screen", [True, False])
def test_a_constant_series_is_judged_by_its_value(
    settings: XmrSettings, target: float | None, says: Assurance | None, screen: bool
) -> None:
    chart = xmr_chart(monthly([5, None, 5, 5.0000000001]), replace(settings, target=target, screen=screen))
    assert {point.lower for point in chart.points} == {None}
    assert (chart.variation, chart.assurance) == (Variation.COMMON_CAUSE, says)


@pytest.mark.parametrize("limit", ["lower", "upper"])
def test_a_target_on_a_limit_is_inconsistent(limit: str) -> None:
    target = getattr(xmr_chart(monthly(STABLE), INCREASE).points[0], limit)
    assert xmr_chart(monthly(STABLE), replace(INCREASE, target=target)).assurance is Assurance.INCONSISTENT


def test_limits_may_rest_on_the_first_rows_missing_ones_counted() -> None:
    values: list[float | None] = [*STABLE[:-1], None, 90, 91, 92]
    chart = xmr_chart(monthly(values), replace(INCREASE, fix_after=12))
    assert lines(chart.points[-1]) == lines(xmr_chart(monthly(values[:12]), INCREASE).points[0])
    assert [point.label for point in chart.points[-3:]] == [Label.ABOVE_LIMIT] * 3


def test_limits_may_not_rest_on_fewer_than_twelve_rows() -> None:
    with pytest.raises(ChartError, match="minst 12"):
        XmrSettings(Direction.INCREASE, fix_after=11)


def test_a_tie_ends_a_trend_and_a_seventh_point_makes_one() -> None:
    before = [20, 30, 21, 31, 22]
    assert labels(*before, 23, 24, 25, 26, 27, 28)[-7:] == [Label.RISING] * 7
    assert Label.RISING not in labels(*before, 23, 24, 24, 25, 26, 27)


def test_trends_side_by_side_keep_their_own_directions() -> None:
    rising, falling = [14, 15, 16, 17, 18, 19, 20], [20, 19, 18, 17, 16, 15, 14]
    found = labels(10, 24, 10, 24, 10, 24, *rising, *falling, 24, 10, 24)
    assert found[6:20] == [Label.RISING] * 7 + [Label.FALLING] * 7


def test_a_trough_belongs_to_the_trend_that_leaves_it() -> None:
    found = labels(10, 30, 10, 30, 10, 26, 25, 24, 23, 22, 21, 20, 21, 22, 23, 24, 25, 26, 10, 30)
    assert found[11] is Label.RISING


def test_a_rebase_in_the_first_row_counts_as_one() -> None:
    chart = xmr_chart(monthly(STABLE), replace(INCREASE, rebases=frozenset(months(1))))
    assert {point.part for point in chart.points} == {1}
    assert all(point.is_short_part for point in chart.points)


def test_the_icon_speaks_of_the_last_month_with_a_value() -> None:
    chart = xmr_chart(monthly([*STABLE, 70, None, None]), DECREASE)
    assert (chart.variation, chart.variation_day) == (Variation.CONCERN_HIGH, months(13)[-1])
    assert chart.is_latest_missing
