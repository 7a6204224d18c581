"""The controls of two years as they were carried out: when, by whom, what was found and what it was blamed on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Engine, select

from control.evidence import About, EvidenceKind, Given, add_evidence
from control.occasions.carry_out import Finding, sign
from control.occasions.described import Described, describe
from control.occasions.due import due_day, periods_due
from control.occasions.figures import figures_of
from control.occasions.occasion import Proposal, Result
from control.occasions.reviews import CONTENTS, draw_plans, read_drawn, review_plan
from control.plan.content import Control, Method
from control.plan.proposed import proposed_content
from control.plan.scale import DEFAULT
from control.plan.store import adopted_of, revisions_of
from etl.demo_control.cast import BOARD, CHIEF, CONTROLLER, DEVELOPER
from etl.demo_control.plans import ADDED, adopted_on, plan_of, revised_on
from etl.demo_control.words import CAUSES, NOT_DONE, NOTHING_TO_DRAW
from etl.demo_steps import Step, moment
from kpi.access import Viewer
from kpi.definition import Catalogue
from kpi.period import Period, PeriodType
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.plan_tables import control_occasion

_BY = {"Controllern": CONTROLLER}
"""Who signs what somebody answers for; else the chief, since only these two read the board's figures."""
_LATE = frozenset({("frames-agreements", 1), ("deviations-answers", 1), ("unlawful-consent", 2)})
"""Controls and which period of last year (the first is 1): carried out after their day."""
_SKIPPED = ("child_voice-survey", 1)
"""What was never carried out last year."""
_FORGOTTEN = "responsibility-disputes"
"""Whose newest control has not been carried out though its day has passed."""
_SERIOUS = "follow_up-on_time"
"""The control that found a serious lack while the staff of a unit turned over."""
_JUDGED = ({"follow_up": 4, "no_plan": 4, "knowledge": 2}, {"follow_up": 2, "attendance": 3, "unlawful": 2})
"""How probable the risks were found to be last year and this year, where not as the plan says."""
_NOT_WHOLE = (7, 6, 5, 4, 3, 3)
"""How many of the drawn plans lack something, tertial by tertial."""


@dataclass(frozen=True)
class _Occasion:
    """A control of a plan and its period; `is_now`: of this year's plan."""

    control: Control
    year: int
    period: Period
    is_now: bool

    @property
    def index(self) -> int:
        """Which period of its year, from 1."""
        return self.period.number


def control_steps(engine: Engine, catalogue: Catalogue, today: date, turnover: tuple[date, date]) -> Iterator[Step]:
    """Every control that has been carried out. `turnover`: when the staff of a unit turned over."""
    this = today.year
    middle = Period.containing(turnover[0] + (turnover[1] - turnover[0]) / 2, PeriodType.MONTH)
    serious = max(middle, Period(PeriodType.MONTH, this - 1, 1))
    planned = [*_planned(this - 1, is_now=False), *_planned(this, is_now=True)]
    forgotten = _newest_due([one for one in planned if one.control.id == _FORGOTTEN], today)
    for number, one in enumerate(planned):
        if one is forgotten:
            continue
        day = _done_on(one, number)
        is_serious = one.control.id == _SERIOUS and one.period == serious
        yield Step(
            moment(day, 9 + number % 6, number * 7 % 60), partial(_carry_out, engine, catalogue, one, is_serious)
        )


def _planned(year: int, *, is_now: bool) -> Iterator[_Occasion]:
    content = proposed_content("social", DEFAULT)
    told = [(one, adopted_on(year)) for risk in content.risks for one in risk.controls]
    if is_now:
        told.append((ADDED, revised_on(year)))
    for control, since in told:
        for period in periods_due(year, control.frequency, since):
            yield _Occasion(control, year, period, is_now)


def _newest_due(ones: list[_Occasion], today: date) -> _Occasion | None:
    return max((one for one in ones if due_day(one.period) < today), key=lambda one: one.period, default=None)


