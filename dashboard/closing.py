"""What happens on the page Stängning: asking for a closing or a correction, and choosing which periods are closed."""

from __future__ import annotations

from typing import Any

from dash import Input, Output, State, html, no_update
from sqlalchemy import Engine

from control.release.asking import ask_to_close
from control.release.rule import CLOSABLE, set_rule
from dashboard.components.closing_panels import (
    CHOSEN_ID,
    CLOSE_ID,
    DONE_ID,
    POLL_ID,
    REASON_ID,
    RESULT_ID,
    RULE_ID,
    RULE_SAVE_ID,
    RULE_SEEN_ID,
    asked,
)
from dashboard.pages.closing import closing_of
from dashboard.places import ADDRESSES
from dashboard.refusals import refused
from dashboard.routes import ViewerOf, context_of, render
from dashboard.rules import Callbacks, Takes
from dashboard.sending import problem, sender, word
from kpi.access import AccessDenied, Place
from kpi.live import LiveCatalogue
from kpi.period import Period, PeriodType
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError


def register_closing(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """The page's callbacks. What comes from the browser is untrusted: the right is asked for each time."""

    @callbacks.add(
        Place.CLOSING,
        (Takes.NUMBER, Takes.TEXT, Takes.STORE),
        Output(RESULT_ID, "children"),
        Output(POLL_ID, "disabled"),
        Input(CLOSE_ID, "n_clicks"),
        State(REASON_ID, "value"),
        State(CHOSEN_ID, "data"),
        prevent_initial_call=True,
    )
    def close(clicks: int | None, reason: str | None, chosen: dict[str, Any] | None) -> tuple[Any, Any]:
        if not clicks or not chosen:
            return no_update, no_update
        board, wanted = str(chosen.get("board")), str(chosen.get("period"))
        with reading(engine) as connection:
            viewer = context_of(connection, live, viewer_of, "").viewer
        try:
            period, is_correction = _ask(engine, live, viewer_of, board, wanted, reason)
        except AccessDenied as denied:
            return html.P(refused(engine, viewer, denied), className="notice"), no_update
        except UserError as error:
            return html.P(str(error), className="notice"), no_update
        return asked(period, is_correction=is_correction), False

    @callbacks.add(
        Place.CLOSING,
        (Takes.NUMBER, Takes.TEXT, Takes.STORE, Takes.TEXT),
        Output("main", "children", allow_duplicate=True),
        Output(DONE_ID, "children"),
        Input(RULE_SAVE_ID, "n_clicks"),
        State(RULE_ID, "value"),
        State(RULE_SEEN_ID, "data"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def choose_rule(clicks: int | None, every: str | None, about: Any, search: str | None) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        viewer, board, seen = sender(engine, viewer_of), word(about, "board"), word(about, "every")

        def save() -> None:
            if every not in {one.value for one in CLOSABLE}:
                raise UserError("Välj vilka perioder nämnden stänger, och spara igen.")
            set_rule(engine, viewer, board, PeriodType(every), seen=seen)

        said = problem(engine, viewer, save)
        if said is not no_update:
            return no_update, said
        page = html.Div(render(engine, live, viewer_of, ADDRESSES[Place.CLOSING], search or "").page.children)
        page[DONE_ID].children = html.P("Valet är sparat och gäller nästa stängning.", className="notice")
        return page.children, no_update

    @callbacks.add(
        Place.CLOSING,
        (Takes.NUMBER, Takes.TEXT, Takes.TEXT),
        Output("main", "children", allow_duplicate=True),
        Input(POLL_ID, "n_intervals"),
        State("address", "pathname"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def again(ticks: int | None, path: str | None, search: str | None) -> Any:
        if not ticks or path != ADDRESSES[Place.CLOSING]:
            return no_update  # the page has just been drawn, or the reader has gone to another meanwhile
        return render(engine, live, viewer_of, path, search or "").sent


def _ask(
    engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf, board: str, wanted: str, reason: str | None
) -> tuple[Period, bool]:
    """The period, and whether it is corrected."""
    try:
        period = Period.parse(wanted)
    except ValueError as error:
        raise UserError(f"Perioden finns inte ({error}). Ladda om sidan och välj en period.") from error
    with reading(engine) as connection:
        context = context_of(connection, live, viewer_of, f"?period={period}")
        found = closing_of(context, board)
    is_correction = found.chosen is not None and found.chosen.is_closed
    ask_to_close(
        engine,
        context.viewer,
        context.catalogue,
        board,
        period,
        today=clock.today(),
        correction=(reason or "") if is_correction else None,
        without_action=None if is_correction else reason,
        left=found.left,
    )
    return period, is_correction
