"""Files of what has been released, at addresses of their own: read, recorded, then given.

They are read as the pages are, by the same viewer and the same views, so a file holds what its page shows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlencode

from flask import Flask, Response, request
from sqlalchemy import Engine

from control.audit.actions import Action
from control.audit.log import record
from dashboard.context import Context
from dashboard.exports.comparison import comparison_export
from dashboard.exports.csv_file import write_csv
from dashboard.exports.figure import figure_export
from dashboard.exports.page import is_marked_synthetic, page_export
from dashboard.exports.pdf_file import write_pdf
from dashboard.exports.tables import Export
from dashboard.exports.xlsx_file import write_xlsx
from dashboard.notice import sentence
from dashboard.page_facts import page_facts
from dashboard.places import place_at
from dashboard.reads import comparison_of, figure_of, neighbour_values_of
from dashboard.refusals import refused
from dashboard.routes import WITHOUT_FILES, ViewerOf, context_of, page_at
from kpi.access import AccessDenied, Place, Viewer, places_of
from kpi.live import LiveCatalogue
from kpi.views.errors import NotFound
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import TooMuch

Read = tuple[Export, Collection[str] | None]
"""A file, and which municipalities' figures it holds; None: the viewer's own."""
_log = logging.getLogger(__name__)

_WRITERS: Mapping[str, tuple[Callable[[Export], bytes], str]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (write_pdf, "application/pdf"),
}
_NOTHING = "Inget är släppt här ännu. Det som en nämnd har stängt kan laddas ned när perioden är stängd."


def register_downloads(server: Flask, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """`/ladda-ned/jamforelse.xlsx?slut=2024-12`, `/ladda-ned/jamforelse/<kpi>.pdf?enhet=…&slut=…`, and a page's tables:
    `/ladda-ned/sida/avvikelser.xlsx?enhet=…`, of the start `/ladda-ned/sida.xlsx`."""

    def whole(extension: str) -> Response:
        return _answer(engine, live, viewer_of, _comparison, extension)

    def figure(kpi_id: str, extension: str) -> Response:
        return _answer(engine, live, viewer_of, lambda context: _figure(context, kpi_id), extension)

    def page(extension: str, path: str = "") -> Response:
        return _answer(engine, live, viewer_of, lambda context: _page(context, f"/{path}", extension), extension)

    server.add_url_rule("/ladda-ned/sida.<extension>", "download_page", page)
    server.add_url_rule("/ladda-ned/sida/<path:path>.<extension>", "download_page", page)
    server.add_url_rule("/ladda-ned/jamforelse.<extension>", "download_comparison", whole)
    server.add_url_rule("/ladda-ned/jamforelse/<kpi_id>.<extension>", "download_figure", figure)


def _answer(
    engine: Engine,
    live: LiveCatalogue,
    viewer_of: ViewerOf,
    export_of: Callable[[Context], Read],
    extension: str,
) -> Response:
    """The file, or a sentence in its place. What cannot be recorded is not given."""
    viewer = Viewer("", ())
    try:
        if extension not in _WRITERS:
            raise NotFound("Det släppta finns som csv, xlsx och pdf.")
        with reading(engine) as connection:
            context = context_of(connection, live, viewer_of, request.query_string.decode("utf-8", "replace"))
            viewer = context.viewer
            export, whose = export_of(context)
        write, kind = _WRITERS[extension]
        content = write(export)
        record(engine, context.viewer, Action.EXPORT, f"{export.name}.{extension}", concerns=whose)
    except AccessDenied as denied:
        return sentence(refused(engine, viewer, denied), 403)
    except NotFound as missing:
        return sentence(str(missing), 404)
    except TooMuch as wide:
        return sentence(str(wide), 400)
    except Exception:
        _log.exception("download failed")
        return sentence("Filen gick inte att göra. Försök igen, eller säg till den som sköter Samkoll.", 500)
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{export.name}.{extension}"'
    return response


def _comparison(context: Context) -> Read:
    found = comparison_of(context)
    if found is None:
        raise NotFound(_NOTHING)
    return comparison_export(found, context.organisation), {found.municipality_code}


def _figure(context: Context, kpi_id: str) -> Read:
    found = figure_of(context, kpi_id)
    if found is None:
        raise NotFound(_NOTHING)
    beside = neighbour_values_of(context, found)
    own = found.value.unit.municipality_code
    direct = {one.neighbour.municipality_code for one in beside if one.neighbour.package_no is None}
    return figure_export(found, context.organisation, beside), {own, *direct} if own else None


def _page(context: Context, path: str, extension: str) -> Read:
    """The page's tables, made by the page function itself for the same reader."""
    place = place_at(path)
    if place is Place.OVERVIEW:
        place = next(iter(places_of(context.viewer)), None)
    if place is None or place in WITHOUT_FILES or extension not in ("csv", "xlsx"):
        raise NotFound("Sidans tabeller finns inte som en sådan fil.")
    found = page_at(context, path)
    search = f"?{urlencode(context.query)}" if context.query else ""
    synthetic = is_marked_synthetic(found.children)
    export = page_export(
        found.title, found.children, path=path, search=search, at=clock.now(), is_synthetic=synthetic,
        facts=page_facts(context, place), definitions=context.catalogue.definitions,
    )  # fmt: skip
    if export is None:
        raise NotFound("Sidan har inga tabeller att ladda ned.")
    return export, None
