"""The simulated years are plausible, keep the contract's rules, and tell what the audits tell."""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd
import pytest

from etl.simulate.frames import Frames
from etl.simulate.reference import municipality
from etl.simulate.run import tell_frames
from etl.simulate.story import Story, tell
from warehouse.contract import DATASETS, FAMILY, SCHOOL_ACTORS, Kind

UNTIL = date(2026, 11, 22)
CODES = ("1287", "1263", "1233")
SCALED = 40.0
"""Enough cases for shares to settle."""


@cache
def _frames(code: str, seed: int = 1, factor: float = 1.0) -> Frames:
    return tell_frames(_story(code, factor), seed)


def _story(code: str, factor: float = 1.0) -> Story:
    return tell(municipality(code), months=36, until=UNTIL, factor=factor)


def _attended(rows: pd.DataFrame) -> float:
    return float((rows["attended"] == "ja").mean())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("code", "low", "high"), [("1287", 40, 90), ("1263", 15, 35), ("1233", 28, 65)])
def test_established_plans_a_year_are_plausible(code: str, low: int, high: int, seed: int) -> None:
    sips = _frames(code, seed)["sips"]
    established = sips[(sips["met_on"] != "") & (sips["consent"] != "declined")]
    a_year = established["met_on"].str[:4].value_counts()
    assert low <= a_year["2024"] <= high
    assert low <= a_year["2025"] <= high


@pytest.mark.parametrize("code", CODES)
def test_rows_hold_what_the_contract_asks(code: str) -> None:
    for name, frame in _frames(code).items():
        dataset = DATASETS[name]
        assert list(frame.columns) == [field.name for field in dataset.fields]
        assert not frame.duplicated([field.name for field in dataset.key]).any(), name
        for field in dataset.fields:
            cells = frame[field.name]
            assert not (field.required and (cells == "").any()), (name, field.name)
            if field.codes:
                assert set(cells) <= {*field.codes, ""}, (name, field.name)
            if field.kind is Kind.DAY:
                assert all(date.fromisoformat(cell) for cell in cells if cell)
                if not field.may_be_future:
                    assert max(cells) <= UNTIL.isoformat(), (name, field.name)
        for before, after in dataset.steps:
            given = frame[(frame[before] != "") & (frame[after] != "")]
            assert (given[before] <= given[after]).all(), (name, before, after)


@pytest.mark.parametrize("code", CODES)
def test_a_declined_plan_has_no_meeting_and_every_meeting_belongs_to_a_plan(code: str) -> None:
    frames = _frames(code)
    sips = frames["sips"].set_index("sip_id")
    assert (sips.loc[sips["consent"] == "declined", "met_on"] == "").all()
    participants = frames["sip_participants"]
    first = participants[participants["meeting_no"] == "1"].groupby("sip_id")["met_on"].first()
    assert (first == sips.loc[first.index, "met_on"]).all()
    assert set(first.index) == set(sips.index[sips["met_on"] != ""])


def test_a_round_held_becomes_the_next_meeting() -> None:
    frames = _frames("1287")
    held = frames["sip_follow_ups"][frames["sip_follow_ups"]["held_on"] != ""]
    meetings = frames["sip_participants"].groupby(["sip_id", "meeting_no"])["met_on"].first()
    last = held["follow_up_no"].astype(int) < 8  # no meeting is simulated after the eighth round
    keys = list(zip(held["sip_id"], (held["follow_up_no"].astype(int) + 1).astype(str), strict=True))
    found = [meetings.get(key) == day for key, day, told in zip(keys, held["held_on"], last, strict=True) if told]
    assert sum(found) / len(found) > 0.5  # the plans that were closed at the round have no further meeting


