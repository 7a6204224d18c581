"""The Dash application: the shell, the pages by address, and what readers do on them.

The layout holds no data, so nothing is read before the reader is known; every answer is `no-store`. All scripts,
styles and fonts are served from here.
"""

from __future__ import annotations

from functools import partial

import dash
from dash import html
from sqlalchemy import Engine

from dashboard.adding_evidence import register_evidence_files
from dashboard.api import register_api
from dashboard.auth import Login, refuse_everybody
from dashboard.callbacks import register
from dashboard.components.shell import shell
from dashboard.downloads import register_downloads
from dashboard.guard import guard
from dashboard.headers import NONCE_TAG, StrictDash, send_headers
from dashboard.limits import limit, limit_bodies
from dashboard.packing import pack_answers
from dashboard.paper_downloads import register_paper_downloads
from dashboard.rules import Callbacks
from dashboard.static_files import ASSETS
from kpi.access import Viewer
from kpi.live import LiveCatalogue
from kpi.views.organisation import read_organisation
from warehouse.database import reading
from warehouse.limited import limited
from warehouse.settings import Settings

_INDEX = f"""<!DOCTYPE html>
<html lang="sv">
  <head>
    {{%metas%}}
    {NONCE_TAG}
    <title>{{%title%}}</title>
    <link rel="icon" type="image/svg+xml" href="{{%file favicon.svg%}}">
    {{%css%}}
  </head>
  <body>
    <noscript><p class="loading">Samkoll behöver JavaScript. Slå på det i webbläsaren och ladda om sidan.</p></noscript>
    {{%app_entry%}}
    {{%config%}}
    {{%scripts%}}
    {{%renderer%}}
  </body>
</html>"""


def create_app(engine: Engine, settings: Settings, *, login: Login | None) -> dash.Dash:
    """The application on a migrated warehouse. Without a login every request is refused.

    A definitions file that changes is picked up; one that breaks is told while the last good one serves. Raises
    `kpi.loader.DefinitionError` when no good one was ever read.
    """
    live = LiveCatalogue(settings.definitions, settings.last_good_definitions)
    live.state()
    app = StrictDash(
        "samkoll",
        assets_folder=str(ASSETS),
        assets_ignore=r"nonce\.js",
        title="Samkoll",
        update_title="",
        index_string=_INDEX,
        suppress_callback_exceptions=True,
        serve_locally=True,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        add_log_handler=False,
    )
    engine = limited(engine, statement_seconds=settings.statement_seconds, most_cells=settings.most_cells)
    is_encrypted = settings.login is not None and settings.login.is_encrypted  # by a server in front of this one
    pack_answers(app.server)
    send_headers(app, is_encrypted=is_encrypted)
    reader = login.reader if login else lambda: None
    limit(app.server, per_minute=settings.requests_per_minute, reader=reader, is_proxied=is_encrypted)
    if login is None:
        app.layout = html.Div()
        refuse_everybody(app.server)
        return app
    app.server.config["SAMKOLL_SETTINGS"] = settings
    app.layout = partial(shell, login.corner)
    callbacks = Callbacks(app)
    app.server.config["SAMKOLL_CALLBACKS"] = callbacks.rules
    login.guard(app.server)
    limit_bodies(app.server)
    guard(app.server, engine, callbacks.rules, lambda: _viewer(engine, login))
    register(callbacks, engine, live, login.viewer)
    login.register(callbacks)
    register_downloads(app.server, engine, live, login.viewer)
    register_paper_downloads(app.server, engine, login.viewer)
    register_evidence_files(app.server, engine, login.viewer)
    register_api(app.server, engine, live)
    return app


def _viewer(engine: Engine, login: Login) -> Viewer:
    with reading(engine) as connection:
        return login.viewer(read_organisation(connection))
