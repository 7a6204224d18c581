"""What internal control held at a moment: only what was entered by then counts, so that a paper can be made again.

The readings of `control.plan`, `control.occasions`, `control.assessments` and `control.actions` show what is; here is
what was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, select

from control.actions.content import was_entered_late
from control.plan.content import PlanContent, from_json
from kpi.format import day
from kpi.period import Period
from warehouse import action_tables, assessment_tables, plan_tables
from warehouse.clock import local

A_MONTH = timedelta(days=31)
"""What is entered longer after its day is told with the day that it was entered."""


@dataclass(frozen=True)
class Decided:
    """The board's decision about a plan."""

    decided_on: date
    paragraph: str
    registration_number: str


@dataclass(frozen=True)
class Plan:
    """A revision of a board's plan. `decision`: of its adoption; `based_on`: the year of the plan that it began
    from."""

    plan_no: int
    year: int
    revision: int
    content: PlanContent
    content_hash: str
    decision: Decided | None
    based_on: int | None = None


@dataclass(frozen=True)
class Effect:
    """What a person judged an action to have done."""

    effect: str
    motivation: str
    assessed_on: date


@dataclass(frozen=True)
class Action:
    """An action as it was. `entered_on`: the day that it was made here; `told_done_on`: that it was told to be done."""

    action_no: int
    what: str
    root_cause: str
    origin: str
    origin_reference: str | None
    kpi_id: str | None
    responsible: str
    starts_on: date
    due_on: date
    first_due_on: date
    expected_from: float | None
    expected_to: float | None
    status: str
    done_on: date | None
    cancelled_on: date | None
    effect: Effect | None
    evidence: tuple[str, ...]
    entered_on: date | None = None
    told_done_on: date | None = None

    @property
    def entered_late(self) -> str:
        """`införd 12 feb 2026`, or `klarmarkerad först 12 feb 2026` more than a month after; nothing for one that was
        entered before it was to be done, and its end in time."""
        entered, told, done = self.entered_on, self.told_done_on, self.done_on
        if entered is not None and was_entered_late(entered, self.first_due_on, done):
            return f"införd {day(entered, short=True)}"
        if told is not None and done is not None and told > done + A_MONTH:
            return f"klarmarkerad först {day(told, short=True)}"
        return ""

    @property
    def ended_on(self) -> date | None:
        """When it was done or called off."""
        return self.done_on or self.cancelled_on


@dataclass(frozen=True)
class Assessment:
    """A confirmed judgement of a side."""

    subject: str
    side: str
    unit_code: str | None
    period: Period
    grade: int
    motivation: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Remark:
    """What was said of a figure of a period: a comment, why there is no action, or the counterpart's words."""

    kpi_id: str
    period: Period
    kind: str
    text: str


