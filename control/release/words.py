"""What people have written since a closing, which the papers of its period do not tell until it is corrected."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select

from control.audit.actions import Action
from kpi.period import Period, overlap
from warehouse import action_tables, assessment_tables, audit_tables, closed_tables, plan_tables
from warehouse.clock import utc

_REVIEWED = (Action.PLANS_DRAWN, Action.PLAN_REVIEWED)


def last_closed_at(connection: Connection, board_code: str, period: Period) -> datetime | None:
    """When the board's period was closed, or corrected, the last time."""
    table = closed_tables.release
    found = connection.scalar(
        select(table.c.closed_at)
        .where(table.c.board_code == board_code, table.c.period == period.code)
        .order_by(table.c.release_no.desc())
        .limit(1)
    )
    return None if found is None else utc(found)


def has_new_words(connection: Connection, board_code: str, period: Period, since: datetime) -> bool:
    """Whether a comment about the period, or any result, review, action, effect, mark, judgement or evidence of the
    board, was written after that moment."""
    remark, action, event = action_tables.figure_remark, action_tables.action, action_tables.action_event
    effect, judgement = action_tables.action_effect, assessment_tables.assessment
    mark, told = action_tables.chart_mark, audit_tables.audit_event
    remarks = connection.scalars(select(remark.c.period).where(remark.c.board_code == board_code, remark.c.at > since))
    if any(overlap(Period.from_code(one), period) for one in remarks):
        return True
    own = action.c.board_code == board_code
    queries = (
        select(action.c.action_no).where(own, action.c.made_at > since),
        select(event.c.event_no).join(action, action.c.action_no == event.c.action_no).where(own, event.c.at > since),
        select(effect.c.effect_no)
        .join(action, action.c.action_no == effect.c.action_no)
        .where(own, effect.c.signed_at > since),
        select(mark.c.mark_no).where(
            mark.c.board_code == board_code, or_(mark.c.made_at > since, mark.c.removed_at > since)
        ),
        select(told.c.event_no).where(  # a reviewed plan holds its day only
            told.c.board_code == board_code, told.c.at > since, told.c.action.in_(_REVIEWED)
        ),
        select(judgement.c.assessment_no).where(judgement.c.board_code == board_code, judgement.c.confirmed_at > since),
        select(plan_tables.evidence.c.evidence_no).where(
            plan_tables.evidence.c.board_code == board_code, plan_tables.evidence.c.added_at > since
        ),
    )
    return any(connection.execute(one.limit(1)).first() for one in queries) or _has_new_result(
        connection, plan_tables.control_occasion.c.board_code == board_code, since
    )


def _has_new_result(connection: Connection, own: ColumnElement[bool], since: datetime) -> bool:
    """Whether a control was signed, or opened again."""
    table = plan_tables.control_occasion
    for row in connection.execute(select(table.c.signed_at, table.c.earlier).where(own)):
        signed = row.signed_at is not None and utc(row.signed_at) > since
        if signed or any(datetime.fromisoformat(one["reopened_at"]) > since for one in row.earlier):
            return True
    return False
