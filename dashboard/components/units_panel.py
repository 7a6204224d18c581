"""The units of a board beside each other in order of name: a sentence, charts with their table, or parts in a table."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import html

from dashboard import comparison, words
from dashboard.components import states
from dashboard.components.funnel_graph import funnel_graph
from dashboard.components.graph import graph
from dashboard.components.link import address, link
from dashboard.components.units_table import unit_parts_table, units_table
from dashboard.figures.units import units
from kpi import format as text
from kpi.definition import Kind
from kpi.views.compared import Comparison
from kpi.views.compared import comparison as compared_with
from kpi.views.funnel_places import PlacesBeside
from kpi.views.rows import FigurePage

_NO_UNITS = {
    "board": "Nyckeltalet finns för nämnden och nivåerna över, inte per enhet.",
    "municipality": "Nyckeltalet finns för kommunen och nivåerna över, inte per enhet.",
    "region": "Nyckeltalet finns bara för regionen.",
}
_OF_FEW = "Ihålig punkt: för få fall."
_OF_INTERVALS = "Strecket är osäkerheten (95 %)."
_OF_RATES = (
    "Det grova strecket är osäkerheten (95 %), det tunna går till 99,8 %. Når det tunna inte snittet, som är alla "
    "enheterna tillsammans, är punkten en triangel: mer än normal variation, ett skäl att fråga men inget bevis."
)


def units_panel(found: FigurePage, beside: PlacesBeside | None = None) -> html.Section | None:
    """The panel; None on a unit's own page and for others' statistics. `beside`: municipalities for the funnel."""
    row = found.row
    definition = row.definition
    if row.unit.level == "unit" or row.is_context:
        return None
    if "unit" not in definition.levels:
        return _panel("Enheter", states.empty(_NO_UNITS.get(definition.levels[-1], _NO_UNITS["municipality"])))
    if not found.units and definition.kind is Kind.LEVEL:
        return _panel("Enheter", states.empty(f"Ingen enhet är bedömd {words.when(definition, row.judged)}."))
    if not found.units:
        return _panel("Enheter", states.empty(f"Ingen enhet har några fall {words.when(definition, row.judged)}."))
    if row.is_told_by_parts:
        title = f"Enheter, {words.period(definition, row.current)}"
        if definition.kind is Kind.LEVEL:
            return _panel(title, unit_parts_table(title, definition, found.units))
        note = html.P(
            f"Under varje andel står underlaget och osäkerheten (95 %). {_order(found)}", className="muted small"
        )
        return _panel(title, unit_parts_table(title, definition, found.units), note)
    compared = compared_with(definition, found.units)
    title = f"Enheter, {_when(found)}"
    if compared is None:
        return _panel(title, _chart(found, None))
    told = comparison.sentence(definition, compared, found.units)
    charts: list[Any] = [_chart(found, compared)]
    if compared.funnel:
        places = beside.places if beside is not None else ()
        charts = [funnel_graph(definition, compared, found.units, places), *_other_month(found, beside), *charts]
    return _panel(title, *([html.P(told, className="panel-lead")] if told else []), *charts)


def _panel(title: str, *children: Any) -> html.Section:
    return html.Section([html.H2(title), *children], className="panel")


def _other_month(found: FigurePage, beside: PlacesBeside | None) -> list[html.P]:
    """The way to the latest month that others' values may be told of."""
    if beside is None or beside.latest is None:
        return []
    href = address(
        f"/nyckeltal/{found.row.definition.id}", enhet=found.row.unit.code, manad=str(beside.latest)
    )  # fmt: skip
    way = link(f"Se andra kommuner i tratten för {text.month(beside.latest)}", href)
    return [html.P([way, ", den senaste månaden som är stängd."], className="muted small")]


def _when(found: FigurePage) -> str:
    first = found.units[0].reading
    return words.span(first) if first.periods > 1 else words.period(found.row.definition, first)


def _order(found: FigurePage) -> str:
    order = "Enheterna står i namnordning, inte i rangordning."
    if found.row.unit.level in ("region", "delregional", "municipality"):
        return f"{order} Bara de enheter visas som du får läsa."
    return order


def _chart(found: FigurePage, compared: Comparison | None) -> html.Figure:
    """Each unit by name, with its interval; the table holds the facts of the funnel too."""
    definition = found.row.definition
    of_rates = compared is not None and not compared.funnel
    average = compared.average if compared is not None and of_rates else None
    captions = []
    if any(one.interval for one in found.units):
        captions.append(_OF_RATES if of_rates else _OF_INTERVALS)
    if any(comparison.few(definition, one.reading) for one in found.units):
        captions.append(_OF_FEW)
    title = f"{definition.name} per enhet, {_when(found)}"
    return graph(
        "units",
        partial(
            units,
            definition,
            found.row.target,
            found.units,
            average=average,
            is_lettered=bool(compared and compared.funnel),
        ),
        [" ".join([*captions, _order(found)])],
        f"{title}. Värdena står i tabellen under diagrammet.",
        units_table(title, definition, found.units, compared),
        explained="Enhetsdiagram",
    )
