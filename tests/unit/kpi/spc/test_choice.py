"""Which chart a figure gets when its definition fixes none."""

from __future__ import annotations

import pytest

from kpi.spc.choice import Choice, Measure, Reason, choose_chart
from kpi.spc.series import ChartError, ChartType, Division, Series
from tests.builders.spc import monthly

P, PP, U, UP, RUN, T, XMR = (ChartType(name) for name in ("p", "pp", "u", "up", "run", "t", "xmr"))
EVEN = monthly([18, 20, 19, 21] * 3, [40] * 12)
WILD = monthly([40, 5] * 6, [50] * 12)
ROLLING = None


@pytest.mark.parametrize(
    ("measure", "series", "expected"),
    [
        (Measure.PROPORTION, EVEN, Choice(P, Reason.USUAL)),
        (Measure.PROPORTION, WILD, Choice(PP, Reason.OVERDISPERSED)),
        (Measure.PROPORTION, monthly([3, 4] * 6, [9] * 12), Choice(ROLLING, Reason.SMALL_DENOMINATORS)),
        (Measure.PROPORTION, monthly([3, 4], [9, 9]), Choice(ROLLING, Reason.SMALL_DENOMINATORS)),
        (Measure.PROPORTION, monthly([3, 4], [10, 10]), Choice(RUN, Reason.FEW_POINTS)),
        (Measure.PROPORTION, monthly([20] * 7 + [19] * 5, [20] * 12), Choice(ROLLING, Reason.AT_AN_EXTREME)),
        (Measure.PROPORTION, monthly([20, 19] * 6, [20] * 12), Choice(PP, Reason.OVERDISPERSED)),
        (Measure.RATE, monthly([18, 20, 19, 21] * 3, [400] * 12), Choice(U, Reason.USUAL)),
        (Measure.RATE, monthly([90, 5] * 6, [400] * 12), Choice(UP, Reason.OVERDISPERSED)),
        (Measure.RATE, monthly([0] * 7 + [1] * 5, [400] * 12), Choice(ROLLING, Reason.AT_AN_EXTREME)),
        (Measure.COUNT, monthly([4, 6] * 6), Choice(XMR, Reason.USUAL)),
        (Measure.COUNT, monthly([4, 5] * 6), Choice(ROLLING, Reason.RARE_EVENTS)),
        (Measure.COUNT, monthly([4, 6] * 5), Choice(RUN, Reason.FEW_POINTS)),
        (Measure.COUNT, monthly([4, 6] * 5 + [None] * 9), Choice(RUN, Reason.FEW_POINTS)),
        (Measure.MEDIAN_DAYS, monthly([2, 3] * 6), Choice(XMR, Reason.USUAL)),
        (Measure.INDEX, monthly([1.0] * 12), Choice(XMR, Reason.USUAL)),
        (Measure.INDEX, monthly([]), Choice(RUN, Reason.FEW_POINTS)),
    ],
)
def test_the_chart_suits_the_series(measure: Measure, series: Series, expected: Choice) -> None:
    assert choose_chart(measure, series) == expected


def test_rare_events_have_a_t_chart_when_their_days_are_known() -> None:
    assert choose_chart(Measure.COUNT, monthly([0, 1] * 6), has_event_days=True) == Choice(T, Reason.RARE_EVENTS)


def test_a_definition_fixes_its_chart() -> None:
    assert choose_chart(Measure.PROPORTION, monthly([1], [1]), fixed=XMR) == Choice(XMR, Reason.FIXED)


def test_the_last_part_tells_whether_a_prime_chart_is_offered() -> None:
    series = monthly([*WILD.values, *EVEN.values], [50] * 12 + [40] * 12)
    assert choose_chart(Measure.PROPORTION, series).chart is PP
    assert choose_chart(Measure.PROPORTION, series, division=Division(parts=(12,))).chart is P


def test_a_proportion_needs_denominators() -> None:
    with pytest.raises(ChartError, match="nämnare"):
        choose_chart(Measure.PROPORTION, monthly([1] * 12))
