"""A deviation's way, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from kpi.case_steps import Fate, Mark, Stage, Step, line, stages
from kpi.views.case_rows import Deviation

REPORTED = date(2025, 1, 1)
BARE = Deviation(
    "D1", "1287", "1287-A", REPORTED, None, "skola", "bup", "annan", None, None, None, None, None, None, None, None
)


def after(days: int) -> date:
    return REPORTED + timedelta(days=days)


def fates(row: Deviation, known_on: date) -> list[str]:
    return [one.fate.value for one in stages(row, known_on, 60, 90)]


def test_what_is_waited_for_is_overdue_on_the_evening_of_its_last_day() -> None:
    assert fates(BARE, after(59)) == ["done", "waiting", "waiting", "never", "waiting"]
    assert fates(BARE, after(60))[1] == "overdue"
    feedback = stages(BARE, after(59), 60, 90)[1]
    assert feedback == Stage(Step.FEEDBACK, Fate.WAITING, None, 59, after(60))


def test_what_came_is_in_time_or_late() -> None:
    assert fates(replace(BARE, feedback_on=after(60)), after(99))[1] == "done"
    assert fates(replace(BARE, feedback_on=after(61)), after(99))[1] == "late"
    acted = replace(BARE, action_decided_on=after(10))
    assert stages(acted, after(99), 60, 90)[3] == Stage(Step.EFFECT, Fate.WAITING, None, 89, after(100))
    assert fates(acted, after(100))[3] == "overdue"
    assert fates(replace(acted, effect_assessed_on=after(101)), after(200))[3] == "late"


def test_closed_without_an_action_is_no_longer_waited_for() -> None:
    found = stages(replace(BARE, closed_on=after(20)), after(99), 60, 90)
    assert [one.fate for one in found[2:]] == [Fate.NEVER, Fate.NEVER, Fate.DONE]
    assert found[-1].days == 20


def test_the_line_holds_the_limit_and_covers_no_mark() -> None:
    row = replace(BARE, feedback_on=after(2), action_decided_on=after(2), closed_on=after(50))
    drawn = line(stages(row, after(99), 60, 90), after(99), 60)
    assert (drawn.last, drawn.limit) == (after(60), 1)
    assert drawn.marks == (Mark(1, 0, 0), Mark(2, 2 / 60, 1), Mark(3, 2 / 60, 2), Mark(5, 50 / 60, 0))
    is_open = line(stages(BARE, after(120), 60, 90), after(120), 60)
    assert (is_open.last, is_open.limit, is_open.marks) == (after(120), 0.5, (Mark(1, 0, 0),))
