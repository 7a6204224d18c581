"""What the figures about agreed, late, dormant and closed plans mean, by small tables."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, SKANE, TRELLEBORG, Row, activity, called, follow_up, only, sip, table, unit

MET: Row = {"met_on": "2024-01-05"}


def test_a_follow_up_is_agreed_by_the_plans_own_date_or_any_round(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_follow_up_agreed")
    elsewhere = {**follow_up("nothing agreed", "2024-03-01"), "municipality_code": "1263"}
    deliver(
        engine,
        "2024-02-10",
        org_units=ORGANISATION,
        sips=[
            sip("its own date", met_on="2024-01-31", agreed_follow_up_on="2025-01-31"),
            sip("a third round", met_on="2024-01-31"),
            sip("nothing agreed", met_on="2024-01-31"),
            sip("blank consent", met_on="2024-02-01", consent=None, agreed_follow_up_on="2024-02-02"),
            sip("declined is not established", met_on="2024-02-01", consent="declined"),
            sip("not met", agreed_follow_up_on="2024-02-01"),
        ],
        sip_follow_ups=[
            follow_up("a third round", "2024-06-01", no=3),
            follow_up("not yet delivered", "2024-06-01"),
            elsewhere,
        ],
    )
    assert table(engine, figures, "sip_follow_up_agreed") == {"2024-01": "2/3", "2024-02": "1/1*"}

    deliver(engine, "2024-03-05", sip_follow_ups=[follow_up("nothing agreed", "2024-07-01", no=9)])
    assert table(engine, figures, "sip_follow_up_agreed") == {"2024-01": "3/3", "2024-02": "1/1"}, "rounds speak too"

    round_3 = follow_up("a third round", "2024-06-01", no=3)
    deliver(
        engine,
        "2024-03-05",
        sips=[sip("not yet delivered", unit_code="söder", met_on="2024-02-29")],
        gone={"sip_follow_ups": [round_3]},
    )
    assert table(engine, figures, "sip_follow_up_agreed") == {"2024-01": "2/3", "2024-02": "1/1"}
    assert table(engine, figures, "sip_follow_up_agreed", "soc") == {"2024-01": "2/3", "2024-02": "2/2"}


def test_overdue_begins_on_day_31_and_ends_when_held_or_closed(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_follow_up_overdue")
    rounds: dict[str, tuple[Row, Row, str]] = {  # the plan, its round, the months in which it is late
        "day 31 is leap day": (MET, follow_up("", "2024-01-29"), "02 03 04 05*"),
        "day 31 is the first of March": (MET, follow_up("", "2024-01-30"), "03 04 05*"),
        "held on the last day": (MET, follow_up("", "2024-01-29", "2024-02-29"), ""),
        "held the day after": (MET, follow_up("", "2024-01-29", "2024-03-01"), "02"),
        "held before the agreed day": (MET, follow_up("", "2024-01-29", "2024-01-10"), ""),
        "closed on the last day": (MET | {"closed_on": "2024-03-31"}, follow_up("", "2024-01-29"), "02"),
        "moved, which changes nothing": (MET, follow_up("", "2024-03-10", moved_to="2024-09-01"), "04 05*"),
        "never met and declined": ({"consent": "declined"}, follow_up("", "2024-03-10"), "04 05*"),
        "day 31 is as-of": (MET, follow_up("", "2024-04-09"), "05*"),
        "day 31 is tomorrow": (MET, follow_up("", "2024-04-10"), ""),
    }
    own = MET | {"agreed_follow_up_on": "2024-01-29"}
    deliver(
        engine,
        "2024-05-10",
        org_units=[*ORGANISATION, *[unit(name, "unit", "soc") for name in rounds]],
        sips=[
            *[sip(name, unit_code=name, **plan) for name, (plan, _, _) in rounds.items()],
            sip("own dates are round one", **own, followed_up_on="2024-04-01"),
            sip("rounds one and two", **own),
        ],
        sip_follow_ups=[
            *[one | {"sip_id": name} for name, (_, one, _) in rounds.items()],
            follow_up("rounds one and two", "2024-02-29"),  # round one is told here: it counts, not the plan's own
            follow_up("rounds one and two", "2024-02-29", no=2),
            follow_up("no such plan", "2024-01-10"),
        ],
    )
    for name, (_, _, expected) in rounds.items():
        shown = table(engine, figures, "sip_follow_up_overdue", name)
        assert late_months(shown) == expected, name
    assert table(engine, figures, "sip_follow_up_overdue") == {
        "2024-01": "0",
        "2024-02": "1",
        "2024-03": "3",
        "2024-04": "2",
        "2024-05": "2*",
    }
    assert table(engine, figures, "sip_follow_up_overdue", "söder") == dict.fromkeys(
        ("2024-01", "2024-02", "2024-03", "2024-04"), "0"
    ) | {"2024-05": "0*"}
    assert table(engine, figures, "sip_follow_up_overdue", TRELLEBORG)["2024-05"] == "7*"


def late_months(shown: dict[str, str]) -> str:
    """The months with one, short."""
    return " ".join(
        period.removeprefix("2024-") + "*" * value.endswith("*")
        for period, value in shown.items()
        if value.rstrip("*").split("/")[0] == "1"
    )


def test_activities_are_done_within_14_days_by_principal(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_activities_done")
    region = {"principal": "region"}
    deliver(
        engine,
        "2024-03-15",
        org_units=ORGANISATION,
        sips=[sip("a"), sip("b", unit_code="skolan", closed_on="2024-01-02")],
        sip_activities=[
            activity("a", "2024-01-17", "2024-01-31", no=1, **region),  # day 14
            activity("a", "2024-01-17", "2024-02-01", no=2, **region),  # day 15
            activity("a", "2024-02-15", "2024-01-05", no=3),  # day 14 is leap day; done long before
            activity("a", "2024-02-16", no=4),  # day 14 is the first of March
            activity("a", "2024-02-15", "2024-02-15", no=5, cancelled_on="2024-02-20"),
            activity("a", "2024-03-01", "2024-03-01", no=6, principal="private"),  # day 14 is as-of
            activity("a", "2024-03-02", "2024-03-02", no=7, principal="private"),
            activity("b", "2024-02-15", no=1),  # a closed plan's promise counts
            activity("no such plan", "2024-02-15"),
        ],
    )
    assert table(engine, figures, "sip_activities_done") == {
        "2024-01 region": "1/2",
        "2024-02 municipality": "1/1",
        "2024-03 municipality": "0/1*",
        "2024-03 private": "1/1*",
    }
    assert table(engine, figures, "sip_activities_done", TRELLEBORG)["2024-02 municipality"] == "1/2"
    deliver(
        engine,
        "2024-03-31",
        sips=[sip("c")],
        sip_activities=[activity("a", "2024-02-16", "2024-03-01", no=4, **region)],
        gone={"sip_activities": [activity("a", "2024-02-15", no=3)]},
    )
    assert table(engine, figures, "sip_activities_done") == {
        "2024-01 region": "1/2",
        "2024-03 private": "2/2",
        "2024-03 region": "1/1",
    }


def test_closed_with_evaluation_leaves_out_those_who_moved_or_withdrew(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_closed_evaluated")

    def closed(name: str, on: str, reason: str | None, evaluated_on: str | None = None, **fields: str) -> Row:
        return sip(name, closed_on=on, closed_reason=reason, evaluated_on=evaluated_on, **fields)

    deliver(
        engine,
        "2024-05-10",
        org_units=ORGANISATION,
        sips=[
            closed("evaluated the same day", "2024-04-30", "goals_met", "2024-04-30"),
            closed("evaluated long before", "2024-02-29", "age_18", "2023-12-31"),
            closed("no reason counts", "2024-01-01", None),
            closed("other", "2024-01-31", "other"),
            closed("moved", "2024-01-31", "moved", "2024-01-31"),
            closed("withdrawn", "2024-01-31", "consent_withdrawn", "2024-01-31"),
            closed("next tertial", "2024-05-01", "other", "2024-05-01"),
            closed("moved from söder", "2024-05-01", "moved", unit_code="söder"),
            sip("evaluated but open", evaluated_on="2024-02-01"),
        ],
    )
    assert table(engine, figures, "sip_closed_evaluated") == {"2024-T1": "2/4", "2024-T2": "1/1*"}
    assert table(engine, figures, "sip_closed_evaluated", "söder") == {}
    deliver(engine, "2024-05-10", sips=[closed("moved", "2024-05-02", "other")])
    assert table(engine, figures, "sip_closed_evaluated", SKANE) == {"2024-T1": "2/4", "2024-T2": "1/2*"}


def test_goal_attainment_and_its_parts_in_the_year_of_the_evaluation(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_goal_attainment")
    deliver(
        engine,
        "2024-12-30",
        org_units=ORGANISATION,
        sips=[
            sip("last year", evaluated_on="2023-12-31", goal_attainment="full"),
            sip("closed last year, evaluated now", evaluated_on="2024-01-01", closed_on="2023-12-01",
                goal_attainment="partial"),
            sip("closed without evaluation", closed_on="2024-12-30", goal_attainment="none"),
            sip("on leap day", unit_code="söder", evaluated_on="2024-02-29", goal_attainment="full"),
            sip("in another board", unit_code="skolan", evaluated_on="2024-02-29", goal_attainment="none"),
            sip("not assessed", evaluated_on="2024-02-29", goal_attainment="not_assessed"),
            sip("blank", evaluated_on="2024-02-29"),
            sip("neither evaluated nor closed", goal_attainment="full"),
        ],
    )  # fmt: skip
    assert table(engine, figures, "sip_goal_attainment", "soc") == {
        "2023": "1/1",
        "2023 full": "1/1",
        "2024": "2/3*",
        "2024 full": "1/3*",
        "2024 none": "1/3*",
        "2024 partial": "1/3*",
    }
    assert table(engine, figures, "sip_goal_attainment", TRELLEBORG) == {
        "2023": "1/1",
        "2023 full": "1/1",
        "2024": "2/4*",
        "2024 full": "1/4*",
        "2024 none": "2/4*",
        "2024 partial": "1/4*",
    }
    assert table(engine, figures, "sip_goal_attainment") == {}, "the board is the smallest level"
    deliver(
        engine,
        "2024-12-31",
        sips=[sip("on leap day", unit_code="söder", evaluated_on="2024-02-29", goal_attainment="not_assessed")],
        gone={"sips": [sip("last year")]},
    )
    assert table(engine, figures, "sip_goal_attainment", "soc") == {
        "2024": "1/2",
        "2024 none": "1/2",
        "2024 partial": "1/2",
    }


def test_a_plan_is_dormant_when_nothing_has_happened_and_nothing_is_agreed(
    engine: Engine, catalogue: Catalogue
) -> None:
    """Every plan met on 5 January; `months` are those in which it is dormant, of 2024."""
    figures = only(catalogue, "sip_dormant")
    all_year = "07 08 09 10 11*"
    plans: dict[str, tuple[Row, str]] = {
        "nothing more": ({}, all_year),
        "day 180 is the last of July": ({"mapped_on": "2024-02-02"}, all_year),
        "day 180 is the first of August": ({"activity_followed_up_on": "2024-02-03"}, "08 09 10 11*"),
        "consent on leap day": ({"consent_on": "2024-02-29"}, "08 09 10 11*"),
        "mapped": ({"mapped_on": "2024-03-05"}, "09 10 11*"),
        "evaluated": ({"evaluated_on": "2024-03-05"}, "09 10 11*"),
        "followed up": ({"followed_up_on": "2024-04-05"}, "10 11*"),
        "happened in September": ({"followed_up_on": "2024-09-30"}, "07 08"),
        "agreed ahead": ({"agreed_follow_up_on": "2025-06-01"}, ""),
        "agreed for as-of": ({"agreed_follow_up_on": "2024-11-10"}, ""),
        "the agreed day passed": ({"agreed_follow_up_on": "2024-03-05"}, "09 10 11*"),
        "closed": ({"closed_on": "2024-09-30"}, "07 08"),
        "withdrawn": ({"consent": "withdrawn", "consent_on": "2024-08-31"}, "07"),
        "turns 18": ({"birth_date": "2006-09-01"}, "07 08"),
        "unknown consent": ({"consent": None}, all_year),
        "met later": ({"met_on": "2024-03-05"}, "09 10 11*"),
        "called after it met": ({"called_on": "2024-03-05"}, "09 10 11*"),
        "moved far ahead": ({}, ""),
        "held in October": ({}, "07 08 09"),
        "held before it was agreed": ({}, "10 11*"),
        "met again": ({}, "10 11*"),
        "an activity ahead": ({}, ""),
        "an activity passed": ({}, "10 11*"),
        "an activity done late": ({}, "07 08 09"),
        "an activity cancelled": ({}, "07 08 09"),
        "held long before it was agreed": ({}, "08 09 10 11*"),
        "moved ahead and held before": ({}, "08 09 10 11*"),
        "done long before it was due": ({}, "08 09 10 11*"),
        "cancelled, and ahead until then": ({}, "11*"),
        "followed up before the agreed day": (
            {"agreed_follow_up_on": "2025-06-01", "followed_up_on": "2024-02-20"},
            "08 09 10 11*",
        ),
        "declined is not active": ({"consent": "declined"}, ""),
        "never met": ({"met_on": None}, ""),
    }
    deliver(
        engine,
        "2024-11-10",
        org_units=[*ORGANISATION, *[unit(name, "unit", "soc") for name in plans]],
        sips=[sip(name, unit_code=name, **(MET | fields)) for name, (fields, _) in plans.items()],
        sip_follow_ups=[
            follow_up("moved far ahead", "2024-01-20", moved_to="2025-01-01"),
            follow_up("held in October", "2024-01-20", "2024-10-01"),
            follow_up("held before it was agreed", "2024-04-10", "2024-04-05"),
            follow_up("held long before it was agreed", "2025-03-31", "2024-02-20"),
            follow_up("moved ahead and held before", "2024-02-10", "2024-02-20", moved_to="2025-01-01"),
        ],
        sip_participants=[called("met again", "bup", "2024-04-10", attended=False, meeting_no=2)],
        sip_activities=[
            activity("an activity ahead", "2025-01-01"),
            activity("an activity passed", "2024-04-10"),
            activity("an activity done late", "2024-01-20", "2024-10-01"),
            activity("an activity cancelled", "2024-01-20", cancelled_on="2024-10-01"),
            activity("done long before it was due", "2025-03-31", "2024-02-20"),
            activity("cancelled, and ahead until then", "2025-03-31", cancelled_on="2024-05-10"),
        ],
    )
    for name, (_, months) in plans.items():
        assert late_months(table(engine, figures, "sip_dormant", name)) == months, name
    assert table(engine, figures, "sip_dormant", "closed")["2024-06"] == "0/1"
    assert "2024-09" not in table(engine, figures, "sip_dormant", "closed"), "not active: no share"
    assert table(engine, figures, "sip_dormant", "soc")["2024-11"] == "19/27*"


def test_a_plan_is_not_dormant_before_it_is_active(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_dormant")
    plans = [
        sip("waited for its meeting", initiated_on="2023-03-01", met_on="2024-01-05"),
        sip("active beside it", initiated_on="2023-10-01", met_on="2023-10-05", mapped_on="2024-01-05"),
    ]
    deliver(engine, "2024-01-31", org_units=ORGANISATION, sips=plans)
    assert table(engine, figures, "sip_dormant") == {
        "2023-10": "0/1",
        "2023-11": "0/1",
        "2023-12": "0/1",
        "2024-01": "0/2",
    }


@pytest.mark.parametrize(("as_of", "expected"), [("2024-07-02", "0/1*"), ("2024-07-03", "1/1*")])
def test_dormant_begins_on_day_180_of_any_of_the_four_deliveries(
    engine: Engine, catalogue: Catalogue, as_of: str, expected: str
) -> None:
    figures = only(catalogue, "sip_dormant")
    deliver(engine, "2024-06-30", org_units=ORGANISATION, sips=[sip("a", met_on="2024-01-05")])
    assert table(engine, figures, "sip_dormant")["2024-06"] == "0/1"
    deliver(engine, as_of, municipalities={"sip_activities": ["1287"]})
    assert table(engine, figures, "sip_dormant")["2024-07"] == expected
    deliver(engine, as_of, sip_activities=[activity("a", "2024-07-04")])
    assert table(engine, figures, "sip_dormant")["2024-07"] == "0/1*", "something is agreed ahead"
    deliver(engine, as_of, gone={"sip_activities": [activity("a", "2024-07-04")]})
    assert table(engine, figures, "sip_dormant")["2024-07"] == expected
