"""What every figure counts, in words, for who reads and does not edit: a table under each audit question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import texts, words
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import link
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place, Viewer, can_open
from kpi.definition import Definition
from kpi.period import Period
from kpi.status import target_for

_COLUMNS = (Column("Nyckeltal"), Column("Så räknas det"), Column("Period"), Column("Mål"), Column("Ägare"))


def row_id(kpi_id: str) -> str:
    """Where the figure stands on the page."""
    return f"definition-av-{kpi_id}"


def definition_list(definitions: Sequence[Definition], viewer: Viewer, month: Period) -> html.Div:
    """All of them; targets are those of the reader's first board, else those that hold for all."""
    grant = next((one for one in viewer.grants if one.boards), None)
    place = (min(grant.boards), grant.municipality_code) if grant is not None else (None, None)
    at = next((ADDRESSES[one] for one in (Place.FIGURES, Place.COMPARISON) if can_open(viewer, one)), None)
    return html.Div(
        [
            html.Section(
                [
                    html.H2(f"{question}. {asked}"),
                    data_table(
                        asked,
                        _COLUMNS,
                        [_row(one, at, place, month) for one in definitions if one.audit_question == question],
                    ),
                ],
                className="section",
                **aria(label=asked),
            )
            for question, asked in texts.AUDIT_QUESTIONS.items()
            if any(one.audit_question == question for one in definitions)
        ]
    )


def _row(one: Definition, at: str | None, place: tuple[str | None, str | None], month: Period) -> list[Any]:
    target = target_for(one, month, *place)
    name = link(one.name, f"{at}/{one.id}") if at is not None else one.name
    return [
        html.Span(name, id=row_id(one.id)),
        [html.P(one.description), html.Small(one.why)],
        text.capital(words.every(one)),
        text.capital(words.target(one, target)),
        text.capital(one.owner_role),
    ]
