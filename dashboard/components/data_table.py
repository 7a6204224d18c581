"""A plain table that scrolls inside its own box. On a phone a table of words becomes a block for each row, each cell
led by its heading; a table of numbers stays one, since numbers are compared down a column. (The roles are written out,
since CSS that turns a table into blocks takes its meaning away.)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.components.attributes import aria


@dataclass(frozen=True)
class Column:
    """A heading; numbers are set to the right."""

    heading: str
    is_number: bool = False


def data_table(
    caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]], *, hidden: bool = True
) -> html.Div:
    """Rows of cells, the first of which names the row. `hidden`: the caption is for screen readers only."""
    head = [
        html.Th(column.heading, scope="col", role="columnheader", className="num" if column.is_number else None)
        for column in columns
    ]
    body = [html.Tr([_cell(index, columns[index], cell) for index, cell in enumerate(row)], role="row") for row in rows]
    is_words = any(not column.is_number for column in columns[1:])
    return html.Div(
        html.Table(
            [
                html.Caption(caption, className="visually-hidden" if hidden else None),
                html.Thead(html.Tr(head, role="row"), role="rowgroup"),
                html.Tbody(body, role="rowgroup"),
            ],
            role="table",
            className="stacks" if is_words else None,
        ),
        className="table-box",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )


def _cell(index: int, column: Column, content: Any) -> html.Th | html.Td:
    if index == 0:
        return html.Th(content, scope="row", role="rowheader")
    label: dict[str, Any] = {"data-label": column.heading}
    return html.Td(content, role="cell", className="num" if column.is_number else None, **label)
