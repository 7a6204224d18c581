"""What comes back: the same unit, category and counterpart again, with the months and a way to act on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html

from dashboard import texts
from dashboard.components.case_ways import CaseWays
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import address, link
from dashboard.deviation_words import category, recurring, span
from kpi import format as text
from kpi.deviations import Pattern
from kpi.organisation import Organisation
from kpi.views.case_filter import Back
from kpi.views.deviation_filter import DeviationFilter
from kpi.views.deviation_page import DeviationPage

_FIGURE = "deviation_recurring"


def patterns_panel(
    found: DeviationPage, organisation: Organisation, ways: CaseWays, may_act: Callable[[str], bool]
) -> html.Section:
    """The patterns, those that came back most often first. `may_act`: whether the viewer manages a unit's actions."""
    title = f"Återkommande, {span(found)}"
    children: list[Any] = [html.H2(title), html.P(recurring(found), className="panel-lead")]
    if found.patterns:
        columns = [Column("Enhet"), Column("Kategori och motpart"), Column("Rapporterade", is_number=True),
                   Column("Återkommande", is_number=True), Column("Månader")]  # fmt: skip
        rows = [_row(found, one, organisation, ways) for one in found.patterns]
        acts = [may_act(one.unit_code) for one in found.patterns]
        if any(acts):
            columns.append(Column("Åtgärd"))
            for one, row, may in zip(found.patterns, rows, acts, strict=True):
                row.append(_start(one) if may else "")
        children.append(data_table(f"Återkommande avvikelser, {span(found)}", columns, rows))
    left = found.all_patterns - len(found.patterns)
    if left:
        more = f"Och {text.number(left)} mönster till. Välj en enhet eller kategori för att se dem."
        children.append(html.P(more, className="muted small"))
    children.append(ways.figure(_FIGURE, "Det räknar dem som rapporterades under tertialet."))
    return html.Section(children, className="panel wide")


def _row(found: DeviationPage, one: Pattern, organisation: Organisation, ways: CaseWays) -> list[Any]:
    unit = organisation.on(one.unit_code, found.stand)
    wanted = DeviationFilter(back=Back.YEAR, category=one.category, counterpart=one.counterpart)
    return [
        unit.name if unit else one.unit_code,
        text.capital(_sort(one)),
        ways.number(one.count, wanted, one.unit_code),
        text.number(one.recurring),
        ", ".join(text.month(month, short=True) for month in one.months),
    ]


def _start(one: Pattern) -> Any:
    """The form for an action, filled in. Closing the series with it is done on the page Åtgärder."""
    query = {"enhet": one.unit_code, "ny": "1", "ursprung": "avvikelser", "nyckeltal": _FIGURE, "serie": _sort(one)}
    return link("Starta åtgärd", address("/atgarder", **query), className="more")


def _sort(one: Pattern) -> str:
    return f"{category(one.category)}, {texts.actor(one.counterpart)}"
