"""A reader without the right: 403, a sentence and a line in the log."""

from __future__ import annotations

from flask import Response, g, has_request_context, request
from markupsafe import escape
from sqlalchemy import Engine

from control.access_log import log_access
from kpi.access import AccessDenied, Viewer

_PAGE = """<!DOCTYPE html>
<html lang="sv">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{title} – Samkoll</title>
    <link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
    <link rel="stylesheet" href="/assets/1-tokens.css">
    <link rel="stylesheet" href="/assets/2-page.css">
  </head>
  <body>
    <main class="page">
      <div class="state"><h1>{title}</h1><p>{sentence}</p><p><a class="more" href="/">Till start</a></p></div>
    </main>
  </body>
</html>"""


def refused(engine: Engine, viewer: Viewer, denied: AccessDenied) -> str:
    """The sentence of a refusal, which is recorded; the answer to the request gets status 403."""
    where = request.path if has_request_context() else ""
    log_access(engine, viewer, "access_refused", f"{where} {denied}".strip())
    set_status(403)
    return str(denied)


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


def plain_page(title: str, sentence: str, status: int) -> Response:
    """A page without the application around it."""
    return Response(
        _PAGE.format(title=escape(title), sentence=escape(sentence)), status=status, mimetype="text/html"
    )  # fmt: skip


def plain_sentence(sentence: str, status: int) -> Response:
    """A sentence, for what asks for no page."""
    return Response(sentence, status=status, content_type="text/plain; charset=utf-8")
