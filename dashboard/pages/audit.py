"""Revision: each of the audit's questions and recommendations, with what is done about it and what shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from control.actions.boards import board_of, control_homes
from control.audit_answers import Answer, answers, read_board_control, remains
from control.papers.audit_facts import Audit, audit_of
from control.papers.content import listed
from control.papers.kinds import PaperKind
from control.papers.reading import papers_of
from dashboard.components.attributes import aria
from dashboard.components.audit_answer_panel import answer_panel
from dashboard.components.choices import choices, place_choice
from dashboard.components.head import page_head
from dashboard.components.link import link
from dashboard.context import Context, Page
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place, can_make_papers, can_open, can_read_overview
from kpi.organisation import Unit
from kpi.views.freshness import is_synthetic
from kpi.views.overview import overview
from kpi.views.rows import FigureRow
from warehouse import clock


def page(context: Context) -> Page:
    """What answers the audit today, for the board that `enhet` belongs to, and the way to the draft answer."""
    today = clock.today()
    board = board_of(context.organisation, context.viewer, context.query.get("enhet"), today)
    audit = audit_of(board.municipality_code)
    held = read_board_control(context.connection, context.viewer, board.code, today)
    found = answers(audit, held, _rows(context, board))
    questions = [one for one in found if one.question is not None]
    draft = _draft(context, board)
    children: list[Any] = [
        page_head(
            "Revision",
            place=board.name,
            choices=choices(place_choice("Nämnd", control_homes(context.organisation, context.viewer), board.code)),
            is_synthetic=is_synthetic(context.connection, board.municipality_code),
        ),
        html.P(lead(questions), className="lead"),
        html.P(_about(audit), className="lead-note"),
        *([draft] if draft is not None else []),
        _part("Revisionens frågor", "fragor", questions),
        _part("Revisionens rekommendationer", "rekommendationer", [one for one in found if one.question is None]),
    ]
    return Page("Revision", children)


def lead(questions: Sequence[Answer]) -> str:
    """How many questions have an answer of every sort, what the others lack, and in how many something remains."""
    whole, left = [one for one in questions if not one.lacks], [one for one in questions if remains(one)]
    every = "kontroller, nyckeltal, åtgärder och en bekräftad bedömning"
    if len(whole) == len(questions):
        first = f"Alla {text.count_word(len(questions))} revisionsfrågor har {every}."
    else:
        missing = "; ".join(
            f"fråga {one.question.number} saknar {listed(one.lacks)}"
            for one in questions
            if one.question is not None and one.lacks
        )
        some, of = text.counts(len(whole), len(questions), is_common=True)
        first = f"{text.capital(some) if whole else 'Ingen'} av {of} revisionsfrågor har {every}; {missing}."
    if not left:
        return f"{first} Inget som kan bedömas återstår."
    many = "alla" if len(left) == len(questions) else "en" if len(left) == 1 else text.count_word(len(left))
    return f"{first} I {many} återstår något att göra."


def _about(audit: Audit) -> str:
    return f"{audit.name}. {audit.overall}".strip()


def _rows(context: Context, board: Unit) -> tuple[FigureRow, ...]:
    """The board's figures of the latest finished month, for those who read them."""
    if not can_read_overview(context.viewer, context.organisation, board.code):
        return ()
    found = overview(context.connection, context.catalogue, context.viewer, context.organisation, board.code)
    return tuple(row for row in found.rows if row.has_values) if found is not None else ()


def _draft(context: Context, board: Unit) -> html.Section | None:
    """The answers that have been written, and the way to write one."""
    if not can_open(context.viewer, Place.PAPERS):
        return None
    written = [
        one for one in papers_of(context.connection, context.viewer, [board.code]) if one.kind is PaperKind.AUDIT_ANSWER
    ]
    at = ADDRESSES[Place.PAPERS]
    items = [
        html.Li(
            [
                link(f"Yttrande, {text.month(one.period)}", f"{at}/{one.paper_no}"),
                html.Small(f"lagt för nämnden {text.day(one.delivered_on)}" if one.delivered_on else "utkast"),
            ]
        )
        for one in written
    ]
    children: list[Any] = [html.H2("Yttrande till revisorerna", id="yttrande")]
    children.append(html.Ul(items, className="plain-list") if items else html.P("Inget yttrande är skrivet."))
    if can_make_papers(context.viewer, board.code):
        children.append(html.P(link("Skriv ett utkast av de frysta uppgifterna", at, className="more")))
    return html.Section(children, className="section", **aria(labelledby="yttrande"))


def _part(heading: str, anchor: str, found: Sequence[Answer]) -> html.Section:
    panels = [answer_panel(one) for one in found]
    return html.Section(
        [html.H2(heading, id=anchor), html.Div(panels, className="stack")],
        className="section",
        **aria(labelledby=anchor),
    )
