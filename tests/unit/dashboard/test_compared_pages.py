"""Pages of released values: a hidden value has its marker and its words, and is never a number, a dash or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.closings import closings_section
from dashboard.components.compared_cell import compared_cell
from dashboard.components.compared_lead import compared_lead
from dashboard.components.compared_parts_panel import compared_parts_panel
from dashboard.components.compared_series_panel import compared_series_panel
from dashboard.components.compared_table import compared_table
from dashboard.components.compared_units_panel import compared_units_panel
from dashboard.components.comparison_lead import comparison_lead
from dashboard.components.downloads import downloads
from dashboard.components.release_class import release_class_panel
from dashboard.components.released_cells import count_cell, value_cell
from dashboard.figures.closed_periods import closed_periods
from dashboard.figures.palette import LIGHT
from dashboard.figures.units import units
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.period import Period
from kpi.released import Numbers, Shown
from kpi.views.comparison import ComparedRow, PeriodValue, PlaceValue
from kpi.views.rows import Split
from tests.builders.figures import BOARD, MUNICIPALITY, definition
from tests.builders.released import (
    END,
    NORTH,
    OTHER_BOARD,
    SOUTH,
    closing,
    compared_figure,
    comparison,
    count,
    place_value,
    share,
)
from tests.builders.rendered import told

HIDDEN = "visas inte (för få fall)"
SHARE = definition("sip_full_attendance")
COUNT = definition("deviations_reported")
FIRST, SECOND, THIRD = (Period.parse(f"2024-T{number}") for number in (1, 2, 3))


def cell(value: PlaceValue | None, kpi_id: str = "sip_full_attendance") -> str:
    return told(compared_cell(definition(kpi_id), BOARD, value, END))


def test_a_shown_value_has_its_basis_time_uncertainty_and_state() -> None:
    assert cell(place_value(SHARE, BOARD, share(68, 93), share(26, 36))) == (
        "73~% osäkerhet 63~% till 81~% 68 av 93 , senaste 12~mån T3~2024: 26 av 36 Lägre än det föreslagna målet"
    )


def test_a_hidden_value_has_the_marker_and_its_words() -> None:
    both = place_value(SHARE, BOARD, SUPPRESSED, SUPPRESSED)
    assert cell(both) == f".. {HIDDEN} , senaste 12~mån T3~2024: .. {HIDDEN}"
    assert cell(place_value(SHARE, BOARD, SUPPRESSED, share(15, 21))) == (
        f".. {HIDDEN} , senaste 12~mån T3~2024: 15 av 21"
    )
    assert cell(place_value(SHARE, BOARD, None, SUPPRESSED)) == f".. {HIDDEN} , tredje tertialet~2024"


def test_a_place_without_a_value_tells_why() -> None:
    assert cell(None) == "inte släppt"
    assert told(compared_cell(SHARE, OTHER_BOARD, None, END)) == "gäller inte nämnden"
    assert told(compared_cell(definition("sip_per_1000"), BOARD, None, END)) == "finns inte per nämnd"


def test_a_municipality_is_not_judged_by_the_boards_target() -> None:
    assert "mål" not in cell(place_value(SHARE, MUNICIPALITY, share(68, 93), share(26, 36)))


_NUMBERS = st.builds(lambda above, rest: share(above, above + rest), st.integers(0, 5000), st.integers(1, 5000))
_SHOWN: st.SearchStrategy[Shown] = st.one_of(st.just(SUPPRESSED), _NUMBERS)


@given(st.lists(st.tuples(st.one_of(st.none(), _SHOWN), _SHOWN), min_size=3, max_size=3))
def test_every_released_value_is_told_by_its_numbers_or_by_the_marker(
    values: list[tuple[Shown | None, Shown]],
) -> None:
    places = (BOARD, OTHER_BOARD, MUNICIPALITY)
    found = tuple(
        place_value(SHARE, place, twelve, latest) for place, (twelve, latest) in zip(places, values, strict=True)
    )
    table = compared_table(comparison(ComparedRow(SHARE, found)))
    cells = [told(one) for one in _all(table, "Td")]
    assert len(cells[-3:]) == 3
    rendered = [one for one in _all(table, "Td") if getattr(one, "className", "") == "value"]
    for one, (twelve, latest) in zip(rendered, values, strict=True):
        words = told(one)
        shown = [value for value in (twelve, latest) if value is not None]
        assert words.count("..") == words.count(HIDDEN) == sum(value is SUPPRESSED for value in shown)
        for value in shown:
            if isinstance(value, Numbers):
                assert f"{_number(value.numerator)} av {_number(value.denominator)}" in words
        assert "–" not in words


@given(_SHOWN)
def test_a_narrow_cell_is_the_number_or_the_marker(shown: Shown) -> None:
    cells = [value_cell(SHARE, shown), count_cell(shown, "numerator"), count_cell(shown, "denominator")]
    for one in cells:
        assert (told(one) == f".. {HIDDEN}") is (shown is SUPPRESSED)
    assert told(value_cell(SHARE, None)) == told(count_cell(None, "cases")) == "inte släppt"


def test_the_comparison_tells_what_it_is_and_how_many_are_hidden() -> None:
    shown = ComparedRow(SHARE, (place_value(SHARE, BOARD, share(68, 93), share(26, 36)), None, None))
    hidden = ComparedRow(COUNT, (place_value(COUNT, BOARD, SUPPRESSED, SUPPRESSED), None, None))
    words = told(comparison_lead(comparison(shown, hidden)))
    assert words.startswith(
        "Det här har Socialnämnden släppt till och med december~2024. Två nyckeltal är släppta; ett av dem är dolt "
        "överallt."
    )
    assert "Två punkter (..) betyder visas inte (för få fall). Ett dolt tal kan vara litet, eller dolt" in words
    assert "samma perioder" not in words


def test_places_that_closed_different_periods_are_told_apart() -> None:
    twelve = place_value(SHARE, BOARD, share(68, 93), share(26, 36))
    one = place_value(SHARE, OTHER_BOARD, None, share(5, 9), FIRST)
    row = ComparedRow(SHARE, (twelve, one, None))
    assert "tiden står vid varje värde" in told(comparison_lead(comparison(row)))
    found = compared_figure("sip_full_attendance", share(73, 102), unit=MUNICIPALITY, units=(twelve, one))
    panel = compared_units_panel(found)
    assert "gäller olika tid" in told(panel)
    assert not _all(panel, "Graph")


def test_the_figures_name_leads_to_its_page_and_the_target_stands_once() -> None:
    row = ComparedRow(SHARE, (None, None, place_value(SHARE, MUNICIPALITY, share(68, 93), share(26, 36))))
    (link,) = _all(compared_table(comparison(row)), "Link")
    assert link.href == "/jamforelse/sip_full_attendance?enhet=1287&slut=2024-12"
    row = ComparedRow(SHARE, (place_value(SHARE, BOARD, share(68, 93), share(26, 36)), None, None))
    assert "Mål minst 80~%, föreslaget" in told(compared_table(comparison(row)))


def test_closings_are_listed_with_their_correction_and_fingerprint() -> None:
    words = told(closings_section((closing(revision=1, reason="Sena rader"), closing())))
    assert "Rättelse 1: Sena rader 6d2eb84ec8b3" in words
    assert "Tredje tertialet~2024 21~januari~2025 Ingen" in words


def test_the_lead_of_a_shown_value() -> None:
    assert told(compared_lead(compared_figure("sip_full_attendance", share(68, 93), share(26, 36)))) == (
        "68 av 93 (73~%) de senaste 12 månaderna (jan~2024 – dec~2024) : lägre än det föreslagna målet , minst 80~%. "
        "Osäkerheten (95~%) är 63~% till 81~%. "
        "Styrdiagram visas inte: det skulle kräva månader som är dolda eller inte släppta."
    )


def test_the_lead_of_a_hidden_value() -> None:
    words = told(compared_lead(compared_figure("sip_child_voice", SUPPRESSED, share(15, 21))))
    assert words.startswith(
        "Värdet de senaste 12 månaderna (jan~2024 – dec~2024) visas inte : det bygger på för få fall, eller skulle "
        "avslöja ett som gör det. Under tredje tertialet~2024: 15 av 21 (71~%)."
    )
    assert "Osäkerheten" not in words


_SERIES = (
    PeriodValue(FIRST, SUPPRESSED, None),
    PeriodValue(SECOND, share(6, 14), None),
    PeriodValue(THIRD, share(15, 21), SUPPRESSED),
)


def test_a_hidden_period_is_drawn_as_the_marker_and_not_as_a_value() -> None:
    drawn = closed_periods(SHARE, None, _SERIES, LIGHT)
    points, marks = drawn["data"]
    assert points["y"][0] is None
    assert (marks["x"], marks["y"], marks["text"]) == ([0], [0.0], ["<b>..</b>"])
    assert HIDDEN in marks["hovertext"][0]
    assert points["text"][0] == ""


def test_the_series_has_the_same_facts_in_its_table() -> None:
    words = told(compared_series_panel(compared_figure("sip_full_attendance", SUPPRESSED, series=_SERIES)))
    assert f"Tredje tertialet~2024 15 21 71~% .. {HIDDEN}" in words
    assert f"Första tertialet~2024 .. {HIDDEN} .. {HIDDEN} .. {HIDDEN} inte släppt" in words


def test_units_stand_in_order_of_name_and_the_hidden_have_their_marker() -> None:
    below = (
        place_value(SHARE, NORTH, share(22, 30), share(8, 11)),
        place_value(SHARE, SOUTH, SUPPRESSED, SUPPRESSED),
    )
    panel = compared_units_panel(compared_figure("sip_full_attendance", share(68, 93), units=below))
    words = told(panel)
    assert "Barn och familj norr 73~% 22 av 30 Senaste 12~mån 56~% till 86~%" in words
    assert f"Barn och familj söder .. {HIDDEN} {HIDDEN} Senaste 12~mån .. {HIDDEN}" in words
    figure = _all(panel, "Graph")[-1].figure
    bars, marks = figure["data"]
    assert bars["x"][1] is None
    assert marks["y"] == [1]
    beside = [one["text"] for one in figure["layout"]["annotations"]]
    assert [one for one in beside if one in ("22 av 30", "visas inte")] == ["22 av 30", "visas inte"]


def test_units_that_are_all_hidden_are_not_drawn() -> None:
    below = (place_value(SHARE, NORTH, SUPPRESSED, SUPPRESSED),)
    panel = compared_units_panel(compared_figure("sip_full_attendance", share(68, 93), units=below))
    assert not _all(panel, "Graph")
    assert HIDDEN in told(panel)


def test_a_gap_below_zero_has_room_in_the_units_chart() -> None:
    gap = definition("sip_school_gap")
    value = place_value(gap, BOARD, None, Numbers(None, None, -0.13, 72))
    panel = compared_units_panel(compared_figure("sip_school_gap", None, value.latest.content, unit=MUNICIPALITY,
                                                 units=(value,)))  # fmt: skip
    (graph,) = _all(panel, "Graph")
    assert graph.figure["layout"]["xaxis"]["range"][0] < -13


def _flow(sender: str | None, receiver: str | None) -> Split:
    pairs = (("from_actor", sender), ("to_actor", receiver))
    return tuple((name, value) for name, value in pairs if value is not None)


_FLOWS: dict[Split, Shown] = {
    _flow("bvc", "bup"): count(41),
    _flow("bvc", "skola"): SUPPRESSED,
    _flow("mvc", "bup"): SUPPRESSED,
    _flow("mvc", "skola"): count(9),
    _flow("bvc", None): SUPPRESSED,
    _flow("mvc", None): count(12),
    _flow(None, "bup"): count(44),
    _flow(None, "skola"): count(17),
}


def test_a_matrix_shows_its_published_margins_and_sums_nothing_itself() -> None:
    found = compared_figure("referral_flows", count(61), parts=_FLOWS, total=SUPPRESSED)
    words = told(compared_parts_panel(found))
    hidden = f".. {HIDDEN}"
    assert f"Från ↓ till → BUP skola Summa BVC 41 {hidden} {hidden} MVC {hidden} 9 12 Summa 44 17 {hidden}" in words
    assert "61" in told(compared_parts_panel(compared_figure("referral_flows", None, parts=_FLOWS, total=count(61))))


def test_parts_of_one_column_are_a_table() -> None:
    parts: dict[Split, Shown] = {(("actor", "bup"),): share(12, 39), (("actor", "bvc"),): SUPPRESSED}
    words = told(compared_parts_panel(compared_figure("sip_absence_by_actor", None, parts=parts, total=share(26, 272))))
    hidden = f".. {HIDDEN}"
    assert f"BUP 12 39 31~% BVC {hidden} {hidden} {hidden} Alla 26 272 10~%" in words


def test_the_answers_of_a_distribution_have_no_sum_of_the_good_ones() -> None:
    parts: dict[Split, Shown] = {(("answer", "large"),): share(8, 64), (("answer", "none"),): SUPPRESSED}
    words = told(compared_parts_panel(compared_figure("insight_in_agreements", None, parts=parts, total=share(8, 64))))
    assert words.startswith("Svarens fördelning, 2024")
    assert "64 svar i allt." in words
    assert "Alla" not in words


def test_a_figure_without_parts_has_no_panel() -> None:
    assert compared_parts_panel(compared_figure("sip_full_attendance", share(68, 93))) is None


@pytest.mark.parametrize(
    ("kpi_id", "words"),
    [
        ("information_events", "Visas alltid."),
        ("sip_full_attendance", "när nämnaren, eller antalet, är under fem"),
        ("sip_child_voice", "när täljaren, resten eller nämnaren är under fem"),
        ("insight_in_agreements", "under tio svarande"),
    ],
)
def test_the_release_class_says_what_it_hides(kpi_id: str, words: str) -> None:
    assert words in told(release_class_panel(definition(kpi_id)))


def test_downloads_keep_the_choices_of_the_page() -> None:
    links = _all(downloads("jamforelse/sip_active", enhet="1287-SN", slut="2024-12"), "A")
    assert [one.href for one in links] == [
        f"/ladda-ned/jamforelse/sip_active.{ending}?enhet=1287-SN&slut=2024-12" for ending in ("csv", "xlsx", "pdf")
    ]


def test_a_chart_of_units_without_hidden_ones_is_as_before() -> None:
    assert len(units(SHARE, None, [], LIGHT)["data"]) == 1


def _number(value: float | None) -> str:
    return f"{int(value or 0):,}".replace(",", "~")


def _all(component: Any, kind: str) -> list[Any]:
    """Every component of a kind, in order."""
    if isinstance(component, (list, tuple)):
        return [found for one in component for found in _all(one, kind)]
    own = [component] if type(component).__name__ == kind else []
    below = getattr(component, "children", None)
    return own if below is None else own + _all(below, kind)  # a component without children counts as false
