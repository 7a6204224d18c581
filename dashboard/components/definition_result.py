"""What came of trying or saving a change: errors by line, what changes in meaning, and who is affected."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from dash import html

from dashboard.components.data_table import Column, data_table
from dashboard.components.graph import graph
from dashboard.figures.before_after import before_after
from dashboard.released import WHY_HIDDEN
from kpi import format as text
from kpi.backcast import Backcast, summed_by_period
from kpi.definition import Definition
from kpi.diff import SORT_WORDS, Change, Sort
from kpi.disclosure.primary import ReleaseClass

_MOST_ROWS = 40


def problems(lines: Sequence[str], first_line: int | None) -> html.Div:
    """Errors as `file:line:column: sentence`; with a part open, the line within it is told as well."""
    items = [html.Li(_problem(line, first_line)) for line in lines]
    count = "Ett fel hindrar" if len(items) == 1 else f"{len(items)} fel hindrar"
    return html.Div([html.P(html.Strong(f"{count} att texten används.", className="off")), html.Ul(items)])


def _problem(line: str, first_line: int | None) -> list[Any]:
    name, number, column, sentence = [*line.split(":", 3), "", "", ""][:4]
    if not number.isdigit():
        return [line]
    inside = f", rad {int(number) - first_line + 1} i rutan" if first_line and int(number) >= first_line else ""
    return [html.Span(f"{name}, rad {number}, tecken {column}{inside}: ", className="muted"), sentence.strip()]


def refusals(sentences: Sequence[str]) -> html.Div:
    """Why a change that holds may not be saved."""
    return html.Div(
        [
            html.P(html.Strong("Ändringen får inte sparas.", className="off")),
            html.Ul([html.Li(sentence) for sentence in sentences]),
        ]
    )


def conflict(sentence: str, difference: str) -> html.Div:
    """Somebody else has changed the file; their text against ours."""
    return html.Div(
        [
            html.P(html.Strong("Filen har ändrats av någon annan.", className="off")),
            html.P(sentence),
            html.Details(
                [html.Summary("Skillnaden mellan filen på disk (−) och din text (+)"), html.Pre(difference)],
                open=True,
            ),
        ]
    )


def said(sentence: str) -> html.P:
    """A plain answer."""
    return html.P(sentence, className="notice")


def changes(found: Sequence[Change]) -> html.Div:
    """What the change means."""
    if not found:
        return html.Div(html.P("Texten håller. Ingen skillnad till betydelsen: inget räknas om."))
    rows = [
        [one.name, text.capital(SORT_WORDS[one.sort]), one.label, one.before or "–", one.after or "–"]
        for one in found[:_MOST_ROWS]
    ]
    columns = [Column("Nyckeltal"), Column("Sort"), Column("Vad"), Column("Före"), Column("Efter")]
    recomputed = {one.name for one in found if one.sort in (Sort.MEANING, Sort.ADDED)}
    lead = (
        f"Texten håller. {_listed(sorted(recomputed))} räknas om."
        if recomputed
        else "Texten håller. Värdena räknas inte om; bara texter och bedömning ändras."
    )
    more = [html.P(f"… och {len(found) - _MOST_ROWS} till.")] if len(found) > _MOST_ROWS else []
    return html.Div([html.P(html.Strong(lead)), data_table("Vad som ändras", columns, rows), *more])


def preview(found: Backcast, unit_code: str, unit_name: str) -> html.Div:
    """The last three years under both definitions, for the viewer's unit, and the targets that would be missed."""
    definition = found.new
    changed = sum(one.is_changed for one in found.pairs)
    affected = sorted({one.unit_name for one in found.newly_missed})
    sentences = [f"{changed} av {len(found.pairs)} värden de senaste 36 månaderna ändras."]
    if affected:
        sentences.append(f"Beslutade mål som hade missats: {_listed(affected)}.")
    else:
        sentences.append("Inget beslutat mål hade missats.")
    if definition.release_class != ReleaseClass.OPEN:
        sentences.append(f"Ett värde visas inte när {WHY_HIDDEN}.")
    values = summed_by_period(found.pairs, unit_code)
    children: list[Any] = [html.H3(definition.name), html.P(" ".join(sentences))]
    if values:
        rows = [
            [str(period), _value(definition, pair[0]), _value(definition, pair[1])]
            for period, pair in reversed(list(values.items()))
        ]
        columns = [Column("Period"), Column("Före", is_number=True), Column("Efter", is_number=True)]
        caption = f"{definition.name}, {unit_name}: före och efter"
        children.append(
            graph(
                f"preview-{definition.id}",
                partial(before_after, definition, values),
                [f"{unit_name}. Streckad linje: som det är nu. Heldragen: med ändringen."],
                f"Linjediagram över {definition.name} före och efter ändringen. Värdena står i tabellen.",
                data_table(caption, columns, rows),
                explained="Linjediagram",
            )
        )
    return html.Div(children, className="panel")


def _value(definition: Definition, value: float | None) -> str:
    return "–" if value is None else text.quantity(value, definition.unit, definition.decimals)


def _listed(names: Sequence[str]) -> str:
    return " och ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
