"""The demo's history as steps in time: each is done as if on its day, in order, so that the log reads as a history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from warehouse import clock


@dataclass(frozen=True)
class Step:
    """What is done at a moment, given that moment."""

    at: datetime
    do: Callable[[datetime], None]


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """So late on the day by the Swedish clock, in UTC; on a weekday, since nobody works on a Saturday."""
    weekday = day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day
    return clock.midnight(weekday) + timedelta(hours=hour, minutes=minute)


def run_steps(steps: Iterable[Step], now: datetime) -> None:
    """Those whose moment has come, in the order of their moments."""
    for step in sorted((one for one in steps if one.at <= now), key=lambda one: one.at):
        step.do(step.at)
