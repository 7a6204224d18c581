"""What a figure's control chart is said to tell: chosen, drawn and put in the figure's own terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kpi.definition import Definition, Rebase
from kpi.period import Period
from kpi.spc.icons import Assurance
from kpi.spc.series import ChartType
from kpi.spc.verdict import NOTHING, SMALL, Signal, Told
from kpi.status import Bound, Target
from kpi.variation import limit_within, rebases_for, variation_of
from kpi.views.rows import Reading
from tests.builders.figures import definition

FIRST = Period.parse("2023-01")
USUAL = (18, 17, 19, 18, 16, 18, 20, 17, 18, 19, 17, 18, 18, 19, 17, 18)
LOW = (12,) * 9


def shares(numerators: Sequence[int], of: int = 20) -> list[Reading]:
    return [
        Reading(month, month, float(one), float(of), one / of, of)
        for one, month in zip(numerators, map(FIRST.shift, range(len(numerators))), strict=True)
    ]


def counts(numbers: Sequence[int]) -> list[Reading]:
    return [
        Reading(month, month, float(one), None, float(one), one)
        for one, month in zip(numbers, map(FIRST.shift, range(len(numbers))), strict=True)
    ]


def of_direction(kpi_id: str, direction: str) -> Definition:
    return replace(definition(kpi_id), direction=direction)


@pytest.mark.parametrize(
    ("direction", "told"),
    [("increase", Told.CONCERN), ("decrease", Told.IMPROVEMENT), ("neutral", Told.LOWER)],
)
def test_the_same_series_means_what_the_direction_says(direction: str, told: Told) -> None:
    found = variation_of(of_direction("sip_call_complete", direction), shares(USUAL + LOW), None)
    assert found.chart in (ChartType.PROPORTION, ChartType.PROPORTION_PRIME)
    assert (found.told, found.sign) == (told, -1)
    assert found.signal is Signal.RUN
    assert found.length == len(LOW)


def test_usual_variation_is_no_change() -> None:
    found = variation_of(definition("sip_call_complete"), shares(USUAL), Target(Bound.AT_LEAST, 0.5))
    assert (found.told, found.signal, found.length) == (Told.USUAL, None, 0)
    assert found.assurance is Assurance.PASS
    assert len(found.marks) == len(USUAL)


def test_a_few_months_tell_neither_a_change_nor_its_absence() -> None:
    assert variation_of(definition("sip_call_complete"), shares(USUAL[:6]), None) == NOTHING
    assert variation_of(definition("sip_call_complete"), shares(USUAL[:7]), None).told is Told.USUAL


def test_a_month_far_off_is_a_signal_at_once() -> None:
    found = variation_of(of_direction("sip_call_complete", "increase"), shares((*USUAL, 3)), None)
    assert (found.told, found.signal, found.marks[-1].sign) == (Told.CONCERN, Signal.OUTSIDE, -1)


def test_counts_are_drawn_as_single_values() -> None:
    found = variation_of(of_direction("sip_established", "neutral"), counts((*USUAL, 40)), None)
    assert (found.chart, found.told, found.signal) == (ChartType.XMR, Told.HIGHER, Signal.OUTSIDE)


def test_small_denominators_get_no_chart_by_month() -> None:
    assert variation_of(definition("sip_call_complete"), shares((3, 2, 4) * 8, of=4), None) == SMALL


def test_an_unfinished_month_is_left_out() -> None:
    readings = [*shares(USUAL), replace(shares((0,) * 17)[-1], is_preliminary=True)]
    found = variation_of(definition("sip_call_complete"), readings, None)
    assert (found.told, found.marks[-1].sign) == (Told.USUAL, 0)


def test_what_stands_and_what_is_not_monthly_is_left_alone() -> None:
    for kpi_id in ("sip_active", "sip_consent_documented", "insight_in_agreements", "sip_school_gap"):
        assert variation_of(definition(kpi_id), shares(USUAL), None) == NOTHING, kpi_id


def test_a_known_reason_begins_a_new_usual_level() -> None:
    figure = definition("sip_call_complete")
    rebases = (Rebase(FIRST.shift(len(USUAL)), "Ny rutin"), Rebase(FIRST, "Annan nämnd", board="1263-SN"))
    here = rebases_for(replace(figure, rebases=rebases), "1287-SN", "1287")
    assert [one.note for one in here] == ["Ny rutin"]
    found = variation_of(figure, shares((*USUAL, *LOW)), None, here)
    assert (found.told, found.signal) == (Told.USUAL, None)
    centres = [mark.centre for mark in found.marks]
    assert centres[0] == pytest.approx(sum(USUAL) / 20 / len(USUAL))
    assert centres[-1] == pytest.approx(12 / 20)


def test_a_definition_that_fixes_its_chart_gets_it() -> None:
    fixed = replace(definition("sip_active"), chart="xmr")
    assert variation_of(fixed, counts(USUAL), None).chart is ChartType.XMR


def test_limits_are_told_as_far_as_values_go() -> None:
    count, share = definition("deviations_reported"), definition("sip_call_complete")
    assert [limit_within(count, one) for one in (None, -1.2, 3.4, 36.0)] == [None, 0.0, 3.4, 36.0]
    assert [limit_within(share, one) for one in (-0.1, 0.4, 1.3)] == [0.0, 0.4, 1.0]
