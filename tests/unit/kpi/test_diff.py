"""What a change of the definitions means: meaning is told, layout is not; decided targets need a new decision."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import pytest

from kpi import diff
from kpi.definition import Catalogue
from kpi.diff import (
    Sort,
    claimed_from_others,
    compare,
    opened_to_others,
    opened_without_decision,
    removed_without_trace,
)
from kpi.expression import parse
from kpi.loader import read_catalogue
from kpi.period import Period
from kpi.status import target_for
from kpi.tokens import Scope
from kpi.unparse import unparse
from warehouse.settings import ROOT

SHIPPED = (ROOT / "kpi_definitions.yaml").read_text(encoding="utf-8")
TARGET = "    targets:\n      - from: 2021-01\n        at_least: 0.95\n        near: 0.05\n"
DECISION = "        decision:\n          date: 2024-03-07\n          paragraph: § 45\n          dnr: SN 2024/12\n"
DECIDED = TARGET + DECISION


@cache
def read(text: str) -> Catalogue:
    return read_catalogue(text.encode(), "kpi_definitions.yaml")


def changed(old: str, new: str, text: str = SHIPPED) -> str:
    assert old in text
    return text.replace(old, new, 1)


def unnamed(text: str) -> str:
    """Without the figures that stand beside others: what ends may stand beside none."""
    return re.sub(r"    beside: .*\n", "", text)


def test_layout_comments_and_order_mean_nothing() -> None:
    figures = SHIPPED.index("  sip_per_1000:"), SHIPPED.index("  sip_active:")
    moved = SHIPPED[: figures[0]] + SHIPPED[figures[1] :] + "\n" + SHIPPED[figures[0] : figures[1]]
    text = "# en kommentar\n" + moved.replace("split: [actor]", "split:\n      - actor")
    assert compare(read(SHIPPED), read(text)) == ()


@pytest.mark.parametrize(
    ("old", "new", "sort", "label", "before", "after"),
    [
        (
            "    numerator: purpose_stated and question_stated",
            "    numerator: purpose_stated",
            Sort.MEANING,
            "täljare",
            "purpose_stated and question_stated",
            "purpose_stated",
        ),
        (TARGET, TARGET.replace("0.95", "0.9"), Sort.TARGET, "mål från 2021-01", "minst 0.95, nära 0.05 (föreslaget)",
         "minst 0.9, nära 0.05 (föreslaget)"),
        ("    name: Kallelse med syfte", "    name: Kallelser med syfte", Sort.TEXT, "namn",
         "Kallelse med syfte och frågeställning", "Kallelser med syfte och frågeställning"),
        (
            "    owner_role: enhetschef\n    minimum_cases: 5\n" + TARGET,
            "    owner_role: enhetschef\n    minimum_cases: 8\n" + TARGET,
            Sort.JUDGEMENT,
            "bedöms från antal fall",
            "5",
            "8",
        ),
    ],
)  # fmt: skip
def test_a_change_is_told_before_and_after(old: str, new: str, sort: Sort, label: str, before: str, after: str) -> None:
    [found] = compare(read(SHIPPED), read(changed(old, new)))
    assert (found.kpi_id, found.sort, found.label) == ("sip_call_complete", sort, label)
    assert (found.before, found.after) == (before, after)


def test_a_shared_condition_changes_every_figure_that_uses_it() -> None:
    text = changed("  school_called: caller in (forskola, skola, elevhalsa)", "  school_called: caller in (skola)")
    assert {one.kpi_id for one in compare(read(SHIPPED), read(text))} == {"sip_school_initiated", "sip_school_gap"}


def test_a_figure_that_is_gone_must_be_written_down() -> None:
    begins, ends = SHIPPED.index("  youth_influence:"), len(SHIPPED)
    without = SHIPPED[:begins] + SHIPPED[ends:]
    [sentence] = removed_without_trace(read(SHIPPED), read(without))
    assert "youth_influence" in sentence
    retired = f"{without}\nretired:\n  youth_influence:\n    on: 2026-01-01\n    why: Enkäten är nedlagd.\n"
    assert removed_without_trace(read(SHIPPED), read(retired)) == ()
    [gone] = compare(read(SHIPPED), read(retired))
    assert (gone.sort, gone.after) == (Sort.REMOVED, "Enkäten är nedlagd.")


def decided_without_decision(old: Catalogue, new: Catalogue) -> tuple[str, ...]:
    return diff.decided_without_decision(old, new, date(2026, 11, 1))


def test_a_decided_target_changes_only_with_a_new_decision() -> None:
    decided = changed(TARGET, DECIDED)
    assert decided_without_decision(read(SHIPPED), read(decided)) == (), "a proposal may become a decision"
    lowered = read(changed(DECIDED, DECIDED.replace("0.95", "0.8"), decided))
    [sentence] = decided_without_decision(read(decided), lowered)
    assert "§ 45" in sentence
    assert "SN 2024/12" in sentence
    newly = DECIDED.replace("0.95", "0.8").replace("§ 45", "§ 12").replace("2024-03-07", "2025-03-06")
    assert decided_without_decision(read(decided), read(changed(DECIDED, newly, decided))) == ()
    assert decided_without_decision(read(decided), read(SHIPPED)) != (), "a decision may not become a proposal"
    assert decided_without_decision(read(decided), read(changed(DECIDED, "", decided))) != (), "nor vanish"


def test_a_decision_is_changed_by_a_later_one_only() -> None:
    decided = changed(TARGET, DECIDED)
    for day, is_told in (("2024-03-07", True), ("2024-03-06", True), ("2024-03-08", False)):
        again = DECIDED.replace("0.95", "0.8").replace("§ 45", "§ 12").replace("2024-03-07", day)
        told = decided_without_decision(read(decided), read(changed(DECIDED, again, decided)))
        assert bool(told) is is_told, day


@pytest.mark.parametrize(
    ("day", "board", "is_told"),
    [
        ("2020-01-15", "", True),
        ("2024-03-07", "", True),
        ("2024-03-07", "        board: 1287-SN\n", True),
        ("2039-01-01", "", True),
        ("2025-03-06", "", False),
        ("2025-03-06", "        board: 1287-SN\n", False),
    ],
)
def test_no_line_overtakes_a_decided_one_without_a_later_decision(day: str, board: str, is_told: bool) -> None:
    decided = changed(TARGET, DECIDED)
    another = f"      - from: 2025-01\n        at_least: 0.1\n{board}" + DECISION.replace("2024-03-07", day)
    told = decided_without_decision(read(decided), read(changed(DECIDED, DECIDED + another, decided)))
    assert bool(told) is is_told


def test_what_is_judged_against_a_decided_target_stays_too() -> None:
    decided = unnamed(changed(TARGET, DECIDED))
    figure = decided[decided.index("  sip_call_complete:") :]
    for line in ("    valid_to: 2021-02\n", "    valid_from: 2025-02\n"):
        text = decided.replace(figure, figure.replace("    targets:\n", f"{line}    targets:\n", 1))
        assert decided_without_decision(read(decided), read(text)) != (), line
    fewest = re.sub(r"minimum_cases: \d+", "minimum_cases: 9999", figure, count=1)
    assert decided_without_decision(read(decided), read(decided.replace(figure, fewest, 1))) != ()


def test_a_decision_that_has_not_been_made_may_be_corrected() -> None:
    misspelt = changed(TARGET, DECIDED.replace("2024-03-07", "2062-03-07"))
    assert decided_without_decision(read(misspelt), read(changed(TARGET, DECIDED))) == ()


def test_boards_of_other_municipalities_have_targets_of_their_own() -> None:
    begins = TARGET + '      - from: 2024-01\n        at_least: 0.9\n        municipality: "1280"\n' + DECISION
    earlier = DECISION.replace("2024-03-07", "2023-05-01")
    board = "      - from: 2024-01\n        at_least: 0.8\n        board: 1287-SN\n" + earlier
    old, new = read(changed(TARGET, begins)), read(changed(TARGET, begins + board))
    assert diff.decided_without_decision(old, new, date(2026, 11, 1), {"1287-SN": "1287"}) == ()
    assert diff.decided_without_decision(old, new, date(2026, 11, 1), {"1287-SN": "1280"}) != ()


def test_a_later_proposal_does_not_overtake_a_decided_target() -> None:
    later = "      - from: 2025-01\n        at_least: 0.7\n"
    text = changed(TARGET, DECIDED + later)
    assert decided_without_decision(read(changed(TARGET, DECIDED)), read(text)) == ()
    for given, level in ((text, 0.95), (changed(later, later + DECISION.replace("§ 45", "§ 99"), text), 0.7)):
        target = target_for(read(given).definitions["sip_call_complete"], Period.parse("2025-03"), "1287", None)
        assert target is not None
        assert target.level == level
        assert target.is_decided


def test_a_figure_is_not_opened_to_others_by_an_edit() -> None:
    begins = SHIPPED.index("  sip_call_complete:")
    whole = SHIPPED[begins : SHIPPED.index("\n\n", begins)]

    def with_line(old: str, new: str) -> Catalogue:
        return read(changed(whole, changed(old, new, whole)))

    shipped, wider = read(SHIPPED), with_line("areas: [social]", "areas: [social, education]")
    [sentence] = opened_to_others(wider, shipped)
    assert "areas" in sentence
    assert opened_to_others(shipped, wider) == ()
    closer = with_line("release_class: process", "release_class: person")
    [sentence] = opened_to_others(closer, shipped)
    assert "release_class" in sentence
    assert opened_to_others(shipped, closer) == (), "closing is always allowed"


def figure(kpi_id: str) -> str:
    begins = SHIPPED.index(f"  {kpi_id}:")
    return SHIPPED[begins : SHIPPED.index("\n\n", begins)]


def test_rows_that_may_be_several_boards_are_not_called_one_boards_by_an_edit() -> None:
    refused = [
        ("deviations_reported", "areas: [social, education]", "areas: [social]"),
        ("deviations_per_100_sip", "by: reported_on", "by: reported_on\n    where: category = oklart_ansvar"),
        ("insight_in_agreements", "areas: [social, education]", "areas: [social]"),
        ("sip_school_initiated", "areas: [social, education]", "areas: [education]"),
    ]
    allowed = [
        ("sip_lead_time", "decimals: 0", "decimals: 1"),
        ("deviation_feedback_60d", "decimals: 0", "decimals: 1"),
    ]
    text = SHIPPED
    for number, (kpi_id, old, new) in enumerate([*refused, *allowed]):
        copied = changed(f"  {kpi_id}:", f"  mine_{number}:", figure(kpi_id))
        copied = re.sub("name: .*", f"name: Mitt eget {number}", copied, count=1)
        text = changed(figure(kpi_id), f"{figure(kpi_id)}\n\n{changed(old, new, copied)}", text)
    sentences = claimed_from_others(read(SHIPPED), read(text))
    assert {one.split(":")[0] for one in sentences} == {f"Mitt eget {n} (mine_{n})" for n in range(len(refused))}
    assert all("be den som driver Samkoll lägga in det i filen" in one for one in sentences)


def test_a_figure_of_one_area_keeps_its_rows_but_words_and_thresholds_are_free() -> None:
    free = changed(
        "decimals: 0", "decimals: 1", changed("name: Barnet", "name: Ett barn", figure("child_participation"))
    )
    other = changed("question = 'guardian_relieved'", "question = 'insight_agreements'", figure("guardian_relief"))
    text = changed(figure("guardian_relief"), other, changed(figure("child_participation"), free))
    [sentence] = claimed_from_others(read(SHIPPED), read(text))
    assert "(guardian_relief)" in sentence
    assert "survey_answers" in sentence


_VOICE, _NO_VOICE = "child_voice in (attended, statement, asked_declined, observed)", "child_voice = none"
_CALL, _NARROWER = "purpose_stated and question_stated", "purpose_stated"
_TO_PROCESS = ("release_class: person", "release_class: process")


@pytest.mark.parametrize(
    ("kpi_id", "edits", "is_new", "is_refused"),
    [
        ("sip_child_voice", [_TO_PROCESS], True, True),
        ("sip_child_voice", [_TO_PROCESS, (_VOICE, _NO_VOICE)], True, True),
        ("sip_child_voice", [(_VOICE, _NO_VOICE)], True, False),
        ("sip_call_complete", [(_CALL, _NO_VOICE)], False, True),
        ("sip_call_complete", [(_CALL, _NARROWER), ("class: process", "class: person")], False, False),
        ("sip_call_complete", [("minimum_cases: 5", "minimum_cases: 9")], True, False),
    ],
)
def test_nothing_new_about_children_is_of_a_looser_class_than_person(
    kpi_id: str, edits: list[tuple[str, str]], is_new: bool, is_refused: bool
) -> None:
    edited = figure(kpi_id)
    for old, new in edits:
        edited = changed(old, new, edited)
    if is_new:
        copied = re.sub("name: .*", "name: Ett nytt", edited.replace(f"  {kpi_id}:", "  fresh:", 1), count=1)
        edited = f"{figure(kpi_id)}\n\n{copied}"
    sentences = opened_without_decision(read(SHIPPED), read(changed(figure(kpi_id), edited)))
    assert [f"({'fresh' if is_new else kpi_id})" in one for one in sentences] == [True] * is_refused


def test_a_changed_condition_opens_nothing_either_and_an_ended_figure_may_go_on_under_a_new_id() -> None:
    other = changed("  established: met_on is not null and", "  established: child_voice = none and", SHIPPED)
    assert any("(sip_established)" in one for one in opened_without_decision(read(SHIPPED), read(other)))
    ended = changed("    period: month\n", "    period: month\n    valid_to: 2025-12\n", figure("sip_call_complete"))
    renamed = figure("sip_call_complete").replace("sip_call_complete:", "fresh:", 1)
    begun = re.sub("name: .*", "name: Den nya", renamed, count=1)
    text = changed(figure("sip_call_complete"), f"{ended}\n\n{begun}")
    assert opened_without_decision(read(unnamed(SHIPPED)), read(unnamed(text))) == ()


def test_a_retired_id_may_not_be_forgotten() -> None:
    retired = f"{SHIPPED}\nretired:\n  old_figure:\n    on: 2025-01-01\n    why: Mättes aldrig.\n"
    [sentence] = removed_without_trace(read(retired), read(SHIPPED))
    assert "old_figure" in sentence


def test_what_is_written_back_means_the_same() -> None:
    catalogue = read(SHIPPED)
    for definition in catalogue.definitions.values():
        for measure in definition.meaning.measures:
            fact = catalogue.facts[measure.fact]
            scope = Scope(fact.name, dict(fact.columns))
            for node in (measure.day, measure.due, measure.where, measure.numerator, definition.meaning.value):
                if node is not None:
                    assert parse(unparse(node), scope) == node, unparse(node)
