"""A page as a file: its tables as they stand on it, with where and when, so that nothing is seen in the one that is not
in the other. Read from the components that the page function made, never from the database. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dash import html

from dashboard import texts
from dashboard.exports.about import file_name
from dashboard.exports.page_tables import tables_of
from dashboard.exports.tables import About, Export
from dashboard.exports.told import found, words_of
from kpi import format as text


def page_export(title: str, content: Any, *, path: str, search: str, at: datetime, is_synthetic: bool) -> Export | None:
    """All tables of the page, also those behind a fold; None when it has none. `at`: the moment it was read."""
    tables = tables_of(content)
    if not tables:
        return None
    facts = [
        ("Sida", title),
        ("Adress", path + search),
        ("Hämtad", text.moment(at)),
        *[pair for one in found(content, html.Dl) for pair in _pairs(one)],
        *([(texts.SYNTHETIC, texts.SYNTHETIC_HELP)] if is_synthetic else []),
    ]
    reading = "Tabellerna är de som står på sidan. Det som inte visas på sidan finns inte heller här."
    about = About(tuple(facts), None, at.replace(microsecond=0), is_synthetic)
    return Export(file_name(title), title, f"Hämtad {text.moment(at)}.", reading, text.moment(at), tables, (), about)


def is_marked_synthetic(content: Any) -> bool:
    """Whether the page tells that its data are synthetic."""
    return any(one.children == texts.SYNTHETIC for one in found(content, html.Span))


def _pairs(facts: html.Dl) -> Iterator[tuple[str, str]]:
    terms = [words_of(one) for one in found(facts.children, html.Dt)]
    told = [words_of(one) for one in found(facts.children, html.Dd)]
    yield from ((term, words) for term, words in zip(terms, told, strict=False) if term and words)
