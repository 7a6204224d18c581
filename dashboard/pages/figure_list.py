"""Nyckeltal: every figure under its audit question, with its value at the own board and why it matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import texts, words
from dashboard.components import states
from dashboard.components.beside_panel import figure_link, standing
from dashboard.components.head import page_head
from dashboard.components.link import link
from dashboard.components.status_mark import mark
from dashboard.context import Context, Page
from dashboard.kept import by_rights
from kpi import format as text
from kpi.access import homes
from kpi.definition import Definition, Kind
from kpi.views.freshness import is_synthetic
from kpi.views.overview import overview
from kpi.views.place import opens
from kpi.views.rows import FigureRow, Overview


def page(context: Context) -> Page:
    """The catalogue. Definitions are public; the values are those of where the reader begins, as on the overview."""
    definitions = list(context.catalogue.definitions.values())
    found = _found(context)
    rows = {row.definition.id: row for row in found.rows} if found is not None else {}
    told = f" Värdena gäller {found.home.name}, {text.month(found.month)}." if found is not None else ""

    def items(question: int) -> Any:
        asked = [one for one in definitions if one.audit_question == question]
        return _items([_item(one, rows.get(one.id), found, is_open=_is_open(context, one, found)) for one in asked])

    panels = [
        html.Section(
            [
                html.H2(f"{question}. {texts.AUDIT_QUESTIONS[question]}"),
                items(question),
            ],
            className="panel",
        )
        for question in texts.AUDIT_QUESTIONS
    ]
    return Page(
        "Nyckeltal",
        [
            page_head("Nyckeltal", is_synthetic=is_synthetic(context.connection)),
            html.P(
                "Nyckeltalen svarar på revisionens fyra frågor. Välj ett för att se utveckling, enheter, definition "
                f"och källa.{told}",
                className="lead",
            ),
            html.Div(panels, className="index section"),
        ],
    )


def _found(context: Context) -> Overview | None:
    """The figures of the place where the reader begins; None where there is none, or nothing is computed for it."""
    places = homes(context.viewer, context.organisation)
    if not places:
        return None
    code = places[0].code

    def read(nameless: Context) -> Overview | None:
        return overview(
            nameless.connection, nameless.catalogue, nameless.viewer, nameless.organisation, code
        )  # fmt: skip

    return by_rights(context, "figures", code, read)


def _items(items: Sequence[html.Li]) -> Any:
    return html.Ul(list(items)) if items else states.empty("Inget nyckeltal svarar på frågan ännu.")


def _is_open(context: Context, definition: Definition, page: Overview | None) -> bool:
    return page is None or opens(context.organisation, context.viewer, definition, page.month)


def _item(definition: Definition, row: FigureRow | None, page: Overview | None, *, is_open: bool) -> html.Li:
    if not is_open:
        head: list[Any] = [html.Strong(definition.name)]
        value = [html.P("Visas inte här: det gäller ett annat område eller flera nämnder.", className="muted small")]
    elif row is None or page is None:
        head = [link(definition.name, f"/nyckeltal/{definition.id}")]
        value = []
    else:
        head = [figure_link(row, page.month)]
        where = [] if row.unit.code == page.home.code else [html.Span(row.unit.name, className="muted")]
        value = [html.P([*standing(row), *where], className="standing")]
    return html.Li(
        [
            *head,
            *([mark("Granskad")] if definition.is_reviewed else []),
            *value,
            html.P(definition.why, className="muted small"),
            html.Small(_about(definition)),
        ]
    )


def _about(definition: Definition) -> str:
    """Where and how often there is a value, and whose it is."""
    level = texts.LEVELS[definition.levels[-1]]
    told = f"{text.capital(words.every(definition))}, från {level} och uppåt"
    source = texts.CONTEXT_SOURCE if definition.kind is Kind.CONTEXT else texts.PRODUCT if definition.is_own else ""
    return f"{told}. Källa: {source}" if source else told
