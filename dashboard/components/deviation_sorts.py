"""Which deviations there are: by category, the most frequent first, and who reported × whom it arose with."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components import states
from dashboard.components.bar_table import BarRow, bar_table
from dashboard.components.case_ways import CaseWays
from dashboard.components.flow_table import flow_table
from dashboard.components.graph import how_to_read
from dashboard.components.link import link
from dashboard.deviation_words import FEWEST, category, span
from kpi import format as text
from kpi.deviations import Bar, counted
from kpi.views.case_filter import Back
from kpi.views.deviation_filter import DeviationFilter
from kpi.views.deviation_page import DeviationPage


def pareto_panel(found: DeviationPage, ways: CaseWays) -> html.Section:
    """The categories; choosing one narrows the page."""
    title = f"Vad avvikelserna gäller, {span(found)}"
    if not found.pareto:
        return _panel(title, states.empty("Inga avvikelser är rapporterade."))
    is_few = counted(found.pareto) < FEWEST
    rows = [_bar(found, ways, one, "–" if is_few else text.percent(one.cumulative)) for one in found.pareto]
    note = "Välj en kategori för att se sidan för bara den. "
    note += (
        "För få avvikelser för andelar." if is_few else "Samlad andel räknas uppifrån: hur stor del raderna gör ihop."
    )
    return _panel(
        title,
        html.P(note, className="muted small"),
        bar_table(title, ("Kategori", "Antal", "Samlad andel"), rows),
        ways.figure("deviations_reported"),
    )


def _bar(found: DeviationPage, ways: CaseWays, one: Bar, share: str) -> BarRow:
    is_chosen = one.category == found.chosen.category
    href = ways.page(None if is_chosen else one.category, found.chosen.counterpart)
    name = text.capital(category(one.category))
    return BarRow(
        [link(name, href), *([html.Small("vald; välj igen för alla")] if is_chosen else [])],
        one.length,
        ways.number(
            one.count, DeviationFilter(back=Back.YEAR, category=one.category, counterpart=found.chosen.counterpart)
        ),
        (share,),
        is_chosen=is_chosen,
    )


def matrix_panel(found: DeviationPage, ways: CaseWays) -> html.Section:
    """From and to, with margins."""
    title = f"Vem som rapporterade och var det uppstod, {span(found)}"
    if not found.matrix.total:
        return _panel(title, states.empty("Inga avvikelser är rapporterade."))

    def number(reporter: str | None, counterpart: str | None, count: int) -> Any:
        wanted = DeviationFilter(
            back=Back.YEAR, category=found.chosen.category, counterpart=counterpart or found.chosen.counterpart,
            reporter=reporter,
        )  # fmt: skip
        return ways.number(count, wanted)

    caption = f"{title}: antal avvikelser efter rapporterande verksamhet och motpart"
    told = "Rader rapporterade, kolumner är motparten: den som avvikelsen uppstod hos. "
    note = html.P([told, how_to_read("Matris", "Så läser du matrisen")], className="muted small")
    table = flow_table(found.matrix, caption, "Rapporterad av ↓ motpart →", number)
    return html.Section([html.H2(title), note, table], className="panel wide")


def _panel(title: str, *children: Any) -> html.Section:
    return html.Section([html.H2(title), *children], className="panel")
