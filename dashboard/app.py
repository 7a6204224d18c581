"""The Dash application: the shell, the pages by address, and what readers do on them.

The layout holds no data, so nothing is read before the reader is known; every answer is `no-store`. All scripts,
styles and fonts are served from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import dash
from dash import html
from flask import Response, request
from sqlalchemy import Engine

from dashboard.api import register_api
from dashboard.auth import Login, refuse_everybody
from dashboard.callbacks import register
from dashboard.components.shell import shell
from dashboard.downloads import register_downloads
from dashboard.guard import guard
from dashboard.rules import Callbacks
from kpi.access import Viewer
from kpi.live import LiveCatalogue
from kpi.views.organisation import read_organisation
from warehouse.database import reading
from warehouse.settings import Settings

ASSETS = Path(__file__).parent / "assets"
_INDEX = """<!DOCTYPE html>
<html lang="sv">
  <head>
    {%metas%}
    <title>{%title%}</title>
    <link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
    {%css%}
  </head>
  <body>
    <noscript><p class="loading">Samkoll behöver JavaScript. Slå på det i webbläsaren och ladda om sidan.</p></noscript>
    {%app_entry%}
    {%config%}
    {%scripts%}
    {%renderer%}
  </body>
</html>"""


def create_app(engine: Engine, settings: Settings, *, login: Login | None) -> dash.Dash:
    """The application on a migrated warehouse. Without a login every request is refused.

    A definitions file that changes is picked up; one that breaks is told while the last good one serves. Raises
    `kpi.loader.DefinitionError` when no good one was ever read.
    """
    live = LiveCatalogue(settings.definitions, settings.last_good_definitions)
    live.state()
    app = dash.Dash(
        "samkoll",
        assets_folder=str(ASSETS),
        title="Samkoll",
        update_title="",
        index_string=_INDEX,
        suppress_callback_exceptions=True,
        serve_locally=True,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        add_log_handler=False,
    )
    if login is None:
        app.layout = html.Div()
        refuse_everybody(app.server)
        return app
    app.layout = partial(shell, login.corner)
    callbacks = Callbacks(app)
    app.server.config["SAMKOLL_CALLBACKS"] = callbacks.rules
    login.guard(app.server)
    guard(app.server, engine, callbacks.rules, lambda: _viewer(engine, login))
    app.server.after_request(_secure(app.csp_hashes))
    register(callbacks, engine, live, login.viewer)
    login.register(callbacks)
    register_downloads(app.server, engine, live, login.viewer)
    register_api(app.server, engine, live)
    return app


def _viewer(engine: Engine, login: Login) -> Viewer:
    with reading(engine) as connection:
        return login.viewer(read_organisation(connection))


def _secure(script_hashes: Callable[[], Sequence[str]]) -> Callable[[Response], Response]:
    found: list[str] = []

    def add_headers(response: Response) -> Response:
        if not found:
            found.extend(script_hashes())
        scripts = " ".join(["'self'", *found])
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if not _is_static(request.path):
            response.headers["Cache-Control"] = "no-store"
        return response

    return add_headers


def _is_static(path: str) -> bool:
    return path.startswith(("/assets/", "/_dash-component-suites/"))
