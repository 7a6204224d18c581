"""What happens on the page Användare: logging somebody out, withdrawing a program's key."""

from __future__ import annotations

from typing import Any

from dash import ALL, Input, Output, State, ctx, html, no_update
from sqlalchemy import Engine

from control.login.administration import log_out_user, withdraw_token
from dashboard.components.user_panels import END_TYPE, WITHDRAW_TYPE
from dashboard.pages.users import RESULT_ID, lifetime
from dashboard.places import ADDRESSES
from dashboard.refusals import refused, set_status
from dashboard.routes import ViewerOf, render
from dashboard.rules import Callbacks, Takes
from kpi.access import AccessDenied, Place
from kpi.live import LiveCatalogue
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse.database import reading
from warehouse.errors import UserError


def register_administering(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """The page's callbacks. Ids from the browser are untrusted: the viewer is asked for each time."""

    @callbacks.add(
        Place.USERS,
        (Takes.CLICKS, Takes.CLICKS, Takes.TEXT),
        Output("main", "children", allow_duplicate=True),
        Output(RESULT_ID, "children"),
        Input({"type": END_TYPE, "user": ALL}, "n_clicks"),
        Input({"type": WITHDRAW_TYPE, "token": ALL}, "n_clicks"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def act(ended: list[int | None], withdrawn: list[int | None], search: str | None) -> tuple[Any, Any]:
        pressed = ctx.triggered_id
        if not (any(ended) or any(withdrawn)) or not isinstance(pressed, dict):
            return no_update, no_update
        with reading(engine) as connection:
            viewer = viewer_of(read_organisation(connection))
        try:
            if pressed.get("type") == END_TYPE:
                log_out_user(engine, viewer, lifetime(), str(pressed.get("user")))
            else:
                token = pressed.get("token")
                withdraw_token(engine, viewer, lifetime(), token if isinstance(token, int) else 0)
        except AccessDenied as denied:
            return no_update, html.P(refused(engine, viewer, denied), className="notice")
        except NotFound as missing:
            set_status(404)
            return no_update, html.P(str(missing), className="notice")
        except UserError as error:
            return no_update, html.P(str(error), className="notice")
        return render(engine, live, viewer_of, ADDRESSES[Place.USERS], search or "").sent, no_update
