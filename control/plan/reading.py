"""A board's plans as its readers see them: what is adopted, what is being written, what was decided, what has moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from control.plan.content import PlanContent, Risk
from control.plan.judged import Judged, last_judged
from control.plan.scale import Band, band_of
from control.plan.store import (
    Plan,
    PlanDecision,
    PlanStatus,
    Revision,
    adopted_of,
    decisions_of,
    plans_of,
    revisions_of,
    status_of,
    working_of,
)
from kpi.access import Viewer, check_can_read_plan


@dataclass(frozen=True)
class PlanSummary:
    """A plan of a board, in its list of years."""

    plan_no: int
    year: int
    status: PlanStatus


@dataclass(frozen=True)
class Move:
    """A risk's value last year and now. `then` None: new this year; `now` None: gone."""

    risk_id: str
    process: str
    then: int | None
    now: int | None


@dataclass(frozen=True)
class PlanView:
    """A plan. `adopted`: the newest content that the board adopted; `working`: the one that is written or proposed;
    `judged`: the risks as they were last judged at a control; `moves`: against last year's adopted plan, by risk, empty
    when there is none; `is_same_scale`: whether the two years' values can be compared."""

    plan: Plan
    status: PlanStatus
    revisions: tuple[Revision, ...]
    decisions: tuple[PlanDecision, ...]
    judged: Mapping[str, Judged]
    moves: Mapping[str, Move]
    is_same_scale: bool

    @cached_property
    def adopted(self) -> Revision | None:
        """The newest content that the board has adopted."""
        return adopted_of(self.revisions)

    @cached_property
    def working(self) -> Revision | None:
        """The draft or proposed content, if any."""
        return working_of(self.revisions)

    @property
    def shown(self) -> Revision:
        """What a page shows: what is being written, else what was adopted."""
        found = self.working or self.adopted
        assert found is not None, "a plan has a draft or an adopted content"
        return found

    @property
    def content(self) -> PlanContent:
        """The content that is shown."""
        return self.shown.content

    @property
    def is_intact(self) -> bool:
        """Whether every content is the one of its hash, and every decision's hash its content's."""
        hashes = {one.revision: one.content_hash for one in self.revisions if one.is_intact}
        return len(hashes) == len(self.revisions) and all(
            hashes.get(one.revision) == one.content_hash for one in self.decisions
        )

    def band(self, risk: Risk) -> Band:
        """How the risk's value is told."""
        return band_of(self.content.scale, risk.value)


def plans(connection: Connection, viewer: Viewer, board_code: str) -> tuple[PlanSummary, ...]:
    """The board's plans, the newest year first. AccessDenied for who does not read them."""
    check_can_read_plan(viewer, board_code)
    return tuple(
        PlanSummary(
            one.plan_no,
            one.year,
            status_of(revisions_of(connection, one.plan_no), decisions_of(connection, one.plan_no)),
        )
        for one in plans_of(connection, board_code)
    )


def plan_of(connection: Connection, viewer: Viewer, board_code: str, year: int) -> PlanView | None:
    """The board's plan for the year; None when it is not begun. AccessDenied for who does not read it."""
    check_can_read_plan(viewer, board_code)
    known = {one.year: one for one in plans_of(connection, board_code)}
    plan = known.get(year)
    if plan is None:
        return None
    revisions, decisions = revisions_of(connection, plan.plan_no), decisions_of(connection, plan.plan_no)
    before = known.get(year - 1)
    earlier = adopted_of(revisions_of(connection, before.plan_no)) if before else None
    shown = working_of(revisions) or adopted_of(revisions)
    assert shown is not None, "a plan has a draft or an adopted content"
    return PlanView(
        plan,
        status_of(revisions, decisions),
        revisions,
        decisions,
        last_judged(connection, plan.plan_no, shown.content),
        _moves(earlier.content, shown.content) if earlier else {},
        earlier is None or earlier.content.scale.size == shown.content.scale.size,
    )


def _moves(then: PlanContent, now: PlanContent) -> Mapping[str, Move]:
    found = {}
    for one in now.risks:
        before = then.risk(one.id)
        found[one.id] = Move(one.id, one.process, before.value if before else None, one.value)
    for one in then.risks:
        if one.id not in found:
            found[one.id] = Move(one.id, one.process, one.value, None)
    return found
