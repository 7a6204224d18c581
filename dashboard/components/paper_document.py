"""A paper's document on a page: what its files say, in the product's own look."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from dash import html

from control.papers.content import Block, Cell, Chart, Document, Items, Paragraph, Section, Table
from control.papers.files import words
from control.papers.files.chart import svg_of
from dashboard.components.data_table import Column, data_table

_HEADINGS = {2: html.H2, 3: html.H3, 4: html.H4, 5: html.H5}


def document_view(document: Document) -> list[Any]:
    """Everything below the title."""
    found: list[Any] = []
    if document.decisions:
        found.append(html.H2(words.PROPOSAL))
        lead = words.decision_lead(document)
        if len(document.decisions) == 1:
            found.append(html.P(f"{lead} {document.decisions[0]}."))
        else:
            found += [html.P(lead), html.Ol([html.Li(one) for one in document.decisions])]
        found.append(html.H2(words.SUMMARY))
    found += [_block(one) for one in document.summary]
    for section in document.sections:
        found += _section(section, 2)
    for title, annex in zip(words.annex_titles(document), document.annexes, strict=True):
        found.append(html.H2(title))
        for section in annex.sections:
            found += _section(section, 3)
    return [*found, html.P(words.foot(document), className="muted")]


def _section(section: Section, depth: int) -> list[Any]:
    found: list[Any] = [_HEADINGS[depth](section.heading), *(_block(one) for one in section.blocks)]
    for part in section.parts:
        found += _section(part, depth + 1)
    return found


def _block(block: Block) -> Any:
    match block:
        case Paragraph():
            return html.P(html.Strong(block.text) if block.is_strong else block.text)
        case Items():
            return html.Ul([html.Li(one) for one in block.items])
        case Chart():
            picture = b64encode(svg_of(block).encode()).decode()
            return html.Figure(
                [
                    html.Figcaption(block.title),
                    html.Img(src=f"data:image/svg+xml;base64,{picture}", alt=block.alt, className="paper-chart"),
                ]
            )
        case Table():
            columns = [Column(one.heading, one.is_number) for one in block.columns]
            rows = [[_cell(one) for one in row] for row in block.rows]
            return data_table(block.caption, columns, rows, hidden=False)


def _cell(cell: Cell) -> Any:
    return [html.Span(cell.text), html.Small(cell.below)] if cell.below else cell.text
