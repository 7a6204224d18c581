"""The controls of a board's plans as they stood at a moment: what was signed or decided later is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from control.occasions.due import Adopted, Wanted, stood
from control.occasions.occasion import Sample, sample_of
from control.papers.sources import A_MONTH, evidence_of
from control.plan.content import from_json
from kpi.format import day
from kpi.period import Period
from warehouse import plan_tables
from warehouse.clock import local, utc

_A_YEAR = timedelta(days=366)
_LOOKED_BACK = timedelta(days=2 * 366)
"""Controls that came due longer ago are not told of, however late they were signed."""


@dataclass(frozen=True)
class Occasion:
    """A control of a period; `result` is None while it has not been carried out, and `is_pending` while its last
    day had not passed either."""

    occasion_no: int
    control_id: str
    period: Period
    due_on: date
    done_on: date | None
    result: str | None
    analysis: str
    probability: int | None
    consequence: int | None
    evidence: tuple[str, ...]
    is_pending: bool = False
    signed_at: datetime | None = None
    sample: Sample | None = None

    @property
    def signed_late(self) -> str:
        """`signerat först 12 feb 2026`; nothing where it was signed within a month of the day that it was done."""
        if self.signed_at is None or self.done_on is None:
            return ""
        signed = local(self.signed_at).date()
        return f"signerat först {day(signed, short=True)}" if signed > self.done_on + A_MONTH else ""

    @property
    def risk_value(self) -> int | None:
        """The risk as it was judged then."""
        return None if self.probability is None or self.consequence is None else self.probability * self.consequence


def occasions(connection: Connection, board_code: str, first: date, last: date, at: datetime) -> list[Occasion]:
    """The controls of periods that end within the days (each is due some days later), as they stood: what was signed
    later is not carried out yet, and what was reopened later is as it was signed before. Those that later decisions
    about the plan asked for or cancelled are as if these had not been taken."""
    found = _occasions(connection, board_code, first, at)
    return [one for one in found if first <= one.period.last_day <= last]


def late_occasions(
    connection: Connection, board_code: str, first: date, since: datetime | None, at: datetime
) -> list[Occasion]:
    """The controls of periods before the day that were signed after `since` (None = whenever): no earlier paper could
    tell of them."""
    found = _occasions(connection, board_code, first - _LOOKED_BACK, at)
    return [
        one
        for one in found
        if one.period.last_day < first and one.signed_at is not None and (since is None or one.signed_at > since)
    ]


def undone_occasions(connection: Connection, board_code: str, first: date, at: datetime) -> list[Occasion]:
    """The controls of periods before the day that nobody had carried out though their last day had passed."""
    found = _occasions(connection, board_code, first - _LOOKED_BACK, at)
    return [one for one in found if one.period.last_day < first and one.result is None and not one.is_pending]


def occasions_of_a_year(connection: Connection, board_code: str, last: date, at: datetime) -> list[Occasion]:
    """The controls of periods that ended in the year up to the day, whichever plan asked for them, and what had been
    signed of later periods: so each control's latest result is among them."""
    first = last - _A_YEAR
    return [
        one
        for one in _occasions(connection, board_code, first, at)
        if first <= one.period.last_day and (one.period.last_day <= last or one.result is not None)
    ]


def latest_result(found: Sequence[Occasion], control_id: str) -> Occasion | None:
    """The control as it was carried out last; one that was signed as not carried out only where there is no other."""
    signed = [one for one in found if one.control_id == control_id and one.result is not None]
    return max(signed, key=lambda one: (one.result != "not_carried_out", one.due_on), default=None)


def _occasions(connection: Connection, board_code: str, due_from: date, at: datetime) -> list[Occasion]:
    table = plan_tables.control_occasion
    rows = connection.execute(
        select(table)
        .where(table.c.board_code == board_code, table.c.due_on >= due_from)
        .order_by(table.c.due_on, table.c.control_id, table.c.occasion_no)
    ).all()
    asked = {number: _asked_for(connection, number, at) for number in {row.plan_no for row in rows}}
    evidence = evidence_of(connection, board_code, "occasion", at)
    return [
        _occasion(values, at, evidence)
        for row in rows
        if _signed(values := dict(row._mapping), at) or (row.control_id, row.period) in asked[row.plan_no]
    ]


def _asked_for(connection: Connection, plan_no: int, at: datetime) -> Wanted:
    """The controls that the decisions entered by then asked for."""
    plan, revision, decision = (
        plan_tables.control_plan, plan_tables.control_plan_revision, plan_tables.control_plan_decision,
    )  # fmt: skip
    rows = connection.execute(
        select(plan.c.year, decision.c.decided_on, revision.c.content)
        .join(decision, decision.c.plan_no == plan.c.plan_no)
        .join(revision, (revision.c.plan_no == decision.c.plan_no) & (revision.c.revision == decision.c.revision))
        .where(plan.c.plan_no == plan_no, decision.c.kind == "adopted", decision.c.entered_at <= at)
        .order_by(decision.c.revision)
    ).all()
    return stood(rows[0].year, [Adopted(row.decided_on, from_json(row.content)) for row in rows]) if rows else {}


def _occasion(row: Mapping[str, Any], at: datetime, evidence: Mapping[int, tuple[str, ...]]) -> Occasion:
    number, due_on = row["occasion_no"], row["due_on"]
    of = number, row["control_id"], Period.from_code(row["period"]), due_on
    signed = _signed(row, at)
    if signed is None:
        return Occasion(*of, None, None, "", None, None, (), is_pending=due_on >= local(at).date())
    done_on = signed["done_on"]
    return Occasion(
        *of,
        date.fromisoformat(done_on) if isinstance(done_on, str) else done_on,
        signed["result"],
        signed["analysis"] or "",
        signed["probability"],
        signed["consequence"],
        evidence.get(number, ()),
        signed_at=_moment(signed["signed_at"]),
        sample=sample_of(signed.get("sample", row["sample"])),
    )


def _moment(value: datetime | str) -> datetime:
    return utc(datetime.fromisoformat(value) if isinstance(value, str) else value)


def _signed(row: Mapping[str, Any], at: datetime) -> Mapping[str, Any] | None:
    """What had been signed by then: now's, else what was signed before a later reopening."""
    if row["signed_at"] is not None and utc(row["signed_at"]) <= at:
        return row
    earlier: list[Mapping[str, Any]] = row.get("earlier") or []
    stood = (
        one
        for one in earlier
        if datetime.fromisoformat(one["signed_at"]) <= at < datetime.fromisoformat(one["reopened_at"])
    )
    return next(stood, None)
