"""The closings behind what has been released: which board, period and day, and the fingerprint of what was frozen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from kpi import format as text
from kpi.views.released import Closing

_FINGERPRINT = 12


def closings_section(found: Sequence[Closing]) -> html.Section:
    """A row for each closing and correction, the latest period first."""
    columns = [Column("Nämnd"), Column("Period"), Column("Stängd"), Column("Rättelse"), Column("Fingeravtryck")]
    return html.Section(
        [
            html.H2("Stängda perioder", id="stangda-perioder"),
            data_table("De stängda perioderna, med fingeravtryck", columns, [_line(one) for one in found]),
            html.P(
                "Det som har släppts ändras inte i efterhand. En rättelse släpps för sig, med sitt skäl. "
                "Fingeravtrycket räknas på det som släpptes, så att det går att visa att inget har ändrats.",
                className="legend",
            ),
        ],
        className="section",
        **aria(labelledby="stangda-perioder"),
    )


def _line(one: Closing) -> list[Any]:
    correction = f"Rättelse {text.number(one.revision)}: {one.reason}" if one.revision else "Ingen"
    return [
        one.board.name,
        text.capital(text.month(one.period)),
        text.local_day(one.closed_at),
        correction,
        html.Code(one.content_hash[:_FINGERPRINT]),
    ]
