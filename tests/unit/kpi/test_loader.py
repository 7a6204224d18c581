"""The definitions file: what ships is whole, and every way to be wrong gets its sentence with line and column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kpi.definition import Kind
from kpi.loader import DefinitionError, load_catalogue, read_catalogue
from kpi.period import PeriodType
from warehouse.settings import ROOT

CATALOGUE = {
    "sip_established", "sip_per_1000", "sip_active", "sip_school_initiated", "sip_lead_time", "sip_met_30d",
    "sip_call_complete", "sip_full_attendance", "sip_absence_by_actor", "sip_mandate", "sip_school_gap",
    "sip_declined", "sip_lawful", "sip_consent_documented", "sip_coordinator", "sip_child_voice",
    "sip_follow_up_agreed", "sip_followed_up_in_time", "sip_follow_up_overdue", "sip_activities_done",
    "sip_closed_evaluated", "sip_goal_attainment", "sip_dormant", "deviations_reported", "deviations_per_100_sip",
    "deviation_feedback_60d", "deviation_answered_60d", "deviation_silent_units", "deviation_action_decided",
    "deviation_effect_assessed", "deviation_solved_by_managers", "deviation_recurring", "deviation_open_90d",
    "deviation_responsibility", "referral_flows", "referral_contact_30d", "referral_lost", "training_coverage",
    "insight_in_agreements", "secrecy_confidence", "responsibility_clarity", "perception_gap",
    "child_participation", "guardian_relief", "agreements_valid", "groups_current_mandate", "meetings_documented",
    "children_on_agenda", "information_events", "controls_on_time", "actions_on_time", "actions_with_effect",
    "board_reports_on_time", "collaboration_maturity", "purposeful_collaboration", "bup_first_visit_90d",
    "school_health_access", "youth_influence",
}  # fmt: skip
"""Every row of the domain's catalogue of key figures."""
OURS = {"sip_consent_unknown", "sip_absence_unannounced"}
"""What the catalogue says is told apart: unknown consent, and absence without notice."""
SHIPPED = (ROOT / "kpi_definitions.yaml").read_text(encoding="utf-8")


def problems(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(DefinitionError) as refused:
        read_catalogue(data, "kpi_definitions.yaml")
    return str(refused.value).splitlines()


def changed(old: str, new: str) -> str:
    assert old in SHIPPED
    return SHIPPED.replace(old, new, 1)


def test_the_whole_catalogue_loads() -> None:
    catalogue = read_catalogue(SHIPPED.encode(), "kpi_definitions.yaml")
    assert set(catalogue.definitions) == CATALOGUE | OURS
    assert catalogue.warnings == ()
    per_1000 = catalogue.definitions["sip_per_1000"]
    assert (per_1000.kind, per_1000.period, per_1000.levels[-1]) == (Kind.RATE_PER, PeriodType.TERTIAL, "municipality")
    for definition in catalogue.definitions.values():
        assert len(definition.definition_hash) == 64
        assert definition.targets == () or all(target.is_proposed for target in definition.targets)
        assert definition.watch is None or definition.control == "counterpart"
        beside = {catalogue.definitions[kpi_id].control for kpi_id in definition.beside}
        assert definition.control != "counterpart" or "own" in beside, f"nothing of our own beside {definition.id}"


def test_a_level_stands_where_it_was_given_and_no_figure_may_show_it_above_the_board() -> None:
    levels = read_catalogue(SHIPPED.encode(), "f").definitions["collaboration_maturity"].levels
    assert levels == ("board", "administration", "unit")
    text = changed(
        "    split: [assessor]\n    smallest_level: unit", "    split: [assessor]\n    smallest_level: region"
    )
    [problem] = problems(text)
    assert "collaboration_maturity är en bedömd nivå, som bara visas där den gavs" in problem


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "    by: called_on",
            "    by: call_on",
            "använder ”call_on”, som inte finns i leveransen sips. Menade du ”called_on”?",
        ),
        (
            "    direction: neutral",
            "    direktion: neutral",
            "”direktion” hör inte hemma i figures.sip_established. Menade du ”direction”?",
        ),
        ("    owner_role: förvaltningschef\n", "", "figures.sip_established.owner_role saknas"),
        (
            "    kind: median",
            "    kind: medain",
            "figures.sip_lead_time.kind är ”medain”, som inte finns. Menade du ”median”?",
        ),
        ("    period: tertial", "    period: kvartal", "Tillåtna värden: month, tertial, year"),
        ("      grace_days: 14", "      grace_days: fjorton", "grace_days ska vara ett heltal"),
        (
            "      grace_days: 14",
            "      grace_days: 14\n      extra_days: 3",
            "parametern extra_days i sip_followed_up_in_time används aldrig",
        ),
        ("        at_most: 30", "        at_least: 30", "målet i sip_lead_time ligger på fel sida"),
        ("        at_most: 30", "        at_most: 30\n        at_least: 3", "antingen at_least eller at_most"),
        ("      - from: 2021-01", "      - from: 2021-13", "”2021-13” har fel form"),
        ("    join:\n      plan:", "    join:\n      plna:", "underlaget ”plna” ska stå ovanför"),
        ("    span: active", "    span: aktiv", "”aktiv”, som inte finns bland spans. Menade du ”active”?"),
        ("    from: deviations", "    from: deviation", "leveransen ”deviation” finns inte. Menade du ”deviations”?"),
        ("    sum: referred", "    sum: to_actor", "”to_actor” i referral_flows är inget tal"),
        (
            "    split: [actor]",
            "    split: [aktor]",
            "”aktor”, som inte finns i underlaget participant. Menade du ”actor”?",
        ),
        ("    smallest_level: municipality", "    smallest_level: unit", "delar med kommunens barn"),
        (
            "    value: days between initiated_on and met_on",
            "    value: met_on",
            "värdet i sip_lead_time ska vara ett tal",
        ),
        ("    fact: deviation\n", "    fact: avvikelse\n", "underlaget ”avvikelse” finns inte bland facts"),
        (
            "  professional: actor <> barnet",
            "  unused: met_on is null\n  professional: actor <> barnet",
            "villkoret unused används aldrig",
        ),
        ("    unit: unit_code\n    first_of:", "    unit: enhet\n    first_of:", "kolumnen ”enhet” finns inte där"),
        ("    key: [municipality_code, sip_id]\n    union", "    union", "behöver ”key”"),
        ("          held_on: followed_up_on", "          held_on: consent", "unionens delar ska ha samma kolumner"),
        (
            "on: [municipality_code, sip_id, meeting_no]",
            "on: [municipality_code, sip_id]",
            "det som skiljer raderna åt i meeting",
        ),
        (
            "    watch:\n      from: 2021-01\n      at_most: 0.1",
            "    targets:\n      - from: 2021-01\n        at_most: 0.1",
            "har ”watch” i stället för mål",
        ),
        ("facts:", "facts: &a", "ankare och alias"),
        ("  sip_per_1000:", "  sip_established:", "”sip_established” finns redan på rad"),
        ("  sip_per_1000:", "\tsip_per_1000:", "tabbtecken"),
        ("    numerator: school_called", "    numerator: [school_called]", "numerator ska vara en text"),
        ("    audit_question: 3", "    audit_question: 5", "audit_question ska vara högst 4"),
    ],
)
def test_every_problem_has_its_sentence(old: str, new: str, message: str) -> None:
    lines = problems(changed(old, new))
    assert any(message in line for line in lines), lines
    assert all(re.match(r"kpi_definitions\.yaml:\d+:\d+: .+[.?]$", line) for line in lines)


