"""What happens when a reader opens an address, chooses, switches role, decides about a delivery or turns a page."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

import dash
from dash import ALL, MATCH, ClientsideFunction, Input, Output, State, ctx, html, no_update
from flask import request
from sqlalchemy import Engine

from control.requests import ask
from dashboard import auth
from dashboard.components.choices import END_ID, MONTH_ID, PLACE_ID
from dashboard.components.shell import navigation
from dashboard.context import Context
from dashboard.editing import register_editing
from dashboard.routes import context_of, render
from kpi.access import AccessDenied, Viewer
from kpi.live import LiveCatalogue
from kpi.organisation import Organisation
from warehouse.database import reading
from warehouse.errors import UserError

DELIVERIES = "/leveranser"


def register(app: dash.Dash, engine: Engine, live: LiveCatalogue) -> None:
    """Every callback of the application."""
    _pages(app, engine, live)
    _choices(app)
    _personas(app)
    _deliveries(app, engine, live)
    register_editing(app, engine, live, _viewer)
    _in_the_browser(app)


def _viewer(organisation: Organisation) -> Viewer:
    return auth.request_viewer(organisation)


def _pages(app: dash.Dash, engine: Engine, live: LiveCatalogue) -> None:
    @app.callback(
        Output("main", "children"),
        Output("navigation", "children"),
        Output("title", "data"),
        Input("address", "pathname"),
        Input("address", "search"),
        Input("viewer-changed", "data"),
    )
    def show(path: str | None, search: str | None, _changed: int) -> tuple[Any, Any, str]:
        page = render(engine, live, _viewer, path or "/", search or "")
        return page.children, navigation(path or "/"), f"{page.title} – Samkoll"


def _choices(app: dash.Dash) -> None:
    for identity, parameter in ((MONTH_ID, "manad"), (PLACE_ID, "enhet"), (END_ID, "slut")):
        app.callback(
            Output("address", "search", allow_duplicate=True),
            Input(identity, "value"),
            State("address", "search"),
            prevent_initial_call=True,
        )(partial(_with_choice, parameter))


def _with_choice(parameter: str, value: str | None, search: str | None) -> Any:
    query = dict(parse_qsl((search or "").removeprefix("?")))
    if not value or query.get(parameter) == value or ctx.triggered_id is None:
        return no_update
    return "?" + urlencode({**query, parameter: value})


def _personas(app: dash.Dash) -> None:
    @app.callback(Output("persona", "value"), Input("viewer-changed", "data"))
    def shown(_changed: int) -> str:
        return auth.persona(request.cookies.get(auth.COOKIE)).code

    @app.callback(
        Output("viewer-changed", "data"),
        Input("persona", "value"),
        State("viewer-changed", "data"),
        prevent_initial_call=True,
    )
    def switch(code: str, changed: int) -> Any:
        chosen = auth.persona(code).code
        if chosen == auth.persona(request.cookies.get(auth.COOKIE)).code:
            return no_update
        ctx.response.set_cookie(auth.COOKIE, chosen, httponly=True, samesite="Strict", path="/")
        return changed + 1


def _deliveries(app: dash.Dash, engine: Engine, live: LiveCatalogue) -> None:
    @app.callback(
        Output("poll", "disabled"),
        Output("decided", "children"),
        Input({"type": "decide", "kind": ALL, "delivery": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def decide(clicks: list[int | None]) -> tuple[Any, Any]:
        pressed = ctx.triggered_id
        if not any(clicks) or not isinstance(pressed, dict):
            return no_update, no_update
        sentence = _decide(engine, live, str(pressed["kind"]), int(pressed["delivery"]))
        return False, html.P(sentence, className="notice")

    @app.callback(
        Output("main", "children", allow_duplicate=True),
        Input("poll", "n_intervals"),
        State("address", "pathname"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def again(_ticks: int | None, path: str | None, search: str | None) -> Any:
        if path != DELIVERIES:
            return no_update  # the reader has gone to another page meanwhile
        return render(engine, live, _viewer, DELIVERIES, search or "").children


def _context(connection: Any, live: LiveCatalogue) -> Context:
    return context_of(connection, live, _viewer, "")


def _decide(engine: Engine, live: LiveCatalogue, kind: str, delivery_id: int) -> str:
    with reading(engine) as connection:
        viewer = _context(connection, live).viewer
    try:
        ask(engine, viewer, kind, delivery_id or None)
    except (AccessDenied, UserError) as error:
        return str(error)
    return "Begäran är lämnad till schemaläggaren. Den utförs inom någon minut."


def _in_the_browser(app: dash.Dash) -> None:
    in_browser: Any = app.clientside_callback
    in_browser(
        ClientsideFunction("samkoll", "entitle"),
        Output("title", "data", allow_duplicate=True),
        Input("title", "data"),
        prevent_initial_call=True,
    )
    in_browser(
        ClientsideFunction("samkoll", "paint"),
        Output({"type": "graph", "name": MATCH}, "figure"),
        Input("scheme", "computedColorScheme"),
        Input({"type": "schemes", "name": MATCH}, "data"),
    )
