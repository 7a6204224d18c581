"""Plans: last year's and this year's of the first board, next year's in the autumn, and what two other boards have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Engine

from control.plan.content import Control, Frequency, Method
from control.plan.decided import BoardDecision
from control.plan.editing import hash_of_risk, save_control
from control.plan.life import Start, adopt, begin_plan, begin_revision, close_plan, follow_up, propose
from control.plan.store import Plan, Revision, plans_of, revisions_of, working_of
from etl.demo_control.cast import (
    BOARD,
    CHIEF,
    CONTROLLER,
    EDUCATION,
    EDUCATION_CHIEF,
    SECRETARY,
    SVEDALA_BOARD,
    SVEDALA_CONTROLLER,
)
from etl.demo_steps import Step, moment
from kpi.access import Viewer
from kpi.definition import Catalogue
from warehouse import clock
from warehouse.database import reading

NEXT_BEGINS = (10, 6)
"""The day of the year on which next year's plan is begun."""
REVISED_RISK = "attendance"
ADDED = Control(
    "",
    "Följ att kallelser till barn- och ungdomspsykiatrin skickas minst tre veckor före mötet",
    Method.EXTRACT,
    Frequency.QUARTER,
    "Enhetscheferna",
    "Nämnden",
    "Vid tertialuppföljningen",
    ("sip_absence_unannounced",),
)
"""The control that this year's revision adds."""


def adopted_on(year: int) -> date:
    """When the first board adopted its plan for the year."""
    return date(year - 1, 11, 26)


def revised_on(year: int) -> date:
    """When it adopted the year's revision."""
    return date(year, 3, 24)


def plan_steps(engine: Engine, catalogue: Catalogue, today: date) -> Iterator[Step]:
    """Everything that is done with plans."""
    last, this = today.year - 1, today.year
    yield from _written(engine, BOARD, last, Start.PROPOSED)
    yield from _written(engine, BOARD, this, Start.EARLIER)
    yield from _revised(engine, catalogue, this)
    for end, day, paragraph in ((follow_up, date(this, 2, 18), "§ 12"), (close_plan, revised_on(this), "§ 29")):
        decision = BoardDecision(day, paragraph, f"SN {last}/312")
        yield Step(moment(day + timedelta(days=2), 10), partial(_end, engine, end, last, decision))
    begins = date(this, *NEXT_BEGINS)
    if begins <= today:
        yield Step(moment(begins, 9), partial(_begin, engine, CONTROLLER, BOARD, this + 1, Start.EARLIER))
    yield from _of_others(engine, today)


def _written(engine: Engine, board: str, year: int, start: Start) -> Iterator[Step]:
    """A plan from its beginning in the autumn to the board's decision."""
    begins, day = date(year - 1, *NEXT_BEGINS), adopted_on(year)
    yield Step(moment(begins, 9), partial(_begin, engine, CONTROLLER, board, year, start))
    yield Step(moment(date(year - 1, 11, 4), 15), partial(_propose, engine, CHIEF, board, year))
    decision = BoardDecision(day, "§ 98", f"SN {year - 1}/312")
    yield Step(moment(day + timedelta(days=2), 9), partial(_adopt, engine, SECRETARY, board, year, decision))


def _revised(engine: Engine, catalogue: Catalogue, year: int) -> Iterator[Step]:
    day = revised_on(year)
    decision = BoardDecision(day, "§ 31", f"SN {year}/58")
    yield Step(moment(date(year, 2, 24), 13), partial(_revise, engine, catalogue, year))
    yield Step(moment(date(year, 3, 3), 11), partial(_propose, engine, CHIEF, BOARD, year))
    yield Step(moment(day + timedelta(days=2), 9), partial(_adopt, engine, SECRETARY, BOARD, year, decision))


def _of_others(engine: Engine, today: date) -> Iterator[Step]:
    """The education board's plan waits for its board; Svedala's is adopted."""
    year = today.year + (today.month >= NEXT_BEGINS[0])
    weeks = timedelta(weeks=1)
    begin = partial(_begin, engine, EDUCATION_CHIEF, EDUCATION, year, Start.PROPOSED)
    yield Step(moment(today - 6 * weeks, 14), begin)
    yield Step(moment(today - 2 * weeks, 14), partial(_propose, engine, EDUCATION_CHIEF, EDUCATION, year))
    who, board, day = SVEDALA_CONTROLLER, SVEDALA_BOARD, today - 4 * weeks
    decision = BoardDecision(day, "§ 104", f"SN {day.year}/281")
    yield Step(moment(today - 9 * weeks, 10), partial(_begin, engine, who, board, year, Start.PROPOSED))
    yield Step(moment(today - 6 * weeks, 10), partial(_propose, engine, who, board, year))
    yield Step(moment(day + timedelta(days=3), 10), partial(_adopt, engine, who, board, year, decision))


def _begin(engine: Engine, who: Viewer, board: str, year: int, start: Start, at: datetime) -> None:
    begin_plan(engine, who, board, year, start, today=_day(at), at=at)


def _propose(engine: Engine, who: Viewer, board: str, year: int, at: datetime) -> None:
    plan, work = _work(engine, board, year)
    propose(engine, who, plan.plan_no, work.content_hash, at=at)


def _adopt(engine: Engine, who: Viewer, board: str, year: int, decision: BoardDecision, at: datetime) -> None:
    plan, work = _work(engine, board, year)
    adopt(engine, who, plan.plan_no, work.content_hash, decision, today=_day(at), at=at)


def _revise(engine: Engine, catalogue: Catalogue, year: int, at: datetime) -> None:
    plan = plan_of(engine, BOARD, year)
    why = (
        "Oanmäld frånvaro på SIP-möten upptäcktes först när tertialet var slut. Nämnden vill följa kallelserna oftare."
    )
    begin_revision(engine, CONTROLLER, plan.plan_no, why, at=at)
    risk = _work(engine, BOARD, year)[1].content.risk(REVISED_RISK)
    assert risk is not None, "the shipped plan has the risk"
    save_control(engine, CONTROLLER, catalogue, plan.plan_no, risk.id, ADDED, hash_of_risk(risk), at=at)


def _end(engine: Engine, end: Callable[..., None], year: int, decision: BoardDecision, at: datetime) -> None:
    end(engine, SECRETARY, plan_of(engine, BOARD, year).plan_no, decision, today=_day(at), at=at)


def plan_of(engine: Engine, board: str, year: int) -> Plan:
    """The board's plan for the year, which is begun."""
    with reading(engine) as connection:
        return next(one for one in plans_of(connection, board) if one.year == year)


def _work(engine: Engine, board: str, year: int) -> tuple[Plan, Revision]:
    plan = plan_of(engine, board, year)
    with reading(engine) as connection:
        work = working_of(revisions_of(connection, plan.plan_no))
    assert work is not None, "a plan that is written has a draft or a proposal"
    return plan, work


def _day(at: datetime) -> date:
    return clock.local(at).date()
