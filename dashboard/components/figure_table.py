"""The overview's list: under each audit question first what is off or near its level or has clearly changed, then,
folded, the rest and what has no values yet. Tables on wide screens, cards on narrow ones (the roles are written out,
since CSS that turns a table into blocks takes its meaning away)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html

from control.board_work import BoardWork
from dashboard import texts
from dashboard.components.attributes import aria
from dashboard.components.figure_cells import figure_cells
from dashboard.components.unanswered import unanswered
from kpi import format as text
from kpi.spc.verdict import Told
from kpi.status import State
from kpi.views.rows import FigureRow, Overview

_COLUMNS = (("Nyckeltal", ""), ("Värde", "num"), ("Mål", "num"), ("Utveckling", ""), ("Läge", ""), ("Jämfört med", ""))
_ACTION = ("Åtgärd", "")
_URGENCY = {State.OFF: 0, State.NEAR: 1}
_FEWEST, _MOST = 3, 6
"""So many figures of a question stand open: those that need a look, but not fewer than the first."""


def figure_table(page: Overview, work: BoardWork | None, today: date) -> html.Div:
    """All figures of the page. `work`: what is done about them, for those who read it."""
    return html.Div([_question(one, page, work, today) for one in texts.AUDIT_QUESTIONS], className="questions")


def in_reading_order(rows: Sequence[FigureRow]) -> list[FigureRow]:
    """Off its level first, the furthest at the top, then near, then the rest as the catalogue has them."""
    return sorted(rows, key=lambda row: (_URGENCY.get(row.status.state, 2), -(row.severity or 0.0)))


def open_and_folded(rows: Sequence[FigureRow]) -> tuple[list[FigureRow], list[FigureRow]]:
    """What stands open, and what is folded: all that needs no look, and what does not fit. One alone is not folded."""
    ordered = sorted(in_reading_order(rows), key=lambda row: not _needs_a_look(row))
    count = min(_MOST, max(_FEWEST, sum(map(_needs_a_look, ordered))))
    return (ordered, []) if len(ordered) <= count + 1 else (ordered[:count], ordered[count:])


def _needs_a_look(row: FigureRow) -> bool:
    return row.status.state in _URGENCY or row.variation.told in (Told.CONCERN, Told.IMPROVEMENT)


def _question(question: int, page: Overview, work: BoardWork | None, today: date) -> html.Section:
    rows = [row for row in page.rows if row.definition.audit_question == question]
    known = [row for row in rows if row.has_values]
    shown, folded = open_and_folded(known)
    name = texts.AUDIT_QUESTIONS[question]
    children: list[Any] = [
        html.H3([html.Span(f"{question}. ", className="muted"), name, *_count(known)], id=f"fraga-{question}")
    ]
    if shown:
        children.append(_table(f"{name} {page.home.name}, {text.month(page.month)}", shown, page, work, today))
    if folded:
        off = sum(row.status.state is State.OFF for row in folded)
        many, some = text.counts(len(folded), off)
        which = f", varav {some} utanför sin nivå" if off else ""
        which = ", alla utanför sin nivå" if off == len(folded) > 1 else which
        summary = html.Summary(f"Visa {many} nyckeltal till{which}")
        caption = f"{name} Övriga nyckeltal, {page.home.name}, {text.month(page.month)}"
        children.append(html.Details([summary, _table(caption, folded, page, work, today)], className="plain folded"))
    if not rows:
        children.append(html.P("Inget nyckeltal svarar på frågan ännu.", className="muted"))
    unknown = [row for row in rows if not row.has_values]
    if unknown:
        children.append(unanswered(unknown, page.month))
    return html.Section(children, className="question", **aria(labelledby=f"fraga-{question}"))


def _count(rows: Sequence[FigureRow]) -> list[html.Span]:
    off = sum(row.status.state is State.OFF for row in rows)
    near = sum(row.status.state is State.NEAR for row in rows)
    found = [f"{text.number(off)} utanför sin nivå"] if off else []
    found += [f"{text.number(near)} nära"] if near else []
    return [html.Span(", ".join(found), className="group-count")] if found else []


def _table(caption: str, rows: Sequence[FigureRow], page: Overview, work: BoardWork | None, today: date) -> html.Div:
    columns = _COLUMNS if work is None else (*_COLUMNS, _ACTION)
    cells = [
        html.Th(heading, scope="col", role="columnheader", className=class_name or None)
        for heading, class_name in columns
    ]
    return html.Div(
        html.Table(
            [
                html.Caption(caption, className="visually-hidden"),
                html.Thead(html.Tr(cells, role="row"), role="rowgroup"),
                html.Tbody(
                    [html.Tr(figure_cells(row, page, work, today), className="figure", role="row") for row in rows],
                    role="rowgroup",
                ),
            ],
            className="figures",
            role="table",
        ),
        className="table-box",
    )
