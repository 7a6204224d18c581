"""Which page an address shows, and what is shown when it cannot be."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from dashboard.components import states
from dashboard.context import Context, Page
from dashboard.guard import check_reader
from dashboard.limits import query_of
from dashboard.pages import (
    access_review,
    action,
    actions,
    assessments,
    audit,
    cases,
    centres,
    closing,
    compared_figure,
    comparison,
    control_plan,
    definitions,
    deliveries,
    deviations,
    figure,
    figure_list,
    occasion,
    overview,
    papers,
    process,
    users,
)
from dashboard.places import ADDRESSES, place_at
from dashboard.refusals import not_found, refused, set_status
from kpi.access import AccessDenied, Place, Viewer, places_of
from kpi.live import LiveCatalogue
from kpi.organisation import Organisation
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse.database import reading
from warehouse.errors import TooMuch

ViewerOf = Callable[[Organisation], Viewer]
"""Who reads, once the organisation is known."""

_log = logging.getLogger(__name__)

WHOLE: Mapping[Place, Callable[[Context], Page]] = {
    Place.OVERVIEW: overview.page,
    Place.FIGURES: figure_list.page,
    Place.PROCESS: process.page,
    Place.DEVIATIONS: deviations.page,
    Place.CENTRES: centres.page,
    Place.AUDIT: audit.page,
    Place.ROWS: cases.page,
    Place.PAPERS: papers.page,
    Place.ACTIONS: actions.page,
    Place.ASSESSMENTS: assessments.page,
    Place.PLAN: control_plan.page,
    Place.CLOSING: closing.page,
    Place.COMPARISON: comparison.page,
    Place.DEFINITIONS: definitions.page,
    Place.DELIVERIES: deliveries.page,
    Place.ACCESS: access_review.page,
    Place.USERS: users.page,
}
"""The page at a place's own address."""
ONE: Mapping[Place, Callable[[Context, str], Page]] = {
    Place.FIGURES: figure.page,
    Place.PAPERS: papers.one,
    Place.PLAN: occasion.page,
    Place.ACTIONS: action.page,
    Place.COMPARISON: compared_figure.page,
}
"""The page of one thing, below the place's address."""


@dataclass(frozen=True)
class Answer:
    """A page, and the places of whoever asked for it."""

    page: Page
    places: tuple[Place, ...] = ()


def render(engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf, path: str, search: str) -> Answer:
    """The page of an address, in one reading transaction. Never raises: a refusal or an error is a page too, with the
    status that it has."""
    viewer = Viewer("", ())
    try:
        with reading(engine) as connection:
            context = context_of(connection, live, viewer_of, search)
            viewer = context.viewer
            page = _with_warning(context, _page(context, path))
    except AccessDenied as denied:
        page = Page("Behörighet saknas", states.denied(refused(engine, viewer, denied)))
    except NotFound as missing:
        page = Page("Sidan finns inte", states.not_found(not_found(engine, viewer, missing)))
    except TooMuch as wide:
        set_status(400)
        page = Page("För mycket på en gång", states.too_much(str(wide)))
    except Exception:
        _log.exception("page failed")
        set_status(500)
        page = Page("Något gick fel", states.broken())
    return Answer(page, places_of(viewer))


def context_of(connection: Connection, live: LiveCatalogue, viewer_of: ViewerOf, search: str) -> Context:
    """The request's context; of a repeated parameter the last counts."""
    organisation = read_organisation(connection)
    return Context(viewer_of(organisation), organisation, live.state(), connection, query_of(search))


def _with_warning(context: Context, page: Page) -> Page:
    """A broken definitions file is told on every page; the last good one serves."""
    if context.definitions.is_current:
        return page
    content = page.children if isinstance(page.children, list) else [page.children]
    return Page(page.title, [states.broken_definitions(), *content])


def _page(context: Context, path: str) -> Page:
    """What lies at the address. The start is whichever place the viewer has first."""
    place = place_at(path)
    if place is None:
        raise NotFound("Adressen leder ingenstans. Den kan vara felskriven eller gammal.")
    is_start = place is Place.OVERVIEW
    check_reader(context.viewer, place, is_start=is_start)
    if is_start:
        return WHOLE[places_of(context.viewer)[0]](context)
    rest = path.rstrip("/").removeprefix(ADDRESSES[place]).removeprefix("/")
    if not rest:
        return WHOLE[place](context)
    if place not in ONE:
        raise NotFound("Adressen leder ingenstans. Den kan vara felskriven eller gammal.")
    return ONE[place](context, rest)
