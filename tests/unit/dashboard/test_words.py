"""What readers are told about a value, its basis, its target and its change. `~` stands for a no-break space."""

from dataclasses import replace

import pytest

from dashboard import words
from dashboard.format import NBSP
from kpi.period import Period
from kpi.rolling import compare
from kpi.status import Bound, Target
from kpi.views.rows import Reading
from tests.builders.figures import MARCH, PROPOSED_90, count, definition, share, share_row


def shown(text: str) -> str:
    return text.replace(NBSP, "~")


def test_a_share_is_told_with_its_numbers() -> None:
    follow_up = definition("sip_followed_up_in_time")
    assert shown(words.in_full(follow_up, share(29, 46))) == "29 av 46 (63~%)"
    assert words.basis(follow_up, share(0, 0)) == "inga fall"
    assert words.value(follow_up, share(0, 0)) == "–"


def test_a_window_that_deliveries_do_not_hold_whole_says_so() -> None:
    follow_up = definition("sip_followed_up_in_time")
    assert words.basis(follow_up, share(29, 46, covered=9)) == "29 av 46, 9 av 12 månader har uppgifter"
    assert words.basis(follow_up, share(0, 0, covered=0)) == "uppgifter saknas"


def test_other_kinds_tell_what_they_rest_on() -> None:
    median = Reading(MARCH, MARCH, None, None, 34.0, 7)
    assert shown(words.value(definition("sip_lead_time"), median)) == "34~dagar"
    assert words.basis(definition("sip_lead_time"), median) == "median av 7"
    assert words.basis(definition("sip_active"), count(41)) == "vid periodens slut"
    assert words.basis(definition("deviations_reported"), count(52)) == ""
    rate = Reading(MARCH, MARCH, 21, 9817, 2.139, 21)
    assert shown(words.basis(definition("sip_per_1000"), rate)) == "21 på 9~817 barn"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (None, "inget mål"),
        (PROPOSED_90, "minst 90~%, föreslaget"),
        (replace(PROPOSED_90, is_decided=True), "minst 90~%"),
        (Target(Bound.AT_MOST, 0.1, is_watch=True), "bevakas över 10~%, föreslagen nivå"),
        (Target(Bound.AT_LEAST, 0.8, is_watch=True, is_decided=True), "bevakas under 80~%"),
    ],
)
def test_targets(target: Target | None, expected: str) -> None:
    assert shown(words.target(definition("sip_followed_up_in_time"), target)) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (PROPOSED_90, "mot föreslaget mål minst 90~%"),
        (replace(PROPOSED_90, is_decided=True), "mot mål minst 90~%"),
        (Target(Bound.AT_LEAST, 0.8, is_watch=True), "mot föreslagen bevakningsnivå 80~%"),
    ],
)
def test_targets_in_running_text(target: Target, expected: str) -> None:
    assert shown(words.against(definition("sip_followed_up_in_time"), target)) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ((60, 80), "12~procentenheter lägre än året~före (60 av 80)"),
        ((40, 80), "13~procentenheter högre än året~före (40 av 80)"),
        ((63, 100), "Samma nivå som året~före (63 av 100)"),
        ((2, 4), "För få fall att jämföra"),
    ],
)
def test_change_of_a_share(before: tuple[int, int], expected: str) -> None:
    assert shown(words.change(share_row(63, 100, before=before)).sentence) == expected


def test_change_of_a_count_a_stock_and_days() -> None:
    row = share_row(1, 2, kpi_id="deviations_reported")
    year, earlier = count(52, periods=12), count(45, MARCH.shift(-12), periods=12)
    fewer = replace(row, year=year, change=compare(year, earlier, 0, needs_cases=False))
    assert shown(words.change(fewer).sentence) == "7 fler än året~före (45)"
    stock = replace(
        share_row(1, 2, kpi_id="sip_active"),
        year=None,
        change=compare(count(41), count(44, MARCH.shift(-12)), 0, needs_cases=False),
    )
    assert shown(words.change(stock).sentence) == "3 färre än i mars~2024 (44)"
    now, before = Reading(MARCH, MARCH, None, None, 34.5, 9), Reading(MARCH, MARCH, None, None, 28.0, 8)
    days = replace(
        share_row(1, 2, kpi_id="sip_lead_time"),
        year=None,
        change=compare(now, replace(before, first=MARCH.shift(-12), last=MARCH.shift(-12)), 5, needs_cases=True),
    )
    assert shown(words.change(days).sentence) == "6,5~dagar längre än i mars~2024 (28~dagar)"


def test_no_comparison_tells_which_side_lacks_deliveries() -> None:
    year = share(29, 46)
    missing = share(0, 0, MARCH.shift(-12), covered=0)
    row = share_row(29, 46)
    earlier = replace(row, change=compare(year, missing, 5, needs_cases=True))
    assert words.change(earlier).sentence == "Ingen jämförelse: tidigare uppgifter saknas"
    now = replace(row, change=compare(missing, year, 5, needs_cases=True))
    assert words.change(now).sentence == "Ingen jämförelse: uppgifter saknas"


def test_spans() -> None:
    assert shown(words.span(share(1, 2))) == "apr~2024 – mar~2025"
    assert shown(words.span(count(1, Period.parse("2025-T1")))) == "tertial 1~2025"
