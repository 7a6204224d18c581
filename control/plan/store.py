"""Plans, their revisions and decisions as they are kept. No rights are asked for here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select

from control.locking import ChangedMeanwhile, change
from control.plan.content import PlanContent, as_json, from_json, hash_of
from kpi.access import Viewer
from kpi.views.errors import NotFound
from warehouse import clock
from warehouse.plan_tables import control_plan, control_plan_decision, control_plan_revision


class Stage(StrEnum):
    """Where a revision is."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


class Decided(StrEnum):
    """What a board decides about its plan."""

    ADOPTED = "adopted"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"


class PlanStatus(StrEnum):
    """Where a plan is in its life: what the board has decided, else where its first revision is."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"


@dataclass(frozen=True)
class Plan:
    """A board's plan for a year."""

    plan_no: int
    municipality_code: str
    board_code: str
    year: int
    based_on: int | None
    is_synthetic: bool


@dataclass(frozen=True)
class Revision:
    """What a plan says. `edits` counts its changes; the hash is what a board decides about."""

    plan_no: int
    revision: int
    stage: Stage
    content: PlanContent
    content_hash: str
    edits: int
    reason: str | None
    changed_at: datetime
    changed_by: str

    @property
    def is_intact(self) -> bool:
        """Whether the content is the one that the hash was made of."""
        return hash_of(self.content) == self.content_hash


@dataclass(frozen=True)
class PlanDecision:
    """A decision as it was entered."""

    decision_no: int
    kind: Decided
    revision: int
    decided_on: date
    paragraph: str
    registration_number: str
    content_hash: str
    note: str | None
    entered_at: datetime
    entered_by: str


def find_plan(connection: Connection, plan_no: int) -> Plan:
    """The plan of that number; NotFound when there is none."""
    found = _plans(connection, control_plan.c.plan_no == plan_no) if 0 < plan_no < 2**31 else ()
    if not found:
        raise NotFound("Kontrollplanen finns inte. Ladda om sidan.")
    return found[0]


def plans_of(connection: Connection, board_code: str) -> tuple[Plan, ...]:
    """The board's plans, the newest year first."""
    return _plans(connection, control_plan.c.board_code == board_code)


def _plans(connection: Connection, which: Any) -> tuple[Plan, ...]:
    rows = connection.execute(select(control_plan).where(which).order_by(control_plan.c.year.desc()))
    return tuple(
        Plan(one.plan_no, one.municipality_code, one.board_code, one.year, one.based_on, bool(one.is_synthetic))
        for one in rows
    )  # fmt: skip


def revisions_of(connection: Connection, plan_no: int, *, to_change: bool = False) -> tuple[Revision, ...]:
    """The plan's revisions in order. `to_change`: nobody else changes them until the transaction ends."""
    table = control_plan_revision
    if to_change:  # waits for whoever changes them now; what that one added is seen by the next statement
        connection.execute(select(table.c.revision).where(table.c.plan_no == plan_no).with_for_update()).all()
    rows = connection.execute(select(table).where(table.c.plan_no == plan_no).order_by(table.c.revision))
    return tuple(
        Revision(
            one.plan_no, one.revision, Stage(one.status), from_json(one.content), one.content_hash, one.edits,
            one.reason, clock.utc(one.changed_at), one.changed_by,
        )
        for one in rows
    )  # fmt: skip


def decisions_of(connection: Connection, plan_no: int) -> tuple[PlanDecision, ...]:
    """What the board has decided about the plan, in order."""
    table = control_plan_decision
    rows = connection.execute(select(table).where(table.c.plan_no == plan_no).order_by(table.c.decision_no))
    return tuple(
        PlanDecision(
            one.decision_no, Decided(one.kind), one.revision, one.decided_on, one.paragraph, one.registration_number,
            one.content_hash, one.note, clock.utc(one.entered_at), one.entered_by,
        )
        for one in rows
    )  # fmt: skip


def is_closed(connection: Connection, plan_no: int) -> bool:
    """Whether the board has closed the plan."""
    return any(one.kind is Decided.CLOSED for one in decisions_of(connection, plan_no))


def adopted_of(revisions: tuple[Revision, ...]) -> Revision | None:
    """The newest that the board has adopted."""
    return next((one for one in reversed(revisions) if one.stage is Stage.ADOPTED), None)


def working_of(revisions: tuple[Revision, ...]) -> Revision | None:
    """The one that is written or proposed; there is one at most."""
    return next((one for one in reversed(revisions) if one.stage in (Stage.DRAFT, Stage.PROPOSED)), None)


def status_of(revisions: tuple[Revision, ...], decisions: tuple[PlanDecision, ...]) -> PlanStatus:
    """Where the plan is in its life."""
    kinds = {one.kind for one in decisions}
    for kind in (Decided.CLOSED, Decided.FOLLOWED_UP, Decided.ADOPTED):
        if kind in kinds:
            return PlanStatus(kind.value)
    work = working_of(revisions)
    return PlanStatus.PROPOSED if work is not None and work.stage is Stage.PROPOSED else PlanStatus.DRAFT


def hold(connection: Connection, plan_no: int) -> None:
    """Until the transaction ends, the board decides nothing more about the plan."""
    table = control_plan_revision
    connection.execute(select(table.c.revision).where(table.c.plan_no == plan_no).with_for_update(read=True)).all()


def add_revision(
    connection: Connection, viewer: Viewer, plan_no: int, number: int, content: PlanContent, reason: str | None,
    at: datetime,
) -> None:  # fmt: skip
    """A new draft."""
    connection.execute(
        insert(control_plan_revision).values(
            plan_no=plan_no, revision=number, status=Stage.DRAFT.value, content=as_json(content),
            content_hash=hash_of(content), edits=1, reason=reason, changed_at=at, changed_by=viewer.user,
        )
    )  # fmt: skip


def write_content(connection: Connection, viewer: Viewer, work: Revision, content: PlanContent, at: datetime) -> None:
    """Another content of a draft."""
    _change(connection, viewer, work, at, content=as_json(content), content_hash=hash_of(content))


def move_to(connection: Connection, viewer: Viewer, work: Revision, stage: Stage, at: datetime) -> None:
    """Another stage of a revision."""
    _change(connection, viewer, work, at, status=stage.value)


def _change(connection: Connection, viewer: Viewer, work: Revision, at: datetime, **values: Any) -> None:
    table = control_plan_revision
    which = (table.c.plan_no == work.plan_no) & (table.c.revision == work.revision)
    values |= {"changed_at": at, "changed_by": viewer.user}
    change(connection, table, which, work.edits, values, "Kontrollplanen")


def check_seen(work: Revision, seen: str) -> None:
    """ChangedMeanwhile when the content is another than the one that was read."""
    if work.content_hash != seen:
        raise ChangedMeanwhile("Kontrollplanen")
