"""The funnel with its caption. Units' facts stand in the table of the chart below, municipalities' in its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from dash import html

from dashboard import comparison
from dashboard.components.graph import graph
from dashboard.components.places_table import places_table
from dashboard.figures.funnel import funnel, letter
from kpi.definition import Definition
from kpi.views.compared import Comparison
from kpi.views.funnel_places import FunnelPlace
from kpi.views.rows import UnitReading

_OF_FUNNEL = (
    "Ju fler fall, desto smalare tratt. Innanför tratten (heldragen linje, 99,8 %) ryms skillnaden mot snittet i "
    "normal variation; den streckade linjen är 95 %."
)
_OF_AVERAGE = "Snittet är alla enheternas fall tillsammans."
_OF_SHOWN = "Snittet är fallen i de enheter som visas, tillsammans."
_OF_LETTERS = "Bokstäverna är enheterna i nästa diagram."
_OF_OUTSIDE = "Triangel: utanför tratten, ett skäl att fråga men inget bevis."
_OF_FEW = "Ihålig punkt: för få fall."
_OF_PLACES = (
    "Romb: en kommun. Den räknas inte in i snittet, som bara är enheternas. Andra kommuners värden är de släppta."
)
_WHERE = {False: "nästa diagram", True: "nästa diagram, kommunernas i tabellen här"}


def funnel_graph(
    definition: Definition,
    compared: Comparison,
    units: Sequence[UnitReading],
    places: Sequence[FunnelPlace] = (),
    *,
    is_whole: bool = True,
) -> html.Figure:
    """The figure; units that are not compared are left out of it. `places`: municipalities beside them. `is_whole`: no
    unit's value is hidden."""
    told = comparison.sentence(definition, compared, units)
    captions = [_OF_FUNNEL, _OF_AVERAGE if is_whole else _OF_SHOWN]
    if letter(0, len(units)):
        captions.append(_OF_LETTERS)
    if any(one.side for one in units):
        captions.append(_OF_OUTSIDE)
    if any(one.is_small for one in units) or any(one.is_small for one in places):
        captions.append(_OF_FEW)
    if places:
        captions.append(_OF_PLACES)
    return graph(
        "funnel",
        partial(funnel, definition, compared, units, places=places),
        [" ".join(captions)],
        f"Trattdiagram. {told} Värdena står i tabellen under {_WHERE[bool(places)]}.",
        places_table(definition, compared, places) if places else None,
        explained="Trattdiagram",
    )
