"""What a board may want to take a position on: figures on the wrong side of their level over twelve months.

The proposal is neutral and the same for all, since what to do is the administration's to prepare: ask for its analysis,
or, where another principal decides, raise it in the delregional collaboration.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import words
from dashboard.components.attributes import aria
from dashboard.components.lead import furthest_off
from dashboard.components.link import address, link
from dashboard.parts import judged_in_full
from kpi import format as text
from kpi.period import Period
from kpi.views.rows import FigureRow

MOST = 3


def cards(rows: Sequence[FigureRow], month: Period, *, is_board: bool = True) -> html.Section | None:
    """Up to three cards, the furthest from its level first; None when every figure is at or near its level. A board is
    proposed what to decide; who answers for a part of it is not."""
    off = furthest_off(rows)
    if not off:
        return None
    return html.Section(
        [
            html.H2("Att ta ställning till" if is_board else "Att börja med", id="att-ta-stallning-till"),
            html.Div([_card(row, month, is_board=is_board) for row in off[:MOST]], className="cards"),
        ],
        className="section",
        **aria(labelledby="att-ta-stallning-till"),
    )


def proposal(row: FigureRow) -> str:
    """The neutral proposed decision, by who controls the figure."""
    if row.definition.control == "counterpart":
        return "nämnden tar upp frågan i den delregionala samverkan"
    return "nämnden begär förvaltningens analys"


def _against(row: FigureRow) -> str:
    return words.against(row.definition, row.target) if row.target else words.target(row.definition, None)


def _card(row: FigureRow, month: Period, *, is_board: bool) -> html.Article:
    definition = row.definition
    when = words.when(definition, row.judged)
    proposed: list[Any] = [html.Strong("Förslag: "), f"{proposal(row)}."] if is_board else []
    return html.Article(
        [
            html.H3(definition.name),
            html.P([f"{text.capital(judged_in_full(row))} {when}, {_against(row)}. ", *proposed]),
            link(
                ["Se underlaget", html.Span(f" för {definition.name}", className="visually-hidden"), " →"],
                address(f"/nyckeltal/{definition.id}", enhet=row.unit.code, manad=str(month)),
                className="more",
            ),
        ],
        className="card",
    )
