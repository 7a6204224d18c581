"""Closing a series of deviations, from where it is shown."""

from __future__ import annotations

from typing import Any

from dash import ALL, Input, Output, State, no_update
from sqlalchemy import Engine

from control.series import close_series
from dashboard.components.deviation_series import ABOUT_ID, CLOSE
from dashboard.components.form_fields import field_id, said_id, save_id
from dashboard.places import ADDRESSES
from dashboard.routes import ViewerOf, render
from dashboard.rules import Callbacks, Takes
from dashboard.sending import problem, sender, whole, word, written
from kpi.access import Place
from kpi.live import LiveCatalogue
from kpi.period import Period
from kpi.recurring import Sort
from warehouse.errors import UserError


def register_closing_series(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """What the browser tells is untrusted: the service asks for the right, and whether there is such a series."""
    every = {**field_id(CLOSE, ""), "name": ALL}

    @callbacks.add(
        Place.ACTIONS,
        (Takes.NUMBER, Takes.TEXTS, Takes.IDENTITIES, Takes.STORE),
        Output("main", "children", allow_duplicate=True),
        Output(said_id(CLOSE), "children"),
        Input(save_id(CLOSE), "n_clicks"),
        State(every, "value"),
        State(every, "id"),
        State(ABOUT_ID, "data"),
        prevent_initial_call=True,
    )
    def close(clicks: int | None, values: list[str | None], ids: list[dict[str, Any]], about: Any) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        viewer, fields, board = sender(engine, viewer_of), written(values, ids), word(about, "board")
        chosen = fields.get("action", "")

        def done() -> None:
            close_series(
                engine,
                viewer,
                board,
                Sort(word(about, "unit"), word(about, "category"), word(about, "counterpart")),
                seen=_month(word(about, "until")),
                follows=whole(about, "follows"),
                action_no=int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None,
                reason=fields.get("reason", ""),
            )

        said = problem(engine, viewer, done)
        if said is not no_update:
            return no_update, said
        return render(engine, live, viewer_of, ADDRESSES[Place.ACTIONS], f"?enhet={board}").sent, no_update


def _month(written_: str) -> Period:
    try:
        return Period.parse(written_)
    except ValueError:
        raise UserError("Serien finns inte. Ladda om sidan och välj en som står där.") from None
