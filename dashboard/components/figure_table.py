"""The overview's list: a row per figure under its audit question. A table on wide screens, cards on narrow ones (the
roles are written out, since CSS that turns a table into blocks takes its meaning away)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import format as text
from dashboard import texts, words
from dashboard.components.attributes import data
from dashboard.components.link import address, link
from dashboard.components.spark import spark
from dashboard.components.status_mark import mark, status_mark
from kpi.definition import Kind
from kpi.period import Period, PeriodType
from kpi.views.rows import FigureRow, Overview, Part

_COLUMNS = 7


def figure_table(page: Overview) -> html.Div:
    """All figures of the page."""
    head = html.Thead(
        html.Tr(
            [
                html.Th("Nyckeltal", scope="col", role="columnheader"),
                html.Th(text.capital(text.month(page.month)), scope="col", role="columnheader", className="num"),
                html.Th("Senaste 12 mån", scope="col", role="columnheader", className="num"),
                html.Th("Mål", scope="col", role="columnheader", className="num"),
                html.Th("24 månader", scope="col", role="columnheader"),
                html.Th("Läge", scope="col", role="columnheader"),
                html.Th("Jämfört med tidigare", scope="col", role="columnheader"),
            ],
            role="row",
        ),
        role="rowgroup",
    )
    bodies = [
        html.Tbody(
            [_group(question), *([_row(row, page) for row in rows] or [_unanswered()])],
            role="rowgroup",
        )
        for question, rows in _grouped(page.rows)
    ]
    caption = html.Caption(
        f"Nyckeltal för {page.board.name}, {text.month(page.month)}, ordnade efter revisionens frågor",
        className="visually-hidden",
    )
    return html.Div(html.Table([caption, head, *bodies], className="figures", role="table"), className="table-box")


def _grouped(rows: Sequence[FigureRow]) -> list[tuple[int, list[FigureRow]]]:
    return [
        (question, [row for row in rows if row.definition.audit_question == question])
        for question in texts.AUDIT_QUESTIONS
    ]


def _group(question: int) -> html.Tr:
    return html.Tr(
        html.Th(
            [html.Span(f"{question}. ", className="muted"), texts.AUDIT_QUESTIONS[question]],
            colSpan=_COLUMNS,
            scope="rowgroup",
            role="rowheader",
        ),
        className="group",
        role="row",
    )


def _unanswered() -> html.Tr:
    sentence = "Inget nyckeltal svarar på frågan ännu."
    return html.Tr(
        html.Td(sentence, colSpan=_COLUMNS, role="cell", className="muted"), role="row", className="unanswered"
    )


def _row(row: FigureRow, page: Overview) -> html.Tr:
    definition = row.definition
    return html.Tr(
        [
            html.Th(_name(row, page), scope="row", role="rowheader", className="name"),
            _cell(
                "I månaden" if definition.period is PeriodType.MONTH else "Perioden",
                _month(row, page.month),
                "num value",
            ),
            _cell("Senaste 12 mån", _year(row), "num value"),
            _cell("Mål", _target(row), "num muted"),
            _cell("24 månader" if definition.period is PeriodType.MONTH else "Tre år", spark(row), "spark"),
            _cell("Läge", status_mark(row.status), "status-cell"),
            _cell("Jämfört med tidigare", _change(row), "change"),
        ],
        className="figure",
        role="row",
    )


def _cell(label: str, children: Any, class_name: str) -> html.Td:
    return html.Td(children, className=class_name, role="cell", **data(label=label))


def _name(row: FigureRow, page: Overview) -> list[Any]:
    definition = row.definition
    about = [definition.owner_role]
    if row.unit.code != page.board.code:
        about.append(f"hela {row.unit.name}")
    children: list[Any] = [
        link(definition.name, address(f"/nyckeltal/{definition.id}", enhet=row.unit.code, manad=str(page.month))),
        html.Small(", ".join(about)),
    ]
    if row.parts:
        children.append(html.Small(biggest(row)))
    children += [html.Small(note) for note in words.notes(row)]
    if row.is_late:
        reach = f"levererat till och med {text.day(row.as_of)}" if row.as_of else "inget levererat"
        children.append(mark(reach))
    return children


def biggest(row: FigureRow) -> str:
    """The split's most telling cell over twelve months: the biggest flow, or the actor most often absent."""
    if row.definition.kind is Kind.RATIO:
        enough = [part for part in row.parts if part.reading.cases >= max(row.definition.minimum_cases, 1)]
        if not enough:
            return "För få fall per part"
        top = max(enough, key=lambda part: (part.reading.value or 0.0, part.reading.cases))
        return f"Oftast {texts.split_words(top.split)}: {words.in_full(row.definition, top.reading)}"
    top = max(row.parts, key=_numerator)
    return f"Största flödet {texts.split_words(top.split)}: {words.value(row.definition, top.reading)} på 12 månader"


def _numerator(part: Part) -> float:
    return part.reading.numerator or 0.0


def _change(row: FigureRow) -> list[Any]:
    found = words.change(row)
    return [found.size, *([html.Small(found.than)] if found.than else [])]


def _month(row: FigureRow, month: Period) -> list[Any]:
    definition = row.definition
    children: list[Any] = [
        html.B(words.value(definition, row.current)),
        html.Small(words.basis(definition, row.current)),
    ]
    if row.current.last != month:
        children.append(html.Small(text.month(row.current.last)))
    return children


def _year(row: FigureRow) -> list[Any]:
    if row.year is None:
        return [html.Span("–", className="muted", title="Summeras inte över flera perioder")]
    return [html.B(words.value(row.definition, row.year)), html.Small(words.basis(row.definition, row.year))]


def _target(row: FigureRow) -> list[Any]:
    found = words.target(row.definition, row.target, with_proposed=False)
    if row.target is None or row.target.is_decided:
        return [found]
    return [found, html.Small(words.proposed(row.target))]
