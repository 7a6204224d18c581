"""The ways from a figure to what is behind it: to the page that takes it apart, and to the rows that it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.case_parameters import cases_address, narrowed_to
from dashboard.case_words import behind
from dashboard.components.link import address, link
from dashboard.context import Context
from dashboard.places import ADDRESSES
from kpi.access import Place, can_open, homes
from kpi.organisation import Unit
from kpi.period import Period, PeriodType
from kpi.views.behind import dataset_behind, rows_behind
from kpi.views.cases import reaches_rows
from kpi.views.rows import FigurePage

_LEVELS = ("board", "administration", "unit")


@dataclass(frozen=True)
class _Way:
    """`told`: what the place shows of it; `has_month`: it takes the figure's unit and month."""

    place: Place
    words: str
    told: str
    has_month: bool = True


_PROCESS = _Way(Place.PROCESS, "Se SIP-processen", "de sju stegen, var planer stannar och vem som kommer till mötena")
_WAYS: Mapping[str, _Way] = {
    "deviations": _Way(Place.DEVIATIONS, "Se avvikelserna bakom", "kategorier, motparter, tider och öppna"),
    **dict.fromkeys(("sips", "sip_participants", "sip_follow_ups", "sip_activities"), _PROCESS),
    "referrals": _Way(
        Place.CENTRES, "Se familjecentralerna", "vem som hänvisar till vem, och hur många som får kontakt"
    ),
    "survey_answers": _Way(Place.ASSESSMENTS, "Se enkäterna", "svaren på varje fråga", has_month=False),
    "assessments": _Way(Place.ASSESSMENTS, "Se bedömningarna", "motivering och underlag", has_month=False),
    "sip_reviews": _Way(Place.PLAN, "Se granskningarna", "kontrollmomenten och deras stickprov", has_month=False),
    "controls": _Way(Place.PLAN, "Se kontrollmomenten", "planen, utförandet och resultaten", has_month=False),
    "actions": _Way(Place.ACTIONS, "Se åtgärderna", "vem, när och hur det går", has_month=False),
    "action_effects": _Way(Place.ACTIONS, "Se åtgärderna", "effekten före och efter", has_month=False),
    "board_reports": _Way(Place.PAPERS, "Se handlingarna", "nämndens rapporter och deras dagar", has_month=False),
}
"""Where what a dataset holds is shown, by what a figure counts first."""


def figure_ways(context: Context, found: FigurePage) -> list[html.P]:
    """Each way that the viewer may go, in the order of going deeper."""
    ways = [_to_page(context, found), _to_rows(context, found)]
    return [html.P(told, className="lead-note") for told in ways if told is not None]


def _to_page(context: Context, found: FigurePage) -> list[Any] | None:
    definition, unit = found.row.definition, found.row.unit
    way = _WAYS.get(dataset_behind(context.catalogue, definition) or "")
    if way is None or not can_open(context.viewer, way.place):
        return None
    if not way.has_month:
        board = _board(context, found)
        href = ADDRESSES[way.place] if way.place is Place.PAPERS else address(ADDRESSES[way.place], enhet=board)
        return [link(way.words, href), f": {way.told}"]
    own = _own(context, unit)
    if own is None:
        return None
    came_from = definition.id if way.place is Place.DEVIATIONS else None
    href = address(ADDRESSES[way.place], enhet=own.code, manad=str(found.month), nyckeltal=came_from)
    return [link(way.words, href), f": {way.told}{_of(own, unit)}"]


def _own(context: Context, unit: Unit) -> Unit | None:
    """The unit, where rows are its own; of what lies above the boards, whose rows are several boards', the viewer's
    first home there."""
    if unit.level in _LEVELS:
        return unit
    own = (one for one in homes(context.viewer, context.organisation) if one.level in _LEVELS)
    return next((one for one in own if unit.municipality_code in (None, one.municipality_code)), None)


def _of(own: Unit, unit: Unit) -> str:
    return "" if own.code == unit.code else f", i {own.name}"


def _board(context: Context, found: FigurePage) -> str | None:
    """The board that the figure's unit is or lies under; None above the boards."""
    days = found.month.first_day, found.month.last_day
    boards = sorted(context.organisation.boards_of(found.row.unit.code, *days))
    return boards[0] if len(boards) == 1 else None


def _to_rows(context: Context, found: FigurePage) -> list[Any] | None:
    rows = rows_behind(context.catalogue, found.row.definition)
    unit = found.row.unit
    own, month = _own(context, unit), Period.containing(found.row.current.last.last_day, PeriodType.MONTH)
    if rows is None or own is None or not reaches_rows(context.viewer, context.organisation, own.code, month):
        return None
    dataset, wanted = rows
    way = address(f"/nyckeltal/{found.row.definition.id}", enhet=unit.code, manad=str(found.month))
    told = behind(dataset, month, wanted.back, wanted.by, wanted.after_days)
    narrowed = narrowed_to(wanted)
    href = cases_address(dataset, own.code, month, wanted, fran=way)
    return [link("Se underlaget", href), f": {told}{_of(own, unit)}{f' ({narrowed})' if narrowed else ''}"]
