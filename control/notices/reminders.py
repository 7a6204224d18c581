"""Reminds of what is due or late: controls, actions and the days of the board's year. Each once per stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine, select

from control.actions.content import to_remind_of
from control.actions.store import read_actions
from control.actions.work import remind_of
from control.audit.actions import Action
from control.audit.log import record
from control.notices.content import NoticeKind, Stage, Telling, written
from control.notices.store import keep, known_keys
from control.plan.store import adopted_of, revisions_of
from control.year.planning import open_days
from kpi import format as text_of
from kpi.access import AccessDenied, Viewer, is_operator
from warehouse import clock
from warehouse.database import writing
from warehouse.plan_tables import control_occasion

SOON = timedelta(days=14)
"""So long before its day something is reminded of."""


def remind(engine: Engine, viewer: Viewer, *, today: date, at: datetime | None = None) -> int:
    """Make a notice for each thing that has come to a new stage since it was told last; how many. The scheduler's."""
    if not is_operator(viewer):
        raise AccessDenied("Påminnelser görs av schemaläggaren.")
    moment = at or clock.now()
    with writing(engine) as connection:
        due = [*_controls(connection, today), *_days(connection, today)]
        known = known_keys(connection, [one.key for one in due])
        new = [one for one in due if one.key not in known]
        for one in new:
            number = keep(connection, viewer, one, NoticeKind.REMINDER, moment)
            record(
                connection, viewer, Action.REMINDED, one.title, municipality_code=one.municipality_code,
                board_code=one.board_code, details={"notice": number, "key": one.key}, at=moment,
            )  # fmt: skip
        return len(new) + _actions(connection, viewer, today, moment)


def _stage(due_on: date, today: date) -> Stage | None:
    if due_on < today:
        return Stage.LATE
    return Stage.SOON if due_on <= today + SOON else None


def _when(stage: Stage, due_on: date, done: str) -> str:
    """`ska vara klar 3 mars 2026`; `done` is the word for it."""
    return f"{'skulle ha varit' if stage is Stage.LATE else 'ska vara'} {done} {text_of.day(due_on)}"


def _controls(connection: Connection, today: date) -> Iterator[Telling]:
    table = control_occasion
    rows = connection.execute(
        select(table)
        .where(table.c.status == "due", table.c.due_on <= today + SOON)
        .order_by(table.c.due_on, table.c.occasion_no)
    ).all()
    adopted = {number: adopted_of(revisions_of(connection, number)) for number in {row.plan_no for row in rows}}
    for row in rows:
        stage = _stage(row.due_on, today) or Stage.SOON
        plan = adopted[row.plan_no]
        found = plan.content.control(row.control_id) if plan is not None else None
        told = f"{found[1].what.rstrip('.')}. Ansvarig: {found[1].responsible}." if found is not None else ""
        yield Telling(
            f"control {row.occasion_no} {stage} {row.due_on}", row.municipality_code, row.board_code,
            f"Ett kontrollmoment {_when(stage, row.due_on, 'genomfört')}", written(told),
            f"/intern-kontroll/{row.occasion_no}",
        )  # fmt: skip


def _days(connection: Connection, today: date) -> Iterator[Telling]:
    for one in open_days(connection):
        stage = _stage(one.planned_on, today)
        if stage is not None:
            yield Telling(
                f"day {one.number} {stage} {one.planned_on}", one.municipality_code, one.board_code,
                f"{one.title} {_when(stage, one.planned_on, 'klar')}", "", "/handlingar",
            )  # fmt: skip


def _actions(connection: Connection, viewer: Viewer, today: date, at: datetime) -> int:
    """These have a history of their own, where the reminder stands too."""
    due = {}
    for one in to_remind_of(read_actions(connection, viewer), today):
        stage = Stage.LATE if one.is_late(today) else Stage.SOON
        due[f"action {one.number} {stage} {one.due_on}"] = (one, stage)
    known = known_keys(connection, due)
    new = {key: found for key, found in due.items() if key not in known}
    for key, (one, stage) in new.items():
        remind_of(connection, viewer, one, today=today, at=at)
        title = f"En åtgärd {_when(stage, one.due_on, 'klar')}"
        text = written(f"{one.what.rstrip('.')}. Ansvarig: {one.responsible}.")
        telling = Telling(key, one.municipality_code, one.board_code, title, text, f"/atgarder/{one.number}")
        keep(connection, viewer, telling, NoticeKind.REMINDER, at)
    return len(new)
