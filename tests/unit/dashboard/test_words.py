"""What readers are told about a value, its basis, its target and its change. `~` stands for a no-break space."""

from dataclasses import replace

import pytest

from dashboard import changes, words
from dashboard.parts import heading, headings, in_order, part_words
from kpi.format import NBSP
from kpi.period import Period
from kpi.rolling import compare
from kpi.status import Bound, Target
from kpi.views.rows import Reading
from tests.builders.figures import MARCH, PROPOSED_90, count, definition, part, plain_row, share, share_row, value


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
    assert words.basis(definition("sip_active"), count(41)) == ""
    assert words.basis(definition("sip_coordinator"), share(55, 69, periods=1, covered=1)) == "55 av 69"
    assert words.basis(definition("deviation_silent_units"), share(1, 6, periods=1, covered=1)) == "1 av 6 enheter"
    assert words.basis(definition("insight_in_agreements"), share(8, 64, periods=1, covered=1)) == "8 av 64 svar"
    assert words.basis(definition("perception_gap"), value(0.45, "2024", 9)) == "varje grupp har minst 9 svar"
    active = Reading(MARCH, MARCH, 8, 69, 11.594, 8)
    assert words.basis(definition("deviations_per_100_sip"), active) == "8 på 69 aktiva SIP"
    assert words.short_basis(definition("deviations_per_100_sip"), active) == "8 på 69"
    assert shown(words.in_full(definition("deviations_per_100_sip"), active)) == "8 på 69 aktiva SIP (11,6 per~100)"
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
        (PROPOSED_90, "mot det föreslagna målet, minst 90~%"),
        (replace(PROPOSED_90, is_decided=True), "mot målet, minst 90~%"),
        (Target(Bound.AT_LEAST, 0.8, is_watch=True), "mot den föreslagna bevakningsnivån, 80~%"),
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
    assert shown(changes.change(share_row(63, 100, before=before)).sentence) == expected


def test_change_of_a_count_a_stock_and_days() -> None:
    row = share_row(1, 2, kpi_id="deviations_reported")
    year, earlier = count(52, periods=12), count(45, MARCH.shift(-12), periods=12)
    fewer = replace(row, year=year, change=compare(year, earlier, 0, needs_cases=False))
    assert shown(changes.change(fewer).sentence) == "7 fler än året~före (45)"
    stock = replace(
        share_row(1, 2, kpi_id="sip_active"),
        year=None,
        change=compare(count(41), count(44, MARCH.shift(-12)), 0, needs_cases=False),
    )
    assert shown(changes.change(stock).sentence) == "3 färre än den 31~mars~2024 (44)"
    now, before = Reading(MARCH, MARCH, None, None, 34.5, 9), Reading(MARCH, MARCH, None, None, 28.0, 8)
    days = replace(
        share_row(1, 2, kpi_id="sip_lead_time"),
        year=None,
        change=compare(now, replace(before, first=MARCH.shift(-12), last=MARCH.shift(-12)), 5, needs_cases=True),
    )
    assert shown(changes.change(days).sentence) == "6,5~dagar längre än i mars~2024 (28~dagar)"


def test_no_comparison_tells_which_side_lacks_deliveries() -> None:
    year = share(29, 46)
    missing = share(0, 0, MARCH.shift(-12), covered=0)
    row = share_row(29, 46)
    earlier = replace(row, change=compare(year, missing, 5, needs_cases=True))
    assert changes.change(earlier).sentence == "Ingen jämförelse: tidigare uppgifter saknas"
    now = replace(row, change=compare(missing, year, 5, needs_cases=True))
    assert changes.change(now).sentence == "Ingen jämförelse: uppgifter saknas"


def test_spans() -> None:
    assert shown(words.span(share(1, 2))) == "apr~2024 – mar~2025"
    assert shown(words.span(count(1, Period.parse("2025-T1")))) == "första tertialet~2025"


