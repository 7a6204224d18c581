"""Which page an address shows, and what is shown when it cannot be."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import parse_qsl

from sqlalchemy import Connection, Engine

from dashboard.components import states
from dashboard.context import Context, Page
from dashboard.pages import compared_figure, comparison, definitions, deliveries, figure, figure_list, overview
from kpi.access import AccessDenied, Viewer
from kpi.live import LiveCatalogue
from kpi.organisation import Organisation
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse.database import reading

ViewerOf = Callable[[Organisation], Viewer]
"""Who reads, once the organisation is known."""

_log = logging.getLogger(__name__)
_FIGURE = "/nyckeltal/"
_COMPARED = "/jamforelse/"


def render(
    engine: Engine,
    live: LiveCatalogue,
    viewer_of: ViewerOf,
    path: str,
    search: str,
) -> Page:
    """The page of an address, in one reading transaction. Never raises: a refusal or an error is a page too."""
    try:
        with reading(engine) as connection:
            context = context_of(connection, live, viewer_of, search)
            return _with_warning(context, _page(context, path))
    except AccessDenied as denied:
        return Page("Behörighet saknas", states.denied(str(denied)))
    except NotFound as missing:
        return Page("Sidan finns inte", states.not_found(str(missing)))
    except Exception:
        _log.exception("page failed")
        return Page("Något gick fel", states.broken())


def context_of(connection: Connection, live: LiveCatalogue, viewer_of: ViewerOf, search: str) -> Context:
    """The request's context; of a repeated parameter the last counts."""
    organisation = read_organisation(connection)
    query = dict(parse_qsl(search.removeprefix("?"), max_num_fields=20))
    return Context(viewer_of(organisation), organisation, live.state(), connection, query)


def _with_warning(context: Context, page: Page) -> Page:
    """A broken definitions file is told on every page; the last good one serves."""
    if context.definitions.is_current:
        return page
    content = page.children if isinstance(page.children, list) else [page.children]
    return Page(page.title, [states.broken_definitions(), *content])


def _page(context: Context, path: str) -> Page:
    path = path.rstrip("/") or "/"
    if path == "/":
        return overview.page(context)
    if path == "/nyckeltal":
        return figure_list.page(context)
    if path.startswith(_FIGURE):
        return figure.page(context, path.removeprefix(_FIGURE))
    if path == "/jamforelse":
        return comparison.page(context)
    if path.startswith(_COMPARED):
        return compared_figure.page(context, path.removeprefix(_COMPARED))
    if path == "/definitioner":
        return definitions.page(context)
    if path == "/leveranser":
        return deliveries.page(context)
    raise NotFound("Adressen leder ingenstans. Den kan vara felskriven eller gammal.")
