"""The board's papers: the newest tertial's follow-up is put before it, the rest are drafts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from control.papers.cut import releases_of
from control.papers.kinds import PaperKind
from control.papers.reading import find_paper
from control.papers.service import deliver, make_paper
from control.plan.store import plans_of
from etl.demo_control.cast import BOARD, CONTROLLER, SECRETARY
from etl.demo_steps import moment
from kpi.definition import Catalogue
from kpi.period import Period, PeriodType
from warehouse import clock
from warehouse.database import reading


def write_papers(engine: Engine, catalogue: Catalogue, now: datetime) -> None:
    """Of the newest closed tertial (of the year when it is its last): its follow-up, delivered, and the answer to the
    audit; of the newest plan the plan itself."""
    with reading(engine) as connection:
        newest = max(releases_of(connection, BOARD), key=lambda one: one.period)
        year = plans_of(connection, BOARD)[0].year
    day = clock.local(newest.closed_at).date()

    def later(days: int) -> datetime:
        return min(moment(day + timedelta(days=days), 10), now)

    number = f"SN {day.year}/{200 + newest.period.number}"
    is_whole_year = newest.period.number == 12 // PeriodType.TERTIAL.months
    kind = PaperKind.YEAR if is_whole_year else PaperKind.TERTIAL
    period = newest.period.to(PeriodType.YEAR) if is_whole_year else newest.period
    paper_no = _made(engine, catalogue, kind, period, later(3), number)
    with reading(engine) as connection:
        found = find_paper(connection, paper_no)
    assert found is not None, "it has just been made"
    at = later(8)
    deliver(engine, SECRETARY, paper_no, found.edits, today=clock.local(at).date(), at=at)
    _made(engine, catalogue, PaperKind.CONTROL_PLAN, Period(PeriodType.YEAR, year, 1), later(31))
    _made(engine, catalogue, PaperKind.AUDIT_ANSWER, newest.period, later(38))


def _made(engine: Engine, catalogue: Catalogue, kind: PaperKind, period: Period, at: datetime, number: str = "") -> int:
    today: date = clock.local(at).date()
    return make_paper(
        engine, catalogue, CONTROLLER, kind, BOARD, period, today=today, registration_number=number, at=at
    )
