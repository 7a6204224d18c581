"""Which page an address shows, and what is shown when it cannot be."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine

from dashboard.components import states
from dashboard.components.page_tools import page_tools
from dashboard.context import Context, Page
from dashboard.guard import check_reader
from dashboard.kept import stamp_of, whole_by_rights
from dashboard.limits import query_of
from dashboard.page_facts import page_facts
from dashboard.pages import (
    access_review,
    accessibility,
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
    glossary,
    guide,
    occasion,
    overview,
    papers,
    process,
    saved_views,
    search,
    users,
)
from dashboard.places import ADDRESSES, place_at
from dashboard.refusals import not_found, refused, set_status
from dashboard.rules import For
from dashboard.still import as_sent
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
    Place.PROCESS: whole_by_rights(process.page),
    Place.DEVIATIONS: whole_by_rights(deviations.page),
    Place.CENTRES: whole_by_rights(centres.page),
    Place.AUDIT: whole_by_rights(audit.page),
    Place.ROWS: cases.page,
    Place.PAPERS: papers.page,
    Place.ACTIONS: actions.page,
    Place.ASSESSMENTS: assessments.page,
    Place.PLAN: control_plan.page,
    Place.CLOSING: closing.page,
    Place.COMPARISON: whole_by_rights(comparison.page),
    Place.DEFINITIONS: whole_by_rights(definitions.page),
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
OPEN: Mapping[str, Callable[[Context], Page]] = {
    search.PATH: search.page,
    saved_views.PATH: saved_views.page,
    accessibility.PATH: accessibility.page,
    "/ordlista": glossary.page,
    "/guide": guide.page,
}
"""What belongs to no place and is for every reader."""
WITHOUT_FILES = frozenset({Place.ROWS, Place.ACCESS, Place.USERS})
"""Places whose tables are about persons: they are not had as files. The list of figures has no table."""


@dataclass(frozen=True)
class Answer:
    """A page, and the places of whoever asked for it."""

    page: Page
    places: tuple[Place, ...] = ()

    @property
    def sent(self) -> Any:
        """What the page shows, as it is sent."""
        return as_sent(self.page.children)


def render(engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf, path: str, search: str) -> Answer:
    """The page of an address, in one reading transaction. Never raises: a refusal or an error is a page too, with the
    status that it has."""
    viewer = Viewer("", ())
    try:
        stamp = stamp_of(engine)  # before anything is read
        with reading(engine) as connection:
            context = replace(context_of(connection, live, viewer_of, search), stamp=stamp)
            viewer = context.viewer
            page = _whole(context, page_at(context, path), path)
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


def _whole(context: Context, page: Page, path: str) -> Page:
    """With what can be done with the page, and with a broken definitions file told; the last good one serves."""
    content = page.children if isinstance(page.children, list) else [page.children]
    warning = [] if context.definitions.is_current else [states.broken_definitions()]
    place = place_at(path)
    if place is Place.OVERVIEW:
        place = places_of(context.viewer)[0]
    has_tables = place is not None and place not in WITHOUT_FILES and path.rstrip("/") != ADDRESSES[Place.FIGURES]
    tools = [] if place is None else [page_tools(has_tables=has_tables, facts=page_facts(context, place))]
    return Page(page.title, [*warning, *content, *tools])


def page_at(context: Context, path: str) -> Page:
    """What lies at the address. The start is whichever place the viewer has first. AccessDenied and NotFound as the
    page's own rules say."""
    if (found := OPEN.get(path.rstrip("/"))) is not None:
        check_reader(context.viewer, For.READER)
        return found(context)
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
