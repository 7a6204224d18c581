"""What happens when a reader saves a view, removes one, or tells what could not be done."""

from __future__ import annotations

from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update
from sqlalchemy import Engine

from control.feedback import give_feedback
from control.saved_views import remove_view, save_view
from dashboard.components.form_fields import field_id, said_id, save_id
from dashboard.pages import accessibility, saved_views
from dashboard.routes import ViewerOf, render
from dashboard.rules import Callbacks, For, Takes
from dashboard.sending import problem, saved_words, sender, word
from kpi.live import LiveCatalogue

_THANKS = "Tack. Synpunkten har nått systemadministratören."


def register_helping(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """For every reader, about the own views alone."""

    @callbacks.add(
        For.READER,
        (Takes.NUMBER, Takes.TEXT, Takes.STORE),
        Output("main", "children", allow_duplicate=True),
        Output(said_id(saved_views.FORM), "children"),
        Input(save_id(saved_views.FORM), "n_clicks"),
        State(field_id(saved_views.FORM, "name"), "value"),
        State(f"{saved_views.FORM}-about", "data"),
        prevent_initial_call=True,
    )
    def save(clicks: int | None, name: str | None, about: Any) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        viewer = sender(engine, viewer_of)
        said = problem(engine, viewer, lambda: save_view(engine, viewer, name, word(about, "address")))
        return (no_update, said) if said is not no_update else (_views(), no_update)

    @callbacks.add(
        For.READER,
        (Takes.CLICKS,),
        Output("main", "children", allow_duplicate=True),
        Output("views-said", "children"),
        Input({"type": saved_views.REMOVE_TYPE, "number": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def remove(clicks: list[int | None]) -> tuple[Any, Any]:
        pressed = ctx.triggered_id
        if not any(clicks) or not isinstance(pressed, dict):
            return no_update, no_update
        number = pressed.get("number")
        viewer = sender(engine, viewer_of)
        asked = number if isinstance(number, int) and not isinstance(number, bool) else 0
        said = problem(engine, viewer, lambda: remove_view(engine, viewer, asked))
        return (no_update, said) if said is not no_update else (_views(), no_update)

    @callbacks.add(
        For.READER,
        (Takes.NUMBER, Takes.TEXT, Takes.TEXT, Takes.STORE),
        Output(said_id(accessibility.FORM), "children"),
        Input(save_id(accessibility.FORM), "n_clicks"),
        State(field_id(accessibility.FORM, "text"), "value"),
        State(field_id(accessibility.FORM, "reply"), "value"),
        State(f"{accessibility.FORM}-about", "data"),
        prevent_initial_call=True,
    )
    def tell(clicks: int | None, text: str | None, reply: str | None, about: Any) -> Any:
        if not clicks:
            return no_update
        viewer = sender(engine, viewer_of)
        said = problem(engine, viewer, lambda: give_feedback(engine, viewer, text, word(about, "page"), reply))
        return said if said is not no_update else saved_words(_THANKS)

    def _views() -> Any:
        return render(engine, live, viewer_of, saved_views.PATH, "").sent
