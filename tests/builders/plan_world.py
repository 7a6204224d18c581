"""A board's adopted plan and its occasions, written straight into the tables, and viewers of every sort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from control.occasions.due import renew
from control.plan.content import (
    Category,
    Control,
    Frequency,
    Handling,
    Method,
    PlanContent,
    Risk,
    Scale,
    Step,
    as_json,
    hash_of,
)
from kpi.access import Grant, Role, Viewer
from kpi.period import Period
from tests.builders.case_world import UNITS
from tests.builders.warehouse import deliver
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.plan_tables import control_occasion, control_plan, control_plan_decision, control_plan_revision

BOARD, OTHER_BOARD = "1287-SN", "1287-BN"
SCALE = Scale(*(tuple(Step(f"steg {number}", "") for number in range(1, 5)) for _ in range(2)))
ADOPTED = date(2024, 12, 12)
TODAY = date(2025, 5, 5)


def control(identity: str, **more: Any) -> Control:
    """A control, by default of an extract each tertial."""
    usual = Control(
        identity, f"Granska {identity}", Method.EXTRACT, Frequency.TERTIAL, "Verksamhetsutvecklaren", "Nämnden",
        "Tertialrapporten", ("sip_followed_up_in_time",),
    )  # fmt: skip
    return replace(usual, **more)


EXTRACT = control("uppfoljning")
SAMPLED = control("minnesanteckningar", method=Method.SAMPLE, sample_size=12, kpis=())
REVIEW = control("lagens-krav", method=Method.SAMPLE, sample_size=5, is_review=True, kpis=("sip_lawful",))
MONTHLY = control("manadens", frequency=Frequency.MONTH)


def plan(*controls: Control) -> PlanContent:
    """One risk with the controls."""
    risk = Risk(
        "r1", "SIP", "orsak", "händelse", "följd", Category.LEGAL, 2, 3, Handling.CONTROL, 3, None, controls
    )  # fmt: skip
    return PlanContent(SCALE, (risk,))


def viewer(role: Role, board: str = BOARD, **more: Any) -> Viewer:
    """Somebody with the role in the board."""
    return Viewer(role.value, (Grant(role, "1287", frozenset({board}), **more),))


CHIEF, DEVELOPER, CONTROLLER = (viewer(one) for one in (Role.CHIEF, Role.DEVELOPER, Role.CONTROLLER))
AUDITOR, PRESIDIUM = viewer(Role.AUDITOR), viewer(Role.PRESIDIUM)
NEIGHBOUR = viewer(Role.CHIEF, OTHER_BOARD)


def make_plan(connection: Connection, *, board: str = BOARD, year: int = 2025) -> int:
    """A plan without any revision; its number."""
    values = {"municipality_code": "1287", "board_code": board, "year": year, "is_synthetic": 1}
    made = insert(control_plan).values(**values, made_at=clock.now(), made_by="controller")
    number: int = connection.execute(made.returning(control_plan.c.plan_no)).scalar_one()
    return number


def adopt(connection: Connection, plan_no: int, content: PlanContent, decided_on: date) -> None:
    """The plan's next revision, adopted."""
    table = control_plan_revision
    last = connection.scalar(select(func.max(table.c.revision)).where(table.c.plan_no == plan_no))
    revision = 0 if last is None else last + 1
    connection.execute(
        insert(table).values(
            plan_no=plan_no, revision=revision, status="adopted", content=as_json(content),
            content_hash=hash_of(content), edits=0, changed_at=clock.now(), changed_by="controller",
        )
    )  # fmt: skip
    connection.execute(
        insert(control_plan_decision).values(
            plan_no=plan_no, decision_no=revision + 1, kind="adopted", revision=revision, decided_on=decided_on,
            paragraph=f"§ {revision + 1}", registration_number="SN 2024/1", content_hash=hash_of(content),
            entered_at=clock.now(), entered_by="secretary",
        )
    )  # fmt: skip


def adopted_plan(
    engine: Engine, *controls: Control, board: str = BOARD, decided_on: date = ADOPTED, with_units: bool = True
) -> int:
    """An organisation, and a board's plan for 2025 with its occasions."""
    if with_units:
        deliver(engine, "2025-06-30", org_units=UNITS)
    with writing(engine) as connection:
        number = make_plan(connection, board=board)
        adopt(connection, number, plan(*controls), decided_on)
        renew(connection, number, TODAY)
    return number


def numbers(engine: Engine, plan_no: int) -> Mapping[tuple[str, str], int]:
    """The occasions' numbers by control and period."""
    table = control_occasion
    with reading(engine) as connection:
        rows = connection.execute(select(table).where(table.c.plan_no == plan_no)).all()
    return {(row.control_id, str(Period.from_code(row.period))): row.occasion_no for row in rows}
