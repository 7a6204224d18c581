"""The seven steps of plans (SIP), and where plans stop. Pure.

A plan is followed to a day (`until`), and each step counts it once, as one of five (`Fate`), so that a step's five
numbers always make up all plans:
- *taken*: the step has a day;
- *skipped*: it has none, and a later step has;
- *under way*: the plan goes on and is not late, so the step is not yet to be expected;
- *left*: consent was declined or withdrawn, or the child moved: the plan left the path by right;
- *stopped*: nothing further has happened although it should have: no meeting by the day that it was due (or closed
  without one), or no follow-up by the agreed day and the days after it that count as late.

The law names no days for the steps between the meeting and the follow-up, nor for the closing: a plan that goes on has
not failed them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from statistics import median
from typing import TypeVar


class Step(Enum):
    """The steps in their order, by the contract's names."""

    CALL = "called_on"
    MAPPING = "mapped_on"
    MEETING = "met_on"
    ACTIVITIES = "activity_followed_up_on"
    EVALUATION = "evaluated_on"
    FOLLOW_UP = "followed_up_on"
    CLOSING = "closed_on"


STEPS = tuple(Step)
_MEETING, _FOLLOW_UP, _CLOSING = (STEPS.index(one) for one in (Step.MEETING, Step.FOLLOW_UP, Step.CLOSING))
_LEAVES = ("consent_withdrawn", "moved")
"""Reasons of closing that are nobody's failing; as the figure of evaluated closings has it."""


class Fate(Enum):
    """What has become of a plan at a step."""

    TAKEN = "taken"
    SKIPPED = "skipped"
    UNDER_WAY = "under_way"
    LEFT = "left"
    STOPPED = "stopped"


@dataclass(frozen=True)
class PlanDays:
    """A plan's days. `days`: in order of `STEPS`; `agreed_on`: the day agreed for its first follow-up."""

    unit_code: str
    caller: str
    initiated_on: date
    days: tuple[date | None, ...]
    consent: str
    consent_on: date | None
    closed_reason: str | None
    agreed_on: date | None


@dataclass(frozen=True)
class Limits:
    """After how many days without a meeting a plan has stopped, and how many after the agreed follow-up."""

    met_days: int
    late_days: int


@dataclass(frozen=True)
class Middle:
    """The median of so many plans' days; None without any."""

    days: float | None
    cases: int


@dataclass(frozen=True)
class StepCount:
    """A step: how many plans met each fate there, and the median days to it from the initiative and, for the steps
    after the meeting, from the meeting. `stopped_before`: those that had come to the step before and no further."""

    step: Step
    taken: int
    skipped: int
    under_way: int
    left: int
    stopped: int
    stopped_before: int
    from_initiative: Middle
    from_meeting: Middle | None

    @property
    def expected(self) -> int:
        """The plans that should have taken the step by now."""
        return self.taken + self.skipped + self.stopped

    @property
    def share(self) -> float | None:
        """Of the plans that should have taken the step, those that did, 0–1; None without any."""
        return self.taken / self.expected if self.expected else None

    def of(self, fate: Fate) -> int:
        """How many met the fate."""
        return {
            Fate.TAKEN: self.taken, Fate.SKIPPED: self.skipped, Fate.UNDER_WAY: self.under_way,
            Fate.LEFT: self.left, Fate.STOPPED: self.stopped,
        }[fate]  # fmt: skip


@dataclass(frozen=True)
class Process:
    """Some plans' way through the steps."""

    total: int
    steps: tuple[StepCount, ...]

    def at(self, step: Step) -> StepCount:
        """The step's counts."""
        return self.steps[STEPS.index(step)]

    @property
    def met(self) -> int:
        """The plans that came to a meeting, also those whose meeting's day is missing."""
        return self.at(Step.MEETING).taken + self.at(Step.MEETING).skipped

    @property
    def stopped(self) -> int:
        """The plans that have stopped, wherever."""
        return self.steps[-1].stopped

    @property
    def left(self) -> int:
        """The plans that left by right."""
        return self.steps[-1].left

    @property
    def worst(self) -> StepCount | None:
        """The step before which most plans stopped, the earliest of equals; None when none has stopped."""
        found = max(self.steps, key=lambda one: one.stopped_before)
        return found if found.stopped_before else None

    @property
    def most_skipped(self) -> StepCount | None:
        """The step that most plans went past without taking it."""
        found = max(self.steps, key=lambda one: one.skipped)
        return found if found.skipped else None


