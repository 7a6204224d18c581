"""What happens on the page Åtkomst: choosing what of the log to see, and signing a review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from dash import ALL, Input, Output, State, ctx, html, no_update
from flask import current_app
from sqlalchemy import Engine

from control.audit.review_store import sign
from dashboard.components import access_log as log
from dashboard.components.access_review import PERIOD_ID, RESULT_ID, SIGN_ID, TEXT_TYPE
from dashboard.limits import query_of
from dashboard.pages.access_review import reviewed_municipality
from dashboard.refusals import refused
from dashboard.routes import render
from dashboard.rules import Callbacks, Takes
from kpi.access import AccessDenied, Place, Viewer
from kpi.live import LiveCatalogue
from kpi.organisation import Organisation
from kpi.period import Period
from kpi.views.organisation import read_organisation
from warehouse.database import reading
from warehouse.errors import UserError


def register_reviewing(
    callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: Callable[[Organisation], Viewer]
) -> None:
    """The page's callbacks. Ids and texts from the browser are untrusted: the viewer is asked for each time."""

    @callbacks.add(
        Place.ACCESS,
        (Takes.TEXT,) * (len(log.FILTERS) + 1),
        Output("address", "search", allow_duplicate=True),
        *(Input(identity, "value") for identity in log.FILTERS),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def choose(*values: str | None) -> Any:
        *chosen, search = values
        before = query_of(search or "")
        found = {
            name: value
            for name, value in zip(log.FILTERS.values(), chosen, strict=True)
            if value not in (None, log.ALL)
        }
        kept = {name: value for name, value in before.items() if name in log.FILTERS.values()}
        where = {name: value for name, value in before.items() if name == log.MUNICIPALITY}
        return no_update if found == kept or ctx.triggered_id is None else f"?{urlencode(where | found)}"

    @callbacks.add(
        Place.ACCESS,
        (Takes.NUMBER, Takes.TEXTS, Takes.IDENTITIES, Takes.TEXT, Takes.TEXT),
        Output("main", "children", allow_duplicate=True),
        Output(RESULT_ID, "children"),
        Input(SIGN_ID, "n_clicks"),
        State({"type": TEXT_TYPE, "finding": ALL}, "value"),
        State({"type": TEXT_TYPE, "finding": ALL}, "id"),
        State(PERIOD_ID, "data"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def finish(
        clicks: int | None, texts: list[str | None], ids: list[dict[str, str]], period: Any, search: str | None
    ) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        with reading(engine) as connection:
            viewer = viewer_of(read_organisation(connection))
        told = {str(one.get("finding")): text or "" for one, text in zip(ids, texts, strict=False)}
        try:
            sign(engine, viewer, reviewed_municipality(viewer, query_of(search or "")), _period(period), told)
        except AccessDenied as denied:
            return no_update, html.P(refused(engine, viewer, denied), className="notice")
        except UserError as error:
            return no_update, html.P(str(error), className="notice")
        return render(engine, live, viewer_of, log.ADDRESS, search or "").sent, no_update


def _period(told: object) -> Period:
    """The period that the page told; of the length that reviews have here, since a longer one would cover them all."""
    try:
        period = Period.parse(str(told))
    except ValueError as error:
        raise UserError(str(error)) from None
    if period.type.months != current_app.config["SAMKOLL_SETTINGS"].access_review_months:
        raise UserError("Granskningen gäller en period av annan längd. Ladda om sidan och signera den som väntar.")
    return period
