"""A plain table that scrolls inside its own box."""

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
    head = [html.Th(column.heading, scope="col", className="num" if column.is_number else None) for column in columns]
    body = [
        html.Tr(
            [
                html.Th(cell, scope="row")
                if index == 0
                else html.Td(cell, className="num" if columns[index].is_number else None)
                for index, cell in enumerate(row)
            ]
        )
        for row in rows
    ]
    return html.Div(
        html.Table(
            [
                html.Caption(caption, className="visually-hidden" if hidden else None),
                html.Thead(html.Tr(head)),
                html.Tbody(body),
            ]
        ),
        className="table-box",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )
