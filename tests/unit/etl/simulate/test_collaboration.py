"""Activities, reviews, agreements and meetings of the simulated years are plausible and tell of change."""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd
import pytest

from etl.simulate.frames import Frames
from etl.simulate.organisation import boards
from etl.simulate.reference import municipality
from etl.simulate.run import tell_frames
from etl.simulate.story import tell

UNTIL = date(2026, 11, 22)
CODES = ("1287", "1263", "1233", "2380")
CONTENTS = ["needs_stated", "responsibilities_stated", "other_measures_stated", "lead_principal_stated"]


@cache
def _frames(code: str, factor: float = 1.0) -> Frames:
    return tell_frames(tell(municipality(code), months=36, until=UNTIL, factor=factor), 1)


def _given(days: pd.Series) -> pd.Series:
    return days != ""


@pytest.mark.parametrize("code", CODES)
def test_each_established_plan_has_two_to_four_activities(code: str) -> None:
    frames = _frames(code)
    sips, activities = frames["sips"], frames["sip_activities"]
    numbers = activities.groupby("sip_id", sort=False)["activity_no"].apply(list)
    assert set(numbers.index) == set(sips.loc[_given(sips["met_on"]), "sip_id"])
    assert {tuple(each) for each in numbers} == {("1", "2"), ("1", "2", "3"), ("1", "2", "3", "4")}
    met = activities["sip_id"].map(sips.set_index("sip_id")["met_on"])
    for day in ("due_on", "completed_on", "cancelled_on"):
        given = _given(activities[day])
        assert (activities[day][given] >= met[given]).all(), day
    assert not (_given(activities["completed_on"]) & _given(activities["cancelled_on"])).any()


def test_nothing_is_done_after_the_plan_is_closed() -> None:
    frames = _frames("1287")
    closed = frames["sip_activities"]["sip_id"].map(frames["sips"].set_index("sip_id")["closed_on"])
    for day in ("completed_on", "cancelled_on"):
        days = frames["sip_activities"][day]
        both = _given(days) & _given(closed)
        assert (days[both] <= closed[both]).all()


def test_the_region_completes_its_activities_later_and_less_often() -> None:
    activities = _frames("1287", 20.0)["sip_activities"]
    counted = activities[(activities["due_on"] <= "2026-10-01") & ~_given(activities["cancelled_on"])]
    late = pd.to_datetime(counted["completed_on"].replace("", None)) - pd.to_datetime(counted["due_on"])
    in_time = (late <= pd.Timedelta(days=14)).groupby(counted["principal"]).mean()
    assert in_time["municipality"] == pytest.approx(0.88, abs=0.04)
    assert in_time["region"] == pytest.approx(0.63, abs=0.05)
    assert late.groupby(counted["principal"]).median()["region"] > late.groupby(counted["principal"]).median().min()
    assert 0.05 < _given(activities["cancelled_on"]).mean() < 0.25
    is_open = ~_given(activities["completed_on"]) & ~_given(activities["cancelled_on"])
    assert 0.05 < is_open.mean() < 0.3


def test_who_answers_for_an_activity_was_called_and_belongs_to_its_principal() -> None:
    frames = _frames("1287")
    called = set(zip(frames["sip_participants"]["sip_id"], frames["sip_participants"]["actor"], strict=True))
    activities = frames["sip_activities"]
    assert set(zip(activities["sip_id"], activities["actor"], strict=True)) <= called
    assert not set(activities["actor"]) & {"barnet", "vardnadshavare", "polis"}
    regional = activities.loc[activities["principal"] == "region", "actor"]
    assert not set(regional) & {"socialtjanst", "skola", "forskola", "elevhalsa", "oppen_forskola"}
    assert set(activities.loc[activities["principal"] == "private", "actor"]) <= {
        "skola", "forskola", "elevhalsa", "primarvard",
    }  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_five_to_ten_known_plans_are_read_each_quarter(code: str) -> None:
    frames = _frames(code)
    sips, reviews = frames["sips"].set_index("sip_id"), frames["sip_reviews"]
    sizes = reviews.groupby(reviews["reviewed_on"].str[:7]).size()
    assert list(sizes.index) == [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in (3, 6, 9, 12)][:-1]
    assert sizes.iloc[1:].between(5, 10).all()  # the first quarter knows few plans yet
    assert (sips.loc[reviews["sip_id"], "unit_code"].to_numpy() == reviews["unit_code"].to_numpy()).all()
    assert (sips.loc[reviews["sip_id"], "met_on"].to_numpy() <= reviews["reviewed_on"].to_numpy()).all()
    unnamed = sips.loc[reviews["sip_id"], "lead_principal"].to_numpy() == ""
    assert set(reviews["lead_principal_stated"][unnamed]) <= {"nej"}


