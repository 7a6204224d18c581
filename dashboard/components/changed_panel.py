"""Closed periods whose value is another now: both values, since the board decided by the first."""

from __future__ import annotations

from dash import html

from dashboard import texts, words
from dashboard.components.data_table import Column, data_table
from dashboard.parts import part_words
from kpi import format as text
from kpi.views.rows import ChangedSince, FigureRow, Reading

_SHOWN = 12


def changed_panel(row: FigureRow) -> html.Section | None:
    """Period by period, the newest first; None when nothing has changed."""
    if not row.changed_since:
        return None
    shown = row.changed_since[:_SHOWN]
    columns = [Column("Period"), Column("När den stängdes", is_number=True), Column("Nu", is_number=True)]
    columns.append(Column("Stängd"))
    more = len(row.changed_since) - len(shown)
    told = f" De {text.count_word(_SHOWN)} senaste visas; det finns {text.number(more)} till." if more else ""
    return html.Section(
        [
            html.H2(texts.CHANGED_SINCE_CLOSING.capitalize()),
            html.P(
                "Uppgifter har rättats eller kommit in efter stängningen. Sidorna visar det som gäller nu; rapporter "
                f"och jämförelser visar det som stängdes, till dess att perioden rättas.{told}",
                className="muted panel-lead",
            ),
            data_table("Värden före och efter", columns, [_cells(row, one) for one in shown]),
        ],
        className="panel",
    )


def _cells(row: FigureRow, one: ChangedSince) -> list[str]:
    part = f", {part_words(row.definition, one.split)}" if one.split else ""
    return [
        text.capital(text.month(one.period)) + part,
        _value(row, one.closed),
        _value(row, one.now),
        text.day(one.closed_on),
    ]


def _value(row: FigureRow, reading: Reading) -> str:
    if reading.value is None:
        return "inga fall"
    return words.basis(row.definition, reading) or words.value(row.definition, reading)
