"""What can be done with any page, last on it: files of its tables, print, its link, and saving it as a view.

The buttons hold no address: the browser's script reads its own, completed by what the page shows
(`assets/while-reading.js`), so that nothing a reader asked for is repeated here.
"""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.page_facts import PageFacts
from kpi import format as text

_NOT_TOLD = PageFacts()


def page_tools(*, has_tables: bool, facts: PageFacts = _NOT_TOLD) -> html.Div:
    """`has_tables`: whether the page's tables may be had as files. `facts`: for the script, which writes them on a
    picture."""
    files = [("csv", "Tabeller som CSV"), ("xlsx", "Tabeller som Excel")] if has_tables else []
    tools = [*files, ("print", "Skriv ut"), ("link", "Kopiera länk"), ("save", "Spara vyn")]
    buttons: list[Any] = [
        html.Button(words, type="button", className="tool", **data(tool=name)) for name, words in tools
    ]
    told = html.Span("", className="tool-said", role="status")
    written = {"municipality": facts.municipality, "until": text.day(facts.until) if facts.until else None}
    known = {name: words for name, words in written.items() if words}
    return html.Div([*buttons, told], className="tools", role="group", **aria(label="Sidan"), **data(**known))
