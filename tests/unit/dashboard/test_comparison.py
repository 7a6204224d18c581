"""What is said and drawn of units beside each other: nothing sure is claimed of what chance may explain."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dashboard import comparison as said
from dashboard.figures.funnel import funnel
from dashboard.figures.palette import DARK, LIGHT
from dashboard.figures.units import units as chart
from kpi.format import NBSP
from kpi.period import Period
from kpi.views.compared import Comparison, comparison
from kpi.views.rows import Reading, UnitReading
from tests.builders.figures import MARCH, definition, share, units_beside

SHARE = definition("sip_followed_up_in_time")
RATE = definition("deviations_per_100_sip")
INSIDE = (share(71, 100), share(34, 50), share(14, 20))
LOW, HIGH, FEW = share(5, 50), share(50, 50), share(1, 4)


def compared(units: tuple[UnitReading, ...], of: Any = SHARE) -> Comparison:
    middle = comparison(of, units)
    assert middle is not None
    return middle


def sentence(*readings: Reading, of: Any = SHARE) -> str:
    units = units_beside(of, *readings)
    return said.sentence(of, compared(units, of), units).replace(NBSP, " ")


def rate(events: int, exposure: int) -> Reading:
    return Reading(MARCH, MARCH, events, exposure, 100 * events / exposure, events)


TOLD = {
    INSIDE: "Ingen av de tre enheterna skiljer sig säkert från snittet, 70 %: skillnaderna ryms i normal variation.",
    (*INSIDE, LOW): "En av fyra enheter skiljer sig från snittet, 56 %, mer än normal variation: Delta ligger under. "
    "De andra skiljer sig inte säkert från snittet.",
    (*INSIDE, LOW, HIGH, FEW): "Två av fem enheter skiljer sig från snittet, 64 %, mer än normal variation: "
    "Epsilon ligger över, Delta under. De andra skiljer sig inte säkert från snittet. "
    "Zeta har för få fall för att jämföras.",
    (LOW, LOW, HIGH): "Alla tre enheterna skiljer sig från snittet, 40 %, mer än normal variation: Gamma ligger över, "
    "Alfa och Beta under.",
    (LOW, HIGH, share(12, 20)): "Den andra skiljer sig inte säkert från snittet.",
    (share(20, 20), share(30, 30)): "Båda enheterna har samma värde, 100 %.",
    (FEW, share(2, 3), share(2, 2)): "Alla tre enheterna har för få fall för att jämföras.",
    (FEW, FEW): "Båda enheterna har för få fall för att jämföras.",
    (FEW, share(30, 40)): "Alfa har för få fall för att jämföras.",
    (*INSIDE, FEW, FEW): "Delta och Epsilon har för få fall för att jämföras.",
    (*INSIDE[:2], FEW, FEW, FEW, FEW): "Fyra enheter har för få fall för att jämföras.",
}
"""How the sentence ends for these readings."""


@pytest.mark.parametrize(("readings", "expected"), TOLD.items())
def test_the_sentence(readings: tuple[Reading, ...], expected: str) -> None:
    text = sentence(*readings)
    assert text.endswith(expected)
    assert not any(word in text for word in ("verklig", "slump", "bevis", "None"))


def test_rates_are_told_without_a_funnel() -> None:
    readings = rate(9, 20), rate(2, 120), rate(4, 80)
    assert sentence(*readings, of=RATE) == (
        "En av tre enheter skiljer sig från snittet, 6,8 per 100, mer än normal variation: Alfa ligger över. "
        "De andra skiljer sig inte säkert från snittet."
    )
    units = units_beside(RATE, *readings)
    remarks = [said.remark(RATE, one, compared(units, RATE)) for one in units]
    assert remarks[0] == "över snittet: mer än normal variation"
    assert remarks[1] == "nära gränsen, under snittet: ingen säker skillnad"
    assert not any("tratt" in one for one in remarks)


def drawn(*readings: Reading, palette: Any = LIGHT) -> dict[str, Any]:
    units = units_beside(SHARE, *readings)
    figure = funnel(SHARE, compared(units), units, palette)
    assert json.loads(json.dumps(figure)) == figure
    return figure


def test_the_funnel_has_its_lines_and_every_unit() -> None:
    average, *limits, points = drawn(*INSIDE, LOW, HIGH, FEW)["data"]
    assert len(set(average["y"])) == 1
    assert [one["line"]["dash"] for one in limits] == ["4px,4px", "4px,4px", "solid", "solid"]
    assert all(level is None or 0 <= level <= 100 for one in limits for level in one["y"])
    assert points["x"] == [100, 50, 20, 50, 50, 4]
    assert [round(one) for one in points["y"]] == [71, 68, 70, 10, 100, 25]
    assert points["marker"]["symbol"] == ["circle", "circle", "circle", "triangle-down", "triangle-up", "circle"]
    assert points["marker"]["color"] == [LIGHT.ink, LIGHT.ink, LIGHT.ink, LIGHT.off, LIGHT.good, LIGHT.surface]
    assert points["text"] == ["A", "B", "C", "", "", "F"]
    assert f"<br>95{NBSP}%: 61–79{NBSP}%<br>" in points["hovertext"][0]
    assert points["hovertext"][5].endswith("för få fall")


def test_those_outside_are_named_in_the_funnel() -> None:
    for palette in (LIGHT, DARK):
        notes = drawn(*INSIDE, LOW, HIGH, palette=palette)["layout"]["annotations"]
        assert [one["text"] for one in notes] == [
            "<b>Delta</b>", "<b>Epsilon</b>", f"snitt 64{NBSP}%", f"99,8{NBSP}%", f"99,8{NBSP}%",
        ]  # fmt: skip


def test_units_on_the_same_spot_share_their_letters() -> None:
    points = drawn(share(36, 42), share(36, 42), share(13, 15))["data"][-1]
    assert points["text"] == ["A B", "A B", "C"]
    assert points["textposition"] == ["middle right", "middle right", "middle center"]


def test_a_unit_outside_differs_by_shape_in_the_chart_of_rates_too() -> None:
    units = units_beside(RATE, rate(9, 20), rate(2, 120), rate(4, 80))
    figure = chart(RATE, None, units, LIGHT, compared(units, RATE).average)
    wide, points = figure["data"]
    assert points["marker"]["symbol"] == ["triangle-right", "circle", "circle"]
    assert wide["error_x"]["arrayminus"][0] > points["error_x"]["arrayminus"][0]
    assert figure["layout"]["annotations"][-1]["text"] == "snitt 6,8"


def test_a_unit_in_the_funnels_edge_is_told_as_such() -> None:
    units = units_beside(
        SHARE, share(60, 100), share(60, 100), share(35, 80), Reading(MARCH, Period.parse("2025-03"), 0, 0, None, 0)
    )
    remarks = [said.remark(SHARE, one, compared(units)) for one in units]
    assert remarks == ["inom tratten", "inom tratten", "i trattens kant, under snittet", ""]
