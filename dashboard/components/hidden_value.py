"""What stands where a value is not shown: the marker for the eye, the words for everybody."""

from __future__ import annotations

from dash import html

from dashboard.components.attributes import aria
from dashboard.released import HIDDEN, MARKER


def hidden_mark() -> html.Span:
    """The marker alone, for narrow cells; a screen reader hears the words."""
    return html.Span(
        [html.Span(MARKER, **aria(hidden="true")), html.Span(HIDDEN, className="visually-hidden")],
        className="hidden-value",
        title=HIDDEN,
    )
