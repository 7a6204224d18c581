"""What happens on the page Underlag: reading rows about persons, handing over a sample, opening one.

Whatever the browser sends is untrusted: the viewer is asked for, and every right checked, at each call. A reason comes
in the request's body, never in an address.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update
from sqlalchemy import Engine

from control.handover import hand_over, read_handed_over
from control.rows import read_cases
from dashboard.case_question import Question, key_of, question_of, whole_page
from dashboard.components.case_panel import (
    ASKED_ID,
    CASE_TYPE,
    PAGE_TYPE,
    REASON_ID,
    ROWS_ID,
    SHOW_ID,
    answer,
    broken,
    refused,
)
from dashboard.components.case_timeline import case_answer
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
from kpi.views.cases import DEVIATIONS
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

    _register_reading(callbacks, engine, viewer_now)
    _register_handing_over(callbacks, engine, viewer_now)


ViewerNow = Callable[[], tuple[Viewer, Organisation]]


def _register_reading(callbacks: Callbacks, engine: Engine, viewer_now: ViewerNow) -> None:
    def reader_of(question: Question) -> tuple[Viewer, bool]:
        """Who reads, and whether a reason is needed."""
        viewer, organisation = viewer_now()
        days = question.month.first_day, question.month.last_day
        return viewer, needs_reason(viewer, organisation, question.unit_code, *days)

    def read(viewer: Viewer, question: Question, reason: str | None, *, must_tell: bool) -> Any:
        key, told = question.wanted.key, reason if must_tell else None
        if key and question.dataset != DEVIATIONS:
            raise NotFound("Bara avvikelser har ett förlopp att visa.")
        found = read_cases(
            engine,
            viewer,
            question.dataset,
            question.unit_code,
            question.month,
            reason=told,
            page=1 if key else question.page,
            wanted=question.wanted,
        )
        return case_answer(found, question) if key else answer(found, question, by_link=not must_tell)

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
            question = question_of(asked)
            viewer, must_tell = reader_of(question)
            pressed = ctx.triggered_id
            if must_tell and not (shown if pressed == SHOW_ID else any(clicks)):
                return no_update  # the page has just come: nothing is asked for yet
            if isinstance(pressed, dict) and not any(clicks):
                return no_update  # a button has come, and nobody has pressed it
            if isinstance(pressed, dict):
                question = replace(question.about(None), page=whole_page(pressed.get("page")))
            return read(viewer, question, reason, must_tell=must_tell)

        return _answered(found, engine, viewer_now)

    @callbacks.add(
        Place.ROWS,
        (Takes.CLICKS, Takes.STORE, Takes.TEXT),
        Output(ROWS_ID, "children", allow_duplicate=True),
        Input({"type": CASE_TYPE, "case": ALL, "page": ALL}, "n_clicks"),
        State(ASKED_ID, "data"),
        State(REASON_ID, "value"),
        prevent_initial_call=True,
    )
    def one(clicks: list[int | None], asked: Any, reason: str | None) -> Any:
        def found() -> Any:
            pressed = ctx.triggered_id
            if not any(clicks) or not isinstance(pressed, dict):
                return no_update
            key, page = key_of(pressed.get("case")), whole_page(pressed.get("page"))
            question = replace(question_of(asked).about(key), page=page)
            viewer, must_tell = reader_of(question)
            return read(viewer, question, reason, must_tell=must_tell)

        return _answered(found, engine, viewer_now)


def _register_handing_over(callbacks: Callbacks, engine: Engine, viewer_now: ViewerNow) -> None:
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
            question = question_of(asked)
            viewer, _ = viewer_now()
            if isinstance(size, bool) or not isinstance(size, int):
                raise UserError("Skriv hur många rader urvalet ska ha, som ett heltal.")
            where = question.dataset, question.unit_code, question.month
            return handed(hand_over(engine, viewer, *where, size=size, reason=reason))

        return _answered(done, engine, viewer_now) if clicks else no_update

    @callbacks.add(Place.ROWS, (Takes.NUMBER,), Output(OPENED_ID, "children"), Input(OPEN_ID, "data"))
    def opened(number: Any) -> Any:
        def found() -> Any:
            return handed_rows(read_handed_over(engine, viewer_now()[0], whole_page(number)))

        return _answered(found, engine, viewer_now)


def _answered(found: Callable[[], Any], engine: Engine, viewer_now: ViewerNow) -> Any:
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
