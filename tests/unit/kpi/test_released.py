"""Sums for released readers: of published values only, and hidden when they need a hidden one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.disclosure.suppressed import SUPPRESSED, Suppressed
from kpi.period import Period, PeriodType
from kpi.released import Numbers, Shown, over_twelve, released_variation
from kpi.rolling import months_back
from kpi.spc.verdict import NOTHING
from tests.builders.figures import definition

SHARE = definition("sip_follow_up_agreed")
COUNT = definition("deviations_reported")
DECEMBER = Period.parse("2025-12")
MARCH = Period.parse("2026-03")


def _share(above: int, below: int) -> Numbers:
    return Numbers(above, below, above / below if below else None, below)


def _months(last: Period, contents: list[Shown]) -> dict[Period, Shown]:
    return dict(zip(months_back(last, len(contents)), contents, strict=True))


def test_published_months_are_summed_and_divided_last() -> None:
    found = over_twelve(SHARE, _months(DECEMBER, [_share(5, 10)] * 11 + [_share(0, 90)]), DECEMBER)
    assert found == Numbers(55, 200, 55 / 200, 200)


def test_one_hidden_month_hides_the_sum_unless_a_longer_period_holds_it() -> None:
    contents: list[Shown] = [_share(5, 10)] * 12
    contents[5] = SUPPRESSED
    months = _months(DECEMBER, contents)
    assert over_twelve(SHARE, months, DECEMBER) == SUPPRESSED
    assert over_twelve(SHARE, months | {Period.parse("2025-T2"): _share(21, 41)}, DECEMBER) == Numbers(
        61, 121, 61 / 121, 121
    )
    assert over_twelve(SHARE, months | {Period.parse("2025-T2"): SUPPRESSED}, DECEMBER) == SUPPRESSED
    assert over_twelve(SHARE, months | {Period.parse("2025"): _share(60, 120)}, DECEMBER) == Numbers(60, 120, 0.5, 120)


def test_a_month_that_is_not_released_is_not_a_hidden_one() -> None:
    months = _months(DECEMBER, [_share(5, 10)] * 11)
    assert over_twelve(SHARE, months, DECEMBER) is None
    assert over_twelve(SHARE, {}, DECEMBER) is None


def test_periods_that_reach_out_of_the_window_do_not_count() -> None:
    tertials: dict[Period, Shown] = {Period.parse(f"2025-T{n}"): _share(10, 20) for n in (1, 2, 3)}
    assert over_twelve(SHARE, tertials, DECEMBER) == Numbers(30, 60, 0.5, 60)
    assert over_twelve(SHARE, tertials | _months(MARCH, [_share(1, 5)] * 3), MARCH) is None


@settings(max_examples=40)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=12, max_size=12),
    st.sets(st.sampled_from(["2025-K1", "2025-K2", "2025-H1", "2025-H2", "2025-T1", "2025-T2", "2025-T3"])),
)
def test_a_sum_is_right_whichever_published_values_it_is_made_of(counts: list[int | None], sums: set[str]) -> None:
    """None: the month is hidden. Longer periods are published, with what their months hold."""
    truth = [7 if one is None else one for one in counts]
    shown: dict[Period, Shown] = _months(
        DECEMBER, [SUPPRESSED if one is None else Numbers(one, None, one, one) for one in counts]
    )
    for text in sums:
        period = Period.parse(text)
        inside = [
            count
            for month, count in zip(months_back(DECEMBER, 12), truth, strict=True)
            if period.first_day <= month.first_day <= period.last_day
        ]
        shown[period] = Numbers(sum(inside), None, sum(inside), sum(inside))
    found = over_twelve(COUNT, shown, DECEMBER)
    assert found is not None
    if isinstance(found, Suppressed):
        assert None in counts
    else:
        assert found.value == sum(truth)


def test_a_control_chart_is_drawn_of_published_months_only() -> None:
    months: list[Shown | None] = [Numbers(one, None, one, one) for one in [5, 7, 6, 8, 5, 6, 7, 5, 6, 8, 7, 6] * 2]
    drawn = released_variation(COUNT, months, DECEMBER, None, (None, None))
    assert drawn != NOTHING
    for missing in (SUPPRESSED, None):
        assert released_variation(COUNT, [*months[:10], missing, *months[11:]], DECEMBER, None, (None, None)) == NOTHING


def test_periods_of_every_length_are_written_and_read() -> None:
    for text in ("2025-03", "2025-K2", "2025-T3", "2025-H1", "2025"):
        period = Period.parse(text)
        assert str(period) == text
        assert Period.from_code(period.code) == period
        assert period.shift(1).shift(-1) == period
    assert Period.parse("2025-H2").first_day == Period.parse("2025-K3").first_day
    assert len({Period(type_, 2025, 1).code for type_ in PeriodType}) == len(PeriodType)