@dataclass(frozen=True)
class Way:
    """A plan with the days that have come, the furthest step with one (-1: none) and what it meets after it."""

    plan: PlanDays
    days: tuple[date | None, ...]
    furthest: int
    end: Fate

    def fate(self, at: int) -> Fate:
        """What has become of it at a step, by the step's place."""
        if self.days[at] is not None:
            return Fate.TAKEN
        return Fate.SKIPPED if at < self.furthest else self.end


def follow(plans: Iterable[PlanDays], until: date, limits: Limits) -> list[Way]:
    """How far each plan had come at the end of the day `until`; those that began by then."""
    return [_way(one, until, limits) for one in plans if one.initiated_on <= until]


def process(ways: Sequence[Way]) -> Process:
    """The plans' ways, counted."""
    stops = Counter(one.furthest + 1 for one in ways if one.end is Fate.STOPPED)
    return Process(len(ways), tuple(_count(ways, at, stops[at]) for at in range(len(STEPS))))


_Key = TypeVar("_Key")


def grouped(ways: Iterable[Way], key: Callable[[PlanDays], _Key]) -> dict[_Key, list[Way]]:
    """The ways by what the key says of each plan."""
    found: dict[_Key, list[Way]] = {}
    for one in ways:
        found.setdefault(key(one.plan), []).append(one)
    return found


def _way(plan: PlanDays, until: date, limits: Limits) -> Way:
    days = tuple(one if one is not None and one <= until else None for one in plan.days)
    is_closed, has_met = days[_CLOSING] is not None, any(days[_MEETING:_CLOSING])
    if _has_left(plan, until, is_closed=is_closed):
        days, end = (*days[:_CLOSING], None), Fate.LEFT
    elif not has_met and (is_closed or _passed(plan.initiated_on, limits.met_days, until)):
        days, end = (*days[:_CLOSING], None), Fate.STOPPED  # closing a plan that never met ends no path
    elif is_closed or days[_FOLLOW_UP] is not None or plan.agreed_on is None or not has_met:
        end = Fate.UNDER_WAY
    else:
        end = Fate.STOPPED if _passed(plan.agreed_on, limits.late_days, until) else Fate.UNDER_WAY
    furthest = max((at for at, day in enumerate(days) if day is not None), default=-1)
    return Way(plan, days, furthest, end)


def _has_left(plan: PlanDays, until: date, *, is_closed: bool) -> bool:
    if plan.consent in ("declined", "withdrawn") and (plan.consent_on is None or plan.consent_on <= until):
        return True
    return is_closed and plan.closed_reason in _LEAVES


def _passed(since: date, days: int, until: date) -> bool:
    return until > since + timedelta(days=days)


def _count(ways: Sequence[Way], at: int, stopped_before: int) -> StepCount:
    fates = Counter(one.fate(at) for one in ways)
    taken = [(one, day) for one in ways if (day := one.days[at]) is not None]
    begun = _middle([(day - one.plan.initiated_on).days for one, day in taken])
    met = [(day - first).days for one, day in taken if (first := one.days[_MEETING]) is not None]
    return StepCount(
        STEPS[at],
        fates[Fate.TAKEN],
        fates[Fate.SKIPPED],
        fates[Fate.UNDER_WAY],
        fates[Fate.LEFT],
        fates[Fate.STOPPED],
        stopped_before,
        begun,
        _middle(met) if at > _MEETING else None,
    )


def _middle(days: Sequence[int]) -> Middle:
    return Middle(float(median(days)) if days else None, len(days))
