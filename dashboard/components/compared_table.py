"""The comparison's list: a figure a row under its audit question, a place a column. On phones each figure is a card."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import texts, words
from dashboard.components.attributes import data
from dashboard.components.compared_cell import compared_cell
from dashboard.components.link import address, link
from kpi import format as text
from kpi.organisation import Unit
from kpi.status import Target
from kpi.views.comparison import ComparedRow, Comparison


def compared_table(page: Comparison) -> html.Div:
    """All released figures of the page."""
    heads = [html.Th("Nyckeltal", scope="col", role="columnheader")]
    heads += [html.Th(one.name, scope="col", role="columnheader") for one in page.places]
    caption = html.Caption(
        f"Det som har släppts till och med {text.month(page.end)}, ordnat efter revisionens frågor",
        className="visually-hidden",
    )
    return html.Div(
        html.Table(
            [
                caption,
                html.Thead(html.Tr(heads, role="row"), role="rowgroup"),
                *(_group(question, page) for question in texts.AUDIT_QUESTIONS),
            ],
            className="figures compared",
            role="table",
            style={"--places": len(page.places)},
        ),
        className="table-box",
    )


def _group(question: int, page: Comparison) -> html.Tbody:
    rows = [row for row in page.rows if row.definition.audit_question == question]
    whole = len(page.places) + 1
    heading = html.Th(
        [html.Span(f"{question}. ", className="muted"), texts.AUDIT_QUESTIONS[question]],
        scope="rowgroup",
        role="rowheader",
        colSpan=whole,
    )
    body = [html.Tr(heading, className="group", role="row"), *(_row(row, page) for row in rows)]
    if not rows:
        nothing = html.Td("Inget som svarar på frågan är släppt ännu.", role="cell", colSpan=whole)
        body.append(html.Tr(nothing, className="line muted", role="row"))
    return html.Tbody(body, role="rowgroup")


def _row(row: ComparedRow, page: Comparison) -> html.Tr:
    cells: list[Any] = [html.Th(_name(row, page), scope="row", role="rowheader", className="name")]
    for place, value in zip(page.places, row.values, strict=True):
        children = compared_cell(row.definition, place, value, page.end)
        class_name = "value" if value is not None else "value absent"
        cells.append(html.Td(children, className=class_name, role="cell", **data(label=place.name)))
    return html.Tr(cells, className="figure", role="row")


def _name(row: ComparedRow, page: Comparison) -> list[Any]:
    definition = row.definition
    href = address(f"/jamforelse/{definition.id}", enhet=_first(row, page).code, slut=str(page.end))
    return [link(definition.name, href), *(html.Small(words_) for words_ in _targets(row))]


def _first(row: ComparedRow, page: Comparison) -> Unit:
    return next((value.unit for value in row.values if value is not None), page.places[0])


def _targets(row: ComparedRow) -> list[str]:
    """The boards' target; with each board's name where they differ."""
    found: dict[Target, list[str]] = {}
    for value in row.values:
        if value is not None and value.target is not None and value.unit.level == "board":
            found.setdefault(value.target, []).append(value.unit.name)
    told = {target: words.target(row.definition, target) for target in found}
    heads = {target: "" if target.is_watch else "mål " for target in found}
    if len(found) == 1:
        return [text.capital(f"{heads[target]}{words_}") for target, words_ in told.items()]
    return [f"{' och '.join(found[target])}: {heads[target]}{words_}" for target, words_ in told.items()]
