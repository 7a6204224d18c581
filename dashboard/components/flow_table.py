"""A matrix of flows, from × to, with row and column sums; a stronger cell holds more, the numbers say how many."""

from __future__ import annotations

from dash import html

from dashboard import texts
from dashboard.components.attributes import aria
from kpi import format as text
from kpi.rolling import Matrix

_SHADES = 4


def flow_table(found: Matrix, caption: str, before: Matrix | None = None) -> html.Div:
    """The matrix, rows and columns in order of the actors' Swedish names. `before`: of the same actors, earlier; under
    each number stands how it differs."""
    senders = sorted(found.senders, key=texts.actor)
    receivers = sorted(found.receivers, key=texts.actor)
    biggest = max(found.cells.values(), default=0)
    head = html.Tr(
        [
            html.Th("Från ↓ till →", scope="col"),
            *(html.Th(text.capital(texts.actor(code)), scope="col", className="num") for code in receivers),
            html.Th("Summa", scope="col", className="num sum"),
        ]
    )
    rows = [
        html.Tr(
            [
                html.Th(text.capital(texts.actor(sender)), scope="row"),
                *(
                    _cell(found.cells.get((sender, receiver)), biggest, _earlier(before, (sender, receiver)))
                    for receiver in receivers
                ),
                _sum(found.sent[sender], before.sent.get(sender, 0) if before else None),
            ]
        )
        for sender in senders
    ]
    foot = html.Tr(
        [
            html.Th("Summa", scope="row"),
            *(_sum(found.received[one], before.received.get(one, 0) if before else None, None) for one in receivers),
            _sum(found.total, before.total if before else None),
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


def _earlier(before: Matrix | None, pair: tuple[str, str]) -> int | None:
    return before.cells.get(pair) if before is not None else None


def _sum(count: int, before: int | None, class_name: str | None = "sum") -> html.Td:
    return html.Td(_told(count, before), className=class_name)


def _told(count: int, before: int | None) -> list[str | html.Small]:
    return [text.number(count), *([] if before is None else [html.Small(text.signed(count - before))])]


def _cell(count: int | None, biggest: int, before: int | None) -> html.Td:
    if count is None:
        return html.Td("–", className="muted")
    shade = -(-count * _SHADES // biggest) if biggest else 0
    return html.Td(_told(count, before), className=f"h{shade}" if shade else None)
