"""Figures that have no values yet, folded, each with the reason in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard import words
from dashboard.components.link import address, link
from kpi import format as text
from kpi.period import Period
from kpi.views.rows import FigureRow


def unanswered(rows: Sequence[FigureRow], month: Period) -> html.Details:
    """The list, by reason."""
    reasons = list(dict.fromkeys(words.why_empty(row) for row in rows))
    return html.Details(
        [
            html.Summary(f"Inga uppgifter än ({text.number(len(rows))})"),
            *(_reason(reason, [row for row in rows if words.why_empty(row) == reason], month) for reason in reasons),
        ],
        className="plain unanswered",
    )


def _reason(reason: str, rows: Sequence[FigureRow], month: Period) -> html.Div:
    return html.Div(
        [
            html.P(reason, className="muted small"),
            html.Ul(
                [
                    html.Li(
                        link(
                            row.definition.name,
                            address(f"/nyckeltal/{row.definition.id}", enhet=row.unit.code, manad=str(month)),
                        )
                    )
                    for row in rows
                ],
                className="plain-list",
            ),
        ]
    )
