"""A table of typed cells on a page; the first cell of a row may lead somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.data_table import Column, data_table
from dashboard.components.link import link
from dashboard.exports.cells import told
from dashboard.exports.tables import Table


def typed_table(table: Table, hrefs: Sequence[str | None] = (), *, hidden: bool = True) -> html.Div:
    """`hrefs`: where each row's first cell leads; none for a table without ways. `hidden`: the caption."""
    ways = hrefs or [None] * len(table.rows)
    rows: list[list[Any]] = []
    for row, href in zip(table.rows, ways, strict=True):
        first, *rest = (told(cell) or "–" for cell in row)
        rows.append([link(first, href) if href else first, *rest])
    columns = [Column(one.heading, is_number=not one.is_text) for one in table.columns]
    return data_table(table.title, columns, rows, hidden=hidden)
