"""A status as shape and words; the shape is made by the style sheet and says nothing to a screen reader."""

from __future__ import annotations

from typing import Any

from dash import html

from kpi.status import Status


def status_mark(status: Status) -> html.Span:
    """The words, with the state's shape before them and `preliminärt` after."""
    children: list[Any] = [status.words]
    if status.is_preliminary:
        children.append(html.Small("preliminärt"))
    return html.Span(html.Span(children), className=f"status status-{status.state.value}")


def synthetic_mark() -> html.Span:
    """The mark on every page that shows simulated data."""
    return html.Span(
        "Syntetiska data", className="synthetic", title="Påhittade uppgifter som inte gäller verkliga barn"
    )


def mark(text: str) -> html.Span:
    """A small neutral mark."""
    return html.Span(text, className="mark")
