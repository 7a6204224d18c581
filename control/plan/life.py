"""A plan's life: begun, proposed, adopted by the board, revised, followed up, closed.

What the board has adopted is never changed: each later change is a numbered revision with a decision of its own. Who
proposes or enters a decision states the hash of the content that was read.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import IntegrityError

from control.audit.actions import Action
from control.audit.log import record
from control.free_text import kept_text
from control.occasions.due import renew
from control.plan.check import check_is_whole
from control.plan.content import PlanContent, Scale
from control.plan.decided import BoardDecision, kept_decision
from control.plan.judged import last_judged
from control.plan.proposed import proposed_content
from control.plan.scale import rescaled, scale_of
from control.plan.store import (
    Decided,
    Plan,
    PlanStatus,
    Revision,
    Stage,
    add_revision,
    adopted_of,
    check_seen,
    decisions_of,
    find_plan,
    move_to,
    plans_of,
    revisions_of,
    status_of,
    working_of,
)
from control.release.rule import board_of
from kpi.access import Viewer, check_can_edit_plan, check_can_record_decision
from kpi.views.freshness import is_synthetic
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.plan_tables import control_plan, control_plan_decision


class Start(StrEnum):
    """What a plan begins with."""

    PROPOSED = "proposed"  # the shipped proposal
    EARLIER = "earlier"  # the newest earlier plan, with the risks as they were last judged
    EMPTY = "empty"


def begin_plan(
    engine: Engine, viewer: Viewer, board_code: str, year: int, start: Start, *, today: date, at: datetime | None = None
) -> int:
    """Begin the board's plan for a year as a draft; its number. It takes the scale in force.

    AccessDenied, or UserError for an unknown board, a year that is neither this nor the next, a plan that is begun
    already, and (for EARLIER) when no earlier plan has been adopted.
    """
    check_can_edit_plan(viewer, board_code)
    moment = at or clock.now()
    if year not in (today.year, today.year + 1):
        raise UserError(f"Planen för {year} påbörjas inte nu. Välj {today.year} eller {today.year + 1}.")
    with writing(engine) as connection:
        board = board_of(read_organisation(connection), board_code)
        code = board.municipality_code or ""
        known = plans_of(connection, board_code)
        if any(one.year == year for one in known):
            raise UserError(f"Planen för {year} är redan påbörjad. Ladda om sidan för att se den.")
        scale = scale_of(connection, code).scale
        earlier: Plan | None = None
        if start is Start.EARLIER:
            earlier, content = _from_earlier(connection, [one for one in known if one.year < year], scale)
        elif start is Start.PROPOSED:
            content = proposed_content(board.area, scale)
        else:
            content = PlanContent(scale)
        plan_no = _insert_plan(
            connection, viewer, moment, municipality_code=code, board_code=board_code, year=year,
            based_on=earlier and earlier.plan_no, is_synthetic=int(is_synthetic(connection, code)),
        )  # fmt: skip
        add_revision(connection, viewer, plan_no, 0, content, None, moment)
        _tell(connection, viewer, Action.PLAN_BEGUN, find_plan(connection, plan_no), moment, start=start.value)
    return plan_no


def _insert_plan(connection: Connection, viewer: Viewer, at: datetime, **values: object) -> int:
    try:
        number = connection.execute(
            insert(control_plan).values(made_at=at, made_by=viewer.user, **values).returning(control_plan.c.plan_no)
        ).scalar_one()
    except IntegrityError:  # somebody else began it at the same moment
        raise UserError("Planen är redan påbörjad. Ladda om sidan för att se den.") from None
    return int(number)


def _from_earlier(connection: Connection, known: list[Plan], scale: Scale) -> tuple[Plan, PlanContent]:
    """The newest earlier plan that the board has adopted, with each risk as it was last judged."""
    for plan in known:
        adopted = adopted_of(revisions_of(connection, plan.plan_no))
        if adopted is None:
            continue
        judged = last_judged(connection, plan.plan_no, adopted.content)
        risks = tuple(
            replace(one, probability=judged[one.id].probability, consequence=judged[one.id].consequence)
            if one.id in judged
            else one
            for one in adopted.content.risks
        )
        return plan, rescaled(replace(adopted.content, risks=risks), scale)
    raise UserError("Det finns ingen tidigare antagen plan att börja från. Börja från förslaget eller från början.")


def propose(engine: Engine, viewer: Viewer, plan_no: int, seen: str, *, at: datetime | None = None) -> None:
    """Put the draft forward for the board's decision. AccessDenied, ChangedMeanwhile, or UserError when something is
    missing in it."""
    moment = at or clock.now()
    with writing(engine) as connection:
        plan, work = _working(connection, viewer, plan_no, seen, Stage.DRAFT)
        check_is_whole(work.content)
        move_to(connection, viewer, work, Stage.PROPOSED, moment)
        _tell(connection, viewer, Action.PLAN_PROPOSED, plan, moment, revision=work.revision, hash=seen)


def take_back(engine: Engine, viewer: Viewer, plan_no: int, seen: str, *, at: datetime | None = None) -> None:
    """Make a proposed content a draft again."""
    moment = at or clock.now()
    with writing(engine) as connection:
        plan, work = _working(connection, viewer, plan_no, seen, Stage.PROPOSED)
        move_to(connection, viewer, work, Stage.DRAFT, moment)
        _tell(connection, viewer, Action.PLAN_TAKEN_BACK, plan, moment, revision=work.revision)


def adopt(
    engine: Engine,
    viewer: Viewer,
    plan_no: int,
    seen: str,
    decision: BoardDecision,
    *,
    today: date,
    at: datetime | None = None,
) -> None:
    """Enter that the board adopted the proposed content; from then on it is frozen.

    AccessDenied, ChangedMeanwhile, or UserError for a decision that cannot be right.
    """
    moment = at or clock.now()
    with writing(engine) as connection:
        plan = find_plan(connection, plan_no)
        check_can_record_decision(viewer, plan.board_code)
        work = _stage(revisions_of(connection, plan_no, to_change=True), seen, Stage.PROPOSED)
        check_is_whole(work.content)
        before = decisions_of(connection, plan_no)
        earliest = before[-1].decided_on if before else date(plan.year - 1, 1, 1)
        kept = kept_decision(decision, today, earliest=earliest, latest=date(plan.year, 12, 31))
        move_to(connection, viewer, work, Stage.ADOPTED, moment)
        _decide(connection, viewer, plan, work, Decided.ADOPTED, kept, moment)
        renew(connection, plan_no, kept.decided_on)


def begin_revision(engine: Engine, viewer: Viewer, plan_no: int, reason: str, *, at: datetime | None = None) -> int:
    """Begin to change an adopted plan, for a reason that is told with it; the revision's number."""
    moment = at or clock.now()
    with writing(engine) as connection:
        plan = find_plan(connection, plan_no)
        check_can_edit_plan(viewer, plan.board_code)
        kept = kept_text(reason, "Skälet till revideringen", longest=1_000)
        known = revisions_of(connection, plan_no, to_change=True)
        adopted = _adopted_and_open(plan, known, status_of(known, decisions_of(connection, plan_no)))
        number = known[-1].revision + 1
        add_revision(connection, viewer, plan_no, number, adopted.content, kept, moment)
        _tell(connection, viewer, Action.PLAN_REVISION_BEGUN, plan, moment, reason=kept, revision=number)
    return number


