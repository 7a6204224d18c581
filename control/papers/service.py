"""Makes papers, numbers them and puts them before the board. What is delivered is never changed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, Engine, func, insert, select, update

from control.audit.actions import Action
from control.audit.log import record
from control.definitions import history, record_if_changed
from control.free_text import kept_text
from control.locking import change
from control.papers.adoptable import check_is_put_forward
from control.papers.content import PaperContent, as_json, hash_of, period_of
from control.papers.cut import check_is_newest, releases_of
from control.papers.gather import Wanted, gather
from control.papers.kinds import PaperKind
from control.papers.reading import Paper, find_paper
from control.release.rule import board_of
from kpi.access import Viewer, check_can_make_papers
from kpi.definition import Catalogue
from kpi.period import Period
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.paper_tables import board_date, paper

_LONGEST_NUMBER = 40


def make_paper(
    engine: Engine,
    catalogue: Catalogue,
    viewer: Viewer,
    kind: PaperKind,
    board_code: str,
    period: Period | None,
    *,
    today: date,
    registration_number: str = "",
    at: datetime | None = None,
) -> int:
    """Make a draft from the newest frozen data, as the next version; its number.

    AccessDenied for others than the board's secretary and controller; UserError as `control.papers.gather.gather`.
    """
    check_can_make_papers(viewer, board_code)
    number = _registration_number(registration_number)
    made_at = at or clock.now()
    _keep_definitions(engine, catalogue, made_at)
    with reading(engine) as connection:
        wanted = Wanted(kind, board_code, period, today, registration_number=number, at=made_at)
        found = gather(connection, catalogue, wanted)
        municipality = board_of(read_organisation(connection), board_code).municipality_code or ""
    of = period_of(found.public.head)
    with writing(engine) as connection:
        version = _newest_version(connection, board_code, kind, of) + 1
        if version > 1:
            again = Wanted(kind, board_code, of, today, version, number, found.public.head.cut)
            found = gather(connection, catalogue, again)
        paper_no = connection.execute(
            insert(paper)
            .values(
                municipality_code=municipality, board_code=board_code, kind=kind.value, period=of.code,
                version=version, status="draft", registration_number=number or None, content=as_json(found),
                content_hash=hash_of(found), is_synthetic=int(found.public.head.is_synthetic), edits=0,
                made_at=made_at, made_by=viewer.user,
            )
            .returning(paper.c.paper_no)
        ).scalar_one()  # fmt: skip
        _record(connection, viewer, Action.PAPER_MADE, paper_no, municipality, board_code, found.public.hash, at)
    return int(paper_no)


def _keep_definitions(engine: Engine, catalogue: Catalogue, at: datetime) -> None:
    """Keep those that serve where none are kept yet: the paper is written again by them."""
    with reading(engine) as connection:
        is_kept = bool(history(connection, limit=1))
    if not is_kept and catalogue.source:
        record_if_changed(engine, catalogue.source, at=at)


def set_registration_number(
    engine: Engine, catalogue: Catalogue, viewer: Viewer, paper_no: int, seen: int, registration_number: str
) -> None:
    """Give a draft its number; it stands in its files, so they are other files then. `seen`: the row's edits."""
    with writing(engine) as connection:
        found = _draft(connection, viewer, paper_no)
        number = _registration_number(registration_number, is_required=True)
        if rests_on_draft(found):
            content = _numbered(found.content, number)
        else:
            content = gather(connection, catalogue, wanted_again(found, number))
        values = {"registration_number": number, "content": as_json(content), "content_hash": hash_of(content)}
        change(connection, paper, paper.c.paper_no == paper_no, seen, values, "Handlingen")
        _record(
            connection, viewer, Action.PAPER_NUMBERED, paper_no, found.municipality_code, found.board_code,
            content.public.hash,
        )  # fmt: skip


