"""Översikt: the month of the own board, or the own part of it, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash import html

from control.actions.boards import board_about
from control.board_work import BoardWork, read_board_work
from control.matters import Matter, matters
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
from dashboard.kept import by_rights, for_sending
from kpi import format as text
from kpi.access import Place, can_open, homes, places_of
from kpi.organisation import Unit
from kpi.period import Period
from kpi.views.overview import overview
from kpi.views.rows import Overview
from warehouse import clock


def page(context: Context) -> Page:
    """The place of the address, else the viewer's first."""
    places = homes(context.viewer, context.organisation)
    if not places:
        return Page("Översikt", states.nothing_yet())
    question = context.query.get("enhet") or places[0].code, context.month, context.since
    shown = by_rights(context, "overview", question, lambda nameless: _shown(nameless, *question))
    if shown is None:
        return Page("Översikt", states.nothing_yet())
    next_, new = _of_the_boards(context, shown.home)
    children = [*shown.first, next_ if shown.is_latest else None, *shown.middle, new, *shown.rest]
    return Page(shown.heading, [child for child in children if child is not None])


@dataclass(frozen=True)
class _Shown:
    """What is the same for everybody with the same rights."""

    home: Unit
    heading: str
    is_latest: bool
    first: Sequence[Any]
    middle: Sequence[Any]
    rest: Sequence[Any]


def _shown(context: Context, code: str, month: Period | None, earlier: Period | None) -> _Shown | None:
    """Of a place, a month and the one that it is compared with, in the order of a meeting: how it stands, what to do,
    what has happened, the figures, what to decide. None when nothing is computed for it yet."""
    found = overview(context.connection, context.catalogue, context.viewer, context.organisation, code, month, earlier)
    if found is None:
        return None
    today, open_to = clock.today(), places_of(context.viewer)
    work = _work(context, found, today)
    to_decide = matters(found.rows, work, today)
    figures = html.Section(
        [html.H2("Nyckeltal efter revisionens frågor", id="nyckeltal"), figure_table(found, work, today)],
        className="section",
        **aria(labelledby="nyckeltal"),
    )
    rest = [figures, _legend(found, open_to)]
    if found.home.level == "board":
        rest.append(decisions_section(to_decide, found.month, may_open_papers=Place.PAPERS in open_to))
    return _Shown(
        found.home,
        _heading(found),
        _is_latest(found),
        for_sending(context, [_head(context, found), lead(found)]),
        for_sending(context, [welcome(), *_to_do(context, found, work, to_decide, today)]),
        for_sending(context, rest),
    )


def _heading(found: Overview) -> str:
    return f"{found.home.name}, {text.month(found.month)}"


def _head(context: Context, found: Overview) -> html.Div:
    places = homes(context.viewer, context.organisation)
    are_boards = all(place.level == "board" for place in places)
    return page_head(
        _heading(found),
        place=found.municipality.name if found.municipality else None,
        choices=choices(
            place_choice("Nämnd" if are_boards else "Nämnd eller enhet", places, found.home.code),
            month_choice(found.months, found.month, found.preliminary_from),
            since_choice(found.closed, found.since),
        ),
        is_synthetic=found.is_synthetic,
    )


def _to_do(
    context: Context, found: Overview, work: BoardWork | None, to_decide: Sequence[Matter], today: date
) -> list[Any]:
    """What the reader has the next step in, what the board may take a position on, and what has happened."""
    is_board = found.home.level == "board"
    steps = _steps(context, found, work, today)
    board_code = work.board_code if work else found.home.code
    position = matters_section(
        to_decide,
        found.month,
        board_code,
        is_board=is_board,
        is_mine=steps.count > 0,
        may_open_definitions=can_open(context.viewer, Place.DEFINITIONS),
    )
    return [
        next_steps_section(steps, found.month, today),
        position if is_board or not steps.count else None,
        since_section(_since(found, work, today), found.month),
    ]


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
    return since(found.rows, found.since, work, today if _is_latest(found) else found.month.last_day)


def _is_latest(found: Overview) -> bool:
    """Whether the month is the one that is reviewed today, so that what comes next comes after it."""
    return found.month >= found.months[0].shift(-1)


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
