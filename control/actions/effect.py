"""A figure before and after an action began: its level, the limits of usual variation, and what they speak for. Pure.

Before is up to two years that ended before the action began, after is the whole periods since. Usual variation is told
by the natural limits of the values before (`kpi.spc.xmr`), where the figure has a control chart at all. A person
judges; this only proposes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from control.actions.content import Effect
from kpi.definition import Definition, Rebase, Shape
from kpi.period import Period, PeriodType
from kpi.rolling import window
from kpi.spc.compare import mean, median
from kpi.spc.xmr import SMALLEST_BASE, xmr_limits
from kpi.variation import variation_of
from kpi.views.rows import Reading

SHIFT = 7
"""So many values in a row on one side of the level before are a new level."""
_BEFORE = {PeriodType.MONTH: 24, PeriodType.TERTIAL: 6, PeriodType.YEAR: 5}
_ENOUGH = {PeriodType.MONTH: 3, PeriodType.TERTIAL: 2, PeriodType.YEAR: 1}
"""With fewer periods after it is too early to say."""
_OUTSIDE = 2
"""So many values beyond a limit, the wanted way, are more than usual variation."""


@dataclass(frozen=True)
class Level:
    """Some periods of a figure. `level`: of a share all cases together, else the mean; `count` of the periods have a
    value. `lower` and `upper`: the natural limits; None where they cannot be told."""

    first: Period
    last: Period
    count: int
    cases: int
    level: float | None
    median: float | None
    lower: float | None = None
    upper: float | None = None

    @property
    def stored(self) -> dict[str, str | int | float | None]:
        """As it is kept with what a person judged."""
        return {
            "first": str(self.first), "last": str(self.last), "count": self.count, "cases": self.cases,
            "level": self.level, "median": self.median, "lower": self.lower, "upper": self.upper,
        }  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """Before beside after. `way`: 1 or -1 for what was wanted, 0 where it is not told. `is_shift`: the last seven
    values or more all lie on one side of the level before; `is_beyond`: the figure has moved the wanted way by more
    than usual variation; `is_reached`: as far as was expected (None when nothing was). `proposal`: what the numbers
    speak for (None when they cannot tell); `rebase`: from when a new usual level may be counted."""

    before: Level | None
    after: Level | None
    way: int
    is_wanted: bool
    is_shift: bool
    is_beyond: bool
    is_reached: bool | None
    proposal: Effect | None
    rebase: Period | None


def compare(
    definition: Definition,
    readings: Sequence[Reading],
    starts_on: date,
    *,
    expected_from: float | None = None,
    expected_to: float | None = None,
    rebases: Sequence[Rebase] = (),
) -> Comparison:
    """The figure's readings (the oldest first, one a period) around the day that the action began."""
    known = [one for one in readings if one.value is not None and one.is_covered and not one.is_preliminary]
    begins = _begins(rebases, starts_on)
    earlier = [one for one in known if begins <= one.first.first_day and one.last.last_day < starts_on]
    after = [one for one in known if one.first.first_day >= starts_on]
    before = earlier[-_BEFORE[definition.period] :]
    limits = _limits(definition, before)
    old, new = _level(definition, before, *limits), _level(definition, after)
    way = _way(definition, old, expected_from, expected_to)
    if old is None or new is None or old.level is None or new.level is None:
        proposal = Effect.TOO_EARLY if not after else None
        return Comparison(old, new, way, False, False, False, None, proposal, None)
    has_moved = _side(new.level - old.level)
    is_wanted = bool(way) and has_moved == way
    shift = _shift([one.value or 0.0 for one in after], old.level)
    is_beyond = is_wanted and (shift == way or _outside(after, limits, way) >= _OUTSIDE)
    is_reached = None if expected_to is None or not way else way * (new.level - expected_to) >= -1e-9
    is_early = len(after) < _ENOUGH[definition.period]
    is_told = limits != (None, None) or bool(shift)  # else nothing says what is more than usual variation
    is_enough = len(before) >= _ENOUGH[definition.period] and min(old.cases, new.cases) >= definition.minimum_cases
    found = _proposal(way, is_wanted, is_beyond, is_reached) if is_told and is_enough else None
    return Comparison(
        old,
        new,
        way,
        is_wanted,
        bool(shift),
        is_beyond,
        is_reached,
        Effect.TOO_EARLY if is_early else found,
        after[0].first if shift and limits != (None, None) else None,
    )


def _begins(rebases: Sequence[Rebase], starts_on: date) -> date:
    """Where the usual level before the action began."""
    return max((one.first.first_day for one in rebases if one.first.first_day < starts_on), default=date.min)


def _level(
    definition: Definition, readings: Sequence[Reading], lower: float | None = None, upper: float | None = None
) -> Level | None:
    if not readings:
        return None
    values = [one.value for one in readings]
    is_pooled = definition.adds_up and definition.shape is Shape.SHARE
    level = window(definition, readings).value if is_pooled else mean(values)
    cases = sum(one.cases for one in readings)
    return Level(readings[0].first, readings[-1].last, len(readings), cases, level, median(values), lower, upper)


def _limits(definition: Definition, before: Sequence[Reading]) -> tuple[float | None, float | None]:
    """The natural limits, within what the figure can be; none of too few values or where no chart is drawn."""
    if len(before) < SMALLEST_BASE or variation_of(definition, before, None).chart is None:
        return None, None
    found = xmr_limits([one.value for one in before])
    if found.lower is None or found.upper is None:
        return None, None
    low = -1.0 if definition.unit == "points" else 0.0
    high = 1.0 if definition.is_share else found.upper
    return max(found.lower, low), min(found.upper, high)


def _way(definition: Definition, old: Level | None, expected_from: float | None, expected_to: float | None) -> int:
    if definition.direction in ("increase", "decrease"):
        return 1 if definition.direction == "increase" else -1
    if expected_to is not None and expected_from is not None:
        return _side(expected_to - expected_from)
    return -_side(old.level) if definition.direction == "toward_zero" and old and old.level is not None else 0


def _side(difference: float) -> int:
    return 0 if abs(difference) < 1e-9 else 1 if difference > 0 else -1


def _shift(values: Sequence[float], level: float) -> int:
    """1 or -1 when the last seven values or more lie above or below the level, else 0."""
    sides = {_side(value - level) for value in values[-SHIFT:]}
    return sides.pop() if len(values) >= SHIFT and len(sides) == 1 else 0


def _outside(after: Sequence[Reading], limits: tuple[float | None, float | None], way: int) -> int:
    edge = limits[1] if way > 0 else limits[0]
    return 0 if edge is None else sum(way * ((one.value or 0.0) - edge) > 1e-9 for one in after)


def _proposal(way: int, is_wanted: bool, is_beyond: bool, is_reached: bool | None) -> Effect | None:
    if not way:
        return None
    if not is_wanted:
        return Effect.NO
    if is_beyond:
        return Effect.PARTLY if is_reached is False else Effect.YES
    return Effect.PARTLY if is_reached else Effect.NO
