"""Links to what a page shows, as files: the same released values and nothing else."""

from __future__ import annotations

from dash import html

from dashboard.components.attributes import aria
from dashboard.components.link import address

_KINDS = (("csv", "CSV"), ("xlsx", "Excel"), ("pdf", "PDF"))


def downloads(path: str, **query: str | None) -> html.Div:
    """`path`: under `/ladda-ned/`, without the file's ending."""
    links = [
        html.Li(
            html.A(
                [html.Span("Ladda ned som ", className="visually-hidden"), words],
                href=address(f"/ladda-ned/{path}.{ending}", **query),
                className="more",
            )
        )
        for ending, words in _KINDS
    ]
    return html.Div(
        [html.Span("Ladda ned", **aria(hidden="true")), html.Ul(links, **aria(label="Ladda ned"))],
        className="downloads",
    )