def _done_on(one: _Occasion, number: int) -> date:
    is_late = not one.is_now and (one.control.id, one.index) in _LATE
    return due_day(one.period) + timedelta(days=11 if is_late else number % 5 - 9)


def _carry_out(engine: Engine, catalogue: Catalogue, one: _Occasion, is_serious: bool, at: datetime) -> None:
    who, today = _BY.get(one.control.responsible, CHIEF), clock.local(at).date()
    number = _number(engine, one)
    if one.control.is_review:
        _review(engine, one, number, today, at)
    found, proposal = _read(engine, catalogue, who, number)
    if one.control.method is Method.TOTAL and one.index == 1:
        told = Given(EvidenceKind.REGISTRATION_NUMBER, "Anteckningar från genomgången", _registered(one), today)
        add_evidence(engine, who, About.OCCASION, number, told, today=today, at=at)
    finding = _finding(one, found, proposal, is_serious, today)
    sign(engine, who, catalogue, number, found.occasion.edits, finding, today=today, at=at)


def _number(engine: Engine, one: _Occasion) -> int:
    """The number of the plan's occasion; of a control that the revision added by what it says."""
    plan = plan_of(engine, BOARD, one.year)
    table = control_occasion
    with reading(engine) as connection:
        adopted = adopted_of(revisions_of(connection, plan.plan_no))
        assert adopted is not None, "a plan is adopted before its controls come due"
        every = (control for risk in adopted.content.risks for control in risk.controls)
        control_id = next(control.id for control in every if control.what == one.control.what)
        return int(
            connection.execute(
                select(table.c.occasion_no).where(
                    table.c.plan_no == plan.plan_no,
                    table.c.control_id == control_id,
                    table.c.period == one.period.code,
                )
            ).scalar_one()
        )


def _read(engine: Engine, catalogue: Catalogue, who: Viewer, number: int) -> tuple[Described, Proposal]:
    with reading(engine) as connection:
        found = describe(connection, number)
        _, proposal = figures_of(connection, who, catalogue, read_organisation(connection), found)
    return found, proposal


def _finding(one: _Occasion, found: Described, proposal: Proposal, is_serious: bool, today: date) -> Finding:
    """What the figures propose, but a serious lack once only."""
    is_skipped = (one.control.id, one.index) == _SKIPPED and not one.is_now
    result = proposal.result or Result.WITHOUT_REMARK
    if result is Result.SERIOUS:
        result = Result.MINOR
    if is_serious:
        result = Result.SERIOUS
    analysis = None if result is Result.WITHOUT_REMARK else CAUSES[found.risk.id]
    if is_skipped:
        result, analysis = Result.NOT_CARRIED_OUT, NOT_DONE
    elif one.control.is_review and found.occasion.sample is None:
        result, analysis = Result.NOT_CARRIED_OUT, NOTHING_TO_DRAW
    judged = _JUDGED[one.is_now].get(found.risk.id, found.risk.probability)
    return Finding(result, analysis, judged, found.risk.consequence, today)


def _registered(one: _Occasion) -> str:
    return f"SN {one.period.last_day.year}/{140 + 10 * one.index}"


def _review(engine: Engine, one: _Occasion, number: int, today: date, at: datetime) -> None:
    """Draw the plans and review each of them; none where nothing is to be drawn from."""
    with reading(engine) as connection:
        seen = describe(connection, number).occasion.edits
    try:
        draw_plans(engine, DEVELOPER, number, seen, at=at)
    except UserError:
        return
    lacking = _NOT_WHOLE[3 * one.is_now + one.index - 1]
    for row, plan in enumerate(read_drawn(engine, DEVELOPER, number, at=at)):
        lacks = row % len(CONTENTS) if row < lacking else None
        contents = [place != lacks for place in range(len(CONTENTS))]
        review_plan(engine, DEVELOPER, plan.number, plan.edits, contents, today=today, at=at)
