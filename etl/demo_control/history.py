"""All of the demo's internal control, as steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Engine, select

from etl.demo_control.actions import action_steps
from etl.demo_control.assessments import assessment_steps
from etl.demo_control.cast import MUNICIPALITY
from etl.demo_control.controls import control_steps as carried_out
from etl.demo_control.plans import plan_steps
from etl.demo_control.remarks import remark_steps
from etl.demo_control.year import year_steps
from etl.demo_steps import Step
from etl.simulate.organisation import TURNOVER_UNIT
from etl.simulate.reference import municipality
from etl.simulate.story import tell
from kpi.definition import Catalogue
from kpi.period import Period, PeriodType
from warehouse.database import reading
from warehouse.plan_tables import control_plan

CLOSED_AFTER = timedelta(days=22)
"""So long after its end a tertial is closed; what is said of it has been said by then."""


def has_history(engine: Engine) -> bool:
    """Whether there is internal control already, the demo's or its visitor's."""
    with reading(engine) as connection:
        return connection.execute(select(control_plan.c.plan_no).limit(1)).first() is not None


def control_steps(engine: Engine, catalogue: Catalogue, today: date, *, reach: date, months: int) -> Iterator[Step]:
    """Steps up to today. `reach`: the day that the deliveries reach, and `months` how many they tell of: what is done
    about the figures follows what was simulated."""
    story = tell(municipality(MUNICIPALITY), months=months, until=reach)
    turnover = _day(story.turnover.first), _day(story.turnover.end)
    tertials = _tertials(today)
    yield from plan_steps(engine, catalogue, today)
    yield from carried_out(engine, catalogue, today, turnover)
    yield from assessment_steps(engine, tertials)
    yield from action_steps(
        engine, catalogue, today, unit_code=f"{MUNICIPALITY}-{TURNOVER_UNIT}", recovers_on=turnover[1],
        checklist_on=_day(story.checklist_on), calls_back_on=_day(story.loss.end),
    )  # fmt: skip
    yield from remark_steps(engine, catalogue, tertials)
    if tertials:
        yield from year_steps(engine, today, tertials[-1])


def _tertials(today: date) -> list[Period]:
    """Last year's and this year's that are old enough to be closed."""
    one = Period(PeriodType.TERTIAL, today.year - 1, 1)
    found = list[Period]()
    while one.last_day + CLOSED_AFTER < today:
        found.append(one)
        one = one.shift(1)
    return found


def _day(moment: np.datetime64) -> date:
    found: date = moment.astype(date)
    return found
