"""Rows of internal control put straight into the product's tables, for tests of what is made of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert

from warehouse.action_tables import action, action_effect
from warehouse.assessment_tables import assessment
from warehouse.paper_tables import board_date
from warehouse.plan_tables import control_occasion, control_plan, sample_case

AT = datetime(2024, 1, 2, 8, tzinfo=UTC)
SOMEBODY, ANOTHER = "controller", "ordförande"
HOME: dict[str, Any] = {"municipality_code": "1287", "board_code": "soc"}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def plan(connection: Connection, plan_no: int = 1, **more: Any) -> None:
    """A board's plan that its controls belong to."""
    own = {"plan_no": plan_no, "year": 2024, "is_synthetic": 0, "made_at": AT, "made_by": SOMEBODY}
    connection.execute(insert(control_plan).values(HOME | own | more))


def control(
    connection: Connection,
    number: int,
    due_on: str,
    done_on: str | None = None,
    *,
    cancelled_on: str | None = None,
    **more: Any,
) -> None:
    """A control of plan 1, done when it has a day."""
    status = "done" if done_on else "cancelled" if cancelled_on else "due"
    signed = {"signed_at": AT, "signed_by": SOMEBODY, "result": "without_remark"} if done_on else {}
    own = {
        "occasion_no": number, "plan_no": 1, "control_id": f"k{number}", "period": 202401, "due_on": day(due_on),
        "status": status, "done_on": day(done_on), "cancelled_on": day(cancelled_on), "edits": 1, "earlier": [],
    }  # fmt: skip
    connection.execute(insert(control_occasion).values(HOME | own | signed | more))


def act(
    connection: Connection,
    number: int,
    first_due_on: str,
    done_on: str | None = None,
    *,
    due_on: str | None = None,
    cancelled_on: str | None = None,
    **more: Any,
) -> None:
    """An action, due when it was first to be unless told."""
    status = "done" if done_on else "cancelled" if cancelled_on else "started"
    own = {
        "action_no": number, "what": "rutin", "root_cause": "ingen rutin", "origin": "decision",
        "responsible": "avdelningschef", "starts_on": date(2024, 1, 1), "due_on": day(due_on or first_due_on),
        "first_due_on": day(first_due_on), "cost_class": "none", "status": status, "done_on": day(done_on),
        "cancelled_on": day(cancelled_on), "edits": 1, "made_at": AT, "made_by": SOMEBODY,
    }  # fmt: skip
    connection.execute(insert(action).values(HOME | own | more))


def effect(connection: Connection, number: int, action_no: int, judged: str, assessed_on: str) -> None:
    """What somebody judged an action to have done."""
    own = {
        "effect_no": number, "action_no": action_no, "effect": judged, "motivation": "så blev det",
        "assessed_on": day(assessed_on), "signed_at": AT, "signed_by": SOMEBODY,
    }  # fmt: skip
    connection.execute(insert(action_effect).values(own))


def report(
    connection: Connection,
    number: int,
    planned_on: str,
    done_on: str | None = None,
    *,
    cancelled_on: str | None = None,
    **more: Any,
) -> None:
    """A day of the board's year, of its own month unless told."""
    own = {
        "date_no": number, "kind": "monthly", "period": 202400 + number, "planned_on": day(planned_on),
        "counted_on": day(planned_on),
        "done_on": day(done_on), "cancelled_on": day(cancelled_on), "edits": 1, "changed_at": AT,
        "changed_by": SOMEBODY,
    }  # fmt: skip
    connection.execute(insert(board_date).values(HOME | own | more))


def judge(
    connection: Connection,
    number: int,
    subject: str,
    side: str,
    grade: int,
    *,
    period: int = 202421,
    follows: int | None = None,
    is_confirmed: bool = True,
    **more: Any,
) -> None:
    """A judgement of the first tertial of 2024 unless told."""
    confirmed = {"confirmed_at": AT, "confirmed_by": ANOTHER} if is_confirmed else {}
    own = {
        "assessment_no": number, "period": period, "subject": subject, "side": side, "grade": grade,
        "motivation": "så är det", "is_without_evidence": 1, "follows": follows, "signed_at": AT,
        "signed_by": SOMEBODY,
    }  # fmt: skip
    connection.execute(insert(assessment).values(HOME | own | confirmed | more))


def drawn(connection: Connection, number: int, reviewed_on: str | None = None, *, stated: int = 1) -> None:
    """A plan of the unit `norr` drawn for control 1; reviewed when it has a day, with all four contents or none."""
    contents = ("needs_stated", "responsibilities_stated", "other_measures_stated", "lead_principal_stated")
    reviewed = {"reviewed_by": SOMEBODY} | dict.fromkeys(contents, stated) if reviewed_on else {}
    own = {
        "case_no": number, "occasion_no": 1, "municipality_code": "1287", "unit_code": "norr",
        "sip_id": f"s{number}", "row_no": number, "seed": 7, "law": "sol_2001", "reviewed_on": day(reviewed_on),
        "edits": 1,
    }  # fmt: skip
    connection.execute(insert(sample_case).values(own | reviewed))
