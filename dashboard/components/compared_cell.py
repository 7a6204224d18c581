"""A figure at a place on the comparison: value, basis, time, uncertainty and state, or that it is not shown."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import released, words
from dashboard.components.attributes import aria
from dashboard.components.status_mark import status_mark
from kpi.definition import Definition
from kpi.organisation import Unit
from kpi.period import Period
from kpi.spc.intervals import Interval
from kpi.views.comparison import PlaceValue
from kpi.views.rows import Reading


def compared_cell(definition: Definition, place: Unit, found: PlaceValue | None, end: Period) -> list[Any]:
    """The cell's content."""
    if found is None:
        return [html.Span(released.absence(definition, place), className="muted")]
    reading = released.judged_reading(found, end)
    children = _hidden(definition, found, end) if reading is None else _shown(definition, reading, found.interval)
    own = released.own_period(definition, found)
    if own is not None:
        children.append(html.Small(own, className="own" if reading is not None else None))
    status = released.status(found)
    if status is not None:
        children.append(status_mark(status))
    return children


def _hidden(definition: Definition, found: PlaceValue, end: Period) -> list[Any]:
    phrases = [released.HIDDEN, released.over(definition, found, end)]
    return [html.B(released.MARKER, **aria(hidden="true")), _small(phrases)]


def _shown(definition: Definition, reading: Reading, interval: Interval | None) -> list[Any]:
    children: list[Any] = [html.B(words.value(definition, reading))]
    if interval is not None:
        told: list[Any] = ["osäkerhet ", html.Span(released.interval(definition, interval), className="nowrap")]
        children.append(html.Span(told, className="uncertainty"))
    return [*children, _small([words.basis(definition, reading), words.period(definition, reading)])]


def _small(phrases: list[str]) -> html.Small:
    """Short phrases on a line, each kept whole where the line breaks."""
    spans = [html.Span(phrase, className="nowrap") for phrase in phrases if phrase]
    return html.Small([spans[0], ", ", spans[1]] if len(spans) > 1 else spans)
