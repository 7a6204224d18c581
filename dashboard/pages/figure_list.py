"""Nyckeltal: every figure under its audit question, with why it matters."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import texts, words
from dashboard.components import states
from dashboard.components.head import page_head
from dashboard.components.link import link
from dashboard.components.status_mark import mark
from dashboard.context import Context, Page
from kpi import format as text
from kpi.definition import Definition, Kind
from kpi.views.freshness import is_synthetic


def page(context: Context) -> Page:
    """The catalogue; definitions are public, values are not shown here."""
    definitions = list(context.catalogue.definitions.values())
    panels = [
        html.Section(
            [
                html.H2(f"{question}. {texts.AUDIT_QUESTIONS[question]}"),
                _items([one for one in definitions if one.audit_question == question]),
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
                "och källa.",
                className="lead",
            ),
            html.Div(panels, className="index section"),
        ],
    )


def _items(definitions: list[Definition]) -> Any:
    if not definitions:
        return states.empty("Inget nyckeltal svarar på frågan ännu.")
    return html.Ul([_item(one) for one in definitions])


def _item(definition: Definition) -> html.Li:
    return html.Li(
        [
            link(definition.name, f"/nyckeltal/{definition.id}"),
            *([mark("Granskad")] if definition.is_reviewed else []),
            html.P(definition.why, className="muted small"),
            html.Small(_about(definition)),
        ]
    )


def _about(definition: Definition) -> str:
    """Where and how often there is a value, and whose it is."""
    level = texts.LEVELS[definition.levels[-1]]
    told = f"{text.capital(words.every(definition))}, från nivån {level}"
    source = texts.CONTEXT_SOURCE if definition.kind is Kind.CONTEXT else texts.PRODUCT if definition.is_own else ""
    return f"{told}. Källa: {source}" if source else told
