"""How long feedback, actions and effects took, against the limits that there are; what is waited for is hollow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from dash import html

from dashboard.components.case_ways import CaseWays
from dashboard.components.graph import graph
from dashboard.components.typed_table import typed_table
from dashboard.deviation_tables import action_table, effect_table, feedback_table
from dashboard.deviation_words import ACTION_STATES, SIDE_NOTES, SIDES, STATES, answered, assessed, decided
from dashboard.exports.tables import Table
from dashboard.figures.waits import waits
from kpi import format as text
from kpi.deviations import Side, State, Times
from kpi.views.case_filter import Back
from kpi.views.deviation_filter import DeviationFilter, Standing
from kpi.views.deviation_page import DeviationPage

_STANDINGS = {
    State.IN_TIME: Standing.ANSWERED_IN_TIME, State.LATE: Standing.ANSWERED_LATE, State.WAITING: Standing.WAITING,
    State.OVERDUE: Standing.OVERDUE,
}  # fmt: skip
_FIGURES = {Side.OURS: "deviation_answered_60d", Side.THEIRS: "deviation_feedback_60d"}
_OF = {Side.OURS: "", Side.THEIRS: ", vem som än ska svara"}
_HOLLOW = "Fylld stapel: har kommit. Ihålig: väntar, med de dagar som har gått hittills."


def feedback_panel(found: DeviationPage, side: Side, ways: CaseWays) -> html.Section:
    """What one side has answered."""
    times, limit = found.feedback[side], found.limits.feedback

    def number(state: State) -> Any:
        wanted = DeviationFilter(
            back=Back.YEAR,
            category=found.chosen.category,
            counterpart=found.chosen.counterpart,
            side=side,
            standing=_STANDINGS[state],
        )
        return ways.number(times.counts.get(state, 0), wanted)

    name = f"feedback-{side}"
    return _panel(SIDES[side], [
        html.P(answered(times, limit), className="panel-lead"),
        html.P(SIDE_NOTES[side], className="muted small"),
        _counts({name: number(state) for state, name in STATES.items()}) if times.total else None,
        _chart(name, times, STATES, limit, feedback_table(found, side)),
        ways.figure(_FIGURES[side], f"Det räknar dem vars dag {limit} inföll i månaden{_OF[side]}."),
    ])  # fmt: skip


def action_panel(found: DeviationPage, ways: CaseWays) -> html.Section:
    """What came of them: a decided action."""
    waiting = found.action.counts.get(State.WAITING, 0) + found.action.counts.get(State.ENDED, 0)
    without = DeviationFilter(
        back=Back.YEAR,
        category=found.chosen.category,
        counterpart=found.chosen.counterpart,
        standing=Standing.WITHOUT_ACTION,
    )
    return _panel("Beslutade åtgärder", [
        html.P(decided(found.action), className="panel-lead"),
        _counts({"utan beslutad åtgärd": ways.number(waiting, without)}) if waiting else None,
        _chart("actions", found.action, ACTION_STATES, None, action_table(found)),
        ways.figure("deviation_action_decided", "Det räknar dem som avslutades i månaden."),
    ])  # fmt: skip


def effect_panel(found: DeviationPage, ways: CaseWays) -> html.Section:
    """What came of the actions."""
    limit = found.limits.effect
    return _panel("Bedömd effekt", [
        html.P(assessed(found.effect, limit), className="panel-lead"),
        _chart("effects", found.effect, STATES, limit, effect_table(found)),
        ways.figure("deviation_effect_assessed", f"Det räknar de åtgärder vars dag {limit} inföll i tertialet."),
    ])  # fmt: skip


def _panel(heading: str, children: list[Any]) -> html.Section:
    return html.Section([html.H2(heading), *(one for one in children if one is not None)], className="panel")


def _counts(found: Mapping[str, Any]) -> html.Dl:
    pairs = [html.Div([html.Dt(text.capital(name)), html.Dd(number)]) for name, number in found.items()]
    return html.Dl(pairs, className="numbers")


def _chart(name: str, times: Times, names: Mapping[State, str], limit: int | None, table: Table) -> html.Figure | None:
    if not times.total:
        return None
    told = ", ".join(f"{word} {text.number(times.counts.get(state, 0))}" for state, word in names.items())
    drawn = partial(waits, times, names, limit)
    return graph(
        name, drawn, [_HOLLOW], f"{table.title}. {text.capital(told)}.", typed_table(table), explained="Väntetider"
    )
