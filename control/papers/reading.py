"""Reads papers: delivered ones for the board, drafts and annexes under secrecy for fewer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from control.papers.content import Document, PaperContent, from_json
from control.papers.kinds import PaperKind
from kpi.access import Viewer, can_read_drafts, can_read_papers, check_can_read_drafts, check_can_read_papers
from kpi.period import Period
from kpi.views.errors import NotFound, Withheld
from warehouse.paper_tables import paper


@dataclass(frozen=True)
class Listed:
    """A paper in a list."""

    paper_no: int
    municipality_code: str
    board_code: str
    kind: PaperKind
    period: Period
    version: int
    registration_number: str
    delivered_on: date | None
    made_at: datetime
    is_synthetic: bool


@dataclass(frozen=True)
class Paper(Listed):
    """A paper with all that it says; `edits` is stated by who changes it."""

    content: PaperContent
    content_hash: str
    edits: int


def find_paper(connection: Connection, paper_no: int) -> Paper | None:
    """The paper of that number, for services: whoever shows it asks for the right first."""
    row = connection.execute(select(paper).where(paper.c.paper_no == paper_no)).first()
    if row is None:
        return None
    return Paper(**_listed(row), content=from_json(row.content), content_hash=row.content_hash, edits=row.edits)


def read_paper(connection: Connection, viewer: Viewer, paper_no: int) -> Paper:
    """A paper that the viewer may read. NotFound where there is none; Withheld, which says the same, where it is a
    draft or another board's that the viewer may not read: that it exists is not told. What is secret is left out for
    who reads papers only."""
    found = find_paper(connection, paper_no)
    nowhere = f"Handling {paper_no} finns inte bland dem som du får läsa."
    if found is None:
        raise NotFound(nowhere)
    if not _may_read(viewer, found):
        raise Withheld(nowhere, found.municipality_code)
    if found.delivered_on is None:
        check_can_read_drafts(viewer, found.board_code)
    else:
        check_can_read_papers(viewer, found.board_code)
    if can_read_drafts(viewer, found.board_code):
        return found
    return replace(found, content=PaperContent(found.content.public))


def secret_annex_of(viewer: Viewer, found: Paper) -> Document:
    """The annex under secrecy. AccessDenied for who reads papers only; NotFound where there is none."""
    check_can_read_drafts(viewer, found.board_code)
    if found.content.secret is None:
        raise NotFound(no_annex_words(found.kind))
    return found.content.secret


def no_annex_words(kind: PaperKind) -> str:
    """Why a paper has no annex under secrecy."""
    if kind is PaperKind.CONTROL_PLAN:
        return (
            "En intern kontrollplan har ingen bilaga under sekretess. Siffror som är dolda i den står i "
            "uppföljningarnas bilagor under sekretess."
        )
    return "Handlingen har ingen bilaga under sekretess: inget är dolt i den."


def papers_of(connection: Connection, viewer: Viewer, boards: Iterable[str]) -> list[Listed]:
    """The papers of the boards that the viewer may read, the newest first; content is not read."""
    columns = [
        paper.c.paper_no, paper.c.municipality_code, paper.c.board_code, paper.c.kind, paper.c.period, paper.c.version,
        paper.c.registration_number, paper.c.delivered_on, paper.c.made_at, paper.c.is_synthetic,
    ]  # fmt: skip
    rows = connection.execute(
        select(*columns).where(paper.c.board_code.in_(sorted(boards))).order_by(paper.c.paper_no.desc())
    )
    found = (Listed(**_listed(row)) for row in rows)
    return [one for one in found if _may_read(viewer, one)]


def _may_read(viewer: Viewer, found: Listed) -> bool:
    if found.delivered_on is None:
        return can_read_drafts(viewer, found.board_code)
    return can_read_papers(viewer, found.board_code)


def _listed(row: Any) -> dict[str, Any]:
    return {
        "paper_no": row.paper_no,
        "municipality_code": row.municipality_code,
        "board_code": row.board_code,
        "kind": PaperKind(row.kind),
        "period": Period.from_code(row.period),
        "version": row.version,
        "registration_number": row.registration_number or "",
        "delivered_on": row.delivered_on,
        "made_at": row.made_at,
        "is_synthetic": bool(row.is_synthetic),
    }
