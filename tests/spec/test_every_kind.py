"""What holds for every kind of figure: moved units, late deliveries, and figures as they were known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from kpi.compute import compute, compute_as_known_on
from kpi.definition import Catalogue
from kpi.meaning_hash import hash_of
from tests.builders.warehouse import deliver
from tests.spec.test_agreements_and_meetings import agreement
from tests.spec.test_calls_and_consent import review
from tests.spec.test_context import given
from tests.spec.test_training_and_surveys import trained
from tests.spec.world import (
    ORGANISATION,
    TRELLEBORG,
    activity,
    answered,
    as_table,
    called,
    deviation,
    follow_up,
    only,
    sip,
    table,
    unit,
)

ROWS: dict[str, Any] = {
    "org_units": [*ORGANISATION, unit("norr", "unit", "bild", valid_from="2024-03-01")],
    "sips": [
        sip("a", initiated_on="2024-02-10", met_on="2024-02-20", child_voice="attended", evaluated_on="2024-02-25",
            goal_attainment="full"),
        sip("b", initiated_on="2024-03-05", met_on="2024-03-20", closed_on="2024-04-01", consent=None,
            goal_attainment="none"),
    ],
    "sip_follow_ups": [follow_up("a", "2024-01-20")],
    "sip_participants": [
        called("a", "bup", "2024-02-29", attended=True, mandate=True),
        called("a", "polis", "2024-03-01", attended=True, meeting_no=2),
    ],
    "sip_activities": [activity("a", "2024-02-15"), activity("a", "2024-02-16", no=2)],
    "sip_reviews": [review("1", "2024-02-29"), review("2", "2024-03-01", "needs_stated")],
    "deviations": [
        deviation("open", "2023-11-20", category="oklart_ansvar"),
        deviation("leap day", "2024-02-29"),
        deviation("again", "2024-03-01"),
    ],
}  # fmt: skip
MOVED: dict[str, tuple[dict[str, str], dict[str, str]]] = {  # as shown by `soc`, then by `bild`
    "sip_met_30d": ({}, {"2024-03": "1/1", "2024-04": "1/1"}),  # day 30 decides, and came after the move
    "sip_child_voice": ({"2024-02": "1/1"}, {"2024-03": "0/1"}),
    "sip_declined": ({"2024-T1": "0/1"}, {}),
    "sip_consent_documented": ({"2024-02": "1/1"}, {"2024-03": "1/2", "2024-04": "1/1"}),
    "sip_dormant": ({"2024-02": "0/1"}, {"2024-03": "0/2", "2024-04": "0/1"}),
    "sip_goal_attainment": ({"2024": "1/1*", "2024 full": "1/1*"}, {"2024": "0/1*", "2024 none": "1/1*"}),
    "sip_closed_evaluated": ({}, {"2024-T1": "0/1"}),
    "sip_follow_up_agreed": ({"2024-02": "1/1"}, {"2024-03": "0/1"}),
    "sip_follow_up_overdue": (
        {"2024-01": "0", "2024-02": "1", "2024-03": "0", "2024-04": "0"},
        {"2024-01": "0", "2024-02": "0", "2024-03": "1", "2024-04": "1"},
    ),
    "sip_mandate": ({"2024-T1": "1/1"}, {"2024-T1": "0/1"}),
    "sip_activities_done": ({"2024-02 municipality": "0/1"}, {"2024-03 municipality": "0/1"}),
    "sip_lawful": ({"2024-T1": "1/1"}, {"2024-T1": "0/1"}),
    "deviation_responsibility": ({"2023-T3": "1", "2024-T1": "0"}, {"2024-T1": "0"}),  # November on is held
    "deviation_recurring": ({"2023-T3": "0/1", "2024-T1": "0/1"}, {"2024-T1": "1/1"}),
    "deviation_open_90d": (
        {"2023-11": "0", "2023-12": "0", "2024-01": "0", "2024-02": "1", "2024-03": "0", "2024-04": "0"},
        {"2023-11": "0", "2023-12": "0", "2024-01": "0", "2024-02": "0", "2024-03": "1", "2024-04": "1"},
    ),
    "deviations_per_100_sip": ({"2024-02": "1/1=100"}, {"2024-03": "1/2=50", "2024-04": "0/1=0"}),
}


@pytest.mark.parametrize("order", ["at once", "one by one, what they hang on last"])
def test_events_count_where_the_unit_lay_that_day_in_whatever_order_they_arrive(
    engine: Engine, catalogue: Catalogue, order: str
) -> None:
    figures = only(catalogue, *MOVED)
    if order == "at once":
        deliver(engine, "2024-04-30", **ROWS)
    else:
        for name in reversed(ROWS):
            deliver(engine, "2024-04-30", **{name: ROWS[name]})
            compute(engine, figures)
    for kpi_id, (soc, bild) in MOVED.items():
        assert table(engine, figures, kpi_id, "soc") == soc, kpi_id
        assert table(engine, figures, kpi_id, "bild") == bild, kpi_id


def test_each_kind_as_known_on_an_earlier_day_is_what_was_shown_then(engine: Engine, catalogue: Catalogue) -> None:
    """By figure: what Trelleborg was shown in April, and what it is shown of the same periods after corrections."""
    shown: dict[str, tuple[dict[str, str], dict[str, str]]] = {
        "sip_consent_documented": ({"2024-01": "1/2", "2024-02": "1/2", "2024-03": "1/2*"}, {"2024-01": "1/1"}),
        "sip_goal_attainment": ({"2024": "1/1*", "2024 full": "1/1*"}, {"2024": "0/1*", "2024 none": "1/1*"}),
        "sip_school_gap": ({"2024-T1": "+1 (1)*"}, {"2024-T1": "+0.5 (1)"}),
        "perception_gap": ({"2024": "+0.5 (2)*"}, {"2024": "-0.5 (2)*"}),
        "deviation_silent_units": ({"2024-T1": "2/3*"}, {"2024-T1": "1/3"}),
        "deviations_per_100_sip": ({"2024-03": "1/2=50*"}, {"2024-03": "3/1=300"}),
        "training_coverage": ({"2024-T1 secrecy staff": "2/10*"}, {"2024-T1 secrecy staff": "3/10"}),
        "agreements_valid": ({"2024-T1": "0/1*"}, {"2024-T1": "1/1"}),
        "youth_influence": ({"2023": "55.5"}, {"2023": "60"}),
    }
    figures, day = only(catalogue, *shown), "2024-03-10"
    met = {"initiated_on": "2024-01-05", "met_on": "2024-01-10"}
    asked = "follow_up_happens"
    deliver(
        engine,
        day,
        org_units=ORGANISATION,
        sips=[
            sip("a", calling_actor="skola", evaluated_on="2024-03-01", goal_attainment="full", **met),
            sip("b", consent=None, **met),
        ],
        sip_participants=[
            called("a", "bup", "2024-01-10", attended=True),
            called("b", "bup", "2024-01-10", attended=False),
        ],
        deviations=[deviation("1", "2023-05-01", closed_on="2023-05-01"), deviation("2", "2024-03-10")],
        survey_answers=[
            *answered(asked, "board_members", "soc", "2024-03-01", large=2),
            *answered(asked, "staff", "soc", "2024-03-01", large=1, dont_know=1),
        ],
        training=[trained("norr", "2024-02", 10, 2)],
        agreements=[agreement("x", "2024-01-01")],
        context_values=[given("U33578", "1287", 2023, 55.5)],
    )
    for kpi_id, (then, _) in shown.items():
        assert then.items() <= table(engine, figures, kpi_id, TRELLEBORG).items(), kpi_id
    before = {kpi_id: table(engine, figures, kpi_id, TRELLEBORG) for kpi_id in shown}

    deliver(
        engine,
        "2024-05-10",
        sips=[sip("a", calling_actor="skola", evaluated_on="2024-03-01", goal_attainment="none", **met)],
        sip_participants=[called("b", "bup", "2024-01-20", attended=True, meeting_no=2)],
        deviations=[deviation("3", "2024-03-01", unit_code="söder"), deviation("4", "2024-03-11")],
        survey_answers=answered(asked, "board_members", "soc", "2024-03-01", large=0, none=2),
        training=[trained("norr", "2024-03", 10, 3)],
        agreements=[agreement("x", "2024-01-01", signed_on="2024-04-30")],
        context_values=[given("U33578", "1287", 2023, 60)],
    )
    deliver(engine, "2024-05-10", sips=[sip("b", consent=None, initiated_on="2024-01-05", met_on="2024-05-01")])
    for kpi_id, (_, now) in shown.items():
        assert now.items() <= table(engine, figures, kpi_id, TRELLEBORG).items(), kpi_id
    nothing: dict[str, dict[str, str]] = {kpi_id: {} for kpi_id in shown}
    for later, expected in ((day, before), ("2024-05-09", before), ("2024-03-09", nothing)):
        known = compute_as_known_on(engine, figures, shown, date.fromisoformat(later), unit_code=TRELLEBORG)
        for kpi_id in shown:
            assert as_table(figures, known[kpi_id]) == expected[kpi_id], (kpi_id, later)


def test_rows_whose_split_column_is_blank_are_a_part_of_their_own(engine: Engine, catalogue: Catalogue) -> None:
    def split_by(kpi_id: str, column: str) -> Catalogue:
        figures, figure = only(catalogue, kpi_id), catalogue.definitions[kpi_id]
        meaning = replace(figure.meaning, split=(column,))
        changed = replace(figure, meaning=meaning, definition_hash=hash_of(meaning, catalogue.facts))
        return replace(figures, definitions={kpi_id: changed})

    deliver(
        engine,
        "2024-04-30",
        org_units=ORGANISATION,
        deviations=[
            deviation("high", "2024-01-10", "2024-01-20", severity="high", counterpart_actor="skola"),
            deviation("not told", "2024-01-10", "2024-01-20", counterpart_actor="skola"),
            deviation("nor this", "2024-01-10", counterpart_actor="skola"),
        ],
        sips=[
            sip("a", called_on="2024-02-01", purpose_stated=True, question_stated=True, coordinator_named=True),
            sip("b", called_on="2024-02-01"),
        ],
    )
    answered_in_time = split_by("deviation_answered_60d", "severity")
    assert table(engine, answered_in_time, "deviation_answered_60d") == {
        "2024-03 high": "1/1", "2024-03 not_given": "1/2",
    }  # fmt: skip
    complete = split_by("sip_call_complete", "coordinator_named")
    assert table(engine, complete, "sip_call_complete") == {
        "2024-02 true": "1/1", "2024-02 false": "0/1",
    }  # fmt: skip
