"""The seven steps: what becomes of a plan at each, and that every step counts every plan once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.process import STEPS, Fate, Limits, PlanDays, Process, Step, follow, grouped, process

LIMITS = Limits(met_days=30, late_days=30)
BEGAN, UNTIL = date(2025, 1, 10), date(2025, 12, 31)
T, S, U, L, X = Fate.TAKEN, Fate.SKIPPED, Fate.UNDER_WAY, Fate.LEFT, Fate.STOPPED


def plan(
    days: Mapping[str, int] | None = None,
    *,
    consent: str = "given",
    agreed: int | None = None,
    reason: str | None = None,
    began: date = BEGAN,
    consent_on: date | None = None,
) -> PlanDays:
    """`days`: the steps that have a day, by how many days after the initiative."""
    found = {name: began + timedelta(days=at) for name, at in (days or {}).items()}
    return PlanDays(
        "A", "skola", began, tuple(found.get(one.value) for one in STEPS), consent, consent_on, reason,
        None if agreed is None else began + timedelta(days=agreed),
    )  # fmt: skip


MET = {"called_on": 5, "mapped_on": 9, "met_on": 20}
DONE = MET | {"activity_followed_up_on": 60, "evaluated_on": 90, "followed_up_on": 80, "closed_on": 120}
CASES = {
    "nothing has happened, and the day of a meeting has passed": (plan(), [X] * 7),
    "nothing has happened, and it has not passed": (plan(began=date(2025, 12, 1)), [U] * 7),
    "the thirtieth day is in time": (plan(began=UNTIL - timedelta(days=30)), [U] * 7),
    "it has passed": (plan(began=UNTIL - timedelta(days=31)), [X] * 7),
    "called and no more": (plan({"called_on": 5}), [T, *[X] * 6]),
    "closed without a meeting": (plan({"called_on": 5, "closed_on": 9}, reason="other"), [T, *[X] * 6]),
    "declined": (plan({"called_on": 5, "closed_on": 9}, consent="declined"), [T, *[L] * 6]),
    "met and goes on, no follow-up agreed": (plan(MET), [T, T, T, U, U, U, U]),
    "met, and the follow-up is not late": (plan(MET, agreed=325), [T, T, T, U, U, U, U]),
    "met, and the follow-up is late": (plan(MET, agreed=324), [T, T, T, X, X, X, X]),
    "late, but followed up": (plan(MET | {"followed_up_on": 340}, agreed=60), [T, T, T, S, S, T, U]),
    "all of it": (plan(DONE, reason="goals_met", agreed=60), [T] * 7),
    "closed without an evaluation": (plan(MET | {"closed_on": 90}, reason="age_18"), [T, T, T, S, S, S, T]),
    "no mapping": (plan({"called_on": 5, "met_on": 20}), [T, S, T, U, U, U, U]),
    "moved": (plan(DONE, reason="moved"), [T, T, T, T, T, T, L]),
    "withdrawn": (plan(MET | {"closed_on": 90}, consent="withdrawn"), [T, T, T, L, L, L, L]),
    "withdrawn later": (plan(MET, consent="withdrawn", consent_on=date(2026, 1, 1)), [T, T, T, U, U, U, U]),
    "followed up without a day for the meeting": (plan({"followed_up_on": 80}), [S, S, S, S, S, T, U]),
    "what happens later is not known yet": (plan(MET | {"closed_on": 900}, reason="moved"), [T, T, T, U, U, U, U]),
}  # fmt: skip


def fates(found: Process) -> list[Fate]:
    return [next(fate for fate in Fate if step.of(fate)) for step in found.steps]


@pytest.mark.parametrize(("one", "expected"), CASES.values(), ids=CASES)
def test_what_becomes_of_a_plan(one: PlanDays, expected: list[Fate]) -> None:
    assert fates(process(follow([one], UNTIL, LIMITS))) == expected


def test_where_plans_stop_and_how_long_the_steps_take() -> None:
    found = process(follow([one for one, _ in CASES.values()], UNTIL, LIMITS))
    assert found.total == len(CASES)
    assert (found.met, found.stopped, found.left) == (12, 5, 3)
    assert [one.stopped_before for one in found.steps] == [2, 2, 0, 1, 0, 0, 0]
    assert found.worst is not None
    assert found.worst.step is Step.CALL, "the earliest of equals"
    assert found.most_skipped is not None
    assert (found.most_skipped.step, found.most_skipped.skipped) == (Step.ACTIVITIES, 3)
    meeting, closing = found.at(Step.MEETING), found.at(Step.CLOSING)
    assert (meeting.from_initiative.days, meeting.from_initiative.cases, meeting.from_meeting) == (20, 11, None)
    assert (closing.from_initiative.days, closing.from_initiative.cases) == (105, 2)
    assert closing.from_meeting is not None
    assert (closing.from_meeting.days, closing.from_meeting.cases) == (85, 2)
    assert meeting.expected == found.total - meeting.left - meeting.under_way
    assert meeting.share == meeting.taken / (meeting.taken + meeting.skipped + meeting.stopped)


def test_no_plans() -> None:
    found = process(follow([], UNTIL, LIMITS))
    assert (found.total, found.met, found.worst, found.most_skipped) == (0, 0, None, None)
    assert found.at(Step.MEETING).from_initiative.days is None
    assert found.at(Step.MEETING).share is None


def test_a_plan_that_began_later_is_not_counted() -> None:
    assert follow([plan(began=UNTIL + timedelta(days=1))], UNTIL, LIMITS) == []


days = st.one_of(st.none(), st.integers(0, 400))
plans = st.builds(
    lambda at, consent, reason, agreed: plan(
        {one.value: day for one, day in zip(STEPS, at, strict=True) if day is not None},
        consent=consent, reason=reason, agreed=agreed,
    ),
    st.tuples(*[days] * 7),
    st.sampled_from(["given", "declined", "withdrawn", "unknown"]),
    st.sampled_from([None, "goals_met", "moved", "consent_withdrawn", "other"]),
    days,
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(plans, max_size=12))
def test_every_step_counts_every_plan_once_and_stops_add_up(some: list[PlanDays]) -> None:
    ways = follow(some, UNTIL, LIMITS)
    found = process(ways)
    stopped = 0
    for step in found.steps:
        assert sum(step.of(fate) for fate in Fate) == found.total == len(some)
        stopped += step.stopped_before
        assert step.stopped <= stopped, "a plan that stopped later is counted where it went past"
    assert stopped == found.stopped
    parts = grouped(ways, lambda one: one.consent)
    assert sum(process(part).met for part in parts.values()) == found.met
