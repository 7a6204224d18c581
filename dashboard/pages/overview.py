"""Översikt: the month of the own board, or the own part of it, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from control.notices.reading import read_notices
from control.year.planning import read_year
from dashboard import texts
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.cards import cards
from dashboard.components.choices import choices, month_choice, place_choice
from dashboard.components.figure_table import figure_table
from dashboard.components.head import page_head
from dashboard.components.lead import lead
from dashboard.components.link import address, link
from dashboard.components.notices_section import notices_section
from dashboard.components.year_section import next_line
from dashboard.context import Context, Page
from kpi import format as text
from kpi.access import Place, homes, places_of
from kpi.organisation import Unit
from kpi.views.overview import overview
from kpi.views.rows import Overview
from warehouse import clock


def page(context: Context) -> Page:
    """The place of the address, else the viewer's first."""
    places = homes(context.viewer, context.organisation)
    wanted = context.query.get("enhet")
    if not places:
        return Page("Översikt", states.nothing_yet())
    found = overview(
        context.connection,
        context.catalogue,
        context.viewer,
        context.organisation,
        wanted or places[0].code,
        context.month,
    )
    if found is None:
        return Page("Översikt", states.nothing_yet())
    boards = [place for place in places if place.level == "board"]
    heading = f"{found.home.name}, {text.month(found.month)}"
    next_, new = _of_the_boards(context, found.home)
    children: list[Any] = [
        page_head(
            heading,
            place=found.municipality.name if found.municipality else None,
            choices=choices(
                place_choice("Nämnd" if len(boards) == len(places) else "Nämnd eller enhet", places, found.home.code),
                month_choice(found.months, found.month, found.preliminary_from),
            ),
            is_synthetic=found.is_synthetic,
        ),
        lead(found),
        next_,
        cards(found.rows, found.month, is_board=found.home.level == "board"),
        new,
        html.Section(
            [html.H2("Nyckeltal efter revisionens frågor", id="nyckeltal"), figure_table(found)],
            className="section",
            **aria(labelledby="nyckeltal"),
        ),
        _legend(found, places_of(context.viewer)),
    ]
    return Page(heading, [child for child in children if child is not None])


def _of_the_boards(context: Context, home: Unit) -> tuple[html.P | None, html.Section | None]:
    """What comes next in the year of the boards that the place lies in or has, and what they have told."""
    today = clock.today()
    boards = context.organisation.boards_of(home.code, today, today) or {
        one.code for one in context.organisation.boards(home.municipality_code)
    }
    rows = read_year(context.connection, context.viewer, boards)
    return next_line(rows, today), notices_section(read_notices(context.connection, context.viewer, boards))


def _legend(found: Overview, open_to: Sequence[Place]) -> html.Div:
    late = [row for row in found.rows if row.is_late]
    latest = max((row.as_of for row in found.rows if row.as_of), default=None)
    parts: list[Any] = [
        html.Span("Streckad linje: mål eller bevakningsnivå"),
        html.Span("Andelar per månad ritas över tolv månader i taget"),
    ]
    if latest:
        parts.append(html.Span(f"Uppgifter till och med {text.day(latest)}"))
    if found.is_synthetic:
        parts.append(html.Span(f"{texts.SYNTHETIC}: {texts.SYNTHETIC_HELP}"))
    if late:
        parts.append(html.Span(f"{text.plural(len(late), 'nyckeltal', 'nyckeltal')} når inte månadens slut"))
    if Place.DELIVERIES in open_to:
        parts.append(link("Se leveranserna", "/leveranser"))
    parts.append(link("Se vad som har släppts", address("/jamforelse", enhet=found.home.municipality_code)))
    return html.Div(parts, className="legend")
