"""`samkoll spc` as another program meets it: a case in, a chart out, and what is wrong in Swedish."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kpi.spc.case import answer_case
from kpi.spc.series import ChartError
from tests.builders.command import Samkoll
from tests.builders.spc import GOLDEN, is_close

GOOD = {"chart": "run", "dates": ["2025-01-01", "2025-02-01"], "y": [1, 2]}
XMR = GOOD | {"chart": "xmr", "improvement_direction": "increase"}


@pytest.mark.parametrize("case_id", ["xmr19_step_rebase", "xmr33_missing_month", "p05_zero_denominator"])
def test_a_case_in_gives_its_chart_out(case_id: str, tmp_path: Path) -> None:
    (case,) = [case for case in GOLDEN["cases"] if case["id"] == case_id]
    ran = Samkoll(tmp_path).process("spc", stdin=json.dumps({"chart": case["chart"], **case["input"]}))
    assert (ran.code, ran.err) == (0, "")
    assert list(ran.json) == list(case["expected"])
    assert all(is_close(ran.json[name], value) for name, value in case["expected"].items())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"chart": "xmr"}', '{"chart": "x", "dates": [], "y": []}', "[" * 9000]
)
def test_bad_input_ends_with_2_and_one_sentence(text: str, tmp_path: Path) -> None:
    ran = Samkoll(tmp_path)("spc", stdin=text)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("case", "says"),
    [
        (None, "JSON-objekt"),
        (GOOD | {"chart": None}, "Ange chart: något av xmr, run"),
        (GOOD | {"y": [1]}, "skiljer sig åt"),
        (GOOD | {"y": None}, "saknar dates eller y"),
        (GOOD | {"y": 1}, "y ska vara en lista"),
        (GOOD | {"y": [1, "2"]}, "y: ett värde är inget tal"),
        (GOOD | {"y": [1, True]}, "y: ett värde är inget tal"),
        (GOOD | {"y": [1, float("nan")]}, "y: ett tal är orimligt stort"),
        (GOOD | {"y": [1, 10**400]}, "y: ett tal är orimligt stort"),
        (GOOD | {"dates": ["2025-01-01", "mars"]}, "dates: ett värde är inget datum"),
        (GOOD | {"dates": ["2025-01-01"] * 2}, "mer än en gång"),
        (GOOD | {"n": [1]}, "nämnare"),
        (GOOD | {"freeze": 1.5}, "freeze: skriv ett heltal"),
        (GOOD | {"freeze": 0}, "minst en punkt"),
        (GOOD | {"exclude": [0]}, "räknas från 1"),
        (GOOD | {"chart": "xmr"}, "Ange improvement_direction: något av increase, decrease, neutral"),
        (XMR | {"fix_after_n_points": 3}, "minst 12"),
        (XMR | {"screen_outliers": "ja"}, "true eller false"),
        (XMR | {"rebase": "2025-01-01"}, "rebase ska vara en lista"),
    ],
)
def test_what_is_wrong_is_told(case: object, says: str) -> None:
    with pytest.raises(ChartError, match=says):
        answer_case(case)


@pytest.mark.parametrize(("part", "exclude"), [(1, 2), ([1], [2])])
def test_one_position_may_stand_without_a_list(part: Any, exclude: Any) -> None:
    found = answer_case(GOOD | {"part": part, "exclude": exclude})
    assert (found["part"], found["cl"]) == ([1, 2], [1, None])


def test_the_month_an_icon_speaks_of_is_told_when_the_latest_is_missing() -> None:
    assert answer_case(XMR | {"y": [1, None]})["variation_icon_month"] == "2025-01-01"
    assert answer_case(XMR | {"y": [None, None]})["variation_icon_month"] is None
    assert "latest_month_missing" not in answer_case(XMR)


def test_the_help_is_in_swedish(tmp_path: Path) -> None:
    ran = Samkoll(tmp_path)("spc", "--help")
    assert ran.code == 0
    assert "Räkna ett styrdiagram" in ran.out
    assert "Användning:" in ran.out