@pytest.mark.parametrize(
    ("kpi_id", "reading", "running", "beside"),
    [
        ("sip_call_complete", share(29, 46), "de senaste 12 månaderna", "senaste 12~mån"),
        ("sip_lead_time", value(34, "2025-03", 7), "i mars~2025", "mars~2025"),
        ("sip_active", value(41, "2025-03"), "den 31~mars~2025", "31~mars~2025"),
        ("sip_mandate", value(0.5, "2025-T1"), "under första tertialet~2025", "första tertialet~2025"),
        ("perception_gap", value(0.5, "2024"), "under 2024", "2024"),
        (
            "sip_school_gap",
            value(0.1, "2025-T2"),
            "under tolv månader till och med augusti~2025",
            "12~mån till och med aug~2025",
        ),
    ],
)
def test_when_a_value_holds(kpi_id: str, reading: Reading, running: str, beside: str) -> None:
    assert shown(words.when(definition(kpi_id), reading)) == running
    assert shown(words.period(definition(kpi_id), reading)) == beside


def test_an_unfinished_stock_does_not_name_a_day_that_has_not_come() -> None:
    unfinished = replace(value(41, "2025-03"), is_preliminary=True)
    assert shown(words.when(definition("sip_active"), unfinished)) == "i mars~2025"


def test_a_gap_is_told_with_sign_groups_and_distance_from_zero() -> None:
    row = plain_row("perception_gap", value(0.448, "2024", 9), before=value(-0.172, "2023", 9))
    assert shown(words.value(row.definition, row.judged)) == "+45~procentenheter"
    assert words.value_and_unit(row.definition, row.judged) == ("+45", "procentenheter")
    assert row.target is not None
    assert shown(words.target(row.definition, row.target)) == "högst 10~procentenheters skillnad, föreslaget"
    assert row.status.words == "Större skillnad än det föreslagna målet"
    assert shown(changes.change(row).sentence) == "28~procentenheter större skillnad än 2023 (−17~procentenheter)"
    told = words.gap(row.definition, row.judged)
    assert shown(told or "") == ("Andelen är 45~procentenheter högre bland nämndens ledamöter än bland personalen.")
    assert "lika stor" in (words.gap(row.definition, value(0.001, "2024", 9)) or "")
    assert words.gap(definition("sip_mandate"), value(0.4, "2024-T1")) is None


def test_statistics_are_told_as_given() -> None:
    row = plain_row("bup_first_visit_90d", value(70.0, "2024"), before=value(72.5, "2023"))
    assert shown(words.value(row.definition, row.judged)) == "70~%"
    assert shown(changes.change(row).sentence) == "2,5~procentenheter lägre än 2023 (72,5~%)"
    assert not row.is_late


@pytest.mark.parametrize(
    ("kpi_id", "split", "expected"),
    [
        ("sip_activities_done", {"principal": "region"}, "regionen"),
        ("training_coverage", {"subject": "secrecy", "group": "board_members"}, "sekretess, nämndens ledamöter"),
        ("sip_absence_by_actor", {"actor": "bup"}, "BUP"),
        ("referral_flows", {"from_actor": "bvc", "to_actor": "socialtjanst"}, "BVC → socialtjänst"),
        ("school_health_access", {"series": "N15608"}, "årskurs 5"),
        ("insight_in_agreements", {"answer": "dont_know"}, "vet ej"),
        ("sip_goal_attainment", {"goal_attainment": "partial"}, "delvis"),
    ],
)
def test_parts_have_swedish_words(kpi_id: str, split: dict[str, str], expected: str) -> None:
    assert part_words(definition(kpi_id), tuple(split.items())) == expected


def test_parts_stand_in_their_own_order() -> None:
    goals = [part(1, 3, "2024", goal_attainment=code) for code in ("none", "partial", "full")]
    found = in_order(definition("sip_goal_attainment"), goals)
    assert [part_words(definition("sip_goal_attainment"), one.split) for one in found] == [
        "helt",
        "delvis",
        "inte alls",
    ]
    assert headings(definition("sip_absence_by_actor")) == ("Deltog inte", "Kallade")
    assert headings(definition("sip_mandate")) == ("Täljare", "Nämnare")
    assert heading(definition("training_coverage").split) == "Ämne och grupp"


def test_why_there_is_nothing_to_show() -> None:
    control = plain_row("controls_on_time", value(None, "2025-03"))
    assert control.status.words == "Inga uppgifter än"
    assert not control.has_values
    assert not control.is_late
    assert "interna kontrollen i Samkoll" in words.why_empty(control)
    silent = replace(plain_row("sip_mandate", value(None, "2025-T1")), as_of=None)
    assert words.why_empty(silent) == "Inga leveranser med de här uppgifterna har kommit för kommunen."
