"""The overview's list: under each audit question first what is off or near its level, then the rest, and last, folded,
what has no values yet. A table on wide screens, cards on narrow ones (the roles are written out, since CSS that turns a
table into blocks takes its meaning away)."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard import texts
from dashboard.components.figure_cells import figure_cells
from dashboard.components.unanswered import unanswered
from kpi import format as text
from kpi.status import State
from kpi.views.rows import FigureRow, Overview

COLUMNS = (("Nyckeltal", ""), ("Värde", "num"), ("Mål", "num"), ("Utveckling", ""), ("Läge", ""), ("Jämfört med", ""))
_URGENCY = {State.OFF: 0, State.NEAR: 1}


def figure_table(page: Overview) -> html.Div:
    """All figures of the page."""
    head = html.Thead(
        html.Tr(
            [
                html.Th(heading, scope="col", role="columnheader", className=class_name or None)
                for heading, class_name in COLUMNS
            ],
            role="row",
        ),
        role="rowgroup",
    )
    bodies = [_group(question, page) for question in texts.AUDIT_QUESTIONS]
    caption = html.Caption(
        f"Nyckeltal för {page.home.name}, {text.month(page.month)}, ordnade efter revisionens frågor",
        className="visually-hidden",
    )
    return html.Div(html.Table([caption, head, *bodies], className="figures", role="table"), className="table-box")


def in_reading_order(rows: Sequence[FigureRow]) -> list[FigureRow]:
    """Off its level first, the furthest at the top, then near, then the rest as the catalogue has them."""
    return sorted(rows, key=lambda row: (_URGENCY.get(row.status.state, 2), -(row.severity or 0.0)))


def _group(question: int, page: Overview) -> html.Tbody:
    rows = [row for row in page.rows if row.definition.audit_question == question]
    known = in_reading_order([row for row in rows if row.has_values])
    unknown = [row for row in rows if not row.has_values]
    body = [_heading(question, known), *(_row(row, page) for row in known)]
    if not rows:
        body.append(_line(html.Td("Inget nyckeltal svarar på frågan ännu.", role="cell", colSpan=_WHOLE), "muted"))
    if unknown:
        body.append(_line(html.Td(unanswered(unknown, page.month), role="cell", colSpan=_WHOLE), ""))
    return html.Tbody(body, role="rowgroup")


_WHOLE = len(COLUMNS)


def _heading(question: int, rows: Sequence[FigureRow]) -> html.Tr:
    off = sum(row.status.state is State.OFF for row in rows)
    near = sum(row.status.state is State.NEAR for row in rows)
    found = [f"{text.number(off)} utanför sin nivå"] if off else []
    found += [f"{text.number(near)} nära"] if near else []
    return html.Tr(
        html.Th(
            [
                html.Span(f"{question}. ", className="muted"),
                texts.AUDIT_QUESTIONS[question],
                *([html.Span(", ".join(found), className="group-count")] if found else []),
            ],
            scope="rowgroup",
            role="rowheader",
            colSpan=_WHOLE,
        ),
        className="group",
        role="row",
    )


def _line(cell: html.Td, class_name: str) -> html.Tr:
    return html.Tr(cell, role="row", className=f"line {class_name}".strip())


def _row(row: FigureRow, page: Overview) -> html.Tr:
    return html.Tr(figure_cells(row, page), className="figure", role="row")