def deliver(
    engine: Engine, viewer: Viewer, paper_no: int, seen: int, *, today: date, at: datetime | None = None
) -> None:
    """Put a draft before the board. From then on it is never changed; what comes later is another version.

    UserError for one without a registration number, or delivered already, for one whose period has been closed or
    corrected again since, and for a plan's that nobody has proposed.
    The day in the board's year is done.
    """
    with writing(engine) as connection:
        found = _draft(connection, viewer, paper_no)
        if not found.registration_number:
            raise UserError("Handlingen saknar diarienummer. Skriv det och spara innan den läggs fram.")
        cut = found.content.public.head.cut
        check_is_newest(found.kind, found.period, cut.release_no, releases_of(connection, found.board_code))
        if rests_on_draft(found):
            check_is_put_forward(connection, cut)
        values = {"status": "delivered", "delivered_on": today, "delivered_by": viewer.user}
        change(connection, paper, paper.c.paper_no == paper_no, seen, values, "Handlingen")
        _mark_done(connection, viewer, found, today, at or clock.now())
        _record(
            connection, viewer, Action.PAPER_DELIVERED, paper_no, found.municipality_code, found.board_code,
            found.content.public.hash, at,
        )  # fmt: skip


def wanted_again(found: Paper, registration_number: str | None = None) -> Wanted:
    """How the paper is written again from its own cut."""
    head = found.content.public.head
    number = head.registration_number if registration_number is None else registration_number
    day = date.fromisoformat(head.dated)
    return Wanted(found.kind, found.board_code, found.period, day, found.version, number, head.cut)


def rests_on_draft(found: Paper) -> bool:
    """Whether it is of a plan that the board had not adopted: such a plan may be changed, and is kept here alone."""
    return found.kind is PaperKind.CONTROL_PLAN and not found.content.public.head.cut.is_plan_adopted


def _numbered(content: PaperContent, number: str) -> PaperContent:
    head = replace(content.public.head, registration_number=number)
    return replace(content, public=replace(content.public, head=head))


def is_verified(connection: Connection, catalogue: Catalogue, found: Paper) -> bool:
    """Whether the stored content is what its hash says, and writing it again from its cut gives the same; of a plan
    that was not adopted only the former is asked."""
    if rests_on_draft(found):
        return hash_of(found.content) == found.content_hash
    try:
        again = gather(connection, catalogue, wanted_again(found))
    except UserError:  # what it rests on is gone
        return False
    return hash_of(found.content) == found.content_hash == hash_of(again)


def _draft(connection: Connection, viewer: Viewer, paper_no: int) -> Paper:
    found = find_paper(connection, paper_no)
    check_can_make_papers(viewer, found.board_code if found is not None else "")
    if found is None:
        raise UserError(f"Handling {paper_no} finns inte.")
    if found.delivered_on is not None:
        raise UserError("Handlingen har lagts fram för nämnden och ändras inte. Gör en ny version om något ska rättas.")
    return found


def _newest_version(connection: Connection, board_code: str, kind: PaperKind, period: Period) -> int:
    return int(
        connection.scalar(
            select(func.max(paper.c.version)).where(
                paper.c.board_code == board_code, paper.c.kind == kind.value, paper.c.period == period.code
            )
        )
        or 0
    )


def _mark_done(connection: Connection, viewer: Viewer, found: Paper, today: date, at: datetime) -> None:
    """The planned day of the same board, kind and period; the first delivery counts. An audit answer's period is that
    of its figures, which nobody knows when it is planned: its first planned day is done."""
    days = (
        select(board_date.c.date_no)
        .where(
            board_date.c.board_code == found.board_code, board_date.c.kind == found.kind.value,
            board_date.c.done_on.is_(None), board_date.c.cancelled_on.is_(None),
        )
        .order_by(board_date.c.planned_on, board_date.c.date_no)
        .limit(1)
    )  # fmt: skip
    if found.kind is not PaperKind.AUDIT_ANSWER:
        days = days.where(board_date.c.period == found.period.code)
    connection.execute(
        update(board_date)
        .where(board_date.c.date_no == connection.scalar(days))
        .values(
            done_on=today, paper_no=found.paper_no, edits=board_date.c.edits + 1, changed_at=at,
            changed_by=viewer.user,
        )
    )  # fmt: skip


def _registration_number(text: str, *, is_required: bool = False) -> str:
    found = kept_text(text, "Diarienummer", longest=_LONGEST_NUMBER, is_required=is_required)
    return " ".join(found.split())


def _record(
    connection: Connection, viewer: Viewer, action: Action, paper_no: int, municipality: str, board: str, hash_: str,
    at: datetime | None = None,
) -> None:  # fmt: skip
    record(
        connection, viewer, action, f"handling {paper_no}", municipality_code=municipality, board_code=board,
        details={"paper": paper_no, "hash": hash_}, at=at,
    )  # fmt: skip
