"""Familjecentral: who refers whom, and how many are lost on the way."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.case_parameters import cases_address
from dashboard.case_words import behind
from dashboard.components import states
from dashboard.components.beside_panel import beside_panel
from dashboard.components.centre_panels import centres_lead, centres_panel, contact_panel, flows_panel, matrix_panel
from dashboard.components.choices import choices, month_choice, place_choice
from dashboard.components.head import page_head
from dashboard.components.link import address, link
from dashboard.components.series_panel import series_panel
from dashboard.context import Context, Page
from dashboard.places import ADDRESSES
from kpi.access import Place, check_can_open
from kpi.views.cases import reaches_rows
from kpi.views.centres import CentresPage, centres_page
from kpi.views.freshness import is_synthetic
from kpi.views.referral_filter import ReferralFilter
from kpi.views.rows import FigureRow

_TITLE = "Familjecentral"


def page(context: Context) -> Page:
    """The flows of the place's family centres."""
    check_can_open(context.viewer, Place.CENTRES)
    found = read(context)
    if found is None:
        return Page(_TITLE, states.nothing_yet())
    place = found.place
    head = page_head(
        _TITLE,
        place=place.unit.name,
        crumbs=[("Översikt", address("/", manad=str(place.month))), (_TITLE, None)],
        choices=choices(
            place_choice("Enhet", place.places, place.unit.code),
            month_choice(place.months.months, place.month, place.months.preliminary_from),
        ),
        is_synthetic=is_synthetic(context.connection, place.municipality_code),
    )
    children: list[Any] = [head, centres_lead(found)]
    if found.centres:
        children += [*_to_rows(context, found), html.Div(_panels(found), className="stack process")]
    return Page(_TITLE, children)


def read(context: Context) -> CentresPage | None:
    """What the address asks for."""
    return centres_page(
        context.connection,
        context.catalogue,
        context.viewer,
        context.organisation,
        unit_code=context.query.get("enhet") or None,
        month=context.month,
    )


def _panels(found: CentresPage) -> list[Any]:
    flows = [found.flows] if found.flows is not None else []
    panels = [
        flows_panel(found),
        matrix_panel(found),
        *map(_trend, flows),
        contact_panel(found),
        *map(_trend, found.figures),
        centres_panel(found),
        beside_panel([*flows, *found.figures], found.place.month),
    ]
    return [one for one in panels if one is not None]


def _trend(row: FigureRow) -> html.Section | None:
    """A figure over time; None without values."""
    return series_panel(row, row.definition.name, row.definition.id) if row.has_values else None


def _to_rows(context: Context, found: CentresPage) -> list[html.P]:
    """The way to the month's referrals, for those who may read them."""
    code, month = found.place.unit.code, found.place.month
    has_cases = any(not one.only_counts for one in found.centres)
    if not has_cases or not reaches_rows(context.viewer, context.organisation, code, month):
        return []
    here = address(ADDRESSES[Place.CENTRES], enhet=code, manad=str(month))
    href = cases_address("referrals", code, month, ReferralFilter(), fran=here)
    return [html.P([link("Se underlaget", href), f": {behind('referrals', month)}"], className="lead-note")]
