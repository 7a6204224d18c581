"""What the board has decided that its administration has not been told of, and telling it. What is told comes from the
records, never from a form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, Engine, select

from control.audit.actions import Action
from control.audit.log import record
from control.notices.content import NoticeKind, Telling, written
from control.notices.store import keep, known_keys
from control.notices.targets import of_targets
from control.papers.kinds import PaperKind
from control.year.days import DateKind, title_of
from kpi import format as text_of
from kpi.access import Viewer, can_make_papers, check_can_make_papers
from kpi.period import Period
from kpi.views.errors import NotFound
from warehouse import clock
from warehouse.action_tables import action
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.paper_tables import paper
from warehouse.plan_tables import control_plan, control_plan_decision

_LATELY = timedelta(days=90)
"""What was decided earlier is not offered: a new installation has nothing to tell of its history."""
_PLAN = {
    "adopted": "antagit {what}",
    "followed_up": "godkänt uppföljningen av {what}",
    "closed": "avslutat {what}",
}


def untold(connection: Connection, viewer: Viewer, boards: Iterable[str], *, today: date) -> tuple[Telling, ...]:
    """Decisions of the last 90 days of the boards that the viewer speaks for, which have not been told."""
    codes = {code for code in boards if can_make_papers(viewer, code)}
    found = [one for one in _decided(connection, today) if one.board_code in codes]
    known = known_keys(connection, [one.key for one in found])
    return tuple(one for one in found if one.key not in known)


def tell(engine: Engine, viewer: Viewer, key: str, *, today: date, at: datetime | None = None) -> int:
    """Tell the board's administration; the notice's number.

    AccessDenied for who does not speak for the board, NotFound for what is no decision, UserError when it is told.
    """
    moment = at or clock.now()
    with writing(engine) as connection:
        found = next((one for one in _decided(connection, today) if one.key == key), None)
        check_can_make_papers(viewer, found.board_code if found is not None else "")
        if found is None:
            raise NotFound("Beslutet finns inte. Ladda om sidan.")
        if known_keys(connection, [key]):
            raise UserError("Förvaltningen har redan meddelats. Ladda om sidan.")
        number = keep(connection, viewer, found, NoticeKind.DECISION, moment)
        record(
            connection, viewer, Action.DECISION_TOLD, found.title, municipality_code=found.municipality_code,
            board_code=found.board_code, details={"notice": number, "key": key}, at=moment,
        )  # fmt: skip
    return number


def _decided(connection: Connection, today: date) -> Iterator[Telling]:
    since = today - _LATELY
    yield from _of_plans(connection, since)
    yield from _of_papers(connection, since)
    yield from _of_actions(connection, since)
    yield from of_targets(connection, since)


def _of_plans(connection: Connection, since: date) -> Iterator[Telling]:
    told, plan = control_plan_decision, control_plan
    rows = connection.execute(
        select(told, plan.c.municipality_code, plan.c.board_code, plan.c.year)
        .join(plan, plan.c.plan_no == told.c.plan_no)
        .where(told.c.decided_on >= since)
        .order_by(told.c.decided_on, told.c.plan_no, told.c.decision_no)
    )
    for row in rows:
        what = f"intern kontrollplan {row.year}"
        if row.kind == "adopted" and row.revision:
            what = f"ändring {row.revision} av {what}"
        yield Telling(
            f"plan {row.plan_no} {row.decision_no}", row.municipality_code, row.board_code,
            f"Nämnden har {_PLAN[row.kind].format(what=what)}",
            f"Beslutat {text_of.day(row.decided_on)}, {row.paragraph}, diarienummer {row.registration_number}.",
            f"/intern-kontroll?enhet={row.board_code}&ar={row.year}",
        )  # fmt: skip


def _of_papers(connection: Connection, since: date) -> Iterator[Telling]:
    rows = connection.execute(
        select(
            paper.c.paper_no, paper.c.municipality_code, paper.c.board_code, paper.c.kind, paper.c.period,
            paper.c.registration_number, paper.c.delivered_on,
        )
        .where(paper.c.delivered_on >= since)
        .order_by(paper.c.delivered_on, paper.c.paper_no)
    )  # fmt: skip
    for row in rows:
        what = title_of(DateKind(PaperKind(row.kind).value), Period.from_code(row.period))
        put = "framlagt" if row.kind == PaperKind.AUDIT_ANSWER else "framlagd"  # ett yttrande
        number = f", diarienummer {row.registration_number}" if row.registration_number else ""
        yield Telling(
            f"paper {row.paper_no}", row.municipality_code, row.board_code, f"{what} är {put} för nämnden",
            f"{put.capitalize()} {text_of.day(row.delivered_on)}{number}.", f"/handlingar/{row.paper_no}",
        )  # fmt: skip


def _of_actions(connection: Connection, since: date) -> Iterator[Telling]:
    """Actions that come of a decision of the board."""
    made_since = datetime.combine(since, time(), UTC)
    rows = connection.execute(
        select(action)
        .where(action.c.origin == "decision", action.c.status != "cancelled", action.c.made_at >= made_since)
        .order_by(action.c.action_no)
    )
    for row in rows:
        yield Telling(
            f"action {row.action_no}", row.municipality_code, row.board_code,
            f"Nämnden har beslutat om en åtgärd, som ska vara klar {text_of.day(row.due_on)}",
            written(f"{row.what}. Ansvarig: {row.responsible}. Beslut: {row.origin_reference}."),
            f"/atgarder/{row.action_no}",
        )  # fmt: skip
