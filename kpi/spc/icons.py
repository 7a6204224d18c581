"""What a chart says in two icons: variation (is the latest month a signal?) and assurance (is the target reached?)."""

from __future__ import annotations

from enum import StrEnum

from kpi.spc.compare import is_below
from kpi.spc.rules import Label


class Direction(StrEnum):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NEUTRAL = "neutral"

    @property
    def sign(self) -> int:
        """1, -1 or 0."""
        return {Direction.INCREASE: 1, Direction.DECREASE: -1, Direction.NEUTRAL: 0}[self]


class PointType(StrEnum):
    """What a point means, given which way is better."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT = "special_cause_improvement"
    CONCERN = "special_cause_concern"
    NEUTRAL_HIGH = "special_cause_neutral_high"
    NEUTRAL_LOW = "special_cause_neutral_low"


class Variation(StrEnum):
    """The variation icon."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"
    NOT_AVAILABLE = "not_available"


class Assurance(StrEnum):
    """Whether usual variation reaches the target: always, never, or now and then."""

    PASS = "consistent_pass"  # noqa: S105  # nosec B105 # no password
    FAIL = "consistent_fail"
    INCONSISTENT = "inconsistent"

    @property
    def icon(self) -> str:
        """The icon's name: pass, fail or inconsistent."""
        return self.value.removeprefix("consistent_")


def point_type(label: Label, direction: Direction) -> PointType:
    """What a label means when that direction is better."""
    if label is Label.COMMON_CAUSE:
        return PointType.COMMON_CAUSE
    if direction is Direction.NEUTRAL:
        return PointType.NEUTRAL_HIGH if label.sign > 0 else PointType.NEUTRAL_LOW
    return PointType.IMPROVEMENT if label.sign == direction.sign else PointType.CONCERN


def variation(latest: PointType, direction: Direction) -> Variation:
    """The icon of the latest month: an improvement lies high where higher is better, a concern low."""
    is_high = direction is Direction.INCREASE
    match latest:
        case PointType.COMMON_CAUSE:
            return Variation.COMMON_CAUSE
        case PointType.IMPROVEMENT:
            return Variation.IMPROVEMENT_HIGH if is_high else Variation.IMPROVEMENT_LOW
        case PointType.CONCERN:
            return Variation.CONCERN_LOW if is_high else Variation.CONCERN_HIGH
        case PointType.NEUTRAL_HIGH:
            return Variation.NEUTRAL_HIGH
        case PointType.NEUTRAL_LOW:
            return Variation.NEUTRAL_LOW


def assurance(lower: float, upper: float, target: float | None, direction: Direction) -> Assurance | None:
    """Limits against the target, all in the figure's unit; on a limit is inconsistent. None without a target to reach.

    A series without variation is judged by its value: both limits are then the value.
    """
    if target is None or direction is Direction.NEUTRAL:
        return None
    if is_below(upper, target):
        return Assurance.FAIL if direction is Direction.INCREASE else Assurance.PASS
    if is_below(target, lower):
        return Assurance.PASS if direction is Direction.INCREASE else Assurance.FAIL
    return Assurance.INCONSISTENT
