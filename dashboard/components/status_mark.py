"""A status as an icon and words; the icon says nothing to a screen reader."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import html

from dashboard.components.icon import icon
from dashboard.figures.status_icon import status_icon
from kpi.status import Status

_SIZE = 13


def status_mark(status: Status) -> html.Span:
    """The words, with the state's shape before them and `preliminärt` after."""
    children: list[Any] = [status.words]
    if status.is_preliminary:
        children.append(html.Small("preliminärt"))
    shape = icon(partial(status_icon, status.state), "status-icon", _SIZE)
    return html.Span([*shape, html.Span(children)], className=f"status status-{status.state.value}")


def synthetic_mark() -> html.Span:
    """The mark on every page that shows simulated data."""
    return html.Span(
        "Syntetiska data", className="synthetic", title="Påhittade uppgifter som inte gäller verkliga barn"
    )


def mark(text: str) -> html.Span:
    """A small neutral mark."""
    return html.Span(text, className="mark")
