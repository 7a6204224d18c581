"""A chart with its caption and its table twin. The figure comes in light and wide, with what differs in dark and where
there is little room; the browser shows the one that fits, and changes it when the reader switches or turns the phone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from dash import dcc, html

from dashboard.components.attributes import aria, data
from dashboard.components.link import link
from dashboard.figures.frame import CONFIG
from dashboard.figures.narrow import narrowed
from dashboard.figures.palette import DARK, LIGHT, Palette
from dashboard.figures.schemes import differences
from dashboard.terms import anchor


def how_to_read(term: str, words: str = "Så läser du diagrammet") -> dcc.Link:
    """To the word of the glossary that says how a chart or a matrix is read."""
    return link(words, f"/ordlista#ord-{anchor(term)}")


def _pictures(explained: str) -> html.Div:
    """The chart as a file; the browser's script draws it with its caption, source and day. And how it is read."""
    buttons = [
        html.Button(
            words, type="button", className="picture", **data(picture=kind), **aria(label=f"Spara bild, {words}")
        )
        for kind, words in (("png", "PNG"), ("svg", "SVG"))
    ]
    told = html.Span("Spara bild", **aria(hidden="true"))
    return html.Div([told, *buttons, how_to_read(explained)], className="pictures")


def graph(
    name: str,
    draw: Callable[[Palette], dict[str, Any]],
    caption: Sequence[Any],
    alternative: str,
    twin: html.Div | None = None,
    *,
    explained: str,
) -> html.Figure:
    """`name`: unique on the page. `alternative`: the chart in a sentence, for those who do not see it. `twin`: None for
    a chart whose facts are in the table of the one beside it. `explained`: the word of the glossary that says how it is
    read."""
    light = draw(LIGHT)
    return html.Figure(
        [
            dcc.Store(
                id={"type": "schemes", "name": name},
                data=[differences(light, draw(DARK)), differences(light, narrowed(light))],
            ),
            html.Div(
                dcc.Graph(
                    id={"type": "graph", "name": name},
                    figure=light,
                    config=cast(Any, CONFIG),
                    responsive=True,
                    style={"height": f"{light['layout']['height']}px"},
                ),
                role="img",
                **aria(label=alternative),
            ),
            html.Figcaption(list(caption), id=f"caption-{name}"),
            _pictures(explained),
            *([] if twin is None else [html.Details([html.Summary("Visa som tabell"), twin], className="twin")]),
        ],
        **aria(labelledby=f"caption-{name}"),
    )
