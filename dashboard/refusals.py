"""A reader without the right: 403, a sentence and a line in the log."""

from __future__ import annotations

from flask import Response, g, has_request_context, request
from sqlalchemy import Engine

from control.audit.log import record_refusal
from kpi.access import AccessDenied, Viewer
from kpi.views.errors import NotFound, Withheld


def refused(engine: Engine, viewer: Viewer, denied: AccessDenied) -> str:
    """The sentence of a refusal, which is recorded; the answer to the request gets status 403."""
    _record(engine, viewer, str(denied), denied.municipality_code)
    set_status(403)
    return str(denied)


def not_found(engine: Engine, viewer: Viewer, missing: NotFound) -> str:
    """The sentence of what is nowhere, status 404; what is withheld is recorded as refused."""
    if isinstance(missing, Withheld):
        _record(engine, viewer, str(missing), missing.municipality_code)
    set_status(404)
    return str(missing)


def _record(engine: Engine, viewer: Viewer, sentence: str, municipality_code: str | None) -> None:
    where = request.path if has_request_context() else ""
    record_refusal(engine, viewer, f"{where} {sentence}".strip(), whose=municipality_code)


def set_status(status: int) -> None:
    """The status that the answer to this request gets, whatever its content."""
    if has_request_context():
        g.samkoll_status = status


def own_status(response: Response) -> Response:
    """After the request: the status that was set."""
    status = g.get("samkoll_status")
    if status is not None and response.status_code == 200:
        response.status_code = status
    return response
