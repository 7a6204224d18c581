"""What happens on the page Handlingar: making a draft, numbering it, putting it before the board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import Input, Output, State, ctx, html, no_update
from sqlalchemy import Engine

from control.papers.kinds import PaperKind
from control.papers.service import deliver, make_paper, set_registration_number
from dashboard.components import paper_panels as panels
from dashboard.components.link import link
from dashboard.places import ADDRESSES
from dashboard.refusals import refused
from dashboard.routes import ViewerOf, render
from dashboard.rules import Callbacks, Takes
from dashboard.sending import saved_words
from kpi.access import AccessDenied, Place, Viewer
from kpi.live import LiveCatalogue
from kpi.period import Period
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError


def register_paper_making(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """The page's callbacks. Ids and texts from the browser are untrusted: the viewer is asked for each time."""

    @callbacks.add(
        Place.PAPERS,
        (Takes.NUMBER, Takes.TEXT, Takes.TEXT, Takes.TEXT, Takes.TEXT),
        Output(panels.MADE_ID, "children"),
        Input(panels.MAKE_ID, "n_clicks"),
        State(panels.KIND_ID, "value"),
        State(panels.BOARD_ID, "value"),
        State(panels.PERIOD_ID, "value"),
        State(panels.NUMBER_ID, "value"),
        prevent_initial_call=True,
        running=[
            (Output(panels.MAKE_ID, "disabled"), True, False),
            (Output(panels.WRITING_ID, "hidden"), False, True),
        ],
    )
    def make(clicks: int | None, kind: str | None, board: str | None, period: str | None, number: str | None) -> Any:
        if not clicks:
            return no_update

        def act(viewer: Viewer) -> Any:
            catalogue = live.state().catalogue
            made = make_paper(
                engine, catalogue, viewer, _kind(kind), board or "", _period(period), today=clock.today(),
                registration_number=number or "",
            )  # fmt: skip
            return saved_words(["Utkastet är gjort. ", link("Öppna det", panels.paper_address(made))])

        return _attempt(engine, viewer_of, act)

    @callbacks.add(
        Place.PAPERS,
        (Takes.NUMBER, Takes.NUMBER, Takes.TEXT, Takes.TEXT, Takes.STORE),
        Output("main", "children", allow_duplicate=True),
        Output(panels.DONE_ID, "children"),
        Input(panels.SAVE_ID, "n_clicks"),
        Input(panels.DELIVER_ID, "n_clicks"),
        State(panels.NEW_NUMBER_ID, "value"),
        State(panels.SURE_ID, "value"),
        State(panels.SEEN_ID, "data"),
        prevent_initial_call=True,
    )
    def finish(
        saved: int | None, delivered: int | None, number: str | None, sure: str | None, seen: dict[str, Any] | None
    ) -> tuple[Any, Any]:
        if not (saved or delivered):
            return no_update, no_update
        paper_no, edits = _whole(seen, "paper"), _whole(seen, "edits")

        def act(viewer: Viewer) -> Any:
            if ctx.triggered_id == panels.SAVE_ID:
                set_registration_number(engine, live.state().catalogue, viewer, paper_no, edits, number or "")
            elif (sure or "").strip().upper() != "JA":
                raise UserError("Handlingen är inte framlagd: skriv JA i fältet ovanför knappen.")
            else:
                deliver(engine, viewer, paper_no, edits, today=clock.today())

        refusal = _attempt(engine, viewer_of, act)
        if refusal is not None:
            return no_update, refusal
        address = f"{ADDRESSES[Place.PAPERS]}/{paper_no}"
        return render(engine, live, viewer_of, address, "").sent, no_update


def _attempt(engine: Engine, viewer_of: ViewerOf, act: Callable[[Viewer], Any]) -> Any:
    """What the act answers, or why it was not done."""
    with reading(engine) as connection:
        viewer = viewer_of(read_organisation(connection))
    try:
        return act(viewer)
    except AccessDenied as denied:
        return html.P(refused(engine, viewer, denied), className="notice")
    except UserError as error:
        return html.P(str(error), className="notice")


def _kind(told: str | None) -> PaperKind:
    try:
        return PaperKind(told or "")
    except ValueError:
        raise UserError("Välj vilket slags handling som ska göras.") from None


def _period(told: str | None) -> Period | None:
    if not (told or "").strip():
        return None
    try:
        return Period.parse((told or "").strip())
    except ValueError as error:
        raise UserError(f"Period: {error}") from None


def _whole(seen: dict[str, Any] | None, name: str) -> int:
    found = (seen or {}).get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**31 else 0
