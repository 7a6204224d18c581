"""A matrix of flows, from × to, with row and column sums; a stronger cell holds more, the numbers say how many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from dash import html

from dashboard import texts
from dashboard.components.attributes import aria
from kpi import format as text
from kpi.rolling import Matrix

_SHADES = 4
Number = Callable[[str | None, str | None, int], Any]
"""How a sender's and a receiver's count is shown; None is the sum over all."""


def with_change(before: Matrix | None) -> Number:
    """The count, and under it how it differs from an earlier matrix of the same actors, where there is one."""

    def told(sender: str | None, receiver: str | None, count: int) -> list[Any]:
        if before is None:
            return [text.number(count)]
        return [text.number(count), html.Small(text.signed(before.change_to(count, sender, receiver)))]

    return told


def flow_table(
    found: Matrix,
    caption: str,
    corner: str = "Från ↓ till →",
    number: Number = lambda _sender, _receiver, count: text.number(count),
) -> html.Div:
    """The matrix, rows and columns in order of the actors' Swedish names."""
    senders = sorted(found.senders, key=texts.actor)
    receivers = sorted(found.receivers, key=texts.actor)
    biggest = max(found.cells.values(), default=0)
    head = html.Tr(
        [
            html.Th(corner, scope="col"),
            *(html.Th(text.capital(texts.actor(code)), scope="col", className="num") for code in receivers),
            html.Th("Summa", scope="col", className="num sum"),
        ]
    )
    rows = [
        html.Tr(
            [
                html.Th(text.capital(texts.actor(sender)), scope="row"),
                *(_cell(found.cells.get((sender, one)), biggest, partial(number, sender, one)) for one in receivers),
                html.Td(number(sender, None, found.sent[sender]), className="sum"),
            ]
        )
        for sender in senders
    ]
    foot = html.Tr(
        [
            html.Th("Summa", scope="row"),
            *(html.Td(number(None, receiver, found.received[receiver])) for receiver in receivers),
            html.Td(number(None, None, found.total), className="sum"),
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


def _cell(count: int | None, biggest: int, number: Callable[[int], Any]) -> html.Td:
    if count is None:
        return html.Td("–", className="muted")
    shade = -(-count * _SHADES // biggest) if biggest else 0
    return html.Td(number(count), className=f"h{shade}" if shade else None)
