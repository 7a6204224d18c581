"""Files of what has been released, at addresses of their own: read, recorded, then given.

They are read as the pages are, by the same viewer and the same views, so a file holds what its page shows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping

from flask import Flask, Response, request
from sqlalchemy import Engine

from control.audit.actions import Action
from control.audit.log import record
from dashboard.context import Context
from dashboard.exports.comparison import comparison_export
from dashboard.exports.csv_file import write_csv
from dashboard.exports.figure import figure_export
from dashboard.exports.pdf_file import write_pdf
from dashboard.exports.tables import Export
from dashboard.exports.xlsx_file import write_xlsx
from dashboard.notice import sentence
from dashboard.reads import comparison_of, figure_of, neighbour_values_of
from dashboard.refusals import refused
from dashboard.routes import ViewerOf, context_of
from kpi.access import AccessDenied, Viewer
from kpi.live import LiveCatalogue
from kpi.views.errors import NotFound
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
    """`/ladda-ned/jamforelse.xlsx?slut=2024-12` and `/ladda-ned/jamforelse/<kpi>.pdf?enhet=…&slut=…`."""

    def whole(extension: str) -> Response:
        return _answer(engine, live, viewer_of, _comparison, extension)

    def figure(kpi_id: str, extension: str) -> Response:
        return _answer(engine, live, viewer_of, lambda context: _figure(context, kpi_id), extension)

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
