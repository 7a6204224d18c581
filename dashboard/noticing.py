"""What happens with notices: a decision is told, a reader has read one."""

from __future__ import annotations

from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update
from sqlalchemy import Engine

from control.notices.decisions import tell
from control.notices.reading import mark_read
from dashboard.components.notices_section import READ_ID, READ_TYPE, TELL_TYPE, TOLD_ID
from dashboard.places import ADDRESSES
from dashboard.routes import ViewerOf, render
from dashboard.rules import Callbacks, Takes
from dashboard.sending import problem, sender, whole, word
from kpi.access import Place
from kpi.live import LiveCatalogue
from warehouse import clock


def register_noticing(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """What the browser tells is untrusted: each service asks for the right itself. Notices are read by those who open
    Åtgärder: the board's internal control is theirs."""

    @callbacks.add(
        Place.ACTIONS,
        (Takes.CLICKS, Takes.TEXT, Takes.TEXT),
        Output("main", "children", allow_duplicate=True),
        Output(READ_ID, "children"),
        Input({"type": READ_TYPE, "number": ALL}, "n_clicks"),
        State("address", "pathname"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def read(clicks: list[int | None], path: str | None, search: str | None) -> tuple[Any, Any]:
        if not any(clicks):
            return no_update, no_update
        viewer, number = sender(engine, viewer_of), whole(ctx.triggered_id, "number") or 0
        said = problem(engine, viewer, lambda: mark_read(engine, viewer, number))
        if said is not no_update:
            return no_update, said
        return render(engine, live, viewer_of, path or "/", search or "").sent, no_update

    @callbacks.add(
        Place.PAPERS,
        (Takes.CLICKS, Takes.TEXT),
        Output("main", "children", allow_duplicate=True),
        Output(TOLD_ID, "children"),
        Input({"type": TELL_TYPE, "key": ALL}, "n_clicks"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def tell_of(clicks: list[int | None], search: str | None) -> tuple[Any, Any]:
        if not any(clicks):
            return no_update, no_update
        viewer, key = sender(engine, viewer_of), word(ctx.triggered_id, "key")

        def told() -> None:
            tell(engine, viewer, key, today=clock.today())

        said = problem(engine, viewer, told)
        if said is not no_update:
            return no_update, said
        return render(engine, live, viewer_of, ADDRESSES[Place.PAPERS], search or "").sent, no_update
