"""What opens a released figure's page: value, basis, time, target and uncertainty, or that it is not shown."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import released, variation, words
from dashboard.components.variation_mark import variation_icons
from kpi import format as text
from kpi.status import State
from kpi.views.comparison import ComparedFigure

_NO_CHART = "Styrdiagram visas inte: det skulle kräva månader som är dolda eller inte släppta."


def compared_lead(found: ComparedFigure) -> html.Div:
    """The sentences, and what a control chart says or why there is none."""
    children = [html.P(_sentences(found), className="lead")]
    if found.hides_months:
        children.append(html.P(_NO_CHART, className="lead-note"))
    elif found.variation.told in variation.SHORT:
        told = text.capital(variation.SHORT[found.variation.told])
        children.append(
            html.P(
                [*variation_icons(found.variation), f"{told} de senaste månaderna. {variation.HELP}"],
                className="lead-variation",
            )
        )
    return html.Div(children)


def _sentences(found: ComparedFigure) -> list[Any]:
    definition, value = found.definition, found.value
    reading = released.judged_reading(value, found.end)
    when = released.when(definition, value, found.end)
    if reading is None:
        return _hidden(found, when)
    if reading.value is None:
        return [f"Det finns inga fall att räkna {when}."]
    in_words = words.gap(definition, reading)
    return [
        html.Strong(text.capital(words.in_full(definition, reading))),
        f" {when}",
        *_against(found),
        *([f" {in_words}"] if in_words else []),
        *_uncertainty(found),
    ]


def _hidden(found: ComparedFigure, when: str) -> list[Any]:
    told = [html.Strong(f"Värdet {when} visas inte"), f": {released.WHY_HIDDEN}."]
    latest = released.latest_reading(found.value)
    if latest is not None:
        told.append(f" {text.capital(text.within(latest.last))}: {words.in_full(found.definition, latest)}.")
    return told


def _against(found: ComparedFigure) -> list[Any]:
    definition, target = found.definition, found.value.target
    status = released.status(found.value)
    if status is None:
        return ["."]
    if target is None or status.state is State.NO_TARGET:
        return [". Nyckeltalet följs utan mål."]
    level = words.target(definition, target, with_proposed=False)
    if status.state is State.TOO_FEW:
        return [f": för få fall att bedöma mot nivån, {words.target(definition, target)}."]
    tone = "off" if status.state is State.OFF else None
    return [": ", html.Strong(status.words[:1].lower() + status.words[1:], className=tone), f", {level}."]


def _uncertainty(found: ComparedFigure) -> list[str]:
    if found.value.interval is None:
        return []
    return [f" Osäkerheten (95{text.NBSP}%) är {released.interval(found.definition, found.value.interval)}."]
