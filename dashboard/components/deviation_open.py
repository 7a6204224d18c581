"""What is left lying: the open by age; and who has said nothing."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components import states
from dashboard.components.bar_table import BarRow, bar_table
from dashboard.components.case_ways import CaseWays
from dashboard.components.link import link
from dashboard.deviation_words import AGE_NAMES, silence
from kpi import format as text
from kpi.views.case_filter import Back
from kpi.views.deviation_filter import DeviationFilter, Standing
from kpi.views.deviation_page import DeviationPage

_STANDINGS = (Standing.OPEN_30, Standing.OPEN_60, Standing.OPEN_90, Standing.OPEN_LONG)


def ages_panel(found: DeviationPage, ways: CaseWays) -> html.Section:
    """The open by age, whenever they were reported."""
    title = f"Öppna avvikelser {text.day(found.stand)}"
    if not found.ageing.total:
        return html.Section([html.H2(title), states.empty("Inga avvikelser är öppna.")], className="panel")
    most = max(found.ageing.counts)
    wanted = [
        DeviationFilter(
            back=Back.ALL, category=found.chosen.category, counterpart=found.chosen.counterpart, standing=one
        )
        for one in _STANDINGS
    ]
    rows = [
        BarRow(name, count / most, ways.number(count, one), is_off=one.standing is Standing.OPEN_LONG)
        for name, count, one in zip(AGE_NAMES, found.ageing.counts, wanted, strict=True)
    ]
    note = "Alla som inte är avslutade, oavsett när de rapporterades."
    return html.Section(
        [
            html.H2(title),
            html.P(note, className="muted small"),
            bar_table(f"{title}, efter hur länge de har varit öppna", ("Öppna sedan", "Antal"), rows),
            ways.sentence(found.ageing.long, wanted[-1]),
            ways.figure("deviation_open_90d"),
        ],
        className="panel",
    )


def silence_panel(found: DeviationPage, ways: CaseWays) -> html.Section:
    """The units that have reported nothing, with the way to each."""
    children: list[Any] = [html.H2("Tysta enheter"), html.P(silence(found), className="panel-lead")]
    if found.silent and len(found.units) > 1:
        children.append(
            html.Ul(
                [html.Li(link(one.name, ways.page(unit_code=one.code))) for one in found.silent],
                className="plain-list",
            )
        )
    note = "En enhet som aldrig rapporterar kan ha det bra, eller ha slutat säga till. Fråga."
    if found.silent:
        children.append(html.P(note, className="muted small"))
    if found.unit.level == "board":
        children.append(ways.figure("deviation_silent_units"))
    return html.Section(children, className="panel")
