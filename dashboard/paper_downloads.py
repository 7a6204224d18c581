"""Papers' files, at addresses of their own: drawn from what was kept, recorded, then given."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response
from sqlalchemy import Engine

from control.audit.actions import Action
from control.audit.log import record
from control.papers.content import Document
from control.papers.files.formats import FORMATS
from control.papers.files.words import file_name
from control.papers.reading import Paper, read_paper, secret_annex_of
from dashboard.notice import sentence
from dashboard.refusals import not_found, refused
from dashboard.routes import ViewerOf
from kpi.access import AccessDenied, Viewer
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse.database import reading

_log = logging.getLogger(__name__)


def register_paper_downloads(server: Flask, engine: Engine, viewer_of: ViewerOf) -> None:
    """`/ladda-ned/handling/<no>.pdf` and `/ladda-ned/handling/<no>/bilaga-sekretess.pdf`."""

    def public(paper_no: int, extension: str) -> Response:
        return _answer(engine, viewer_of, paper_no, extension, lambda _viewer, found: found.content.public)

    def secret(paper_no: int, extension: str) -> Response:
        return _answer(engine, viewer_of, paper_no, extension, secret_annex_of)

    server.add_url_rule("/ladda-ned/handling/<int:paper_no>.<extension>", "download_paper", public)
    server.add_url_rule(
        "/ladda-ned/handling/<int:paper_no>/bilaga-sekretess.<extension>", "download_secret_annex", secret
    )


def _answer(
    engine: Engine,
    viewer_of: ViewerOf,
    paper_no: int,
    extension: str,
    document_of: Callable[[Viewer, Paper], Document],
) -> Response:
    """The file, or a sentence in its place. What cannot be recorded is not given."""
    viewer = Viewer("", ())
    try:
        if extension not in FORMATS:
            raise NotFound("Handlingar finns som pdf, docx, xlsx och html.")
        with reading(engine) as connection:
            viewer = viewer_of(read_organisation(connection))
            found = read_paper(connection, viewer, paper_no if paper_no < 2**31 else 0)
            document = document_of(viewer, found)
        write, kind = FORMATS[extension]
        content, name = write(document), f"{file_name(document)}.{extension}"
        record(
            engine, viewer, Action.EXPORT, name, municipality_code=found.municipality_code,
            board_code=found.board_code, details={"hash": document.hash},
        )  # fmt: skip
    except AccessDenied as denied:
        return sentence(refused(engine, viewer, denied), 403)
    except NotFound as missing:
        return sentence(not_found(engine, viewer, missing), 404)
    except Exception:
        _log.exception("paper failed")
        return sentence("Filen gick inte att göra. Försök igen, eller säg till den som sköter Samkoll.", 500)
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
