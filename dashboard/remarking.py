"""What happens in a figure's page when somebody comments it, or says why there is no action."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import Input, Output, State, no_update
from sqlalchemy import Engine

from control.remarks import RemarkKind, write_remark
from dashboard.components.figure_work import about_id, form_name
from dashboard.components.form_fields import field_id, said_id, save_id
from dashboard.routes import ViewerOf, render
from dashboard.rules import Callbacks, Takes
from dashboard.sending import problem, sender, whole, word
from kpi.access import Place
from kpi.live import LiveCatalogue
from kpi.period import Period
from warehouse.errors import UserError


def register_remarking(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """A callback for each kind of remark. What the browser tells is untrusted: the service asks for the right."""
    for kind in RemarkKind:
        form = form_name(kind)
        callbacks.add(
            Place.FIGURES,
            (Takes.NUMBER, Takes.TEXT, Takes.STORE, Takes.TEXT, Takes.TEXT),
            Output("main", "children", allow_duplicate=True),
            Output(said_id(form), "children"),
            Input(save_id(form), "n_clicks"),
            State(field_id(form, "text"), "value"),
            State(about_id(kind), "data"),
            State("address", "pathname"),
            State("address", "search"),
            prevent_initial_call=True,
        )(partial(_write, engine, live, viewer_of, kind))


def _write(
    engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf, kind: RemarkKind, clicks: int | None, text: str | None,
    about: Any, path: str | None, search: str | None,
) -> tuple[Any, Any]:  # fmt: skip
    if not clicks:
        return no_update, no_update
    viewer = sender(engine, viewer_of)

    def write() -> None:
        board, figure = word(about, "board"), word(about, "kpi")
        period, seen = _period(word(about, "period")), whole(about, "seen")
        write_remark(engine, viewer, live.catalogue, board, figure, period, kind, text or "", seen=seen)

    said = problem(engine, viewer, write)
    if said is not no_update:
        return no_update, said
    return render(engine, live, viewer_of, path or "/", search or "").sent, no_update


def _period(told: str) -> Period:
    try:
        return Period.parse(told)
    except ValueError as error:
        raise UserError(str(error)) from None