def withdraw_revision(engine: Engine, viewer: Viewer, plan_no: int, seen: str, *, at: datetime | None = None) -> None:
    """Give up a revision that the board has not adopted; the plan stands as it was adopted."""
    moment = at or clock.now()
    with writing(engine) as connection:
        plan, work = _working(connection, viewer, plan_no, seen, Stage.DRAFT, Stage.PROPOSED)
        if work.revision == 0:
            raise UserError("En plan som aldrig har antagits har ingen revidering att dra tillbaka. Ändra utkastet.")
        move_to(connection, viewer, work, Stage.WITHDRAWN, moment)
        _tell(connection, viewer, Action.PLAN_REVISION_WITHDRAWN, plan, moment, revision=work.revision)


def follow_up(
    engine: Engine, viewer: Viewer, plan_no: int, decision: BoardDecision, *, today: date, at: datetime | None = None
) -> None:
    """Enter that the board has approved the year's follow-up of the plan: decided in its December at the earliest."""
    _end(engine, viewer, plan_no, Decided.FOLLOWED_UP, decision, today, at)


def close_plan(
    engine: Engine, viewer: Viewer, plan_no: int, decision: BoardDecision, *, today: date, at: datetime | None = None
) -> None:
    """Enter that the board has closed a plan that is followed up: decided when its year has ended."""
    _end(engine, viewer, plan_no, Decided.CLOSED, decision, today, at)