def test_a_problem_points_at_the_word() -> None:
    text = changed(
        "    numerator: purpose_stated and question_stated", "    numerator: purpose_stated and qestion_stated"
    )
    number, line = next((at, line) for at, line in enumerate(text.splitlines(), 1) if "qestion" in line)
    assert problems(text)[0].startswith(
        f"kpi_definitions.yaml:{number}:{line.index('qestion') + 1}: täljaren i sip_call"
    )


def test_all_problems_are_told_at_once_by_line() -> None:
    text = changed("    span: active", "    span: aktiv").replace("    sum: referred", "    sum: from_actor")
    lines = problems(text.replace("    by: called_on", "    by: call_on"))
    assert len(lines) == 6
    assert [int(line.split(":")[1]) for line in lines] == sorted(int(line.split(":")[1]) for line in lines)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "filen ska bestå av rubriker"),
        (b"- a\n- b\n", "rubriker"),
        ("namn: kö".encode("cp1252"), "inte sparad som UTF-8"),
        (b"a: [1, 2", "går inte att tolka som YAML"),
        (b"a: " + b"x" * 1_000_001, "större än 1 MB"),
        (b"a: &b 1\nc: *b", "ankare och alias"),
        (b"[" * 3000, ""),
    ],
)
def test_what_is_no_definitions_file(data: bytes, message: str) -> None:
    assert message in problems(data)[0]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"saknas\.yaml:1:1: filen finns inte"):
        load_catalogue(tmp_path / "saknas.yaml")


def test_the_hash_follows_meaning_and_nothing_else() -> None:
    def hashes(text: str) -> dict[str, str]:
        catalogue = read_catalogue(text.encode(), "kpi_definitions.yaml")
        return {one.id: one.definition_hash for one in catalogue.definitions.values()}

    before = hashes(SHIPPED)
    texts = changed("    name: Upprättade SIP, 0–17 år", "    name: Nya planer").replace(
        "at_least: 0.95", "at_least: 0.9"
    )
    assert hashes(f"# en kommentar\n{texts}") == before
    old = "    parameters:\n      grace_days: 14\n    smallest"
    grace = hashes(changed(old, old.replace("14", "7")))
    assert {id_ for id_ in before if grace[id_] != before[id_]} == {"sip_followed_up_in_time"}
    condition = hashes(changed("  established: met_on is not null", "  established: called_on is not null"))
    assert {id_ for id_ in before if condition[id_] != before[id_]} == {
        "sip_established", "sip_per_1000", "sip_active", "sip_followed_up_in_time", "sip_consent_documented",
        "sip_consent_unknown", "sip_coordinator", "sip_dormant", "sip_follow_up_agreed", "sip_follow_up_overdue",
        "deviations_per_100_sip",
    }  # fmt: skip
