"""The login of an installation: sessions in the warehouse, opened by the municipality's identity provider."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dash import Input, Output, html
from dash.development.base_component import Component
from flask import Flask, Response, g, request
from sqlalchemy import Engine

from control.audit.log import record_refusal
from control.login.sessions import Lifetime, Session, find_session, see_session
from dashboard.components.attributes import aria, data
from dashboard.login.cookies import CSRF, SESSION, Cookies
from dashboard.login.csrf import changes_something, forgery, reader_of, token_for
from dashboard.login.destination import login_address
from dashboard.login.provider import Provider
from dashboard.login.routes import LoginRoutes
from dashboard.notice import go, sentence
from dashboard.rules import CALLBACK, Callbacks, For, Takes, whom_for
from kpi.access import Viewer
from kpi.organisation import Organisation
from warehouse.login_settings import LoginSettings

_WITHOUT_SESSION = frozenset({For.STATIC, For.EVERYBODY, For.PROGRAM})
"""A program's address asks for a token itself."""
_NO_PAGES = ("/_", "/ladda-ned/")
_LOG_IN_AGAIN = "Du är inte inloggad, eller så har inloggningen gått ut. Logga in och försök igen."


class RealLogin:
    """See `dashboard.auth.Login`."""

    def __init__(self, engine: Engine, settings: LoginSettings, provider: Provider | None = None) -> None:
        self._engine = engine
        self._origin = settings.public_address
        self._cookies = Cookies(settings.is_encrypted)
        self._lifetime = Lifetime(timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.absolute_hours))
        self._routes = LoginRoutes(engine, settings, provider or Provider(settings), self._cookies, self._lifetime)

    def guard(self, server: Flask) -> None:
        """Nothing but the login itself, and what its pages look like, without a session."""
        server.before_request(self._check)
        server.after_request(self._give_token)
        self._routes.register(server)

    def reader(self) -> str | None:
        """By the session's cookie."""
        return reader_of(self._cookies.get(SESSION))

    def viewer(self, organisation: Organisation) -> Viewer:  # the session knows
        """Whose session it is; who has none reads nothing."""
        session: Session | None = g.get("session")
        return session.viewer if session is not None else Viewer("", ())

    def corner(self) -> Component:
        """Who is logged in, and the way out. The name is asked for by a callback: the layout holds no data."""
        return html.Div(
            [
                html.Span(id="user", **aria(label="Inloggad som")),
                html.Button("Logga ut", id="log-out", type="button", className="log-out"),
            ],
            className="persona",
        )

    def register(self, callbacks: Callbacks) -> None:
        """Say who it is, also to `assets/written.js`, which gives nobody what another wrote. The button belongs to the
        browser (`assets/samkoll.js`)."""

        @callbacks.add(For.READER, (Takes.NUMBER,), Output("user", "children"), Input("viewer-changed", "data"))
        def name(_changed: int) -> Any:
            session: Session = g.session
            return html.Span(session.viewer.user, **data(who=session.viewer.tag))

    def _check(self) -> Response | None:
        if whom_for(request) in _WITHOUT_SESSION:
            return None
        token = self._cookies.get(SESSION)
        session = None if token is None else find_session(self._engine, token, self._lifetime)
        if session is None:
            return self._send_to_login()
        g.session = session
        if changes_something(request):
            words = forgery(request, origin=self._origin, secret=token)
            if words is not None:
                record_refusal(self._engine, session.viewer, f"{request.path} {words}")
                return sentence(words, 403)
        if not _is_polled():
            see_session(self._engine, session)
        return None

    def _send_to_login(self) -> Response:
        """A page leads to the login and back again; anything else is told."""
        is_page = request.method == "GET" and not request.path.startswith(_NO_PAGES)
        if not is_page or request.headers.get("Sec-Fetch-Dest", "document") != "document":
            return sentence(_LOG_IN_AGAIN, 401)
        return go(login_address(request.full_path if request.query_string else request.path))

    def _give_token(self, response: Response) -> Response:
        """The session's own token, to a browser that lacks it or has another's."""
        token = self._cookies.get(SESSION)
        if g.get("session") is not None and token is not None and not g.get("has_left"):
            wanted = token_for(token)
            if self._cookies.get(CSRF) != wanted:
                self._cookies.set(response, CSRF, wanted)
        return response


def _is_polled() -> bool:
    """Whether a page asks by itself, which keeps no session from standing idle."""
    if request.path != CALLBACK or not request.is_json:
        return False
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        return False
    changed = body.get("changedPropIds") if isinstance(body, dict) else None
    return isinstance(changed, list) and bool(changed) and all(str(one).endswith(".n_intervals") for one in changed)