def plan_in_force(connection: Connection, board_code: str, year: int, at: datetime) -> Plan | None:
    """The year's plan as the board had adopted it."""
    revision, decision = plan_tables.control_plan_revision, plan_tables.control_plan_decision
    row = connection.execute(
        select(
            plan_tables.control_plan.c.plan_no, decision.c.revision, revision.c.content, revision.c.content_hash,
            decision.c.decided_on, decision.c.paragraph, decision.c.registration_number,
        )
        .join(decision, decision.c.plan_no == plan_tables.control_plan.c.plan_no)
        .join(revision, (revision.c.plan_no == decision.c.plan_no) & (revision.c.revision == decision.c.revision))
        .where(
            plan_tables.control_plan.c.board_code == board_code, plan_tables.control_plan.c.year == year,
            decision.c.kind == "adopted", decision.c.entered_at <= at,
        )
        .order_by(decision.c.decision_no.desc())
        .limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    decided = Decided(row.decided_on, row.paragraph, row.registration_number)
    return Plan(row.plan_no, year, row.revision, from_json(row.content), row.content_hash, decided)


def newest_plan(connection: Connection, board_code: str, year: int | None) -> Plan | None:
    """The newest revision of the plan of the year, else of the latest year; drafts too, withdrawn ones not."""
    plan, revision = plan_tables.control_plan, plan_tables.control_plan_revision
    wanted = (plan.c.board_code == board_code) & (revision.c.status != "withdrawn")
    if year is not None:
        wanted &= plan.c.year == year
    row = connection.execute(
        select(plan.c.plan_no, revision.c.revision)
        .join(revision, revision.c.plan_no == plan.c.plan_no)
        .where(wanted)
        .order_by(plan.c.year.desc(), revision.c.revision.desc())
        .limit(1)
    ).first()
    return None if row is None else read_plan(connection, row.plan_no, row.revision)


def read_plan(connection: Connection, plan_no: int, revision_no: int) -> Plan | None:
    """A revision as it stands, with the decision by which it was adopted."""
    plan, revision = plan_tables.control_plan, plan_tables.control_plan_revision
    before = plan.alias()
    row = connection.execute(
        select(plan.c.year, revision.c.content, revision.c.content_hash, before.c.year.label("based_on"))
        .join(revision, revision.c.plan_no == plan.c.plan_no)
        .outerjoin(before, before.c.plan_no == plan.c.based_on)
        .where(revision.c.plan_no == plan_no, revision.c.revision == revision_no)
    ).first()
    if row is None:
        return None
    decision = _decision(connection, plan_no, revision_no)
    return Plan(plan_no, row.year, revision_no, from_json(row.content), row.content_hash, decision, row.based_on)


def _decision(connection: Connection, plan_no: int, revision: int) -> Decided | None:
    table = plan_tables.control_plan_decision
    row = connection.execute(
        select(table.c.decided_on, table.c.paragraph, table.c.registration_number)
        .where(table.c.plan_no == plan_no, table.c.revision == revision, table.c.kind == "adopted")
        .order_by(table.c.decision_no.desc())
        .limit(1)
    ).first()
    return None if row is None else Decided(*row)


def actions(connection: Connection, board_code: str, at: datetime) -> list[Action]:
    """Every action that had been made, as it was, by the day that it is due."""
    table = action_tables.action
    rows = connection.execute(
        select(table).where(table.c.board_code == board_code, table.c.made_at <= at).order_by(table.c.action_no)
    ).all()
    numbers = [row.action_no for row in rows]
    later, told = _later_changes(connection, numbers, at), _told_done(connection, numbers, at)
    effects = _effects(connection, numbers, at)
    evidence = evidence_of(connection, board_code, "action", at)
    found = [
        replace(_action(row, later.get(row.action_no, {}), effects, evidence), told_done_on=told.get(row.action_no))
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.due_on, one.action_no))


def _action(
    row: Any,
    before: dict[str, Any],
    effects: Mapping[int, Effect],
    evidence: Mapping[int, tuple[str, ...]],
) -> Action:
    values = dict(row._mapping) | before
    for name in ("starts_on", "due_on", "first_due_on", "done_on", "cancelled_on"):
        if isinstance(values[name], str):
            values[name] = date.fromisoformat(values[name])
    if values["status"] != "cancelled":  # the events do not tell that day: it was called off later
        values["cancelled_on"] = None
    number = row.action_no
    kept = {name: values[name] for name in Action.__dataclass_fields__ if name in values}
    found = {
        "effect": effects.get(number),
        "evidence": evidence.get(number, ()),
        "entered_on": local(row.made_at).date(),
    }
    return Action(**kept | found)


