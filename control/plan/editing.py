"""Editing a draft's risks and controls. Who edits states the hash of the risk as it was read: two people who edit
different risks do not hinder each other, and the same risk is never overwritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from control.audit.actions import Action
from control.audit.log import record
from control.locking import ChangedMeanwhile
from control.plan.check import kept_control, kept_risk
from control.plan.content import Control, PlanContent, Risk, Scale, hash_of
from control.plan.store import Plan, Stage, find_plan, plans_of, revisions_of, working_of, write_content
from kpi.access import Viewer, check_can_edit_plan
from kpi.definition import Catalogue
from warehouse import clock
from warehouse.database import writing
from warehouse.errors import UserError

_NO_SCALE = Scale((), ())
Edit = Callable[[Connection, Plan, PlanContent], tuple[PlanContent, str]]
"""The draft's content → what it becomes, and the id of the risk or control."""


def hash_of_risk(risk: Risk) -> str:
    """What a form states of the risk that it was made of, its controls included."""
    return hash_of(PlanContent(_NO_SCALE, (risk,)))


def save_risk(
    engine: Engine, viewer: Viewer, plan_no: int, risk: Risk, seen: str | None = None, *, at: datetime | None = None
) -> str:
    """Change the risk of that id in the draft, or add one whose id is ""; its id. The controls stay as they are.

    AccessDenied, ChangedMeanwhile, or UserError for what is missing or wrong, and when the plan is no draft.
    """

    def edit(connection: Connection, plan: Plan, content: PlanContent) -> tuple[PlanContent, str]:
        kept = kept_risk(risk, content.scale)
        if not risk.id:
            added = replace(kept, id=_next_id(connection, plan, "risk"), controls=())
            return replace(content, risks=(*content.risks, added)), added.id
        known = _seen(content, risk.id, seen)
        return _with(content, replace(kept, controls=known.controls)), risk.id

    return _edit(engine, viewer, plan_no, edit, at)


def remove_risk(
    engine: Engine, viewer: Viewer, plan_no: int, risk_id: str, seen: str, *, at: datetime | None = None
) -> None:
    """Take the risk and its controls out of the draft."""

    def edit(_connection: Connection, _plan: Plan, content: PlanContent) -> tuple[PlanContent, str]:
        _seen(content, risk_id, seen)
        return replace(content, risks=tuple(one for one in content.risks if one.id != risk_id)), risk_id

    _edit(engine, viewer, plan_no, edit, at)


def save_control(
    engine: Engine,
    viewer: Viewer,
    catalogue: Catalogue,
    plan_no: int,
    risk_id: str,
    control: Control,
    seen: str,
    *,
    at: datetime | None = None,
) -> str:
    """Change the control of that id, or add one whose id is "" to the risk; its id. As `save_risk`."""

    def edit(connection: Connection, plan: Plan, content: PlanContent) -> tuple[PlanContent, str]:
        risk = _seen(content, risk_id, seen)
        kept = kept_control(control, catalogue.definitions)
        if not control.id:
            kept = replace(kept, id=_next_id(connection, plan, "kontroll"))
            return _with(content, replace(risk, controls=(*risk.controls, kept))), kept.id
        if all(one.id != control.id for one in risk.controls):
            raise ChangedMeanwhile("Kontrollmomentet")
        controls = tuple(kept if one.id == control.id else one for one in risk.controls)
        return _with(content, replace(risk, controls=controls)), control.id

    return _edit(engine, viewer, plan_no, edit, at)


def remove_control(
    engine: Engine,
    viewer: Viewer,
    plan_no: int,
    risk_id: str,
    control_id: str,
    seen: str,
    *,
    at: datetime | None = None,
) -> None:
    """Take the control out of the draft."""

    def edit(_connection: Connection, _plan: Plan, content: PlanContent) -> tuple[PlanContent, str]:
        risk = _seen(content, risk_id, seen)
        controls = tuple(one for one in risk.controls if one.id != control_id)
        return _with(content, replace(risk, controls=controls)), control_id

    _edit(engine, viewer, plan_no, edit, at)


def _seen(content: PlanContent, risk_id: str, seen: str | None) -> Risk:
    """The risk, when it is as it was read."""
    risk = content.risk(risk_id)
    if risk is None or hash_of_risk(risk) != seen:
        raise ChangedMeanwhile("Risken")
    return risk


def _with(content: PlanContent, risk: Risk) -> PlanContent:
    return replace(content, risks=tuple(risk if one.id == risk.id else one for one in content.risks))


def _edit(engine: Engine, viewer: Viewer, plan_no: int, edit: Edit, at: datetime | None) -> str:
    moment = at or clock.now()
    with writing(engine) as connection:
        plan = find_plan(connection, plan_no)
        check_can_edit_plan(viewer, plan.board_code)
        work = working_of(revisions_of(connection, plan_no, to_change=True))
        if work is None:
            raise UserError("Planen är antagen och ändras inte. Börja en revidering för att ändra den.")
        if work.stage is not Stage.DRAFT:
            raise UserError("Planen är föreslagen för nämnden och ändras inte. Ta först tillbaka den till utkast.")
        content, identity = edit(connection, plan, work.content)
        if content != work.content:
            write_content(connection, viewer, work, content, moment)
            record(
                connection, viewer, Action.PLAN_EDITED, f"Kontrollplan {plan.year}, {plan.board_code}: {identity}",
                municipality_code=plan.municipality_code, board_code=plan.board_code, at=moment,
                details={"revision": work.revision, "before": work.content_hash, "hash": hash_of(content)},
            )  # fmt: skip
    return identity


def _next_id(connection: Connection, plan: Plan, word: str) -> str:
    """An id that no risk or control of the board's plans has or has had in a kept revision: `risk-7`."""
    contents = [
        revision.content
        for one in plans_of(connection, plan.board_code)
        for revision in revisions_of(connection, one.plan_no)
    ]
    ids = {risk.id for content in contents for risk in content.risks}
    ids |= {control.id for content in contents for risk in content.risks for control in risk.controls}
    numbers = [int(one.removeprefix(f"{word}-")) for one in ids if one.removeprefix(f"{word}-").isdecimal()]
    return f"{word}-{max(numbers, default=0) + 1}"
