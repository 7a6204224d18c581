"""What the comparison is and how far it reaches, in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard import released
from kpi import format as text
from kpi.released import Numbers
from kpi.views.comparison import ComparedRow, Comparison


def comparison_lead(page: Comparison) -> html.Div:
    """The sentences, and how to read the marker and the uncertainty."""
    closed = [one for one in page.closings if one.period.last_day <= page.end.last_day]
    boards = list(dict.fromkeys(one.board.name for one in closed))
    differ = any(released.is_of_different_time(row.values, page.end) for row in page.rows)
    return html.Div(
        [
            html.P(
                [
                    f"Det här har {listed(boards)} släppt till och med {text.month(page.end)}. ",
                    html.Strong(_how_many(page.rows)),
                ],
                className="lead",
            ),
            html.P(
                f"Två punkter ({released.MARKER}) betyder {released.HIDDEN}. Ett dolt tal kan vara litet, eller "
                "dolt för att skydda ett annat; det går inte att se vilket.",
                className="lead-note",
            ),
            html.P(
                f"Osäkerheten (95{text.NBSP}%) är vad värdet rimligen ligger inom: går två nämnders osäkerhet in i "
                "varandra är skillnaden inte säker. Målen är föreslagna tills nämnden har beslutat om dem."
                + (" Värdena gäller inte samma tid överallt: tiden står vid varje värde." if differ else ""),
                className="lead-note",
            ),
        ]
    )


def listed(names: Sequence[str]) -> str:
    """`Socialnämnden och Utbildningsnämnden`."""
    *first, last = names
    return f"{', '.join(first)} och {last}" if first else last


def _how_many(rows: Sequence[ComparedRow]) -> str:
    hidden = sum(not any(one is not None and isinstance(one.judged, Numbers) for one in row.values) for row in rows)
    many, some = text.counts(len(rows), hidden)
    told = f"{text.capital(many)} nyckeltal är {'släppt' if len(rows) == 1 else 'släppta'}"
    if not hidden:
        return f"{told}, och alla visas med värde."
    return f"{told}; {some} av dem {'är dolt' if hidden == 1 else 'är dolda'} överallt."
