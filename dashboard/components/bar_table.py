"""A table whose rows are bars: words, a bar as long as its number, the number, and what is told beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.components.attributes import aria


@dataclass(frozen=True)
class BarRow:
    """`length`: of the longest bar, 0–1; `is_off`: beyond a limit, which its words say too; `is_chosen`: what the page
    is narrowed to."""

    name: Any
    length: float
    number: Any
    more: tuple[Any, ...] = ()
    is_off: bool = False
    is_chosen: bool = False


def bar_table(caption: str, headings: Sequence[str], rows: Sequence[BarRow]) -> html.Div:
    """`headings`: of the name, the number, and what is beside it; the bar belongs to the number."""
    head = [html.Th(headings[0], scope="col"), html.Th(headings[1], scope="col", colSpan=2)]
    head += [html.Th(one, scope="col", className="num") for one in headings[2:]]
    return html.Div(
        html.Table(
            [
                html.Caption(caption, className="visually-hidden"),
                html.Thead(html.Tr(head)),
                html.Tbody([_row(one) for one in rows]),
            ],
            className="bars",
        ),
        className="table-box",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )


def _row(one: BarRow) -> html.Tr:
    bar = html.Div(className="bar off" if one.is_off else "bar", style={"width": f"{one.length:.1%}"})
    drawn = bar if one.length else None
    cells = [html.Td(cell, className="num") for cell in one.more]
    return html.Tr(
        [
            html.Th(one.name, scope="row"),
            html.Td(drawn, className="bar-cell"),
            html.Td(one.number, className="num"),
            *cells,
        ],
        className="chosen" if one.is_chosen else None,
    )
