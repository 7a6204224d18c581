"""What the figures about meetings, follow-ups, deviations and referrals mean, by small tables."""

from __future__ import annotations

from sqlalchemy import Engine

from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, called, cells, deviation, follow_up, only, sip, table


def test_full_attendance_asks_professionals_only(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_full_attendance", "sip_absence_by_actor")
    deliver(
        engine,
        "2024-03-31",
        org_units=ORGANISATION,
        sips=[sip("a"), sip("b"), sip("c")],
        sip_participants=[
            called("a", "bup", "2024-02-01", attended=True),
            called("a", "skola", "2024-01-31", attended=True),  # the meeting's day is its earliest
            called("a", "barnet", "2024-01-31", attended=False),
            called("a", "bup", "2024-02-20", attended=False, meeting_no=2),
            called("a", "skola", "2024-02-20", attended=True, meeting_no=2),
            called("b", "vardnadshavare", "2024-02-10", attended=True),  # no professional called: no meeting to judge
        ],
    )
    assert table(engine, figures, "sip_full_attendance") == {"2024-01": "1/1", "2024-02": "0/1"}
    assert table(engine, figures, "sip_absence_by_actor") == {
        "2024-01 bup": "0/1",
        "2024-01 skola": "0/1",
        "2024-02 bup": "1/1",
        "2024-02 skola": "0/1",
    }


def test_participants_wait_for_their_plan(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_full_attendance")
    rows = [called("later", "bup", "2024-01-10", attended=True)]
    deliver(engine, "2024-03-31", org_units=ORGANISATION, sip_participants=rows)
    assert table(engine, figures, "sip_full_attendance") == {}
    deliver(engine, "2024-03-31", sips=[sip("later")])
    assert table(engine, figures, "sip_full_attendance") == {"2024-01": "1/1"}


def test_followed_up_in_time_by_the_first_agreed_day_and_14_days(engine: Engine, catalogue: Catalogue) -> None:
    met = {"met_on": "2024-01-05"}
    deliver(
        engine,
        "2024-03-31",
        org_units=ORGANISATION,
        sips=[
            sip("held on day 14", **met),
            sip("held on day 15", **met),
            sip("never held", **met),
            sip("due tomorrow", **met),
            sip("closed the day before", closed_on="2024-02-14", **met),
            sip("closed that day", closed_on="2024-02-15", **met),
            sip("never met"),
        ],
        sip_follow_ups=[
            follow_up("held on day 14", "2024-02-15", "2024-02-29"),
            follow_up("held on day 15", "2024-02-15", "2024-03-01"),
            follow_up("never held", "2024-02-16"),  # due on the first of March
            follow_up("due tomorrow", "2024-03-18"),
            follow_up("closed the day before", "2024-02-15"),
            follow_up("closed that day", "2024-02-15"),
            follow_up("never met", "2024-02-15"),
        ],
    )
    assert table(engine, only(catalogue, "sip_followed_up_in_time"), "sip_followed_up_in_time") == {
        "2024-02": "1/3",
        "2024-03": "0/1",
    }


def test_a_plans_own_dates_are_round_one_unless_the_rounds_hold_it(engine: Engine, catalogue: Catalogue) -> None:
    plan = {"met_on": "2024-01-05", "agreed_follow_up_on": "2024-02-01", "followed_up_on": "2024-02-02"}
    deliver(
        engine,
        "2024-03-31",
        org_units=ORGANISATION,
        sips=[sip("own only", **plan), sip("round 2 beside", **plan), sip("round 1 wins", **plan)],
        sip_follow_ups=[
            follow_up("round 2 beside", "2024-02-05", no=2),
            follow_up("round 1 wins", "2024-02-10", no=1),
        ],
    )
    assert table(engine, only(catalogue, "sip_followed_up_in_time"), "sip_followed_up_in_time") == {"2024-02": "2/4"}


def test_feedback_is_due_on_day_60(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviation_feedback_60d", "deviations_reported")
    deliver(
        engine,
        "2024-04-30",
        org_units=ORGANISATION,
        deviations=[
            deviation("on day 60", "2024-01-31", "2024-03-31"),
            deviation("on day 61", "2024-01-31", "2024-04-01"),
            deviation("none", "2024-02-01"),
            deviation("due on as-of", "2024-03-01", "2024-03-01"),
            deviation("not due yet", "2024-03-02", "2024-03-03"),
        ],
    )
    assert table(engine, figures, "deviation_feedback_60d") == {"2024-03": "1/2", "2024-04": "1/2"}
    assert table(engine, figures, "deviations_reported") == {
        "2024-01": "2",
        "2024-02": "1",
        "2024-03": "2",
        "2024-04": "0",
    }


def test_referrals_and_counts_flow_together(engine: Engine, catalogue: Catalogue) -> None:
    way = {"municipality_code": "1287", "from_actor": "bvc", "to_actor": "socialtjanst"}
    deliver(
        engine,
        "2024-02-15",
        org_units=ORGANISATION,
        referrals=[
            {**way, "referral_id": "1", "centre_code": "norr", "referred_on": "2024-01-31"},
            {**way, "referral_id": "2", "centre_code": "norr", "referred_on": "2024-02-01", "to_actor": "primarvard"},
        ],
        referral_counts=[
            {**way, "centre_code": "söder", "month": "2024-01", "referred": 7},
            {**way, "centre_code": "söder", "month": "2024-02", "referred": 0},
        ],
    )
    assert table(engine, only(catalogue, "referral_flows"), "referral_flows", "soc") == {
        "2024-01 bvc socialtjanst": "8",
        "2024-02 bvc primarvard": "1*",
    }


def test_too_few_cases_change_the_status_and_never_the_value(engine: Engine, catalogue: Catalogue) -> None:
    many = [sip(str(number), called_on="2024-02-10", purpose_stated=True, question_stated=True) for number in range(5)]
    few = [sip("alone", called_on="2024-01-10", purpose_stated=True, question_stated=True)]
    deliver(engine, "2024-02-29", org_units=ORGANISATION, sips=[*many, *few])
    found = {
        str(cell.period): (cell.value, cell.status)
        for cell in cells(engine, only(catalogue, "sip_call_complete"), "sip_call_complete", "norr")
    }
    assert found == {"2024-01": (1.0, "too_few"), "2024-02": (1.0, "ok")}
