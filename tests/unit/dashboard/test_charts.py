"""Charts are plain data: gaps stay gaps, few cases are hollow, nothing can be sent anywhere."""

import json
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import unquote

from dash import html

from dashboard.components.graph import graph
from dashboard.components.spark import alternative, drawn, levels
from dashboard.figures.bars import bars
from dashboard.figures.frame import CONFIG
from dashboard.figures.palette import DARK, LIGHT
from dashboard.figures.schemes import differences
from dashboard.figures.sparkline import sparkline
from dashboard.figures.trend import lines, trend
from dashboard.figures.units import units
from kpi.organisation import Unit
from kpi.views.rows import UnitReading
from tests.builders.figures import PROPOSED_90, count, definition, part, plain_row, share, share_row, value
from tests.builders.rendered import told


def test_a_trend_is_plain_json_in_both_schemes() -> None:
    row = share_row(29, 46)
    for palette in (LIGHT, DARK):
        figure = trend(row, palette)
        assert json.loads(json.dumps(figure)) == figure
        assert figure["layout"]["separators"] == ",\u00a0"


def test_what_differs_in_dark_makes_the_dark_figure_of_the_light_one() -> None:
    row = share_row(29, 46)
    light, dark = trend(row, LIGHT), trend(row, DARK)
    told = json.loads(json.dumps(differences(light, dark)))
    painted = json.loads(json.dumps(light))
    for path, was, becomes in told:
        holder = painted
        for step in path[:-1]:
            holder = holder[step]
        assert holder[path[-1]] == was
        holder[path[-1]] = becomes
    assert painted == dark != light
    assert len(json.dumps(told)) < len(json.dumps(light)) / 2
    assert differences([1, {"a": 2}], [1, {"b": 2}]) == [[[1], {"a": 2}, {"b": 2}]]


def test_a_share_is_drawn_over_twelve_months_with_the_months_behind() -> None:
    figure = trend(share_row(29, 46), LIGHT)
    points, rolling = figure["data"]
    assert points["mode"] == "markers"
    assert rolling["mode"] == "lines"
    assert rolling["y"] == [70 / 120 * 100] * 24


def test_a_window_that_is_not_whole_and_a_month_without_value_are_gaps() -> None:
    row = share_row(29, 46)
    broken = replace(
        row,
        rolling=(share(1, 2, covered=11), *row.rolling[1:]),
        series=(share(0, 0, periods=1, covered=0), *row.series[1:]),
    )
    points, rolling = trend(broken, LIGHT)["data"]
    assert points["y"][0] is None
    assert rolling["y"][0] is None
    assert drawn(broken)[0][1][0].value is None


def test_few_cases_are_hollow() -> None:
    row = share_row(29, 46)
    few = replace(row, series=(share(1, 4, periods=1, covered=1), *row.series[1:]))
    colours = trend(few, LIGHT)["data"][0]["marker"]["color"]
    assert colours[0] == LIGHT.surface
    assert colours[1] != LIGHT.surface


def test_the_target_is_a_line_with_its_level_beside() -> None:
    layout = trend(share_row(29, 46), LIGHT)["layout"]
    assert layout["shapes"][0]["y0"] == 90
    assert layout["annotations"][0]["text"] == "mål 90\u00a0%"
    assert trend(share_row(29, 46, target=None), LIGHT)["layout"]["shapes"] == []


def _unit(name: str, numerator: int, denominator: int) -> UnitReading:
    return UnitReading(Unit(name, name, "unit", "1287-SF", "1287"), share(numerator, denominator), denominator < 5)


def test_units_keep_the_order_they_are_given_and_show_n() -> None:
    found = [_unit("Alfa", 1, 4), _unit("Beta", 9, 10)]
    figure: dict[str, Any] = units(definition("sip_followed_up_in_time"), PROPOSED_90, found, LIGHT)
    assert [note["text"] for note in figure["layout"]["annotations"]] == [
        "Alfa", "Beta", "1 av 4<br>för få fall", "9 av 10", "mål 90\u00a0%",
    ]  # fmt: skip
    lettered = units(definition("sip_followed_up_in_time"), None, found, LIGHT, is_lettered=True)
    assert [note["text"][:8] for note in lettered["layout"]["annotations"][:2]] == ["<b>A</b>", "<b>B</b>"]
    assert figure["data"][0]["marker"]["color"] == [LIGHT.surface, LIGHT.ink]


