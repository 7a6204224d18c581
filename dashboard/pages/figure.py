"""Nyckeltal: one figure, from sentence to source."""

from __future__ import annotations

from typing import Any

from dash import html

from control.actions.boards import board_about
from control.actions.store import read_actions
from control.definition_history import FigureVersion, figure_history
from control.remarks import read_remarks
from dashboard import texts
from dashboard.components import states
from dashboard.components.beside_panel import beside_panel
from dashboard.components.changed_panel import changed_panel
from dashboard.components.choices import choices, month_choice, place_choice
from dashboard.components.definition import meaning_panel, source_panel
from dashboard.components.figure_lead import figure_lead
from dashboard.components.figure_work import figure_work
from dashboard.components.head import page_head
from dashboard.components.link import address
from dashboard.components.parts_panel import parts_panel
from dashboard.components.series_panel import series_panel
from dashboard.components.units_panel import units_panel
from dashboard.context import Context, Page
from dashboard.figure_ways import figure_ways
from dashboard.kept import by_rights
from kpi.access import Place, can_comment, can_edit_definitions, can_manage_action, can_open
from kpi.definition import Kind
from kpi.views.figure import figure
from kpi.views.funnel_places import PlacesBeside, places_beside
from kpi.views.rows import FigurePage
from warehouse import clock


def page(context: Context, kpi_id: str) -> Page:
    """The figure for the address's unit and month."""
    found = figure(
        context.connection,
        context.catalogue,
        context.viewer,
        context.organisation,
        kpi_id,
        unit_code=context.query.get("enhet"),
        month=context.month,
    )
    if found is None:
        return Page("Nyckeltal", states.nothing_yet())
    row = found.row
    question = row.definition.audit_question
    children: list[Any] = [
        page_head(
            row.definition.name,
            place=row.unit.name,
            crumbs=[
                ("Översikt", address("/", manad=str(found.month))),
                (texts.AUDIT_QUESTIONS[question], None),
            ],
            choices=choices(
                place_choice("Enhet", found.places, row.unit.code), month_choice(found.months, found.month)
            ),
            is_synthetic=found.is_synthetic,
        ),
        figure_lead(row),
        *figure_ways(context, found),
        html.Div(
            [
                html.Div(_panels(context, found), className="stack"),
                html.Div(
                    [
                        meaning_panel(
                            found,
                            _history(context, kpi_id),
                            may_edit=can_edit_definitions(context.viewer),
                        ),
                        source_panel(found, may_open_deliveries=can_open(context.viewer, Place.DELIVERIES)),
                    ],
                    className="stack",
                ),
            ],
            className="columns",
        ),
    ]
    return Page(row.definition.name, children)


def _history(context: Context, kpi_id: str) -> tuple[FigureVersion, ...]:
    """The definition's, for who may open Definitioner."""
    if not can_open(context.viewer, Place.DEFINITIONS):
        return ()
    return figure_history(context.connection, context.viewer, kpi_id)


def _work(context: Context, found: FigurePage) -> html.Section | None:
    """What people do about the figure, for those who read the board's control."""
    viewer, row, today = context.viewer, found.row, clock.today()
    board = board_about(context.organisation, viewer, row.unit.code, today)
    if board is None:
        return None
    unit = row.unit.code if row.unit.code != board.code and row.unit.level in ("administration", "unit") else None
    return figure_work(
        row,
        board.code,
        read_actions(context.connection, viewer, board.code, kpi_id=row.definition.id),
        read_remarks(context.connection, viewer, board.code, row.definition.id),
        today,
        may_comment=can_comment(viewer, board.code),
        may_act=can_manage_action(viewer, board.code, unit),
    )


def _panels(context: Context, found: FigurePage) -> list[Any]:
    """What there is to show, the parts first where they are what the figure says."""
    row = found.row
    if not row.has_values:
        panels = [beside_panel(found.beside, found.month) or _nothing(), _work(context, found)]
        return [panel for panel in panels if panel is not None]
    parts, series = parts_panel(row), series_panel(row)
    parts_first = row.is_told_by_parts and row.definition.kind is not Kind.CONTEXT
    panels = [parts, series] if parts_first else [series, parts]
    panels += [
        _work(context, found),
        changed_panel(row),
        beside_panel(found.beside, found.month),
        units_panel(found, _places_beside(context, found)),
    ]
    return [panel for panel in panels if panel is not None]


def _places_beside(context: Context, found: FigurePage) -> PlacesBeside | None:
    """Kept: others' released values cost as much to read as the whole page."""

    def read(nameless: Context) -> PlacesBeside | None:
        return places_beside(nameless.connection, nameless.catalogue, nameless.viewer, nameless.organisation, found)

    row = found.row
    return by_rights(context, "places beside", (row.definition.id, row.unit.code, found.month), read)


def _nothing() -> html.Section:
    sentence = "När det finns uppgifter visas utvecklingen här."
    return html.Section([html.H2("Utveckling"), states.empty(sentence)], className="panel")
