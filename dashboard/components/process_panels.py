"""The panels of the process: the seven steps, who calls and where, and month by month."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from dash import html

from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.graph import graph
from dashboard.components.typed_table import typed_table
from dashboard.exports.cells import told
from dashboard.exports.tables import Table
from dashboard.figures.steps import label, steps
from dashboard.process_tables import days_table, steps_table
from dashboard.process_words import FATES, FEW, basis, explained, lead, span
from kpi import format as text
from kpi.process import Fate
from kpi.views.process import ProcessPage


def process_lead(page: ProcessPage) -> html.Div:
    """The sentences that open the page, and what they rest on."""
    pieces = [
        html.Strong(one.words, className="off" if one.tone == "off" else None) if one.tone else one.words
        for one in lead(page)
    ]
    return html.Div([html.P(pieces, className="lead"), html.P(basis(page), className="lead-note")])


def steps_panel(page: ProcessPage) -> html.Section:
    """The steps: the chart, its key and its twin, then shares and days."""
    if not page.whole.total:
        return panel("De sju stegen", states.empty("Det finns inga planer att följa genom stegen."))
    spoken = (
        "; ".join(label(one, page.whole.total) for one in page.whole.steps).replace("<b>", "").replace("</b> ", ":")
    )
    caption = (
        f"Varje stapel är alla {text.number(page.whole.total)} initiativ, delade efter vad som har hänt vid steget."
    )
    few = f"”Få fall”: färre än {text.count_word(page.fewest)}, för få för en andel eller en median."
    return panel(
        "De sju stegen",
        _key(),
        graph(
            "steps",
            partial(steps, page.whole),
            [caption],
            f"Stapeldiagram över de sju stegen. {spoken}.",
            typed_table(steps_table(page)),
            explained="De sju stegen",
        ),
        html.H3("Andel och tid"),
        _days(page),
        html.P(
            "Andelen är av de planer där steget var aktuellt: de som har tagit det, gått förbi det eller stannat före "
            f"det. Tiden är medianen för dem som tog steget. {few}",
            className="muted small",
        ),
        html.Details(
            [html.Summary("Så räknas stegen"), html.Dl(_explained(page), className="facts")], className="twin"
        ),
    )


def _days(page: ProcessPage) -> html.Div:
    """Shares and days, each with what it rests on."""
    table = days_table(page)
    rows: list[list[Any]] = []
    for step, taken, expected, share, before, begun, of_begun, met, of_met in (map(told, row) for row in table.rows):
        parts = [html.Small(part) for part in (share, f"året före {before}" if before else "") if part]
        name = step.replace("tsupp", "ts\u00adupp")
        taken_of = [f"{taken}{text.NBSP}av{text.NBSP}{expected}", *parts]
        rows.append([name, taken_of, _median(begun, of_begun), _median(met, of_met)])
    columns = [
        Column("Steg"),
        *(Column(one, is_number=True) for one in ("Tog steget", "Från initiativet", "Från mötet")),
    ]
    return data_table(table.title, columns, rows)


def _median(days: str, cases: str) -> Any:
    if not cases:
        return "–"
    return [days, html.Small(f"{'av' if days == FEW else 'median av'} {cases}")]


def _explained(page: ProcessPage) -> list[Any]:
    return [part for term, meaning in explained(page) for part in (html.Dt(term), html.Dd(meaning))]


def _key() -> html.Ul:
    """Which pattern is what."""
    return html.Ul(
        [html.Li([html.Span(className=f"shade fate-{fate.value}"), FATES[fate]]) for fate in Fate], className="shades"
    )


def ways_panel(page: ProcessPage, tables: Sequence[tuple[Table, Sequence[str | None]]]) -> html.Section | None:
    """By calling actor and by unit; None without plans."""
    if not page.whole.total:
        return None
    parts = [part for table, hrefs in tables for part in (html.H3(table.columns[0].heading), typed_table(table, hrefs))]
    note = html.P("Välj en rad för att se stegen för den.", className="muted small")
    return panel("Vem kallar, och var", *parts, note)


def months_panel(page: ProcessPage, table: Table, hrefs: Sequence[str | None]) -> html.Section | None:
    """By the initiative's month; None without plans. A month leads to its plans for those who read them."""
    if not page.whole.total:
        return None
    note = [] if not any(hrefs) else [html.P("En månad leder till underlaget: planerna som initierades då.",
                                             className="muted small")]  # fmt: skip
    return panel(f"Månad för månad, {span(page)}", typed_table(table, hrefs), *note)


def panel(title: str, *children: Any) -> html.Section:
    """A section of the page."""
    return html.Section([html.H2(title), *children], className="panel")
