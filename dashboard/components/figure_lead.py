"""The sentence that opens a figure's page: where it stands, against what, and how it differs from before."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import format as text
from dashboard import words
from kpi.status import State
from kpi.views.rows import FigureRow


def figure_lead(row: FigureRow) -> html.Div:
    """One or two sentences, and a note on small numbers when they apply."""
    note = note_of(row)
    children = [html.P([*_standing(row), " ", _earlier(row)], className="lead")]
    if note:
        children.append(html.P(note, className="lead-note"))
    return html.Div(children)


def _standing(row: FigureRow) -> list[Any]:
    definition = row.definition
    if not row.current.is_covered:
        reach = f" Leveranserna når till och med {text.day(row.as_of)}." if row.as_of else " Inget är levererat ännu."
        return [html.Strong(f"Uppgifter saknas för {text.month(row.current.last)}."), reach]
    if row.judged.value is None:
        return [f"Det finns inga fall att räkna {_when(row)}."]
    size = words.in_full(definition, row.judged)
    start = [html.Strong(text.capital(size)), f" {_when(row)}"]
    if row.target is None or row.status.state is State.NO_TARGET:
        return [*start, ". Nyckeltalet följs utan mål."]
    if row.status.state is State.TOO_FEW:
        return [*start, ": för få fall att bedöma mot nivån, ", words.target(definition, row.target), "."]
    tone = "off" if row.status.state is State.OFF else None
    return [
        *start,
        ": ",
        html.Strong(row.status.words.lower(), className=tone),
        f", {words.target(definition, row.target, with_proposed=False)}.",
    ]


def _when(row: FigureRow) -> str:
    if row.year is not None:
        return f"de senaste 12 månaderna ({words.span(row.year)})"
    return f"i {text.month(row.current.last)}"


def _earlier(row: FigureRow) -> str:
    return words.change(row).sentence + "."


def note_of(row: FigureRow) -> str | None:
    """What a reader should know before concluding anything."""
    notes = []
    if row.status.is_preliminary:
        notes.append("Månaden är inte slut: värdet är preliminärt.")
    if row.year is not None and not row.year.is_covered:
        notes.append(f"Bara {row.year.covered} av de 12 månaderna har uppgifter.")
    if row.definition.kind.value == "ratio" and row.current.cases < 10:
        notes.append("Månaderna har få fall var: läs hellre tolv månader än en enskild.")
    notes += words.notes(row)
    return " ".join(notes) or None
