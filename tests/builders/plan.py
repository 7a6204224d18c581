"""A board, its people and its plan, for tests of internal control."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from control.plan.content import PlanContent
from control.plan.decided import BoardDecision
from control.plan.life import Start, adopt, begin_plan, propose
from control.plan.store import revisions_of, working_of
from kpi.access import Grant, Role, Viewer
from tests.builders.closed_world import unit_row
from tests.builders.warehouse import deliver
from warehouse.database import reading

BOARD, OTHER, FOREIGN = "1287-SN", "1287-BN", "1263-SN"
ORGANISATION = [
    unit_row("1287", "municipality", None),
    unit_row(BOARD, "board", "1287", "social"),
    unit_row("1287-A", "unit", BOARD),
    unit_row(OTHER, "board", "1287", "education"),
    unit_row("1263", "municipality", None),
    unit_row(FOREIGN, "board", "1263", "social"),
]
TODAY = date(2025, 11, 20)
DECISION = BoardDecision(date(2025, 11, 12), "§ 98", "SN 2025/123")


def person(role: Role, board: str = BOARD) -> Viewer:
    units = frozenset({f"{board[:4]}-A"}) if role is Role.UNIT_MANAGER else frozenset()
    return Viewer(role.value, (Grant(role, board[:4], frozenset({board}), units),))


CHIEF, DEVELOPER = person(Role.CHIEF), person(Role.DEVELOPER)
CONTROLLER, SECRETARY = person(Role.CONTROLLER), person(Role.SECRETARY)


def begun(engine: Engine, start: Start = Start.PROPOSED, year: int = 2026, board: str = BOARD) -> int:
    return begin_plan(engine, person(Role.CHIEF, board), board, year, start, today=date(year - 1, 11, 20))


def draft(engine: Engine, plan_no: int) -> PlanContent:
    """What is being written."""
    with reading(engine) as connection:
        work = working_of(revisions_of(connection, plan_no))
    assert work is not None
    return work.content


def seen(engine: Engine, plan_no: int) -> str:
    """The hash of what is being written, as a page would state it."""
    with reading(engine) as connection:
        work = working_of(revisions_of(connection, plan_no))
    assert work is not None
    return work.content_hash


def adopted(engine: Engine, year: int = 2026, board: str = BOARD, start: Start = Start.PROPOSED) -> int:
    """The plan of a year, adopted in the November before it."""
    plan_no = begun(engine, start, year, board)
    propose(engine, person(Role.CHIEF, board), plan_no, seen(engine, plan_no))
    decision = BoardDecision(date(year - 1, 11, 12), "98", f"SN {year - 1}/123")
    secretary = person(Role.SECRETARY, board)
    adopt(engine, secretary, plan_no, seen(engine, plan_no), decision, today=date(year - 1, 11, 20))
    return plan_no


def organised(engine: Engine) -> Engine:
    deliver(engine, "2025-06-30", org_units=ORGANISATION)
    return engine