def test_plans_hold_more_of_the_four_contents_as_time_goes() -> None:
    reviews = pd.concat([_frames(code)["sip_reviews"] for code in CODES])
    lawful = (reviews[CONTENTS] == "ja").all(axis=1)
    first, last = reviews["reviewed_on"] < "2025", reviews["reviewed_on"] >= "2026"
    assert lawful[first].mean() + 0.15 < lawful[last].mean() < 0.9


@pytest.mark.parametrize("code", CODES)
def test_some_agreements_have_run_out_and_one_is_unsigned(code: str) -> None:
    agreements = _frames(code)["agreements"]
    assert 6 <= len(agreements) <= 9
    ran_out = _given(agreements["valid_to"]) & (agreements["valid_to"] <= UNTIL.isoformat())
    assert set(agreements["kind"][ran_out]) == {"agreement", "group_mandate"}
    assert (~_given(agreements["signed_on"])).sum() == 1
    signed = _given(agreements["signed_on"])
    assert (agreements["signed_on"][signed] <= agreements["valid_from"][signed]).all()


@pytest.mark.parametrize("code", CODES)
def test_meetings_follow_a_calendar_and_are_not_all_held_or_documented(code: str) -> None:
    meetings = _frames(code)["meetings"]
    by_forum = meetings[meetings["planned_on"].str[:4] == "2025"]["forum"].value_counts()
    assert by_forum.to_dict() == {
        "local": 11, "central": 4, "steering": 4, "information": 4,
        **({"delregional": 4} if code != "2380" else {}),
    }  # fmt: skip
    past = meetings[meetings["planned_on"] < "2026-10-01"]
    held = past[_given(past["held_on"])]
    assert 0.7 < len(held) / len(past) < 0.97
    assert (held["held_on"] >= held["planned_on"]).all()
    assert 0.6 < _given(held["minutes_on"]).mean() < 0.97
    assert not _given(meetings["minutes_on"][~_given(meetings["held_on"])]).any()
    of_children = held[held["forum"] != "information"]["children_on_agenda"] == "ja"
    assert 0.3 < of_children.mean() < 0.65


def test_some_minutes_are_late_and_future_meetings_are_planned() -> None:
    meetings = pd.concat([_frames(code)["meetings"] for code in CODES])
    written = meetings[_given(meetings["minutes_on"])]
    took = (pd.to_datetime(written["minutes_on"]) - pd.to_datetime(written["held_on"])).dt.days
    assert 0.05 < (took > 28).mean() < 0.35
    ahead = meetings[meetings["planned_on"] > UNTIL.isoformat()]
    assert len(ahead) >= 4
    assert not _given(ahead["held_on"]).any()


def test_information_is_given_to_each_board_twice_a_year() -> None:
    meetings = _frames("1287")["meetings"]
    information = meetings[meetings["forum"] == "information"]
    a_year = information.groupby([information["planned_on"].str[:4], "board_code"]).size()
    assert set(information["board_code"]) == {f"1287-{board.local}" for board in boards(municipality("1287"))}
    assert (a_year.loc["2024":"2026"] == 2).all()
    assert not _given(meetings["board_code"][meetings["forum"] != "information"]).any()
