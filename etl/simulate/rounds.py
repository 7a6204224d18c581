"""From the first meeting on: follow-up rounds, the meetings they become, and how each plan ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.simulate.days import after, missing, only, past_july
from etl.simulate.plans import Plans
from etl.simulate.story import Days, Flags, Story, Texts

_MOST_ROUNDS = 8
_GRACE_DAYS = 14


@dataclass(frozen=True)
class Rounds:
    """One row per agreed round: `plan` is the plan's row; round n was agreed at meeting n."""

    plan: np.ndarray
    number: np.ndarray
    agreed_on: Days
    moved_to: Days
    held_on: Days


@dataclass(frozen=True)
class Meetings:
    """One row per meeting held: `plan` is the plan's row; meeting n + 1 is round n, held."""

    plan: np.ndarray
    number: np.ndarray
    met_on: Days


@dataclass(frozen=True)
class Endings:
    """One row per plan."""

    closed_on: Days
    reason: Texts
    evaluated_on: Days
    goal: Texts
    activity_followed_up_on: Days


def follow(story: Story, plans: Plans, rng: np.random.Generator) -> tuple[Rounds, Meetings, Endings]:
    """Round after round until the plan is closed, drifts out of sight, or the story's last day has come."""
    count = len(plans)
    closed, reason = _closed_without_meeting(story, plans, rng)
    evaluated, first_follow_up = missing(count), missing(count)
    day = plans.met_on.copy()
    going: Flags = ~np.isnat(day)
    rounds: list[Rounds] = []
    meetings: list[Meetings] = []
    for number in range(1, _MOST_ROUNDS + 1):
        meetings.append(Meetings(np.flatnonzero(going), np.full(going.sum(), number), day[going]))
        agrees = going & (rng.random(count) < (0.95 if number == 1 else 0.985))
        due = after(day, rng.integers(60, 130, count) + 15 * min(number - 1, 3))
        agreed = only(past_july(rng, due), agrees)
        held = _held(story, plans, agreed, day, rng)
        moved = only(after(agreed, rng.integers(7, 40, count)), (held > agreed + 4) | (rng.random(count) < 0.05))
        place = np.flatnonzero(agrees)
        rounds.append(Rounds(place, np.full(len(place), number), agreed[place], moved[place], held[place]))
        if number == 1:
            first_follow_up = held
        is_held = ~np.isnat(held)
        done = is_held & (rng.random(count) < (0.22 if number == 1 else 0.45))
        evaluates = is_held & (done | (rng.random(count) < 0.3))
        evaluated = np.where(evaluates & (rng.random(count) < 0.85), held, evaluated)
        closes = only(after(held, rng.integers(0, 15, count)), done)
        drifts = agrees & ~is_held & (rng.random(count) < 0.6)
        closes = np.where(drifts, after(agreed, rng.integers(60, 200, count)), closes)
        closes = only(closes, closes <= story.until)
        closed = np.where(np.isnat(closes), closed, closes)
        reason = np.where(np.isnat(closes), reason, np.where(drifts, "other", "goals_met")).astype(object)
        going = is_held & ~done
        day = held
    ends = plans.ends_on <= np.where(np.isnat(closed), story.until, closed)
    endings = Endings(
        closed_on=np.where(ends, plans.ends_on, closed),
        reason=np.where(ends, plans.end_reason, reason).astype(object),
        evaluated_on=evaluated,
        goal=_goals(rng, evaluated),
        activity_followed_up_on=_activities(rng, plans, first_follow_up),
    )
    return _join_rounds(rounds), _join_meetings(meetings), endings


def _held(story: Story, plans: Plans, agreed: Days, met: Days, rng: np.random.Generator) -> Days:
    """When each agreed round was held: in time, late, or never; never after the plan's end or the last day."""
    count = len(agreed)
    in_time = rng.random(count) < story.follow_up_in_time(plans.unit, agreed)
    late = rng.random(count) < 0.65
    near = np.minimum(after(agreed, rng.integers(-10, 11, count)), agreed + _GRACE_DAYS)
    far = after(agreed, _GRACE_DAYS + 2 + rng.gamma(2.0, 16.0, count))
    held = np.where(in_time, np.maximum(near, met), only(far, late))
    return only(held, (held <= story.until) & (held <= plans.ends_on))


def _closed_without_meeting(story: Story, plans: Plans, rng: np.random.Generator) -> tuple[Days, Texts]:
    """Plans that never came to a meeting are mostly closed after a while."""
    count = len(plans)
    begun = np.where(np.isnat(plans.called_on), plans.initiated_on, plans.called_on)
    closes = only(after(begun, rng.integers(60, 200, count)), np.isnat(plans.met_on) & (rng.random(count) < 0.7))
    closes = only(closes, closes <= story.until)
    return closes, np.where(np.isnat(closes), "", "other").astype(object)


def _goals(rng: np.random.Generator, evaluated: Days) -> Texts:
    drawn = rng.random(len(evaluated))
    goal = np.select([drawn < 0.34, drawn < 0.78, drawn < 0.9], ["full", "partial", "none"], "not_assessed")
    return np.where(np.isnat(evaluated), "", goal).astype(object)


def _activities(rng: np.random.Generator, plans: Plans, followed_up: Days) -> Days:
    """Between the meeting and the first follow-up, or on its day."""
    early = followed_up - rng.integers(0, 30, len(plans)).astype("timedelta64[D]")
    return only(np.maximum(early, plans.met_on), rng.random(len(plans)) < 0.8)


def _join_rounds(parts: list[Rounds]) -> Rounds:
    joined = Rounds(
        *(np.concatenate([getattr(part, name) for part in parts])
          for name in ("plan", "number", "agreed_on", "moved_to", "held_on"))
    )  # fmt: skip
    order = np.lexsort((joined.number, joined.plan))
    return Rounds(
        joined.plan[order], joined.number[order], joined.agreed_on[order], joined.moved_to[order], joined.held_on[order]
    )


def _join_meetings(parts: list[Meetings]) -> Meetings:
    plan, number, met_on = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("plan", "number", "met_on")
    )
    order = np.lexsort((number, plan))
    return Meetings(plan[order], number[order], met_on[order])
