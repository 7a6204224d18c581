"""What happens when a reader opens an address, chooses, decides about a delivery or turns a page."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from dash import ALL, MATCH, ClientsideFunction, Input, Output, State, ctx, html, no_update
from sqlalchemy import Engine

from control.requests import ask
from dashboard.acting import register_acting
from dashboard.adding_evidence import register_adding_evidence
from dashboard.administering import register_administering
from dashboard.assessing import register_assessing
from dashboard.carrying_out import register_carrying_out
from dashboard.case_parameters import NAMES as OF_ROWS
from dashboard.closing import register_closing
from dashboard.closing_series import register_closing_series
from dashboard.components.choices import ALL as EVERY
from dashboard.components.choices import KIND_ID, PARAMETERS, SHOWN
from dashboard.components.shell import navigation
from dashboard.editing import register_editing
from dashboard.helping import register_helping
from dashboard.limits import query_of
from dashboard.noticing import register_noticing
from dashboard.paper_making import register_paper_making
from dashboard.planning import register_planning
from dashboard.refusals import refused, set_status
from dashboard.remarking import register_remarking
from dashboard.reviewing import register_reviewing
from dashboard.routes import ViewerOf, context_of, render
from dashboard.row_reading import register_row_reading
from dashboard.rules import Callbacks, For, Takes
from dashboard.year_planning import register_year
from kpi.access import AccessDenied, Place
from kpi.live import LiveCatalogue
from kpi.views.errors import NotFound
from warehouse.database import reading
from warehouse.errors import UserError

DELIVERIES = "/leveranser"
_OF_THE_CHOICE = ("sida", "gor", "risk", "moment", "steg", "sedan")
"""What another choice leaves: it has other pages, no form is open, and another month is compared with others."""


def register(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """Every callback of the application, each with the rule of whom it is for."""
    _pages(callbacks, engine, live, viewer_of)
    _choices(callbacks)
    _deliveries(callbacks, engine, live, viewer_of)
    register_editing(callbacks, engine, live, viewer_of)
    register_reviewing(callbacks, engine, live, viewer_of)
    register_row_reading(callbacks, engine, viewer_of)
    register_paper_making(callbacks, engine, live, viewer_of)
    register_acting(callbacks, engine, live, viewer_of)
    register_remarking(callbacks, engine, live, viewer_of)
    register_assessing(callbacks, engine, live, viewer_of)
    register_year(callbacks, engine, live, viewer_of)
    register_noticing(callbacks, engine, live, viewer_of)
    register_administering(callbacks, engine, live, viewer_of)
    register_carrying_out(callbacks, engine, live, viewer_of)
    register_adding_evidence(callbacks, engine, viewer_of)
    register_planning(callbacks, engine, live, viewer_of)
    register_closing(callbacks, engine, live, viewer_of)
    register_closing_series(callbacks, engine, live, viewer_of)
    register_helping(callbacks, engine, live, viewer_of)
    _in_the_browser(callbacks)


def _pages(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    @callbacks.add(
        For.READER,
        (Takes.TEXT, Takes.TEXT, Takes.NUMBER),
        Output("main", "children"),
        Output("navigation", "children"),
        Output("title", "data"),
        Input("address", "pathname"),
        Input("address", "search"),
        Input("viewer-changed", "data"),
    )
    def show(path: str | None, search: str | None, _changed: int) -> tuple[Any, Any, str]:
        answer = render(engine, live, viewer_of, path or "/", search or "")
        return answer.sent, navigation(path or "/", answer.places), f"{answer.page.title} – Samkoll"


def _choices(callbacks: Callbacks) -> None:
    for identity, parameter in PARAMETERS.items():
        callbacks.add(
            For.READER,
            (Takes.TEXT, Takes.TEXT, Takes.TEXT),
            Output("address", "search", allow_duplicate=True),
            Input(identity, "value"),
            State(identity, SHOWN),
            State("address", "search"),
            prevent_initial_call=True,
        )(partial(_with_choice, parameter))


def _with_choice(parameter: str, value: str | None, shown: str | None, search: str | None) -> Any:
    """The address with the choice; as it is when nobody has chosen anything else than what the page shows."""
    query = query_of(search or "")
    if not value or value == shown or query.get(parameter, EVERY) == value or ctx.triggered_id is None:
        return no_update
    for name in (*_OF_THE_CHOICE, *(OF_ROWS if parameter == PARAMETERS[KIND_ID] else ())):
        query.pop(name, None)
    query.pop(parameter, None)
    return "?" + urlencode(query if value == EVERY else {**query, parameter: value})


def _deliveries(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    @callbacks.add(
        Place.DELIVERIES,
        (Takes.CLICKS,),
        Output("poll", "disabled"),
        Output("decided", "children"),
        Input({"type": "decide", "kind": ALL, "delivery": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def decide(clicks: list[int | None]) -> tuple[Any, Any]:
        pressed = ctx.triggered_id
        if not any(clicks) or not isinstance(pressed, dict):
            return no_update, no_update
        sentence = _decide(engine, live, viewer_of, str(pressed.get("kind")), _number(pressed.get("delivery")))
        return False, html.P(sentence, className="notice")

    @callbacks.add(
        Place.DELIVERIES,
        (Takes.NUMBER, Takes.TEXT, Takes.TEXT),
        Output("main", "children", allow_duplicate=True),
        Input("poll", "n_intervals"),
        State("address", "pathname"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def again(ticks: int | None, path: str | None, search: str | None) -> Any:
        if not ticks or path != DELIVERIES:
            return no_update  # the page has just been drawn, or the reader has gone to another meanwhile
        return render(engine, live, viewer_of, DELIVERIES, search or "").sent


def _number(given: Any) -> int:
    """The number that a pressed button tells; 0, which is no delivery, for anything else."""
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 2**31 else 0


def _decide(engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf, kind: str, delivery_id: int) -> str:
    with reading(engine) as connection:
        viewer = context_of(connection, live, viewer_of, "").viewer
    try:
        ask(engine, viewer, kind, delivery_id or None)
    except AccessDenied as denied:
        return refused(engine, viewer, denied)
    except NotFound as missing:
        set_status(404)
        return str(missing)
    except UserError as error:
        return str(error)
    return "Begäran är lämnad till schemaläggaren. Den utförs inom någon minut."


def _in_the_browser(callbacks: Callbacks) -> None:
    in_browser: Any = callbacks.app.clientside_callback
    in_browser(
        ClientsideFunction("samkoll", "entitle"),
        Output("title", "data", allow_duplicate=True),
        Input("title", "data"),
        prevent_initial_call=True,
    )
    in_browser(
        ClientsideFunction("samkoll", "read"),
        Output("page-said", "children"),
        Input("main", "children"),
        prevent_initial_call=True,
    )
    in_browser(
        ClientsideFunction("samkoll", "anew"),
        Output("title", "data", allow_duplicate=True),
        Input("main", "children"),
        prevent_initial_call=True,
    )
    in_browser(
        ClientsideFunction("samkoll", "paint"),
        Output({"type": "graph", "name": MATCH}, "figure"),
        Input("scheme", "computedColorScheme"),
        Input({"type": "schemes", "name": MATCH}, "data"),
        State({"type": "graph", "name": MATCH}, "figure"),
    )
