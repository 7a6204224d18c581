"""Signs an assessment, and confirms one. Nothing is changed: a new assessment follows an earlier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, Engine, insert, update

from control.assessments.evidence import Reference, attach
from control.assessments.reading import Assessment, find, newest
from control.assessments.scales import Subject, grade_words, scale
from control.audit.actions import Action
from control.audit.log import lock_chain, record
from control.free_text import kept_text
from control.locking import ChangedMeanwhile
from kpi.access import AccessDenied, Side, Viewer, assessing_role, confirming_role
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.assessment_tables import assessment
from warehouse.database import writing
from warehouse.errors import UserError

SHORTEST_MOTIVATION = 20
"""Characters; a shorter one says nothing that a second person can judge."""
_WHAT = "Bedömningen"


@dataclass(frozen=True)
class Draft:
    """What somebody wants to sign. `follows`: the newest assessment of the matter that the page showed."""

    board_code: str
    side: Side
    unit_code: str | None
    period: Period
    subject: Subject
    grade: int | None
    motivation: str | None
    reference: Reference | None
    is_without_evidence: bool
    follows: int | None


def is_open(period: Period, today: date) -> bool:
    """Whether the period is assessed: from its first day to the last day of the tertial that follows it."""
    return period.type is PeriodType.TERTIAL and period.first_day <= today <= period.shift(1).last_day


def sign(engine: Engine, viewer: Viewer, draft: Draft, *, today: date, at: datetime | None = None) -> int:
    """Sign the assessment; its number. It waits for a second person from then on.

    AccessDenied for who does not sign for the side; UserError for what is missing or out of time; ChangedMeanwhile when
    somebody has signed or follows another since the page was opened.
    """
    role = assessing_role(viewer, draft.board_code, draft.side, draft.unit_code)
    grade, motivation = _checked(draft, today)
    moment = clock.utc(at or clock.now())
    with writing(engine) as connection:
        municipality_code = _municipality(read_organisation(connection), draft)
        lock_chain(connection)
        _check_is_newest(connection, draft)
        number = connection.execute(
            insert(assessment)
            .values(
                municipality_code=municipality_code,
                board_code=draft.board_code,
                unit_code=draft.unit_code,
                period=draft.period.code,
                subject=draft.subject.value,
                side=draft.side.value,
                grade=grade,
                motivation=motivation,
                is_without_evidence=int(draft.is_without_evidence),
                follows=draft.follows,
                signed_at=moment,
                signed_by=viewer.user,
                signed_role=role.value,
            )
            .returning(assessment.c.assessment_no)
        ).scalar_one()
        signed = _found(connection, number)
        if draft.reference is not None:
            attach(connection, viewer, signed, draft.reference, moment)
        _record(connection, viewer, Action.ASSESSMENT_SIGNED, signed, moment)
    return int(number)


def confirm(engine: Engine, viewer: Viewer, number: int, *, at: datetime | None = None) -> Assessment:
    """Confirm somebody else's assessment; from then on it counts.

    NotFound for an unknown number; AccessDenied for who does not confirm for the side, or who signed it;
    ChangedMeanwhile when it is confirmed already, or another follows it.
    """
    moment = clock.utc(at or clock.now())
    with writing(engine) as connection:
        lock_chain(connection)
        signed = _found(connection, number)
        role = confirming_role(viewer, signed.board_code, signed.side, signed.unit_code)
        if signed.signed_by == viewer.user:
            raise AccessDenied("Du har själv undertecknat bedömningen. En annan person bekräftar den.")
        last = newest(connection, signed.matter, signed.period)
        if signed.is_confirmed or last is None or last.number != number:
            raise ChangedMeanwhile(_WHAT)
        connection.execute(
            update(assessment)
            .where(assessment.c.assessment_no == number, assessment.c.confirmed_by.is_(None))
            .values(confirmed_at=moment, confirmed_by=viewer.user, confirmed_role=role.value)
        )
        _record(connection, viewer, Action.ASSESSMENT_CONFIRMED, signed, moment)
    return replace(signed, confirmed_at=moment, confirmed_by=viewer.user, confirmed_role=role)


def _checked(draft: Draft, today: date) -> tuple[int, str]:
    if draft.period.type is not PeriodType.TERTIAL:
        raise UserError(f"Perioden {draft.period} bedöms inte. Bedömningar görs för ett tertial, till exempel 2025-T1.")
    if draft.period.first_day > today:
        raise UserError(f"Perioden {draft.period} har inte börjat. Bedöm den tidigast {draft.period.first_day}.")
    if not is_open(draft.period, today):
        raise UserError(
            f"Perioden {draft.period} bedömdes senast {draft.period.shift(1).last_day}. Välj ett senare tertial."
        )
    if draft.grade not in {step.grade for step in scale(draft.subject)}:
        raise UserError("Svaret saknas. Välj ett steg på skalan och spara igen.")
    motivation = kept_text(draft.motivation, "Motiveringen")
    if len(motivation) < SHORTEST_MOTIVATION:
        raise UserError(
            f"Motiveringen är kortare än {SHORTEST_MOTIVATION} tecken. Skriv vad bedömningen bygger på, så att en "
            "annan person kan pröva den."
        )
    if draft.reference is None and not draft.is_without_evidence:
        raise UserError("Underlag saknas. Ange ett underlag, eller kryssa i att bedömningen görs utan underlag.")
    if draft.reference is not None and draft.is_without_evidence:
        raise UserError("Du har angett ett underlag och samtidigt kryssat i att det saknas. Behåll det ena.")
    return draft.grade, motivation


def _municipality(organisation: Organisation, draft: Draft) -> str:
    """The board's. UserError for a board that is gone, or a unit that did not lie under it in the period."""
    first, last = draft.period.first_day, draft.period.last_day
    board = next((one for one in organisation.spans(draft.board_code)[::-1] if one.overlaps(first, last)), None)
    if board is None or board.level != "board" or board.municipality_code is None:
        raise UserError(f"Nämnden {draft.board_code} finns inte {draft.period}. Välj en annan period.")
    if draft.unit_code is not None and draft.board_code not in organisation.boards_of(draft.unit_code, first, last):
        raise UserError(
            f"Enheten {draft.unit_code} hör inte till nämnden {draft.period}. Välj en period då den gjorde det."
        )
    return board.municipality_code


def _check_is_newest(connection: Connection, draft: Draft) -> None:
    last = newest(connection, (draft.board_code, draft.subject, draft.side, draft.unit_code), draft.period)
    if (last.number if last is not None else None) != draft.follows:
        raise ChangedMeanwhile(_WHAT)


def _found(connection: Connection, number: int) -> Assessment:
    found = find(connection, number)
    if found is None:
        raise NotFound("Bedömningen finns inte. Öppna sidan igen och välj en som står där.")
    return found


def _record(connection: Connection, viewer: Viewer, action: Action, of: Assessment, at: datetime) -> None:
    record(
        connection,
        viewer,
        action,
        f"{of.subject.words} {of.period}: {grade_words(of.subject, of.grade)}",
        municipality_code=of.municipality_code,
        board_code=of.board_code,
        unit_code=of.unit_code,
        details={
            "assessment": of.number,
            "side": of.side.value,
            "follows": of.follows,
            "is_without_evidence": of.is_without_evidence,
        },
        at=at,
    )
