"""What happens on the page Underlag: reading rows about persons, handing over a sample, opening one.

Whatever the browser sends is untrusted: the viewer is asked for, and every right checked, at each call. A reason comes
in the request's body, never in an address.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update
from sqlalchemy import Engine

from control.handover import hand_over, read_handed_over
from control.rows import read_cases
from dashboard.components.case_panel import (
    ASKED_ID,
    PAGE_TYPE,
    REASON_ID,
    ROWS_ID,
    SHOW_ID,
    answer,
    broken,
    refused,
)
from dashboard.components.handover_panel import (
    HAND_ID,
    HANDED_ID,
    OPEN_ID,
    OPENED_ID,
    SIZE_ID,
    WHY_ID,
    handed,
    handed_rows,
)
from dashboard.refusals import refused as record_refused
from dashboard.refusals import set_status
from dashboard.rules import Callbacks, Takes
from kpi.access import AccessDenied, Place, ReasonNeeded, Viewer, needs_reason
from kpi.organisation import Organisation
from kpi.period import Period
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse.database import reading
from warehouse.errors import UserError

_log = logging.getLogger(__name__)


def register_row_reading(callbacks: Callbacks, engine: Engine, viewer_of: Callable[[Organisation], Viewer]) -> None:
    """The page's callbacks."""

    def viewer_now() -> tuple[Viewer, Organisation]:
        with reading(engine) as connection:
            organisation = read_organisation(connection)
        return viewer_of(organisation), organisation

    @callbacks.add(
        Place.ROWS,
        (Takes.STORE, Takes.NUMBER, Takes.CLICKS, Takes.TEXT),
        Output(ROWS_ID, "children"),
        Input(ASKED_ID, "data"),
        Input(SHOW_ID, "n_clicks"),
        Input({"type": PAGE_TYPE, "page": ALL}, "n_clicks"),
        State(REASON_ID, "value"),
    )
    def show(asked: Any, shown: int | None, clicks: list[int | None], reason: str | None) -> Any:
        def found() -> Any:
            dataset, unit_code, month, page = _asked(asked)
            viewer, organisation = viewer_now()
            must_tell = needs_reason(viewer, organisation, unit_code, month.first_day, month.last_day)
            pressed = ctx.triggered_id
            if must_tell and not (shown if pressed == SHOW_ID else any(clicks)):
                return no_update  # the page has just come: nothing is asked for yet
            if isinstance(pressed, dict):
                page = _whole(pressed.get("page"))
            told = reason if must_tell else None
            return answer(
                read_cases(engine, viewer, dataset, unit_code, month, reason=told, page=page), by_link=not must_tell
            )

        return _answered(found, engine, viewer_now)

    @callbacks.add(
        Place.ROWS,
        (Takes.NUMBER, Takes.NUMBER, Takes.TEXT, Takes.STORE),
        Output(HANDED_ID, "children"),
        Input(HAND_ID, "n_clicks"),
        State(SIZE_ID, "value"),
        State(WHY_ID, "value"),
        State(ASKED_ID, "data"),
        prevent_initial_call=True,
    )
    def give(clicks: int | None, size: Any, reason: str | None, asked: Any) -> Any:
        def done() -> Any:
            dataset, unit_code, month, _ = _asked(asked)
            viewer, _ = viewer_now()
            if isinstance(size, bool) or not isinstance(size, int):
                raise UserError("Skriv hur många rader urvalet ska ha, som ett heltal.")
            return handed(hand_over(engine, viewer, dataset, unit_code, month, size=size, reason=reason))

        return _answered(done, engine, viewer_now) if clicks else no_update

    @callbacks.add(Place.ROWS, (Takes.NUMBER,), Output(OPENED_ID, "children"), Input(OPEN_ID, "data"))
    def opened(number: Any) -> Any:
        def found() -> Any:
            return handed_rows(read_handed_over(engine, viewer_now()[0], _whole(number)))

        return _answered(found, engine, viewer_now)


def _answered(found: Callable[[], Any], engine: Engine, viewer_now: Callable[[], tuple[Viewer, Organisation]]) -> Any:
    """What is found, or why it is not shown. Never raises."""
    try:
        return found()
    except ReasonNeeded as asked:
        return refused(str(asked))
    except AccessDenied as denied:
        return refused(record_refused(engine, viewer_now()[0], denied))
    except NotFound as error:
        set_status(404)
        return refused(str(error))
    except UserError as error:
        return refused(str(error))
    except Exception:
        _log.exception("reading rows failed")
        set_status(500)
        return broken()


def _asked(asked: Any) -> tuple[str, str, Period, int]:
    if not isinstance(asked, dict):
        raise NotFound("Sidan är gammal. Ladda om den.")
    try:
        month = Period.parse(str(asked.get("month")))
    except ValueError as error:
        raise NotFound(str(error)) from error
    return str(asked.get("dataset")), str(asked.get("unit")), month, _whole(asked.get("page"))


def _whole(number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 1_000_000:
        raise NotFound("Sidan finns inte. Ladda om den och välj i listan.")
    return number