def test_counts_are_bars_from_zero() -> None:
    unit = Unit("a", "Alfa", "unit", None, "1287")
    figure = units(definition("deviations_reported"), None, [UnitReading(unit, count(7), is_small=False)], LIGHT)
    assert figure["data"][0]["type"] == "bar"
    assert figure["layout"]["xaxis"]["range"][0] == 0


def test_a_sparkline_breaks_where_a_month_is_missing() -> None:
    picture = unquote(sparkline([[0.5, 0.6, None, 0.7, 0.8]], [0.9], LIGHT))
    assert picture.count('fill="none"') == 2  # two runs
    assert "stroke-dasharray" in picture
    assert unquote(sparkline([[None, None]], [], DARK)).count("<path") == 0


def test_the_line_is_told_in_words() -> None:
    assert alternative(share_row(29, 46)).replace("\u00a0", " ") == (
        "Rullande 12 månader. April 2023: 58 %. Mars 2025: 58 %. Lägst 58 %, högst 58 %."
    )


def test_no_chart_offers_to_send_data_away() -> None:
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["plotlyServerURL"] == ""
    assert CONFIG["displayModeBar"] is False


def test_a_gap_has_zero_in_its_axis_and_a_line_on_each_side() -> None:
    row = plain_row("sip_school_gap", value(-0.09, "2025-T1", 40))
    layout = trend(row, LIGHT)["layout"]
    assert [shape["y0"] for shape in layout["shapes"]] == [5.0, -5.0]
    assert layout["yaxis"]["range"][0] < -9 < 0 < layout["yaxis"]["range"][1]
    assert layout["annotations"][0]["text"] == "mål ±5"
    assert levels(row) == [0.05, -0.05]


def test_answers_are_bars_in_the_scales_own_order_with_number_and_share() -> None:
    answers = tuple(
        part(count_, 64, "2025", answer=answer)
        for answer, count_ in (("dont_know", 4), ("large", 8), ("none", 5), ("small", 20), ("some", 27))
    )
    row = plain_row("insight_in_agreements", share(8, 64, answers[0].reading.last, periods=1, covered=1), parts=answers)
    figure = bars(row, LIGHT)
    assert figure["layout"]["yaxis"]["ticktext"] == [
        "I stor utsträckning", "I viss utsträckning", "I liten utsträckning", "Inte alls", "Vet ej",
    ]  # fmt: skip
    assert figure["layout"]["annotations"][0]["text"] == "8 (13\u00a0%)"
    assert figure["data"][0]["marker"]["color"][-1] == LIGHT.muted


def test_series_of_statistics_are_lines_of_their_own() -> None:
    parts = (
        replace(part(1, 2, "2025", series="N15638"), reading=value(64.3, "2025")),
        replace(part(1, 2, "2025", series="N15608"), reading=value(85.4, "2025")),
    )
    row = plain_row("school_health_access", value(None, "2025"), parts=parts)
    figure = lines(row, LIGHT)
    assert [trace["y"] for trace in figure["data"]] == [[85.4], [64.3]]
    assert len({trace["line"]["dash"] for trace in figure["data"]}) == 2
    assert [note["text"] for note in figure["layout"]["annotations"]] == [
        "årskurs 5 <b>85,4\u00a0%</b>", "årskurs 8 <b>64,3\u00a0%</b>",
    ]  # fmt: skip


def test_a_charts_figure_has_its_caption_as_its_name_and_says_how_it_is_read() -> None:
    found = graph("x", partial(trend, share_row(29, 46)), ["Så här."], "Linjediagram.", explained="Linjediagram")
    caption = next(one for one in found.children if isinstance(one, html.Figcaption))
    assert getattr(found, "aria-labelledby") == caption.id == "caption-x"
    assert told(found).endswith("Så läser du diagrammet")
