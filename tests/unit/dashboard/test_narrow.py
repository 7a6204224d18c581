"""Charts where there is little room: the same chart, with fewer and shorter words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dashboard.figures.frame import beside, room_beside
from dashboard.figures.narrow import cut, narrowed
from dashboard.figures.palette import LIGHT
from dashboard.figures.schemes import differences
from dashboard.figures.steps import steps
from dashboard.figures.trend import trend
from kpi.process import Middle, Process, Step, StepCount
from tests.builders.figures import share_row


def _with_ticks(words: list[str]) -> dict[str, Any]:
    return {"data": [], "layout": {"xaxis": {"tickvals": list(range(len(words))), "ticktext": words}}}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["apr<br>2024", "okt", "apr<br>2025", "okt", "apr<br>2026", "okt"],
            ["okt<br>2024", "okt<br>2025", "okt<br>2026"],
        ),
        (["T1<br>2025", "T2", "T3", "T1<br>2026"], ["T2<br>2025", "T1<br>2026"]),
        (["feb<br>2025", "apr", "jun", "aug", "okt"], ["feb<br>2025", "jun", "okt"]),
        (["2022", "2023", "2024", "2025"], ["2023", "2025"]),
        (["0", "50", "100"], ["0", "50", "100"]),
    ],
)  # fmt: skip
def test_fewer_periods_are_named_each_with_its_year(words: list[str], told: list[str]) -> None:
    figure = _with_ticks(words)
    found = narrowed(figure)["layout"]["xaxis"]
    assert found["ticktext"] == told
    assert found["tickvals"][-1] == len(words) - 1
    assert figure == _with_ticks(words), "the wide one is as it was"


def test_long_words_are_short_and_values_that_lie_close_are_left_to_the_table() -> None:
    followed = StepCount(Step.ACTIVITIES, 52, 17, 4, 11, 8, 2, Middle(None, 0), None)
    found = narrowed(steps(Process(92, (followed,)), LIGHT))
    assert found["layout"]["annotations"][0]["text"] == "<b>Aktivitetsuppföljning</b> 52, 2 stannade före"
    points = {"type": "scatter", "mode": "lines+markers+text", "text": ["1 %", "", "2 %", "3 %", "4 %"]}
    flows = {"type": "sankey", "node": {"label": ["Öppen förskola 40", "BVC 3"]}}
    drawn = narrowed({"data": [points, flows], "layout": {}})["data"]
    assert drawn[0]["text"] == ["1 %", "", "", "", "4 %"]
    assert drawn[1]["node"]["label"] == ["Öppen<br>förskola 40", "BVC 3"]
    assert cut("Familjecentralen och öppna förskolan i Trelleborg").endswith("…")


def test_only_places_and_words_differ_so_that_the_colours_are_the_schemes_own() -> None:
    figure = trend(share_row(29, 46), LIGHT)
    told = differences(figure, narrowed(figure))
    assert {path[-1] for path, *_ in told} <= {"tickvals", "ticktext", "text", "r"}
    assert json.loads(json.dumps(told))


def test_the_margin_holds_what_stands_there() -> None:
    notes = [beside(30, "<b>mål 30 dagar</b>", "#000"), beside(9, "median av 2<br>för få fall", "#000")]
    assert room_beside(notes, 40) > len("mål 30 dagar") * 7
    assert room_beside([], 40) == 40
