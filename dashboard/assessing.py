"""What happens on the page Bedömningar: signing an assessment, and confirming another's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from dash import ALL, Input, Output, State, ctx, html, no_update
from sqlalchemy import Engine

from control.assessments.evidence import Reference, kept_reference
from control.assessments.scales import Subject
from control.assessments.service import Draft, confirm, sign
from dashboard.components.assessment_cards import CONFIRM_TYPE
from dashboard.components.assessment_form import (
    GRADE_ID,
    LABEL_ID,
    MOTIVATION_ID,
    ON_ID,
    RESULT_ID,
    SEEN_ID,
    SIGN_ID,
    WHERE_ID,
    WITHOUT,
    WITHOUT_ID,
)
from dashboard.given import given_day
from dashboard.limits import query_of
from dashboard.pages.assessments import CONFIRMED_ID, PART, SUBJECT
from dashboard.places import ADDRESSES
from dashboard.refusals import refused, set_status
from dashboard.routes import ViewerOf, render
from dashboard.rules import Callbacks, Takes
from kpi.access import AccessDenied, Place, Side, Viewer
from kpi.live import LiveCatalogue
from kpi.period import Period
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError


def register_assessing(callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: ViewerOf) -> None:
    """The page's callbacks. What comes from the browser is untrusted: the viewer is asked for each time."""

    @callbacks.add(
        Place.ASSESSMENTS,
        (Takes.NUMBER, *(Takes.TEXT,) * 5, Takes.TEXTS, Takes.STORE, Takes.TEXT),
        Output("address", "search", allow_duplicate=True),
        Output(RESULT_ID, "children"),
        Input(SIGN_ID, "n_clicks"),
        *(State(one, "value") for one in (GRADE_ID, MOTIVATION_ID, LABEL_ID, WHERE_ID, ON_ID, WITHOUT_ID)),
        State(SEEN_ID, "data"),
        State("address", "search"),
        prevent_initial_call=True,
    )  # fmt: skip
    def write(
        clicks: int | None, grade: str | None, motivation: str | None, label: str | None, where: str | None,
        on: str | None, without: list[str | None], seen: dict[str, Any] | None, search: str | None,
    ) -> tuple[Any, Any]:  # fmt: skip
        if not clicks or not seen:
            return no_update, no_update
        viewer, today = _viewer(engine, viewer_of), clock.today()

        def do() -> None:
            reference = kept_reference(label, where, given_day(on, "Underlagets dag"), today=today)
            draft = _draft(seen, grade, motivation, reference, is_without=WITHOUT in without)
            sign(engine, viewer, draft, today=today)

        told = _told(engine, viewer, do)
        if told is not None:
            return no_update, told
        kept = {name: value for name, value in query_of(search or "").items() if name not in (SUBJECT, PART)}
        return f"?{urlencode(kept)}" if kept else "", no_update

    @callbacks.add(
        Place.ASSESSMENTS,
        (Takes.CLICKS, Takes.TEXT),
        Output("main", "children", allow_duplicate=True),
        Output(CONFIRMED_ID, "children"),
        Input({"type": CONFIRM_TYPE, "number": ALL}, "n_clicks"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def second(clicks: list[int | None], search: str | None) -> tuple[Any, Any]:
        pressed = ctx.triggered_id
        if not any(clicks) or not isinstance(pressed, dict):
            return no_update, no_update
        viewer, number = _viewer(engine, viewer_of), _number(pressed.get("number"))
        told = _told(engine, viewer, lambda: confirm(engine, viewer, number or 0))
        if told is not None:
            return no_update, told
        return render(engine, live, viewer_of, ADDRESSES[Place.ASSESSMENTS], search or "").sent, no_update


def _viewer(engine: Engine, viewer_of: ViewerOf) -> Viewer:
    with reading(engine) as connection:
        return viewer_of(read_organisation(connection))


def _told(engine: Engine, viewer: Viewer, do: Callable[[], object]) -> html.P | None:
    """Do it; the sentence that says why it was not done, else None."""
    try:
        do()
    except AccessDenied as denied:
        sentence = refused(engine, viewer, denied)
    except NotFound as missing:
        set_status(404)
        sentence = str(missing)
    except UserError as error:
        sentence = str(error)
    else:
        return None
    return html.P(sentence, className="notice")


def _draft(
    seen: Mapping[str, Any], grade: str | None, motivation: str | None, reference: Reference | None, *, is_without: bool
) -> Draft:
    """What the form says. UserError for one that is none of ours."""
    try:
        side = Side(str(seen.get("side")))
        unit_code = str(seen["unit"]) if side is Side.UNIT else None
        return Draft(
            str(seen["board"]),
            side,
            unit_code,
            Period.parse(str(seen.get("period"))),
            Subject(str(seen.get("subject"))),
            _number(grade),
            motivation,
            reference,
            is_without,
            _number(seen.get("follows")),
        )
    except (KeyError, ValueError):
        raise UserError("Formuläret går inte att läsa. Öppna sidan igen och fyll i det på nytt.") from None


def _number(told: object) -> int | None:
    """A positive whole number that the database can hold; None for anything else."""
    text = str(told)
    return int(text) or None if text.isascii() and text.isdecimal() and len(text) < 10 else None
