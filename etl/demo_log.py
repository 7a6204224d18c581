"""Made-up events for the demo's log: two months of reading, some of it unusual, and the first month reviewed.

Nobody is named: users are called by their role. Every event says that it is synthetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Engine

from control.audit.actions import Action
from control.audit.hours import is_working_day
from control.audit.log import record
from control.audit.review_store import findings, sign
from etl.demo_steps import Step
from kpi.access import Grant, Role, Viewer
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType, periods_between
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading

BOARD, MUNICIPALITY = "1287-SN", "1287"
DPO = Viewer("Dataskyddsombud", (Grant(Role.DPO, MUNICIPALITY),))
_SYNTHETIC = {"synthetic": True}


@dataclass(frozen=True)
class _Told:
    """An event to be: when by the Swedish clock, whose, and what."""

    day: date
    at: time
    viewer: Viewer
    action: Action
    resource: str
    more: dict[str, Any]

    @property
    def moment(self) -> datetime:
        """In UTC."""
        since = timedelta(hours=self.at.hour, minutes=self.at.minute)
        return clock.midnight(self.day) + since


def log_steps(engine: Engine, *, seed: int, since: date) -> Iterator[Step]:
    """Two whole months before this one, as they are read; every month since a day is reviewed, but for the last. The
    log must be empty."""
    with reading(engine) as connection:
        units = _units(read_organisation(connection))
    last = Period.containing(clock.today(), PeriodType.MONTH).shift(-1)
    first = last.shift(-1)
    told = [*_usual(first, units, seed), *_usual(last, units, seed + 1), *_odd_once(first), *_odd(last, units)]
    for one in told:
        yield Step(one.moment, partial(_write, engine, one))
    for month in periods_between(min(first, Period.containing(since, PeriodType.MONTH)), first):
        day = month.shift(1).first_day + timedelta(days=5)
        yield Step(clock.midnight(day) + timedelta(hours=9), partial(_review, engine, month))


def _write(engine: Engine, one: _Told, at: datetime) -> None:
    record(engine, one.viewer, one.action, one.resource, board_code=BOARD, details=_SYNTHETIC, at=at, **one.more)


def _units(organisation: Organisation) -> list[str]:
    """Three units of the board."""
    today = clock.today()
    return list(islice((one.code for one in organisation.under(BOARD, today, today) if one.level == "unit"), 3))


def _viewer(label: str, role: Role, *units: str) -> Viewer:
    return Viewer(label, (Grant(role, MUNICIPALITY, frozenset({BOARD}), frozenset(units)),))


def _rows(unit: str, count: int, reason: str) -> dict[str, Any]:
    """A read of rows; their keys are made up."""
    keys = [f"A-{unit}-{number:03}" for number in range(1, count + 1)]
    return {"unit_code": unit, "rows": keys, "reason": reason}


def _usual(month: Period, units: list[str], seed: int) -> Iterator[_Told]:
    """Managers follow up their own unit now and then; the controller takes out files; somebody logs in."""
    rng = np.random.default_rng(seed)
    controller = _viewer("Controller, Trelleborg", Role.CONTROLLER)
    days = [day for day in _days(month) if is_working_day(day)]
    for number, unit in enumerate(units, start=1):
        manager = _viewer(f"Enhetschef {number}, Trelleborg", Role.UNIT_MANAGER, unit)
        for day in rng.choice(len(days), size=6, replace=False):
            at = time(int(rng.integers(8, 16)), int(rng.integers(60)))
            more = _rows(unit, int(rng.integers(2, 7)), "uppföljning av öppna avvikelser")
            yield _Told(days[day], at, manager, Action.ROWS_READ, "avvikelser", more)
    for day in rng.choice(len(days), size=3, replace=False):
        at = time(int(rng.integers(9, 15)), int(rng.integers(60)))
        yield _Told(days[day], at, controller, Action.LOGIN, "webbplatsen", {})
        yield _Told(days[day], at, controller, Action.EXPORT, "samkoll-jamforelse-trelleborg.xlsx", {})


def _odd_once(month: Period) -> Iterator[_Told]:
    """Somebody at work on a Saturday."""
    saturday = next(day for day in _days(month) if day.weekday() == 5)
    controller = _viewer("Controller, Trelleborg", Role.CONTROLLER)
    yield _Told(saturday, time(10, 20), controller, Action.EXPORT, "samkoll-jamforelse-trelleborg.pdf", {})


def _odd(month: Period, units: list[str]) -> Iterator[_Told]:
    """Three things to look into: a late evening at another unit, and a member who tried a closed door."""
    if len(units) > 1:
        manager = _viewer("Enhetschef 1, Trelleborg", Role.UNIT_MANAGER, units[0])
        day = [day for day in _days(month) if is_working_day(day)][8]
        more = _rows(units[1], 9, "samråd om ett ärende")
        yield _Told(day, time(22, 47), manager, Action.ROWS_READ, "avvikelser", more)
    member = _viewer("Ledamot, Trelleborg", Role.MEMBER)
    day = [day for day in _days(month) if is_working_day(day)][12]
    for minute in (2, 3, 5):
        yield _Told(day, time(13, minute), member, Action.ACCESS_REFUSED, "/leveranser", {})


def _days(month: Period) -> list[date]:
    count = (month.last_day - month.first_day).days + 1
    return [month.first_day + timedelta(days=number) for number in range(count)]


def _review(engine: Engine, month: Period, signed: datetime) -> None:
    """A month, signed some days into the next one."""
    with reading(engine) as connection:
        found = findings(connection, DPO, MUNICIPALITY, month)
    texts = {one.id: "Påhittat: frågat och fått en rimlig förklaring." for one in found}
    sign(engine, DPO, MUNICIPALITY, month, texts, now=signed)
