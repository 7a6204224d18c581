"""For who is here for the first time on this browser: shown by the style sheet until it is put away, which the browser
script remembers that."""

from __future__ import annotations

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.components.link import link


def welcome() -> html.Aside:
    """Where to begin, and how to read what is shown."""
    return html.Aside(
        [
            html.P(
                ["Första gången här? Läs meningarna överst och korten först, öppna sedan det som väcker frågor. ",
                 link("Visa guiden", "/guide", className="more")]
            ),
            html.Button("Stäng", type="button", className="tool", **data(once="guide"), **aria(label="Stäng tipset")),
        ],
        className="welcome",
        **aria(label="Första gången"),
    )  # fmt: skip
