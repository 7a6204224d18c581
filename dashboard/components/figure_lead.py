"""The sentence that opens a figure's page: where it stands, against what, and how it differs from before."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import changes, texts, variation, words
from dashboard.components.variation_mark import assurance_icons, variation_icons
from dashboard.parts import graded, grades, in_order, judged_in_full, part_words
from kpi import format as text
from kpi.definition import Kind, Shape
from kpi.period import PeriodType
from kpi.status import State
from kpi.views.rows import FigureRow

_FEW = 10


def figure_lead(row: FigureRow) -> html.Div:
    """One or two sentences, and a note on small numbers when they apply."""
    children = [html.P(_sentences(row), className="lead")]
    if (told := variation.of_variation(row)) is not None:
        children.append(html.P([*variation_icons(row.variation), told], className="lead-variation"))
    if (told := variation.of_target(row)) is not None:
        children.append(html.P([*assurance_icons(row.variation.assurance), told], className="lead-variation"))
    note = note_of(row)
    if note:
        children.append(html.P(note, className="lead-note"))
    return html.Div(children)


def _sentences(row: FigureRow) -> list[Any]:
    if row.status.state is State.AWAITS or (row.is_context and not row.has_values):
        return [html.Strong("Inga uppgifter än."), f" {words.why_empty(row)}"]
    if row.is_context:
        return _published(row)
    if row.definition.kind is Kind.LEVEL:
        return _graded(row)
    if not row.current.is_covered:
        reach = f" Leveranserna når till och med {text.day(row.as_of)}." if row.as_of else f" {words.why_empty(row)}"
        return [html.Strong(f"Uppgifter saknas {text.within(row.current.last)}."), reach]
    found = _standing(row)
    in_words = words.gap(row.definition, row.judged)
    if in_words:
        found.append(f" {in_words}")
    if row.is_told_by_parts:
        return [*found, _of_parts(row)]
    return [*found, f" {changes.change(row).sentence}."]


def _standing(row: FigureRow) -> list[Any]:
    definition = row.definition
    when = _when(row)
    if row.judged.value is None:
        return [f"Det finns inga fall att räkna {when}."]
    lowest = "lägst: " if row.is_told_by_parts else ""
    start = [html.Strong(text.capital(lowest + judged_in_full(row))), f" {when}"]
    if row.target is None or row.status.state is State.NO_TARGET:
        return [*start, ". Nyckeltalet följs utan mål."]
    if row.status.state is State.TOO_FEW:
        return [*start, ": för få fall att bedöma mot nivån, ", words.target(definition, row.target), "."]
    tone = "off" if row.status.state is State.OFF and row.target.is_decided else None
    return [
        *start,
        ": ",
        html.Strong(row.status.words[:1].lower() + row.status.words[1:], className=tone),
        f", {words.target(definition, row.target, with_proposed=False)}.",
    ]


def _published(row: FigureRow) -> list[Any]:
    """Another's statistics: the values, whose they are, and how they differ from the time before."""
    definition = row.definition
    source = f" Källa: {texts.CONTEXT_SOURCE}."
    if row.is_told_by_parts:
        children: list[Any] = []
        for part in in_order(definition, row.parts):
            children.append(f"{text.capital(part_words(definition, part.split))}: ")
            children.append(html.Strong(words.value(definition, part.reading)))
            children.append(f" {words.when(definition, part.reading)}. ")
        return [*children, source.strip()]
    start = [html.Strong(words.value(definition, row.current)), f" {words.when(definition, row.current)}.", source]
    return [*start, f" {changes.change(row).sentence}."]


def _graded(row: FigureRow) -> list[Any]:
    """What each side judged, question by question, and where they do not agree."""
    if not row.parts:
        return [html.Strong(f"Ingen bedömning finns {text.within(row.current.last)}.")]
    children: list[Any] = [f"{text.capital(text.within(row.current.last))}: "]
    children += [html.Strong("; ".join(graded(one) for one in grades(row))), "."]
    apart = [one for one in grades(row) if one.is_apart]
    if apart:
        *first, last = [one.about for one in apart]
        which = f" om {' och '.join([', '.join(first), last] if first else [last])}" if last else ""
        children.append(f" De som har bedömt är inte överens{which}.")
    return children


def _of_parts(row: FigureRow) -> str:
    off = sum(part.status is not None and part.status.state is State.OFF for part in row.parts)
    if len(row.parts) == 1:
        return ""
    parts = f" {text.capital(text.count_word(len(row.parts)))} delar följs var för sig"
    if not off:
        return f"{parts}, och ingen ligger utanför sin nivå."
    return f"{parts}; {'en' if off == 1 else text.count_word(off)} ligger utanför sin nivå."


def _when(row: FigureRow) -> str:
    when = words.when(row.definition, row.judged)
    return f"{when} ({words.span(row.year)})" if row.year is not None else when


def note_of(row: FigureRow) -> str | None:
    """What a reader should know before concluding anything."""
    notes = []
    is_monthly = row.definition.period is PeriodType.MONTH
    if row.status.is_preliminary:
        notes.append(f"{'Månaden' if is_monthly else 'Perioden'} är inte slut: värdet är preliminärt.")
    if row.year is not None and not row.year.is_covered:
        many = f"Bara {row.year.covered}" if row.year.covered else "Ingen"
        notes.append(f"{many} av de 12 månaderna har uppgifter.")
    if (
        row.definition.kind in (Kind.RATIO, Kind.RECURRING)
        and row.current.cases < _FEW
        and row.current.value is not None
    ):
        if row.year is not None:
            notes.append("Läs hellre tolv månader än en enskild: ett enda fall ändrar månadens andel mycket.")
        else:
            notes.append("Perioden har få fall: ett enda fall ändrar andelen mycket.")
    if row.definition.shape is Shape.GAP and row.definition.meaning.rolling:
        notes.append("Talet vilar på tolv månader och summeras därför inte över flera perioder.")
    notes += words.notes(row)
    return " ".join(notes) or None
