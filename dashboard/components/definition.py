"""What a figure means and rests on, beside its chart."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import format as text
from dashboard import texts, words
from dashboard.components.link import link
from kpi.views.rows import FigurePage, Freshness


def meaning_panel(page: FigurePage) -> html.Section:
    """Why it matters, how it is counted, who owns it."""
    definition = page.row.definition
    facts: list[tuple[str, Any]] = [
        ("Varför det spelar roll", definition.why),
        ("Så räknas det", definition.description),
    ]
    facts += [(texts.PARAMETERS.get(name, name), str(value)) for name, value in definition.parameters]
    facts += [
        ("Mål", text.capital(words.target(definition, page.row.target))),
        ("Riktning", texts.DIRECTIONS[definition.direction]),
        ("Revisionen", f"{definition.audit.report}, {definition.audit.section}: {definition.audit.gist}"),
        ("Ägare", definition.owner_role),
        ("Rådighet", texts.CONTROLS[definition.control]),
        ("Utlämning", texts.RELEASE_CLASSES[definition.release_class]),
        (
            "Bedöms från",
            text.plural(definition.minimum_cases, "fall", "fall") if definition.minimum_cases else "alla fall",
        ),
        ("Definitionens kontrollsumma", html.Code(definition.definition_hash[:12])),
    ]
    return _panel("Vad nyckeltalet betyder", facts)


def source_panel(page: FigurePage) -> html.Section:
    """Where the rows come from, how fresh they are, and what is left out."""
    facts: list[tuple[str, Any]] = [
        (f"{texts.DATASETS.get(source.dataset, source.dataset)}", _source(source)) for source in page.sources
    ]
    if not facts:
        facts = [("Källa", "Ingen leverans har lästs in för kommunen")]
    facts.append(("Rader i karantän", _rejects(page)))
    facts.append(
        (
            "Oplacerade rader",
            f"{text.plural(page.unplaced, 'rad', 'rader')} räknas när enheten eller planen har levererats"
            if page.unplaced
            else "Inga",
        )
    )
    if page.row.first_on:
        facts.append(("Uppgifter från", text.day(page.row.first_on)))
    return _panel("Källa och läge", facts)


def _source(source: Freshness) -> list[Any]:
    found: list[Any] = [f"{source.source}, till och med {text.day(source.as_of)}"]
    if source.is_synthetic:
        found.append(html.Small(texts.SYNTHETIC))
    return found


def _rejects(page: FigurePage) -> Any:
    if not page.open_rejects:
        return "Inga"
    return link(f"{text.plural(page.open_rejects, 'rad väntar', 'rader väntar')} på rättning", "/leveranser#karantan")


def _panel(heading: str, facts: list[tuple[str, Any]]) -> html.Section:
    rows: list[Any] = []
    for term, description in facts:
        rows += [html.Dt(term), html.Dd(description)]
    return html.Section([html.H2(heading), html.Dl(rows, className="facts")], className="panel")
