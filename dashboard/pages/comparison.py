"""Jämförelse: what the boards have released, side by side. The same page for every reader."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import texts
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.choices import choices, end_choice, place_choice
from dashboard.components.closings import closings_section
from dashboard.components.compared_table import compared_table
from dashboard.components.comparison_lead import comparison_lead
from dashboard.components.downloads import downloads
from dashboard.components.head import page_head
from dashboard.components.neighbours_line import neighbours_line
from dashboard.context import Context, Page
from dashboard.reads import comparison_of, neighbours_of
from kpi.views.comparison import Comparison

TITLE = "Jämförelse"


def page(context: Context) -> Page:
    """What the municipality of the address, else the viewer's own, has released up to a month."""
    found = comparison_of(context)
    if found is None:
        return Page(TITLE, states.nothing_released())
    municipalities = [
        one for code in found.municipalities if (one := context.organisation.municipality(code)) is not None
    ]
    own = context.organisation.municipality(found.municipality_code)
    children: list[Any] = [
        page_head(
            TITLE,
            place=own.name if own else None,
            choices=choices(
                place_choice("Kommun", municipalities, found.municipality_code), end_choice(found.ends, found.end)
            ),
            is_synthetic=found.is_synthetic,
        ),
        comparison_lead(found),
        neighbours_line(found, neighbours_of(context, found)),
        html.Section(
            [
                html.Div(
                    [
                        html.H2("Nyckeltal efter revisionens frågor", id="nyckeltal"),
                        downloads("jamforelse", enhet=found.municipality_code, slut=str(found.end)),
                    ],
                    className="section-head",
                ),
                compared_table(found),
            ],
            className="section",
            **aria(labelledby="nyckeltal"),
        ),
        closings_section(found.closings),
        _legend(found),
    ]
    return Page(TITLE, [child for child in children if child is not None])


def _legend(found: Comparison) -> html.Div | None:
    if not found.is_synthetic:
        return None
    return html.Div(html.Span(f"{texts.SYNTHETIC}: {texts.SYNTHETIC_HELP}"), className="legend")
