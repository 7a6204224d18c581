"""A deviation's way from report to closing: what has happened, what is waited for, and its place on a line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kpi.views.case_rows import Deviation


class Step(StrEnum):
    """In the order of the routine."""

    REPORTED = "reported"
    FEEDBACK = "feedback"
    ACTION = "action"
    EFFECT = "effect"
    CLOSED = "closed"


class Fate(StrEnum):
    """What became of a step."""

    DONE = "done"
    LATE = "late"
    WAITING = "waiting"
    OVERDUE = "overdue"
    NEVER = "never"  # closed without, or nothing to do it to


@dataclass(frozen=True)
class Stage:
    """A step of one deviation. `days`: from the report (for the effect from the action) to it, or to the day that is
    known while it waits; `due`: its last day in time."""

    step: Step
    fate: Fate
    day: date | None
    days: int | None
    due: date | None = None


@dataclass(frozen=True)
class Mark:
    """A stage that has happened, by its number in the order, on a line from the report (0) to the end (1). `row`: 0 is
    on the line; higher where a neighbour would cover it."""

    number: int
    share: float
    row: int


@dataclass(frozen=True)
class Line:
    """The line from the report to its last day. `limit`: where feedback is due."""

    last: date
    marks: tuple[Mark, ...]
    limit: float


_APART = 0.09
"""Of the line's length: nearer marks would cover each other on a phone."""


def stages(row: Deviation, known_on: date, due_days: int, effect_days: int) -> tuple[Stage, ...]:
    """Every step, as known on the day."""
    start = row.reported_on
    is_closed = row.closed_on is not None
    due = start + timedelta(days=due_days)
    open_days = (known_on - start).days
    action = row.action_decided_on
    found = [Stage(Step.REPORTED, Fate.DONE, start, 0), _against(Step.FEEDBACK, start, row.feedback_on, known_on, due)]
    if action is not None:
        found.append(Stage(Step.ACTION, Fate.DONE, action, (action - start).days))
        effect_due = action + timedelta(days=effect_days)
        found.append(_against(Step.EFFECT, action, row.effect_assessed_on, known_on, effect_due))
    else:
        missing = Fate.NEVER if is_closed else Fate.WAITING
        found.append(Stage(Step.ACTION, missing, None, None if is_closed else open_days))
        found.append(Stage(Step.EFFECT, Fate.NEVER, None, None))
    if row.closed_on is not None:
        found.append(Stage(Step.CLOSED, Fate.DONE, row.closed_on, (row.closed_on - start).days))
    else:
        found.append(Stage(Step.CLOSED, Fate.WAITING, None, open_days))
    return tuple(found)


def _against(step: Step, since: date, came: date | None, known_on: date, due: date) -> Stage:
    if came is not None:
        return Stage(step, Fate.DONE if came <= due else Fate.LATE, came, (came - since).days, due)
    return Stage(step, Fate.WAITING if known_on < due else Fate.OVERDUE, None, (known_on - since).days, due)


def line(found: Sequence[Stage], known_on: date, due_days: int) -> Line:
    """The stages that have happened, on a line that also holds the day that feedback is due."""
    start = found[0].day or known_on
    happened = [(number, one.day) for number, one in enumerate(found, 1) if one.day is not None]
    limit = start + timedelta(days=due_days)
    is_open = found[-1].day is None
    last = max([day for _, day in happened] + [limit] + ([known_on] if is_open else []))
    length = max((last - start).days, 1)
    marks: list[Mark] = []
    for number, day in sorted(happened, key=lambda pair: (pair[1], pair[0])):
        share = max((day - start).days, 0) / length
        near = {one.row for one in marks if abs(one.share - share) < _APART}
        marks.append(Mark(number, share, next(at for at in range(len(happened)) if at not in near)))
    return Line(last, tuple(marks), (limit - start).days / length)
