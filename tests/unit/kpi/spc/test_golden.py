"""Every chart, interval and funnel is what the reference packages say, quirks aside."""

from __future__ import annotations

from typing import Any

import pytest

from kpi.spc.case import answer_case
from kpi.spc.funnel import average, compare_proportions, compare_rates
from kpi.spc.intervals import USUAL, WIDE, rate_interval, wilson
from tests.builders.spc import GOLDEN, is_close

CONFIDENCES = (("95", USUAL), ("998", WIDE))


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=[case["id"] for case in GOLDEN["cases"]])
def test_a_case_is_as_expected(case: dict[str, Any]) -> None:
    found = answer_case({"chart": case["chart"], **case["input"]})
    quirk = case["status"] == "reference_quirk" and case.get("product_expected")
    expected = dict(case["product_expected"]) if quirk else case["expected"]
    if quirk:
        if "limits" in expected:
            assert expected.pop("limits") is None
            assert {*found["lpl"], *found["upl"]} == {None}
        if "point_type" in expected:
            assert expected.pop("point_type") == "all common_cause"
            assert set(found["point_type"]) == {"common_cause"}
            assert not any(found["special_cause_flag"])
    wrong = {name: (found.get(name), value) for name, value in expected.items() if not is_close(found.get(name), value)}
    assert not wrong


def test_a_trend_of_six_points_is_none() -> None:
    (case,) = [case for case in GOLDEN["cases"] if case["id"] == "xmr09_trend6_no_flag"]
    assert not any(answer_case({"chart": "xmr", **case["input"]})["rule_trend"])


@pytest.mark.parametrize(("name", "confidence"), CONFIDENCES)
def test_wilson(name: str, confidence: float) -> None:
    golden = GOLDEN["confidence_intervals"]["wilson"]
    found = [wilson(x, n, confidence) for x, n in zip(golden["x"], golden["n"], strict=True)]
    assert is_close([one.lower for one in found], golden[f"lower{name}"])
    assert is_close([one.upper for one in found], golden[f"upper{name}"])


@pytest.mark.parametrize(("name", "confidence"), CONFIDENCES)
def test_rates(name: str, confidence: float) -> None:
    golden = GOLDEN["confidence_intervals"]["rate"]
    found = [
        rate_interval(x, n, confidence, multiplier=golden["multiplier"])
        for x, n in zip(golden["x"], golden["n"], strict=True)
    ]
    assert is_close([one.lower for one in found], golden[f"lower{name}"])
    assert is_close([one.upper for one in found], golden[f"upper{name}"])


def test_a_funnel_of_proportions() -> None:
    golden = GOLDEN["funnel"]["proportion"]
    numbers = golden["numerator"], golden["denominator"]
    found = [one for one in compare_proportions(*numbers) if one]
    assert is_close(average(*numbers), golden["average"])
    assert is_close([one.usual.lower for one in found], golden["lower_0.025"])
    assert is_close([one.usual.upper for one in found], golden["upper_0.025"])
    assert is_close([one.wide.lower for one in found], golden["lower_0.001"])
    assert is_close([one.wide.upper for one in found], golden["upper_0.001"])
    assert [one.significance.value for one in found] == golden["significance"]


def test_a_funnel_of_rates() -> None:
    golden = GOLDEN["funnel"]["rate"]
    numbers = golden["numerator"], golden["denominator"]
    found = [one for one in compare_rates(*numbers, multiplier=golden["multiplier"]) if one]
    assert is_close(average(*numbers, golden["multiplier"]), golden["average"])
    assert [one.significance.value for one in found] == golden["significance"]
