"""What can be done with any page, last on it: files of its tables, print, its link, and saving it as a view.

The buttons hold no address: the browser's script reads its own, completed by what the page shows
(`assets/while-reading.js`), so that nothing a reader asked for is repeated here.
"""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.attributes import aria, data


def page_tools(*, has_tables: bool) -> html.Div:
    """`has_tables`: whether the page's tables may be had as files."""
    files = [("csv", "Tabeller som CSV"), ("xlsx", "Tabeller som Excel")] if has_tables else []
    tools = [*files, ("print", "Skriv ut"), ("link", "Kopiera länk"), ("save", "Spara vyn")]
    buttons: list[Any] = [
        html.Button(words, type="button", className="tool", **data(tool=name)) for name, words in tools
    ]
    told = html.Span("", className="tool-said", role="status")
    return html.Div([*buttons, told], className="tools", role="group", **aria(label="Sidan"))
