"""What the page Avvikelser shows, as tables of typed cells."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.deviation_words import (
    ACTION_STATES,
    BIN_NAMES,
    SIDES,
    STATES,
    span,
)
from dashboard.exports.cells import Amount, Cell
from dashboard.exports.tables import Column, Table
from kpi import format as text
from kpi.deviations import Side, State, Times
from kpi.views.deviation_page import DeviationPage


def feedback_table(found: DeviationPage, side: Side) -> Table:
    """Days to feedback."""
    title = f"{SIDES[side]}: dagar från rapporten, {span(found)}"
    return _days(SIDES[side], title, found.feedback[side], STATES)


def action_table(found: DeviationPage) -> Table:
    """Days to a decided action."""
    return _days("Åtgärder", f"Dagar från rapport till beslutad åtgärd, {span(found)}", found.action, ACTION_STATES)


def effect_table(found: DeviationPage) -> Table:
    """Days to an assessed effect."""
    return _days("Effekt", f"Dagar från beslutad åtgärd till bedömd effekt, {span(found)}", found.effect, STATES)


def _days(name: str, title: str, times: Times, names: Mapping[State, str]) -> Table:
    columns = Column("Dagar", 10, is_text=True), *(Column(text.capital(one), 16) for one in names.values())
    rows: list[tuple[Cell, ...]] = [
        (days, *(Amount(one.get(state, 0)) for state in names)) for days, one in zip(BIN_NAMES, times.bins, strict=True)
    ]
    return Table(name, title, columns, tuple(rows))
