"""What happens on the page Definitioner: choosing a part of the file, trying a change, saving it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dash import Input, Output, State, ctx, html, no_update
from sqlalchemy import Engine

from control.audit.actions import Action
from control.audit.event import MEANING
from control.audit.log import record
from control.definitions import ConcurrentEdit, SaveRefused, check_edit, check_text, known_boards, save
from dashboard.components import definition_result as result
from dashboard.components.definition_editor import (
    BASE_ID,
    NEW,
    PART_ID,
    REASON_ID,
    RESULT_ID,
    SAVE_ID,
    TEXT_ID,
    TRY_ID,
)
from dashboard.limits import query_of
from dashboard.refusals import refused
from dashboard.rules import Callbacks, Takes
from dashboard.sending import saved_words
from kpi.access import AccessDenied, Place, Viewer, can_edit_definitions, check_can_edit_definitions, homes
from kpi.definition import Catalogue
from kpi.diff import Sort, compare, told_meaning
from kpi.file_parts import figure_parts, with_figure_added, with_part
from kpi.live import LiveCatalogue, digest_of
from kpi.loader import DefinitionError
from kpi.organisation import Organisation
from kpi.views.definitions import preview
from kpi.views.organisation import read_organisation
from warehouse.database import reading
from warehouse.errors import UserError

_MOST_PREVIEWS = 3
"""So many changed figures are computed again at a time; the command line has no such limit."""


@dataclass(frozen=True)
class Draft:
    """The whole file as the editor would have it. `first_line`: where the edited part begins in it."""

    text: str
    first_line: int | None


def register_editing(
    callbacks: Callbacks, engine: Engine, live: LiveCatalogue, viewer_of: Callable[[Organisation], Viewer]
) -> None:
    """The page's callbacks. Ids and texts from the browser are untrusted: the viewer is asked for each time."""

    @callbacks.add(
        Place.DEFINITIONS,
        (Takes.TEXT, Takes.TEXT),
        Output("address", "search", allow_duplicate=True),
        Input(PART_ID, "value"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def choose(part: str | None, search: str | None) -> Any:
        query = query_of(search or "")
        wanted = "" if part in (None, "hela") else str(part)
        if query.get("del", "") == wanted or ctx.triggered_id is None:
            return no_update
        rest = {name: value for name, value in query.items() if name != "del"}
        return "?" + urlencode(rest | ({"del": wanted} if wanted else {}))

    @callbacks.add(
        Place.DEFINITIONS,
        (Takes.NUMBER, Takes.NUMBER, Takes.TEXT, Takes.TEXT, Takes.STORE),
        Output(RESULT_ID, "children"),
        Output(BASE_ID, "data"),
        Input(TRY_ID, "n_clicks"),
        Input(SAVE_ID, "n_clicks"),
        State(TEXT_ID, "value"),
        State(REASON_ID, "value"),
        State(BASE_ID, "data"),
        prevent_initial_call=True,
    )
    def act(tried: int | None, saved: int | None, text: str | None, reason: str | None, base: Any) -> tuple[Any, Any]:
        if not (tried or saved) or not isinstance(base, dict):
            return no_update, no_update
        with reading(engine) as connection:
            organisation = read_organisation(connection)
        viewer = viewer_of(organisation)
        digest, part = str(base.get("digest", "")), str(base.get("part", ""))
        try:
            if ctx.triggered_id == SAVE_ID:
                check_can_edit_definitions(viewer)  # before what the file is like is told
            draft = _draft(live, part, text or "", digest)
            if ctx.triggered_id == SAVE_ID:
                boards = known_boards(organisation)
                save(engine, live, viewer, draft.text, began_with=digest, reason=reason or "", boards=boards)
                told = "Sparat. Nyckeltalen räknas om inom någon minut, och ändringen står i historiken."
                return saved_words(told), base | {"digest": digest_of(draft.text.encode())}
            return _tried(engine, live, viewer, organisation, draft), no_update
        except ConcurrentEdit as error:
            return result.conflict(str(error), error.difference), no_update
        except DefinitionError as error:
            return result.problems(str(error).splitlines(), _first_line(live, part)), no_update
        except SaveRefused as error:
            return result.refusals(str(error).splitlines()), no_update
        except AccessDenied as denied:
            return result.said(refused(engine, viewer, denied)), no_update
        except UserError as error:
            return result.said(str(error)), no_update


def _draft(live: LiveCatalogue, part: str, text: str, digest: str) -> Draft:
    """The file on disk with the edited part in its place; ConcurrentEdit when the disk has another file by now."""
    on_disk = live.path.read_bytes()
    whole = on_disk.decode("utf-8-sig", "replace")
    if digest_of(on_disk) != digest:
        raise ConcurrentEdit(whole, text)
    if not part:
        return Draft(text if text.endswith("\n") else f"{text}\n", None)
    if part == NEW:
        added = with_figure_added(whole, text)
        return Draft(added, _line_of(added, text))
    found = next((one for one in figure_parts(whole) if one.id == part), None)
    if found is None:
        raise UserError("Nyckeltalet finns inte i filen. Ladda om sidan.")
    return Draft(with_part(whole, found, text), found.first)


def _line_of(whole: str, part: str) -> int | None:
    begins = whole.find(part.rstrip("\n"))
    return whole[:begins].count("\n") + 1 if begins >= 0 else None


def _first_line(live: LiveCatalogue, part: str) -> int | None:
    whole = live.path.read_bytes().decode("utf-8-sig", "replace")
    return next((one.first for one in figure_parts(whole) if one.id == part), None)


def _tried(engine: Engine, live: LiveCatalogue, viewer: Viewer, organisation: Organisation, draft: Draft) -> html.Div:
    boards = known_boards(organisation)
    new, errors = check_text(draft.text, live.path.name, boards)
    if new is None:
        return result.problems((errors or "").splitlines(), draft.first_line)
    old = live.catalogue
    found = compare(old, new)
    children: list[Any] = [result.changes(found)]
    if refused := check_edit(old, new, boards):
        children.append(result.refusals(refused))
    children += [html.P(f"Att se över: {line}", className="muted") for line in new.warnings]
    if not can_edit_definitions(viewer):
        children.append(html.P("Värden före och efter visas för controllern.", className="muted"))
        return html.Div(children, className="stack")
    changed = dict.fromkeys(one.kpi_id for one in found if one.sort in (Sort.MEANING, Sort.ADDED, Sort.TARGET))
    for kpi_id in list(changed)[:_MOST_PREVIEWS]:
        children.append(_preview(engine, old, new, viewer, organisation, kpi_id))
    return html.Div(children, className="stack")


def _preview(
    engine: Engine, old: Catalogue, new: Catalogue, viewer: Viewer, organisation: Organisation, kpi_id: str
) -> Any:
    asked = told_meaning(new.definitions[kpi_id], new.facts)
    record(engine, viewer, Action.DEFINITIONS_PREVIEWED, kpi_id, details={MEANING: asked})
    try:
        found = preview(engine, old, new, viewer, kpi_id)
    except UserError as error:
        return result.said(str(error))
    readable = {one.unit_code for one in found.pairs}
    place = next((one for one in homes(viewer, organisation) if one.code in readable), None)
    return result.preview(found, place.code if place else "", place.name if place else "")
