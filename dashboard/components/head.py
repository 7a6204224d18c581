"""The top of every page: where, what, which choices, and whether the data are synthetic."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.components.link import link
from dashboard.components.status_mark import synthetic_mark


def page_head(
    heading: str,
    *,
    place: str | None = None,
    crumbs: list[tuple[str, str | None]] | None = None,
    choices: Any = None,
    is_synthetic: bool = False,
) -> html.Div:
    """`crumbs`: the way here as (words, address); the last has none."""
    above: list[Any] = []
    if crumbs:
        items = [html.Li(link(words, href) if href else words) for words, href in crumbs]
        above.append(html.Nav(html.Ol(items), className="crumbs", **aria(label="Sökväg")))
    if place:
        above.append(html.P(place, className="place"))
    title: list[Any] = [html.H1(heading)]
    if is_synthetic:
        title.append(synthetic_mark())
    return html.Div(
        [
            html.Div([*above, html.Div(title, className="title-row")], className="grow"),
            *([choices] if choices is not None else []),
        ],
        className="page-head",
    )
