"""A matrix of flows, from × to, with row and column sums; darker cells hold more, the numbers say how many."""

from __future__ import annotations

from dash import html

from dashboard import texts
from dashboard.components.attributes import aria
from kpi import format as text
from kpi.rolling import Matrix

_SHADES = 4


def flow_table(found: Matrix, caption: str) -> html.Div:
    """The matrix, rows and columns in order of the actors' Swedish names."""
    senders = sorted(found.senders, key=texts.actor)
    receivers = sorted(found.receivers, key=texts.actor)
    biggest = max(found.cells.values(), default=0)
    head = html.Tr(
        [
            html.Th("Från ↓ till →", scope="col"),
            *(html.Th(texts.actor(code), scope="col", className="num") for code in receivers),
            html.Th("Summa", scope="col", className="num sum"),
        ]
    )
    rows = [
        html.Tr(
            [
                html.Th(texts.actor(sender), scope="row"),
                *(_cell(found.cells.get((sender, receiver)), biggest) for receiver in receivers),
                html.Td(text.number(found.sent[sender]), className="sum"),
            ]
        )
        for sender in senders
    ]
    foot = html.Tr(
        [
            html.Th("Summa", scope="row"),
            *(html.Td(text.number(found.received[receiver])) for receiver in receivers),
            html.Td(text.number(found.total), className="sum"),
        ],
        className="sum",
    )
    return html.Div(
        html.Table(
            [html.Caption(caption, className="visually-hidden"), html.Thead(head), html.Tbody([*rows, foot])],
            className="heat",
        ),
        className="table-box",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )


def _cell(count: int | None, biggest: int) -> html.Td:
    if count is None:
        return html.Td("–", className="muted")
    shade = -(-count * _SHADES // biggest) if biggest else 0
    return html.Td(text.number(count), className=f"h{shade}" if shade else None)
