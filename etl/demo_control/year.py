"""The board's year since the newest closed tertial: its secretary planned the days, and the risk analysis was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Engine

from control.year.days import DateKind
from control.year.planning import finish_risk_analysis, plan_days, proposal, read_year
from etl.demo_control.cast import BOARD, SECRETARY
from etl.demo_control.plans import NEXT_BEGINS
from etl.demo_steps import Step, moment
from kpi.period import Period
from warehouse import clock
from warehouse.database import reading


def year_steps(engine: Engine, today: date, newest: Period) -> Iterator[Step]:
    """`newest`: the newest closed tertial. Earlier days would count as late, since nothing was put before the board."""
    yield Step(moment(newest.last_day + timedelta(days=9), 11), partial(_plan, engine))
    analysed = date(today.year, *NEXT_BEGINS) + timedelta(days=1)
    yield Step(moment(analysed, 16), partial(_analyse, engine))


def _plan(engine: Engine, at: datetime) -> None:
    today = clock.local(at).date()
    with reading(engine) as connection:
        days = proposal(connection, SECRETARY, BOARD, today)
    plan_days(engine, SECRETARY, BOARD, days, today=today, at=at)


def _analyse(engine: Engine, at: datetime) -> None:
    today = clock.local(at).date()
    with reading(engine) as connection:
        days = [one for one in read_year(connection, SECRETARY, [BOARD]) if one.kind is DateKind.RISK_ANALYSIS]
    for one in days:
        if one.is_open and one.period.year == today.year + 1:
            finish_risk_analysis(engine, SECRETARY, one.number, one.edits, today, today=today, at=at)
