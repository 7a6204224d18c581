"""Handlingar: what has been put before the board and what is being made; and one paper, as its files say it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from control.notices.decisions import untold
from control.papers.planned import next_date
from control.papers.reading import Paper, papers_of, read_paper
from control.papers.service import is_verified
from control.year.planning import proposal, read_year
from dashboard.components.head import page_head
from dashboard.components.notices_section import untold_section
from dashboard.components.paper_document import document_view
from dashboard.components.paper_panels import (
    PROVE,
    draft_panel,
    files_panel,
    lead,
    make_panel,
    paper_lead,
    paper_list,
    proof_line,
)
from dashboard.components.year_section import year_section
from dashboard.context import Context, Page
from dashboard.places import ADDRESSES
from kpi.access import (
    PAPER_ROLES,
    Place,
    can_make_papers,
    can_read_drafts,
    control_boards,
    is_operator,
)
from kpi.organisation import Unit
from kpi.views.errors import NotFound
from kpi.views.freshness import is_synthetic
from warehouse import clock

PLACE = Place.PAPERS.value


def page(context: Context) -> Page:
    """The papers of the boards that the viewer reads."""
    boards = _boards(context)
    codes = [one.code for one in boards]
    found = papers_of(context.connection, context.viewer, codes)
    makes = [one for one in boards if can_make_papers(context.viewer, one.code)]
    children: list[Any] = [
        page_head(PLACE, is_synthetic=is_synthetic(context.connection)),
        lead(found, next_date(context.connection, codes), {one.code: one.name for one in boards}, clock.today()),
        *_year(context, boards, [one.code for one in makes]),
        paper_list(found, {one.code: one.name for one in boards}),
        *([make_panel(makes)] if makes else []),
    ]
    return Page(PLACE, children)


def _year(context: Context, boards: Sequence[Unit], own: Sequence[str]) -> list[Any]:
    """The boards' year, with what is still to be told; `own`: those that the viewer plans and speaks for."""
    today, names = clock.today(), {one.code: one.name for one in boards}
    rows = read_year(context.connection, context.viewer, names)
    proposed = {code: proposal(context.connection, context.viewer, code, today) for code in own}
    to_tell = untold_section(untold(context.connection, context.viewer, own, today=today))
    return [*([to_tell] if to_tell is not None else []), year_section(rows, names, today, proposed)]


def one(context: Context, number: str) -> Page:
    """A paper; a number that is none is nowhere."""
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise NotFound("Handlingen finns inte. Adressen kan vara felskriven.")
    found = read_paper(context.connection, context.viewer, int(number))
    document = found.content.public
    is_maker = can_make_papers(context.viewer, found.board_code)
    reads_all = can_read_drafts(context.viewer, found.board_code)
    children: list[Any] = [
        page_head(
            document.title,
            crumbs=[(PLACE, ADDRESSES[Place.PAPERS]), (f"{found.kind.word}, version {found.version}", None)],
            is_synthetic=found.is_synthetic,
        ),
        paper_lead(found),
        files_panel(found, has_secret=reads_all and found.content.secret is not None),
        *([proof_line(found, _proof(context, found))] if reads_all else []),
        *([draft_panel(found)] if is_maker and found.delivered_on is None else []),
        html.Article(document_view(document), className="paper"),
    ]
    return Page(document.title, children)


def _proof(context: Context, found: Paper) -> bool | None:
    """Whether the paper is the same when it is written again; None until that is asked for."""
    if context.query.get(PROVE) is None:
        return None
    return is_verified(context.connection, context.catalogue, found)


def _boards(context: Context) -> list[Unit]:
    boards = context.organisation.boards()
    if is_operator(context.viewer):
        return list(boards)
    codes = control_boards(context.viewer, PAPER_ROLES)
    return [one for one in boards if one.code in codes]
