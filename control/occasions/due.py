"""When a plan's controls come due: a period's control, some days after the period has ended.

What to make is pure; `renew` writes it, and may be run at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from control.plan.content import Frequency, PlanContent, from_json
from kpi.period import Period, PeriodType, periods_between
from warehouse.plan_tables import control_occasion, control_plan, control_plan_decision, control_plan_revision

GRACE_DAYS = 15
"""So many days after its period a control is due."""


@dataclass(frozen=True)
class Adopted:
    """What the board decided that a plan says, and when."""

    decided_on: date
    content: PlanContent


Wanted = dict[tuple[str, int], date]
"""Due days by control and period (its code)."""


def periods_due(year: int, frequency: Frequency, adopted_on: date) -> list[Period]:
    """The year's periods that end after the plan was adopted: of an earlier one nobody was told."""
    type_ = PeriodType(frequency.value)
    every = periods_between(Period(type_, year, 1), Period(type_, year, 12 // type_.months))
    return [period for period in every if period.last_day > adopted_on]


def due_day(period: Period, grace: int = GRACE_DAYS) -> date:
    """The last day to carry out a period's control; of December's, in January."""
    return period.last_day + timedelta(days=grace)


def wanted(year: int, adopted: Sequence[Adopted], grace: int = GRACE_DAYS) -> Wanted:
    """The occasions of the controls that the newest decision holds (the oldest first), each from the decision since
    which it has stood with its frequency."""
    since: dict[tuple[str, Frequency], date] = {}
    for one in adopted:
        holds = {(control.id, control.frequency) for risk in one.content.risks for control in risk.controls}
        since = {control: since.get(control, one.decided_on) for control in holds}
    return {
        (control_id, period.code): due_day(period, grace)
        for (control_id, frequency), from_day in since.items()
        for period in periods_due(year, frequency, from_day)
    }


def stood(year: int, adopted: Sequence[Adopted], grace: int = GRACE_DAYS) -> Wanted:
    """The occasions that stand after these decisions (the oldest first): what the newest asks for, and what earlier
    ones asked for of periods that had ended when a later one was taken."""
    found: Wanted = {}
    for at, one in enumerate(adopted):
        kept = {key: due for key, due in found.items() if _last_day(key[1]) <= one.decided_on}
        found = kept | wanted(year, adopted[: at + 1], grace)
    return found


def renew(connection: Connection, plan_no: int, on: date) -> None:
    """Make the occasions that the decisions taken by the day ask for and are missing, and cancel undone ones that they
    do not ask for, of periods that had not ended when the newest was taken. What is done is never touched."""
    plan = connection.execute(select(control_plan).where(control_plan.c.plan_no == plan_no)).one()
    adopted = _adopted(connection, plan_no, on)
    if not adopted:
        return
    asked = wanted(plan.year, adopted)
    table = control_occasion
    held = {
        (row.control_id, row.period): row for row in connection.execute(select(table).where(table.c.plan_no == plan_no))
    }
    for key, row in held.items():
        if row.status == "due" and key not in asked and _last_day(row.period) > adopted[-1].decided_on:
            _set(connection, row, "cancelled", adopted[-1].decided_on)
        if row.status == "cancelled" and key in asked:
            _set(connection, row, "due")
    missing = [
        {
            "plan_no": plan_no,
            "municipality_code": plan.municipality_code,
            "board_code": plan.board_code,
            "control_id": control_id,
            "period": period,
            "due_on": due_on,
            "status": "due",
            "earlier": [],
            "edits": 0,
        }
        for (control_id, period), due_on in sorted(asked.items())
        if (control_id, period) not in held
    ]
    if missing:
        connection.execute(insert(table), missing)


def _adopted(connection: Connection, plan_no: int, on: date) -> list[Adopted]:
    """The decisions in order; their revisions are locked, so that two renewals do not make the same twice."""
    decision, revision = control_plan_decision, control_plan_revision
    rows = connection.execute(
        select(decision.c.revision, decision.c.decided_on).where(
            decision.c.plan_no == plan_no, decision.c.kind == "adopted", decision.c.decided_on <= on
        )
    )
    decided = {row.revision: row.decided_on for row in rows}
    rows = connection.execute(
        select(revision.c.revision, revision.c.content)
        .where(revision.c.plan_no == plan_no, revision.c.revision.in_(decided))
        .order_by(revision.c.revision)
        .with_for_update()
    )
    return [Adopted(decided[row.revision], from_json(row.content)) for row in rows]


def _last_day(period: int) -> date:
    return Period.from_code(period).last_day


def _set(connection: Connection, row: Row[Any], status: str, cancelled_on: date | None = None) -> None:
    values = {"status": status, "cancelled_on": cancelled_on, "edits": row.edits + 1}
    connection.execute(update(control_occasion).where(control_occasion.c.occasion_no == row.occasion_no).values(values))
