"""Översikt: the month of the own board, or the own part of it, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html

from control.actions.boards import board_about
from control.board_work import BoardWork, read_board_work
from control.matters import matters
from control.next_steps import NextSteps, next_steps
from control.notices.reading import read_notices
from control.since import Since, since
from control.year.planning import read_year
from dashboard import texts
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.choices import choices, month_choice, place_choice, since_choice
from dashboard.components.figure_table import figure_table
from dashboard.components.head import page_head
from dashboard.components.lead import lead
from dashboard.components.link import address, link
from dashboard.components.matters_section import decisions_section, matters_section
from dashboard.components.next_steps import next_steps_section
from dashboard.components.notices_section import notices_section
from dashboard.components.since_section import since_section
from dashboard.components.welcome import welcome
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
        context.since,
    )
    if found is None:
        return Page("Översikt", states.nothing_yet())
    heading = f"{found.home.name}, {text.month(found.month)}"
    return Page(heading, [child for child in _content(context, found, places, heading) if child is not None])


def _content(context: Context, found: Overview, places: Sequence[Unit], heading: str) -> list[Any]:
    """In the order of a meeting: how it stands, what to do, what has happened, the figures, what to decide."""
    boards = [place for place in places if place.level == "board"]
    today, is_board = clock.today(), found.home.level == "board"
    work = _work(context, found, today)
    steps = _steps(context, found, work, today)
    to_decide = matters(found.rows, work, today)
    next_, new = _of_the_boards(context, found.home)
    return [
        page_head(
            heading,
            place=found.municipality.name if found.municipality else None,
            choices=choices(
                place_choice("Nämnd" if len(boards) == len(places) else "Nämnd eller enhet", places, found.home.code),
                month_choice(found.months, found.month, found.preliminary_from),
                since_choice(found.closed, found.since),
            ),
            is_synthetic=found.is_synthetic,
        ),
        lead(found),
        next_,
        welcome(),
        next_steps_section(steps, found.month, today),
        None
        if steps.count and not is_board
        else matters_section(
            to_decide, found.month, work.board_code if work else found.home.code, is_board=is_board,
            is_mine=steps.count > 0,
        ),
        since_section(_since(found, work, today), found.month),
        new,
        html.Section(
            [html.H2("Nyckeltal efter revisionens frågor", id="nyckeltal"), figure_table(found, work, today)],
            className="section",
            **aria(labelledby="nyckeltal"),
        ),
        _legend(found, places_of(context.viewer)),
        decisions_section(to_decide, found.month, may_open_papers=Place.PAPERS in places_of(context.viewer))
        if is_board
        else None,
    ]  # fmt: skip


def _work(context: Context, found: Overview, today: date) -> BoardWork | None:
    """What is under way, for those who read the board's control."""
    board = board_about(context.organisation, context.viewer, found.home.code, today)
    return read_board_work(context.connection, context.viewer, board.code, today) if board is not None else None


def _steps(context: Context, found: Overview, work: BoardWork | None, today: date) -> NextSteps:
    if work is None:
        return NextSteps()
    return next_steps(context.viewer, found.rows, work, None if found.home.level == "board" else found.home.code, today)


def _since(found: Overview, work: BoardWork | None, today: date) -> Since | None:
    """What has happened since the closed month, up to the month that is shown, or to today where it is the latest."""
    if found.since is None:
        return None
    is_latest = found.month >= found.months[0].shift(-1)
    return since(found.rows, found.since, work, today if is_latest else found.month.last_day)


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
