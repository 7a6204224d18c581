"""A page as a file: its tables as they stand on it, with where and when, so that nothing is seen in the one that is not
in the other. Read from the components that the page function made, never from the database. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import texts
from dashboard.components.choices import END_ID, MONTH_ID, PERIOD_ID, PLACE_ID, SHOWN
from dashboard.exports.about import file_name
from dashboard.exports.page_tables import tables_of
from dashboard.exports.tables import About, Export
from dashboard.exports.told import found, listed, words_of
from dashboard.page_facts import PageFacts
from kpi import format as text
from kpi.definition import Definition

_FIGURE = "/nyckeltal/"
_NOT_TOLD = PageFacts()


def page_export(
    title: str,
    content: Any,
    *,
    path: str,
    search: str,
    at: datetime,
    is_synthetic: bool,
    facts: PageFacts = _NOT_TOLD,
    definitions: Mapping[str, Definition] | None = None,
) -> Export | None:
    """All tables of the page, also those behind a fold; None when it has none. `at`: the moment it was read.
    `definitions`: by id; those that the page leads to are told."""
    tables = tables_of(content)
    if not tables:
        return None
    told = [
        ("Sida", title),
        *_shown(content, facts),
        ("Adress", path + search),
        ("Hämtad", text.moment(at)),
        *_facts(content),
        *_meanings(content, path, definitions or {}),
        *([(texts.SYNTHETIC, texts.SYNTHETIC_HELP)] if is_synthetic else []),
    ]
    reading = "Tabellerna är de som står på sidan. Det som inte visas på sidan finns inte heller här."
    about = About(tuple(told), None, at.replace(microsecond=0), is_synthetic)
    name = file_name(*_named(title, content, facts))
    return Export(name, title, f"Hämtad {text.moment(at)}.", reading, text.moment(at), tables, (), about)


def is_marked_synthetic(content: Any) -> bool:
    """Whether the page tells that its data are synthetic."""
    return any(one.children == texts.SYNTHETIC for one in found(content, html.Span))


def _place(content: Any) -> str:
    return next((words_of(one) for one in found(content, html.P) if getattr(one, "className", "") == "place"), "")


def _chosen(content: Any) -> Iterator[tuple[dmc.Select, str, str]]:
    """Each choice with its value and its words."""
    for one in found(content, dmc.Select):
        value = getattr(one, SHOWN, None)
        words = next((each["label"] for each in one.data if each["value"] == value), None)
        if value and words:
            yield one, value, words


def _shown(content: Any, facts: PageFacts) -> Iterator[tuple[str, str]]:
    """Whose, which month, and whatever else the page is narrowed to."""
    chosen = list(_chosen(content))
    place = _place(content)
    if place and place != facts.municipality and all(one.id != PLACE_ID for one, _, _ in chosen):
        yield "Enhet", place
    yield from ((one.label, words) for one, _, words in chosen)
    if facts.municipality:
        yield "Kommun", facts.municipality
    if facts.until:
        yield "Uppgifter till och med", text.day(facts.until)


def _named(title: str, content: Any, facts: PageFacts) -> Iterator[str]:
    """The page, the unit, its municipality and the month, each once."""
    told = title
    periods = [(value, words) for one, value, words in _chosen(content) if one.id in (MONTH_ID, PERIOD_ID, END_ID)]
    yield title
    for one in (_place(content), facts.municipality):
        if one and one not in told:
            told += one
            yield one
    yield from (value for value, words in periods if words.split(",")[0] not in title)


def _facts(content: Any, heading: str = "") -> Iterator[tuple[str, str]]:
    """What stands as term and description, a number's below its panel's heading; and what the panels say of theirs."""
    if isinstance(content, html.P) and heading and getattr(content, "className", "") == "panel-lead":
        yield heading, words_of(content)
    elif isinstance(content, html.Dl):
        is_plain = getattr(content, "className", "facts") == "facts" or not heading
        for term, told in _pairs(content):
            yield (term if is_plain else f"{heading}: {term}"), told
    elif isinstance(content, (list, tuple)):
        for one in content:
            yield from _facts(one, heading)
    elif isinstance(content, Component):
        if isinstance(content, (html.Section, html.Article)):
            heads = [*found(content, html.H2), *found(content, html.H3)]
            heading = words_of(heads[0]) if heads else heading
        yield from _facts(getattr(content, "children", None), heading)


def _pairs(facts: html.Dl) -> Iterator[tuple[str, str]]:
    terms = [words_of(one) for one in found(facts.children, html.Dt)]
    told = [words_of([part for part in listed(one.children) if not _is_way(part)]) for one in found(facts, html.Dd)]
    yield from ((term, words) for term, words in zip(terms, told, strict=False) if term and words)


def _is_way(part: Any) -> bool:
    """A link to more, which tells nothing itself."""
    return isinstance(part, dcc.Link) and getattr(part, "className", None) == "more"


def _meanings(content: Any, path: str, definitions: Mapping[str, Definition]) -> Iterator[tuple[str, str]]:
    """How the figures that the page leads to are counted; the page's own stands among its facts."""
    addresses = (one.href.partition("?")[0] for one in found(content, dcc.Link))
    led_to = dict.fromkeys(one.removeprefix(_FIGURE) for one in addresses if one.startswith(_FIGURE) and one != path)
    for one in (definitions[kpi_id] for kpi_id in led_to if kpi_id in definitions):
        yield f"Så räknas {one.name}", one.description
