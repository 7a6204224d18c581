"""How a figure stands against its target, in words. Pure.

A target without a dated decision is a proposal: it is shown as *föreslaget* and never as missed. A figure that another
principal controls has a watch level instead of a target. Whether a change is more than normal variation is not judged
here (control charts come later), so no word says "tydlig".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kpi import definition as definition_types
from kpi.definition import Definition
from kpi.period import Period

NEAR_POINTS = 0.05
"""A share within five percentage points of its target is near it."""
NEAR_SHARE = 0.10
"""Any other value within ten per cent of its target is near it."""


class State(StrEnum):
    """What a reader sees as shape and words."""

    AWAITS = "awaits"  # nothing to read yet: it is not counted from deliveries
    NOT_YET = "not_yet"  # the period is not covered by any delivery
    NO_CASES = "no_cases"  # covered, but nothing to judge
    TOO_FEW = "too_few"
    NO_TARGET = "no_target"
    REACHES = "reaches"
    NEAR = "near"
    OFF = "off"


class Bound(StrEnum):
    """Which side of the target is good."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    WITHIN = "within"  # so far from zero at most, on either side


@dataclass(frozen=True)
class Target:
    """A target in the value's own unit (a share is 0–1). `is_watch`: a level to watch, since a counterpart decides."""

    bound: Bound
    level: float
    is_decided: bool = False
    is_watch: bool = False
    near: float | None = None
    """The margin within which a value is near; None = the usual one."""


@dataclass(frozen=True)
class Status:
    """The state and its words; `is_preliminary` when the period is unfinished."""

    state: State
    words: str
    is_preliminary: bool = False


def judge(
    value: float | None,
    cases: int,
    *,
    minimum_cases: int,
    target: Target | None,
    is_share: bool,
    is_count: bool = False,
    is_covered: bool = True,
    is_preliminary: bool = False,
) -> Status:
    """The status of a value of `cases` cases; a share is a fraction 0–1, other values are in their own unit. Of a count
    there are more or fewer."""
    state = _state(value, cases, minimum_cases, target, is_share, is_covered)
    return Status(state, _words(state, target, is_count=is_count), is_preliminary)


WITHOUT_TARGET = Status(State.NO_TARGET, "Följs utan mål")
"""Of a figure without a target."""
AWAITING = Status(State.AWAITS, "Inga uppgifter än")
"""Of a figure whose values do not come from deliveries, while there are none."""


def target_for(
    definition: Definition, period: Period, board_code: str | None, municipality_code: str | None
) -> Target | None:
    """The target that holds in the period; else the watch level."""
    if (line := line_for(definition, period, board_code, municipality_code)) is not None:
        return _from_definition(definition, line, is_watch=False)
    return _from_definition(definition, definition.watch, is_watch=True) if definition.watch else None


def line_for(
    definition: Definition, period: Period, board_code: str | None, municipality_code: str | None
) -> definition_types.Target | None:
    """The file's line that holds in the period: a decided one before a proposal, then the most narrowly addressed, then
    the latest."""
    found = [
        target
        for target in definition.targets
        if target.first.first_day <= period.first_day
        and target.board in (None, board_code)
        and target.municipality in (None, municipality_code)
    ]
    decided = [one for one in found if not one.is_proposed]
    return max(
        decided or found,
        key=lambda one: (one.board is not None, one.municipality is not None, one.first.first_day),
        default=None,
    )


def _from_definition(definition: Definition, target: definition_types.Target, *, is_watch: bool) -> Target:
    bound = Bound.AT_LEAST if target.at_least is not None else Bound.AT_MOST
    if definition.direction == "toward_zero":
        bound = Bound.WITHIN
    return Target(bound, target.level, not target.is_proposed, is_watch, target.near)


def distance(value: float, target: Target) -> float:
    """How far on the wrong side of the target, in the value's unit; zero or less when the target is reached."""
    if target.bound is Bound.WITHIN:
        return abs(value) - target.level
    return target.level - value if target.bound is Bound.AT_LEAST else value - target.level


def severity(value: float, target: Target, *, is_share: bool, is_count: bool = False) -> float:
    """The distance counted in margins, so that figures of different units stand in one order: 1 is the edge of near.

    A count has no ceiling as a share has, and its margin may be a case or two, or none at all: it is counted in what
    chance alone makes of it, its square root, where that is more. So 28 against none is 5, as a share 25 percentage
    points from its level.
    """
    chance = abs(value) ** 0.5 if is_count else 0.0
    return distance(value, target) / (max(margin(target, is_share=is_share), chance) or 1.0)


def margin(target: Target, *, is_share: bool) -> float:
    """How far on the wrong side is still near: the target's own, else the usual."""
    usual = NEAR_POINTS if is_share else NEAR_SHARE * abs(target.level)
    return target.near if target.near is not None else usual


def _state(
    value: float | None, cases: int, minimum_cases: int, target: Target | None, is_share: bool, is_covered: bool
) -> State:
    if not is_covered:
        return State.NOT_YET
    if target is None:
        return State.NO_TARGET if value is not None else State.NO_CASES
    if value is None:
        return State.NO_CASES
    if cases < minimum_cases:
        return State.TOO_FEW
    wrong = distance(value, target)
    if wrong <= 1e-9:
        return State.REACHES
    return State.NEAR if wrong <= margin(target, is_share=is_share) + 1e-9 else State.OFF


def _words(state: State, target: Target | None, *, is_count: bool) -> str:
    plain = {
        State.AWAITS: "Inga uppgifter än",
        State.NOT_YET: "Uppgifter saknas",
        State.NO_CASES: "Inga fall att bedöma",
        State.TOO_FEW: "För få fall att bedöma",
        State.NO_TARGET: "Följs utan mål",
    }
    if state in plain or target is None:
        return plain[state]
    if target.is_watch:
        return _watch_words(state, target)
    name = "målet" if target.is_decided else "det föreslagna målet"
    if state is State.REACHES:
        return f"Når {name}"
    if state is State.NEAR:
        return f"Nära {name}"
    if target.is_decided:
        return "Når inte målet"
    if target.bound is Bound.WITHIN:
        return f"Större skillnad än {name}"
    less, more = ("Färre", "Fler") if is_count else ("Lägre", "Högre")
    return f"{less if target.bound is Bound.AT_LEAST else more} än {name}"


def _watch_words(state: State, target: Target) -> str:
    level = "bevakningsnivån" if target.is_decided else "den föreslagna bevakningsnivån"
    if state is State.REACHES:
        return f"Inom {level}"
    if state is State.NEAR:
        return f"Nära {level}"
    if target.bound is Bound.WITHIN:
        return f"Utanför {level}"
    return f"Under {level}" if target.bound is Bound.AT_LEAST else f"Över {level}"
