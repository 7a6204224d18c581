"""What a figure is made of: answers on a scale, flows from and to, or parts side by side."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import html

from dashboard import comparison, texts, words
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.flow_table import flow_table
from dashboard.components.graph import graph
from dashboard.components.series_panel import count
from dashboard.components.status_mark import status_mark
from dashboard.figures.bars import bars, label
from dashboard.parts import grades, heading, headings, in_order, part_words
from kpi import format as text
from kpi.definition import Definition, Kind, Shape
from kpi.rolling import matrix
from kpi.views.compared import interval_of
from kpi.views.rows import FigureRow, Part


def parts_panel(row: FigureRow) -> html.Section | None:
    """The panel; None for a figure without parts."""
    definition = row.definition
    when = words.span(row.year) if row.year else words.period(definition, row.current)
    if definition.kind is Kind.DISTRIBUTION:
        return _distribution(row, when)
    if not definition.split:
        return None
    if not row.parts:
        return _panel("Fördelning", states.empty(f"Inga fall {words.when(definition, row.judged)}."))
    if definition.kind is Kind.FLOW:
        caption = f"{definition.name}: antal från och till varje aktör, {when}"
        return _panel(f"Från och till, {when}", flow_table(matrix(row.parts), caption))
    if row.is_context:
        return _series(row)
    if definition.kind is Kind.LEVEL:
        return _grades(row, when)
    title = f"Per {heading(definition.split).lower()}, {when}"
    if definition.shape is Shape.COUNT:
        return _panel(title, _counts(row, title))
    note = html.P("Under varje andel står osäkerheten (95 %).", className="muted small")
    return _panel(title, _table(row, title), note)


def _panel(title: str, *children: Any) -> html.Section:
    return html.Section([html.H2(title), *children], className="panel")


def _distribution(row: FigureRow, when: str) -> html.Section:
    definition = row.definition
    if not row.parts:
        return _panel("Svarens fördelning", states.empty(f"Inga svar {words.when(definition, row.current)}."))
    parts = in_order(definition, row.parts)
    column = heading([parts[0].split[0][0]])
    title = f"{'Svarens fördelning' if column == 'Svar' else column}, {when}"
    told = "; ".join(f"{part_words(definition, part.split)} {label(row, part)}" for part in parts)
    rows = [
        [
            text.capital(part_words(definition, part.split)),
            count(part.reading.numerator),
            words.value(definition, part.reading),
            _interval(definition, part),
        ]
        for part in parts
    ]
    columns = [Column(column), *(Column(name, is_number=True) for name in ("Antal", "Andel", "Osäkerhet (95 %)"))]
    total = f"{count(parts[0].reading.denominator)} {'svar' if column == 'Svar' else 'bedömda'} i allt."
    return _panel(
        title,
        graph("parts", partial(bars, row), [total], f"Stapeldiagram. {text.capital(told)}.",
              data_table(title, columns, rows), explained="Stapeldiagram"),
    )  # fmt: skip


def _series(row: FigureRow) -> html.Section:
    """Statistics whose series stand apart: each with its own latest year."""
    columns = [Column("Serie"), Column("Värde", is_number=True), Column("År", is_number=True)]
    rows = [
        [
            text.capital(part_words(row.definition, part.split)),
            words.value(row.definition, part.reading),
            words.period(row.definition, part.reading),
        ]
        for part in in_order(row.definition, row.parts)
    ]
    return _panel("Senaste värde per serie", data_table("Senaste värde per serie", columns, rows))


_QUESTIONS = {
    texts.PARTS["about"][f"question_{number}"]: f"{number}. {question}"
    for number, question in texts.AUDIT_QUESTIONS.items()
}


def _grades(row: FigureRow, when: str) -> html.Section:
    """A row per thing, a column per side: who judges otherwise is seen, not averaged."""
    found = grades(row)
    sides = list(dict.fromkeys(side for one in found for side, _ in one.sides))
    title = f"Bedömningar, {when}"
    columns = [Column(heading(row.definition.split[:-1]) or "Bedömning"), *(Column(text.capital(one)) for one in sides)]
    columns.append(Column("Anmärkning"))
    rows = [
        [
            _QUESTIONS.get(one.about) or row.definition.name,
            *(dict(one.sides).get(side, words.NOTHING) for side in sides),
            "inte överens" if one.is_apart else "",
        ]
        for one in found
    ]
    note = html.P("Varje bedömning är undertecknad och bekräftad av en andra person.", className="muted small")
    return _panel(title, data_table(title, columns, rows), note)


def _counts(row: FigureRow, title: str) -> html.Div:
    definition = row.definition
    columns = [*(Column(heading([column])) for column in definition.split), Column("Antal", is_number=True)]
    rows = [
        [*_names(definition, part), words.value(definition, part.reading)] for part in in_order(definition, row.parts)
    ]
    return data_table(title, columns, rows)


def _names(definition: Definition, part: Part) -> list[Any]:
    return [text.capital(part_words(definition, (pair,))) for pair in part.split]


def _table(row: FigureRow, title: str) -> html.Div:
    definition = row.definition
    numerator, denominator = headings(definition)
    columns = [
        *(Column(heading([column])) for column in definition.split),
        Column(numerator, is_number=True),
        Column(denominator, is_number=True),
        Column("Andel", is_number=True),
        Column("Mot målet" if row.is_told_by_parts else "Anmärkning"),
    ]
    return data_table(title, columns, [_line(row, part) for part in in_order(definition, row.parts)])


def _line(row: FigureRow, part: Part) -> list[Any]:
    definition = row.definition
    return [
        *_names(definition, part),
        count(part.reading.numerator),
        count(part.reading.denominator),
        [words.value(definition, part.reading), html.Small(_interval(definition, part))],
        status_mark(part.status) if part.status is not None else comparison.few(definition, part.reading),
    ]


def _interval(definition: Definition, part: Part) -> str:
    found = interval_of(definition, part.reading)
    return words.NOTHING if found is None else words.interval(definition, found)