def _end(
    engine: Engine, viewer: Viewer, plan_no: int, kind: Decided, told: BoardDecision, today: date, at: datetime | None
) -> None:
    moment = at or clock.now()
    with writing(engine) as connection:
        plan = find_plan(connection, plan_no)
        check_can_record_decision(viewer, plan.board_code)
        known = revisions_of(connection, plan_no, to_change=True)
        before = decisions_of(connection, plan_no)
        status = status_of(known, before)
        if kind is Decided.FOLLOWED_UP:
            adopted = _adopted_and_open(plan, known, status)
        else:
            found = adopted_of(known)
            if found is None or status is not PlanStatus.FOLLOWED_UP:
                raise UserError(f"Planen för {plan.year} avslutas när uppföljningen är godkänd, och bara en gång.")
            adopted = found
        first = earliest_end(plan.year, kind)
        if today < first:
            raise UserError(_TOO_EARLY[kind].format(year=plan.year, next=plan.year + 1))
        earliest, latest = max(first, before[-1].decided_on), date(plan.year + 1, 12, 31)
        kept = kept_decision(told, today, earliest=earliest, latest=latest)
        _decide(connection, viewer, plan, adopted, kind, kept, moment)


_TOO_EARLY = {
    Decided.FOLLOWED_UP: (
        "Planen för {year} följs upp tidigast den 1 december {year}, när årets kontroller går att överblicka. För in "
        "beslutet då."
    ),
    Decided.CLOSED: "Planen för {year} avslutas när året är slut. För in nämndens beslut från den 1 januari {next}.",
}


def earliest_end(year: int, kind: Decided) -> date:
    """The first day that the board can decide so: some boards follow the year up at its last meeting, and none can know
    before the year has ended that nothing is left to do in it."""
    return date(year, 12, 1) if kind is Decided.FOLLOWED_UP else date(year + 1, 1, 1)


def _adopted_and_open(plan: Plan, known: tuple[Revision, ...], status: PlanStatus) -> Revision:
    """The adopted content of a plan that may be revised or followed up."""
    adopted = adopted_of(known)
    if adopted is None:
        raise UserError(f"Planen för {plan.year} är inte antagen. För först in nämndens beslut att anta den.")
    if status is not PlanStatus.ADOPTED:
        raise UserError(f"Planen för {plan.year} är uppföljd och ändras inte mer. Ändra nästa års plan.")
    if working_of(known) is not None:
        raise UserError("En revidering väntar redan. Anta den eller dra tillbaka den först.")
    return adopted


def _working(
    connection: Connection, viewer: Viewer, plan_no: int, seen: str, *stages: Stage
) -> tuple[Plan, Revision]:  # fmt: skip
    plan = find_plan(connection, plan_no)
    check_can_edit_plan(viewer, plan.board_code)
    return plan, _stage(revisions_of(connection, plan_no, to_change=True), seen, *stages)


_NEEDED = {
    Stage.DRAFT: "Planen är inget utkast. Ladda om sidan och se var den är.",
    Stage.PROPOSED: "Planen är inte föreslagen för nämnden. Föreslå den först.",
}


def _stage(known: tuple[Revision, ...], seen: str, *stages: Stage) -> Revision:
    work = working_of(known)
    if work is None or work.stage not in stages:
        raise UserError(_NEEDED[stages[0]])
    check_seen(work, seen)
    return work


def _decide(
    connection: Connection,
    viewer: Viewer,
    plan: Plan,
    decided: Revision,
    kind: Decided,
    kept: BoardDecision,
    at: datetime,
) -> None:
    number = len(decisions_of(connection, plan.plan_no)) + 1
    connection.execute(
        insert(control_plan_decision).values(
            plan_no=plan.plan_no, decision_no=number, kind=kind.value, revision=decided.revision,
            decided_on=kept.decided_on, paragraph=kept.paragraph, registration_number=kept.registration_number,
            content_hash=decided.content_hash, note=kept.note or None, entered_at=at, entered_by=viewer.user,
        )
    )  # fmt: skip
    _tell(
        connection, viewer, _EVENTS[kind], plan, at, revision=decided.revision, decided_on=kept.decided_on.isoformat(),
        paragraph=kept.paragraph, registration_number=kept.registration_number, hash=decided.content_hash,
    )  # fmt: skip


_EVENTS = {
    Decided.ADOPTED: Action.PLAN_ADOPTED,
    Decided.FOLLOWED_UP: Action.PLAN_FOLLOWED_UP,
    Decided.CLOSED: Action.PLAN_CLOSED,
}


def _tell(
    connection: Connection,
    viewer: Viewer,
    action: Action,
    plan: Plan,
    at: datetime,
    *,
    reason: str | None = None,
    **details: object,
) -> None:
    record(
        connection, viewer, action, f"Kontrollplan {plan.year}, {plan.board_code}",
        municipality_code=plan.municipality_code, board_code=plan.board_code, reason=reason, details=details, at=at,
    )  # fmt: skip
