"""A released figure: its closed periods, what lies below, and its parts. Nothing from inside a board."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import texts
from dashboard.components import states
from dashboard.components.choices import choices, end_choice, place_choice
from dashboard.components.compared_lead import compared_lead
from dashboard.components.compared_parts_panel import compared_parts_panel
from dashboard.components.compared_series_panel import compared_series_panel
from dashboard.components.compared_units_panel import compared_units_panel
from dashboard.components.downloads import downloads
from dashboard.components.head import page_head
from dashboard.components.link import address
from dashboard.components.neighbours_panel import neighbours_panel
from dashboard.components.release_class import release_class_panel
from dashboard.context import Context, Page
from dashboard.reads import figure_of, neighbour_values_of
from kpi.organisation import Unit
from kpi.views.comparison import ComparedFigure
from kpi.views.rows import is_told_by_parts


def page(context: Context, kpi_id: str) -> Page:
    """The figure for the address's place and closed period."""
    found = figure_of(context, kpi_id)
    if found is None:
        definition = context.catalogue.definitions[kpi_id]
        state = states.not_released(definition.name, in_parts=is_told_by_parts(definition))
        return Page(definition.name, state)
    definition, unit, end = found.definition, found.value.unit, str(found.end)
    query = {"enhet": unit.code, "slut": end}
    above = context.organisation.municipality(unit.municipality_code)
    own_name, others = above.name if above else "", neighbour_values_of(context, found)
    panels = [
        compared_series_panel(found),
        compared_units_panel(found, own_name, others),
        neighbours_panel(found, own_name, others),
        compared_parts_panel(found),
    ]
    children: list[Any] = [
        page_head(
            definition.name,
            place=_place(context, unit),
            crumbs=[
                ("Jämförelse", address("/jamforelse", enhet=unit.municipality_code, slut=end)),
                (texts.AUDIT_QUESTIONS[definition.audit_question], None),
            ],
            choices=choices(place_choice("Plats", _places(found), unit.code), end_choice(found.ends, found.end)),
            is_synthetic=found.is_synthetic,
        ),
        compared_lead(found),
        html.Div(
            [
                html.Div([panel for panel in panels if panel is not None], className="stack"),
                html.Div(
                    [release_class_panel(definition), downloads(f"jamforelse/{definition.id}", **query)],
                    className="stack",
                ),
            ],
            className="columns",
        ),
    ]
    return Page(definition.name, children)


def _places(found: ComparedFigure) -> list[Unit]:
    """The places to choose from, the page's own always."""
    unit = found.value.unit
    return [*([] if any(one.code == unit.code for one in found.places) else [unit]), *found.places]


def _place(context: Context, unit: Unit) -> str:
    above = context.organisation.municipality(unit.municipality_code)
    return unit.name if above is None or above.code == unit.code else f"{unit.name}, {above.name}"
