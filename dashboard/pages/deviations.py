"""Avvikelser: what fails in collaboration, with whom, and what comes of telling it."""

from __future__ import annotations

from typing import Any

from dash import html

from control.actions.boards import board_about
from dashboard import texts
from dashboard.components import states
from dashboard.components.case_ways import CaseWays
from dashboard.components.choices import (
    CATEGORY_ID,
    COUNTERPART_ID,
    choices,
    month_choice,
    narrowing,
    place_choice,
)
from dashboard.components.deviation_open import ages_panel, silence_panel
from dashboard.components.deviation_patterns import patterns_panel
from dashboard.components.deviation_sorts import matrix_panel, pareto_panel
from dashboard.components.deviation_times import action_panel, effect_panel, feedback_panel
from dashboard.components.head import page_head
from dashboard.components.link import address, link
from dashboard.context import Context, Page
from dashboard.deviation_address import deviations_address
from dashboard.deviation_words import cautions, lead, reported, silence
from kpi import format as text
from kpi.access import Place, can_manage_action, can_open, check_can_open
from kpi.deviations import Side
from kpi.organisation import swedish_key
from kpi.views.cases import reaches_rows
from kpi.views.deviation_page import Chosen, DeviationPage, deviations
from warehouse import clock
from warehouse.contract import DEVIATION_CATEGORIES

_TITLE = "Avvikelser"


def page(context: Context) -> Page:
    """The place's deviations of the twelve months that end with `manad`; `kategori` and `motpart` narrow them, and
    `nyckeltal` is the figure that the reader came from."""
    check_can_open(context.viewer, Place.DEVIATIONS)
    found = deviations(
        context.connection,
        context.catalogue,
        context.viewer,
        context.organisation,
        unit_code=context.query.get("enhet"),
        month=context.month,
        chosen=Chosen(context.query.get("kategori") or None, context.query.get("motpart") or None),
    )
    if found is None:
        sentence = (
            "Inga avvikelser är levererade för platsen ännu. Utan dem går det inte att säga om samverkan brister."
        )
        return Page(_TITLE, [page_head(_TITLE), states.empty(sentence)])
    ways = _ways(context, found)
    return Page(_TITLE, [_head(context, found), *_told(found, ways), _panels(context, found, ways)])


def _head(context: Context, found: DeviationPage) -> html.Div:
    categories = [(one, text.capital(texts.PARTS["category"][one])) for one in DEVIATION_CATEGORIES]
    actors = sorted(
        ((one, text.capital(texts.actor(one))) for one in found.counterparts), key=lambda one: swedish_key(one[1])
    )
    return page_head(
        _TITLE,
        place=found.unit.name,
        crumbs=_crumbs(context, found),
        choices=choices(
            place_choice("Enhet", found.places, found.unit.code),
            month_choice(found.months.months, found.month, found.months.preliminary_from),
            narrowing(CATEGORY_ID, "Kategori", categories, found.chosen.category, width=220),
            narrowing(COUNTERPART_ID, "Motpart", actors, found.chosen.counterpart, width=170),
        ),
        is_synthetic=found.is_synthetic,
    )


def _crumbs(context: Context, found: DeviationPage) -> list[tuple[str, str | None]]:
    """The way back to the overview, and to the figure that the reader came from."""
    crumbs: list[tuple[str, str | None]] = []
    if can_open(context.viewer, Place.OVERVIEW):
        crumbs.append(("Översikt", address("/", manad=str(found.month))))
    figure = context.catalogue.definitions.get(context.query.get("nyckeltal", ""))
    if figure is not None:
        href = address(f"/nyckeltal/{figure.id}", enhet=found.unit.code, manad=str(found.month))
        crumbs.append((figure.name, href))
    return [*crumbs, (_TITLE, None)]


def _told(found: DeviationPage, ways: CaseWays) -> list[Any]:
    notes = [html.P(one, className="notice") for one in cautions(found)]
    said = (reported(found), silence(found) if found.silent else "")
    told: list[Any] = ["".join(f"{one} " for one in said if one)]
    if found.chosen != Chosen():
        told.append(link("Visa alla avvikelser", ways.page()))
    return [
        html.P(lead(found), className="lead"),
        html.P(told, className="lead-variation"),
        *notes,
    ]


def _ways(context: Context, found: DeviationPage) -> CaseWays:
    viewer, organisation = context.viewer, context.organisation
    definitions = context.catalogue.definitions
    came_from = context.query.get("nyckeltal")
    came_from = came_from if came_from in definitions else None
    chosen = found.chosen
    return CaseWays(
        found.unit.code,
        found.month,
        deviations_address(found.unit.code, found.month, chosen.category, chosen.counterpart, came_from),
        lambda code: can_open(viewer, Place.ROWS) and reaches_rows(viewer, organisation, code, found.month),
        {one.id: one.name for one in definitions.values()},
        came_from,
    )


def _panels(context: Context, found: DeviationPage, ways: CaseWays) -> html.Div:
    viewer, organisation = context.viewer, context.organisation
    board = board_about(organisation, viewer, found.unit.code, clock.today())

    def may_act(unit_code: str) -> bool:
        return board is not None and can_manage_action(viewer, board.code, unit_code)

    return html.Div(
        [
            html.Div([ages_panel(found, ways), silence_panel(found, ways)], className="stack"),
            pareto_panel(found, ways),
            matrix_panel(found, ways),
            feedback_panel(found, Side.OURS, ways),
            feedback_panel(found, Side.THEIRS, ways),
            action_panel(found, ways),
            effect_panel(found, ways),
            patterns_panel(found, organisation, ways, may_act),
        ],
        className="deviations",
    )
