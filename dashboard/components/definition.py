"""What a figure means and rests on, beside its chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from control.definition_history import FigureVersion
from dashboard import texts, words
from dashboard.components.definition_list import row_id
from dashboard.components.definition_versions import figure_versions
from dashboard.components.link import address, link
from dashboard.components.status_mark import mark
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place
from kpi.definition import Definition, Kind
from kpi.views.rows import FigurePage, Freshness


def meaning_panel(page: FigurePage, history: Sequence[FigureVersion] = (), *, may_edit: bool = False) -> html.Section:
    """Why it matters, how it is counted, who owns it, and the way to the text for who may edit it; folded how all this
    has changed."""
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
        ("Utlämning", _release(page)),
        *_minimum(definition),
        *_validity(definition),
        *_review(definition),
        *_changes(page, may_edit=may_edit),
        ("Definitionens kontrollsumma", html.Code(definition.definition_hash[:12])),
    ]
    return _panel("Vad nyckeltalet betyder", facts, figure_versions(history))


def _release(page: FigurePage) -> Any:
    """Its release class, and the way to what has been released."""
    if page.row.is_context:
        return texts.PUBLISHED
    told = texts.RELEASE_CLASSES[page.row.definition.release_class]
    if page.row.definition.kind is Kind.LEVEL:
        return f"{told}. Bedömningar släpps inte för jämförelse"
    href = address(f"/jamforelse/{page.row.definition.id}", enhet=page.row.unit.code)
    return [f"{told}. ", link("Se vad som har släppts", href, className="more")]


def _minimum(definition: Definition) -> list[tuple[str, Any]]:
    if definition.kind in (Kind.CONTEXT, Kind.LEVEL):
        return []
    cases = text.plural(definition.minimum_cases, "fall", "fall") if definition.minimum_cases else "alla fall"
    return [("Bedöms från", cases)]


def _validity(definition: Definition) -> list[tuple[str, Any]]:
    """From which period to which the figure holds, when it is told."""
    first, last = definition.meaning.first, definition.meaning.last
    if first is None and last is None:
        return []
    told = [f"från och med {text.month(first)}"] if first else []
    told += [f"till och med {text.month(last)}"] if last else []
    return [("Gäller", text.capital(" ".join(told)))]


def _review(definition: Definition) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    review = definition.review
    if review is not None:
        by = f"{text.day(review.on)} av {review.role}"
        if definition.is_reviewed:
            found.append(("Granskning", [mark("Granskad"), f" {by}"]))
        else:
            found.append(("Granskning", [mark("Granskad i en tidigare lydelse"), f" {by}"]))
    if definition.next_review is not None:
        found.append(("Nästa granskning", text.day(definition.next_review)))
    return found


def _changes(page: FigurePage, *, may_edit: bool) -> list[tuple[str, Any]]:
    """When the meaning changed, and the way to where it stands."""
    when = [text.month(month) for month in page.row.changed_in]
    told: list[tuple[str, Any]] = [("Betydelsen ändrad", ", ".join(when))] if when else []
    about, at = page.row.definition.id, ADDRESSES[Place.DEFINITIONS]
    where = address(at, **{"del": about}) if may_edit else f"{at}#{row_id(about)}"
    way = link("Läs eller ändra" if may_edit else "Läs", where, className="more")
    return [*told, ("Bland alla definitioner", way)]


def source_panel(page: FigurePage, *, may_open_deliveries: bool = True) -> html.Section:
    """Where the rows come from, how fresh they are, and what is left out."""
    if page.row.is_context:
        return _panel("Källa och läge", _published(page))
    facts: list[tuple[str, Any]] = [
        (f"{texts.DATASETS.get(source.dataset, source.dataset)}", _source(source)) for source in page.sources
    ]
    if not facts:
        missing = texts.OWN_NOT_YET if page.row.definition.is_own else "Ingen leverans har lästs in för kommunen"
        facts = [("Källa", missing)]
    if page.sources and may_open_deliveries:
        facts.append(("Leveranser", link("Se vad som har levererats", "/leveranser")))
    facts.append(("Rader i karantän", _rejects(page, may_open=may_open_deliveries)))
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


def _published(page: FigurePage) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [("Källa", texts.CONTEXT_SOURCE)]
    facts += [(f"Nyckeltal {code} i {texts.CONTEXT_SOURCE}", name) for code, name in page.row.definition.series]
    facts += [("Hämtat", _source(source)) for source in page.sources]
    return facts


def _source(source: Freshness) -> list[Any]:
    found: list[Any] = [f"{source.source}, till och med {text.day(source.as_of)}"]
    if source.is_synthetic:
        found.append(html.Small(texts.SYNTHETIC))
    return found


def _rejects(page: FigurePage, *, may_open: bool) -> Any:
    if not page.open_rejects:
        return "Inga"
    waiting = f"{text.plural(page.open_rejects, 'rad väntar', 'rader väntar')} på rättning"
    return link(waiting, "/leveranser#karantan") if may_open else waiting


def _panel(heading: str, facts: list[tuple[str, Any]], more: html.Details | None = None) -> html.Section:
    rows: list[Any] = []
    for term, description in facts:
        rows += [html.Dt(term), html.Dd(description)]
    children = [html.H2(heading), html.Dl(rows, className="facts"), *([] if more is None else [more])]
    return html.Section(children, className="panel")
