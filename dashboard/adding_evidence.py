"""Adding evidence from a page's form, and giving a file out. Whatever the browser sends is untrusted."""

from __future__ import annotations

import binascii
import logging
from base64 import b64decode
from io import BytesIO
from typing import Any

from dash import Input, Output, State, html, no_update
from flask import Flask, Response, send_file
from sqlalchemy import Connection, Engine

from control.evidence import About, EvidenceKind, Given, add_evidence, evidence_file, evidence_of
from dashboard.components import evidence as form
from dashboard.given import given_day
from dashboard.notice import sentence
from dashboard.refusals import refused, set_status
from dashboard.routes import ViewerOf
from dashboard.rules import Callbacks, Takes
from dashboard.sending import saved_words
from kpi.access import AccessDenied, Place, Viewer
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError

_log = logging.getLogger(__name__)


def register_adding_evidence(callbacks: Callbacks, engine: Engine, viewer_of: ViewerOf) -> None:
    """The form's callbacks. The lists are drawn again, never the page: what is written elsewhere on it stays."""

    @callbacks.add(
        Place.PLAN,
        (Takes.TEXT,),
        Output(form.PICKED_ID, "children"),
        Input(form.FILE_ID, "filename"),
        prevent_initial_call=True,
    )
    def picked(name: str | None) -> str:
        return f"Vald: {name}" if name else form.FILE_HELP

    @callbacks.add(
        Place.PLAN,
        (Takes.NUMBER, Takes.STORE, *(Takes.TEXT,) * 5, Takes.FILE, Takes.TEXT),
        Output(form.LISTS_ID, "children"),
        Output(form.RESULT_ID, "children"),
        Output(form.LABEL_ID, "value"),
        Output(form.LINK_ID, "value"),
        Output(form.NUMBER_ID, "value"),
        Output(form.FILE_ID, "contents"),
        Output(form.FILE_ID, "filename"),
        Input(form.ADD_ID, "n_clicks"),
        State(form.TARGETS_ID, "data"),
        State(form.CHOSEN_ID, "value"),
        State(form.LABEL_ID, "value"),
        State(form.DAY_ID, "value"),
        State(form.LINK_ID, "value"),
        State(form.NUMBER_ID, "value"),
        State(form.FILE_ID, "contents"),
        State(form.FILE_ID, "filename"),
        prevent_initial_call=True,
    )
    def add(clicks: int | None, targets: Any, chosen: str | None, *written: str | None) -> tuple[Any, ...]:
        if not clicks:
            return (no_update,) * 7
        with reading(engine) as connection:
            viewer = viewer_of(read_organisation(connection))
        try:
            about, about_no = _target(chosen)
            with reading(engine) as connection:
                _targets(connection, viewer, targets)  # before anything is kept
            add_evidence(engine, viewer, about, about_no, _given(*written), today=clock.today())
            with reading(engine) as connection:
                lists = form.evidence_lists(_targets(connection, viewer, targets))
        except AccessDenied as denied:
            return _told(refused(engine, viewer, denied))
        except NotFound as missing:
            set_status(404)
            return _told(str(missing))
        except UserError as error:
            return _told(str(error))
        return lists, saved_words("Underlaget är tillagt."), "", "", "", None, None


def register_evidence_files(server: Flask, engine: Engine, viewer_of: ViewerOf) -> None:
    """`/ladda-ned/underlag/<number>`: always as a file to keep, never opened by the browser."""

    def download(number: int) -> Response:
        viewer = Viewer("", ())
        try:
            with reading(engine) as connection:
                viewer = viewer_of(read_organisation(connection))
            found = evidence_file(engine, viewer, number if number < 2**31 else 0)
        except AccessDenied as denied:
            return sentence(refused(engine, viewer, denied), 403)
        except NotFound as missing:
            return sentence(str(missing), 404)
        except Exception:
            _log.exception("evidence was not given out")
            return sentence("Filen gick inte att läsa. Försök igen, eller säg till den som sköter Samkoll.", 500)
        return send_file(
            BytesIO(found.content), mimetype=found.media_type, as_attachment=True, download_name=found.name, etag=False
        )

    server.add_url_rule("/ladda-ned/underlag/<int:number>", "download_evidence", download)


def _told(words: str) -> tuple[Any, ...]:
    return no_update, html.P(words, className="notice"), *(no_update,) * 5


def _given(
    label: str | None, day: str | None, link: str | None, number: str | None, content: str | None, name: str | None
) -> Given:
    """One of the three that was filled in. UserError when none was, or several."""
    references = {
        EvidenceKind.FILE: name if content else None,
        EvidenceKind.LINK: (link or "").strip(),
        EvidenceKind.REGISTRATION_NUMBER: (number or "").strip(),
    }
    filled = [(kind, told) for kind, told in references.items() if told]
    if len(filled) != 1:
        raise UserError("Välj en fil, eller skriv en länk eller ett diarienummer: ett av dem åt gången.")
    kind, reference = filled[0]
    held = _bytes(content) if kind is EvidenceKind.FILE else None
    return Given(kind, label, reference, given_day(day, "Underlagets datum"), held)


def _bytes(content: str | None) -> bytes:
    """A file as the browser codes it: `data:…;base64,…`."""
    try:
        return b64decode((content or "").partition(",")[2], validate=True)
    except binascii.Error:
        raise UserError("Filen kom inte fram hel. Välj den igen.") from None


def _target(key: str | None) -> tuple[About, int]:
    """`occasion:3`. NotFound for anything else."""
    about, _, number = (key or "").partition(":")
    if about not in set(About) or not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise NotFound("Det som underlaget gäller finns inte. Ladda om sidan.")
    return About(about), int(number)


def _targets(connection: Connection, viewer: Viewer, targets: Any) -> list[form.Target]:
    """The form's things with what they have now; each one's right is asked again."""
    return [
        form.Target(*_target(str(key)), str(name), evidence_of(connection, viewer, *_target(str(key))))
        for key, name in (targets if isinstance(targets, dict) else {}).items()
    ]