def test_psychiatry_stays_away_when_the_school_calls() -> None:
    frames = _frames("1287", factor=SCALED)
    calls = frames["sip_participants"].merge(frames["sips"][["sip_id", "calling_actor"]], on="sip_id")
    bup = calls[(calls["actor"] == "bup") & (calls["calling_actor"] != "bup")]
    by_school = bup["calling_actor"].isin(SCHOOL_ACTORS)
    assert _attended(bup[by_school]) == pytest.approx(0.45, abs=0.04)
    assert _attended(bup[~by_school]) == pytest.approx(0.80, abs=0.04)
    others = calls[~calls["actor"].isin(["bup", *FAMILY])]
    assert _attended(others) == pytest.approx(0.90, abs=0.04)


def test_follow_up_slips_in_one_unit_during_turnover_and_recovers() -> None:
    frames, story = _frames("1287", factor=SCALED), _story("1287", SCALED)
    rounds = frames["sip_follow_ups"].merge(frames["sips"][["sip_id", "unit_code", "closed_on"]], on="sip_id")
    agreed = pd.to_datetime(rounds["agreed_on"])
    due = agreed + pd.Timedelta(days=14)
    rounds["in_time"] = pd.to_datetime(rounds["held_on"].replace("", None)) <= due
    counted = (due <= pd.Timestamp(UNTIL)) & (
        (rounds["closed_on"] == "") | (rounds["closed_on"] >= rounds["agreed_on"])
    )
    south = rounds["unit_code"] == "1287-320"
    slipping = (agreed >= pd.Timestamp(story.turnover.first)) & (agreed < pd.Timestamp(story.turnover.end))
    after = agreed >= pd.Timestamp(story.turnover.end)
    assert rounds[counted & south & slipping]["in_time"].mean() == pytest.approx(0.52, abs=0.06)
    assert rounds[counted & south & after]["in_time"].mean() > 0.82
    assert rounds[counted & ~south]["in_time"].mean() > 0.82
    assert 7 <= (story.turnover.end - story.turnover.first).astype(int) / 30.4 <= 9


def test_calls_are_more_complete_once_there_is_a_checklist() -> None:
    sips, story = _frames("1287", factor=SCALED)["sips"], _story("1287")
    called = sips[sips["called_on"] != ""]
    complete = (called["purpose_stated"] == "ja") & (called["question_stated"] == "ja")
    after = called["called_on"] >= str(story.checklist_on)
    assert complete[~after].mean() == pytest.approx(0.60, abs=0.04)
    assert complete[after].mean() == pytest.approx(0.90, abs=0.04)


def test_one_school_unit_hardly_reports_deviations() -> None:
    by_unit = _frames("1287")["deviations"]["unit_code"].value_counts()
    assert by_unit.get("1287-540", 0) <= 4
    assert by_unit["1287-530"] >= 12
    assert by_unit["1287-310"] >= 20


def test_the_centre_loses_referrals_toward_primary_care_for_a_while() -> None:
    referrals, story = _frames("1287", factor=SCALED)["referrals"], _story("1287")
    toward = referrals[referrals["to_actor"] == "primarvard"]
    lost = (toward["referred_on"] >= str(story.loss.first)) & (toward["referred_on"] < str(story.loss.end))
    before = toward["referred_on"] < str(story.loss.first)
    assert (toward[lost]["outcome"] == "no_contact").mean() > 0.55
    assert (toward[before]["outcome"] == "no_contact").mean() < 0.12


def test_a_centre_delivers_rows_or_counts_never_both() -> None:
    kinds = [{"referrals", "referral_counts"} & set(_frames(code)) for code in CODES]
    assert kinds == [{"referrals"}, set(), {"referral_counts"}]


def test_members_of_the_board_think_that_more_is_followed_up() -> None:
    answers = _frames("1287")["survey_answers"]
    asked = answers[answers["question"] == "follow_up_happens"].assign(n=lambda rows: rows["answers"].astype(int))
    total = asked.groupby("respondents")["n"].sum()
    large = asked[asked["answer"] == "large"].groupby("respondents")["n"].sum()
    assert large["board_members"] / total["board_members"] > large["staff"] / total["staff"] + 0.1