def _later_changes(connection: Connection, numbers: list[int], at: datetime) -> dict[int, dict[str, Any]]:
    """What changed later, as it was before: each event tells a field's value before and after."""
    table = action_tables.action_event
    rows = connection.execute(
        select(table.c.action_no, table.c.changed)
        .where(table.c.action_no.in_(numbers), table.c.at > at, table.c.changed.is_not(None))
        .order_by(table.c.event_no.desc())
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        changed: Mapping[str, Any] = row.changed or {}
        found.setdefault(row.action_no, {}).update({name: pair[0] for name, pair in changed.items()})
    return found


def _told_done(connection: Connection, numbers: list[int], at: datetime) -> dict[int, date]:
    """The day that each was last told to be done."""
    table = action_tables.action_event
    rows = connection.execute(
        select(table.c.action_no, table.c.changed, table.c.at)
        .where(table.c.action_no.in_(numbers), table.c.at <= at, table.c.changed.is_not(None))
        .order_by(table.c.event_no)
    )
    return {row.action_no: local(row.at).date() for row in rows if (row.changed or {}).get("done_on", (None, None))[1]}


def _effects(connection: Connection, numbers: list[int], at: datetime) -> dict[int, Effect]:
    """The newest judged effect of each."""
    table = action_tables.action_effect
    rows = connection.execute(
        select(table.c.action_no, table.c.effect, table.c.motivation, table.c.assessed_on)
        .where(table.c.action_no.in_(numbers), table.c.signed_at <= at)
        .order_by(table.c.effect_no)
    )
    return {row.action_no: Effect(row.effect, row.motivation, row.assessed_on) for row in rows}


def assessments(connection: Connection, board_code: str, last: date | None, at: datetime) -> list[Assessment]:
    """The confirmed judgements that counted, of each subject and side the latest period's: of those that were over by
    the day, or also of one that was running."""
    table = assessment_tables.assessment
    rows = connection.execute(
        select(table)
        .where(table.c.board_code == board_code, table.c.confirmed_at.is_not(None), table.c.confirmed_at <= at)
        .order_by(table.c.assessment_no)
    ).all()
    replaced = {row.follows for row in rows}
    evidence = evidence_of(connection, board_code, "assessment", at)
    latest: dict[tuple[str, str, str | None], Assessment] = {}
    for row in rows:
        period = Period.from_code(row.period)
        key = row.subject, row.side, row.unit_code
        if row.assessment_no in replaced or (last is not None and period.last_day > last):
            continue
        if key not in latest or latest[key].period.last_day <= period.last_day:
            found = evidence.get(row.assessment_no, ())
            latest[key] = Assessment(*key, period, row.grade, row.motivation, found)
    return [latest[key] for key in sorted(latest, key=lambda one: (one[0], one[1], one[2] or ""))]


def remarks(connection: Connection, board_code: str, first: date, last: date, at: datetime) -> list[Remark]:
    """What was said of figures of periods that the days are in; a corrected one replaces the older."""
    table = action_tables.figure_remark
    rows = connection.execute(
        select(table).where(table.c.board_code == board_code, table.c.at <= at).order_by(table.c.remark_no)
    ).all()
    replaced = {row.follows for row in rows}
    found = [
        Remark(row.kpi_id, Period.from_code(row.period), row.kind, row.text)
        for row in rows
        if row.remark_no not in replaced
    ]
    return [one for one in found if first <= one.period.last_day and one.period.first_day <= last]


def evidence_of(connection: Connection, board_code: str, about: str, at: datetime) -> dict[int, tuple[str, ...]]:
    """What each rests on: its label, with the day of the evidence and its registration number or link."""
    table: Table = plan_tables.evidence
    rows = connection.execute(
        select(table.c.about_no, table.c.kind, table.c.label, table.c.reference, table.c.evidence_on)
        .where(table.c.board_code == board_code, table.c.about == about, table.c.added_at <= at)
        .order_by(table.c.evidence_no)
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        where = {"registration_number": f"dnr {row.reference}", "link": row.reference}.get(row.kind, "")
        told = ", ".join(part for part in (row.label, where, day(row.evidence_on, short=True)) if part)
        found[row.about_no] = (*found.get(row.about_no, ()), told)
    return found
