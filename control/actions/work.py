"""Starts, changes, comments, reminds of and ends actions. Each change and its events are one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert

from control.actions.content import MOVES, BoardAction, Status
from control.actions.form import ActionForm, read_form
from control.actions.store import read_action
from control.audit.actions import Action
from control.audit.log import record
from control.free_text import kept_text
from control.locking import change
from control.marks import end_mark, mark_start
from kpi import format as words
from kpi.access import Viewer, check_can_manage_action, is_operator
from kpi.definition import Catalogue, find_definition
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.action_tables import action, action_event
from warehouse.database import writing
from warehouse.errors import UserError

_CHANGEABLE = ("what", "root_cause", "responsible", "due_on", "expected_from", "expected_to", "cost_class")
"""What may be changed after it is made; a planned one's day of start also."""
_NAME = "Åtgärden"


def start_action(
    engine: Engine,
    viewer: Viewer,
    catalogue: Catalogue,
    board_code: str,
    form: ActionForm,
    *,
    today: date,
    unit_code: str | None = None,
    kpi_id: str | None = None,
    at: datetime | None = None,
) -> int:
    """Make an action; its number. It is started when its day of start has come, else planned.

    AccessDenied for who may not manage the board's (or the unit's) actions; UserError when something is missing.
    """
    check_can_manage_action(viewer, board_code, unit_code)
    definition = find_definition(catalogue, kpi_id) if kpi_id else None
    if definition is not None and unit_code is not None and not {"administration", "unit"} & set(definition.levels):
        raise UserError(f"{definition.name} finns inte per enhet. Lägg åtgärden på hela nämnden.")
    draft, at = read_form(form, definition), at or clock.now()
    with writing(engine) as connection:
        municipality = _municipality(connection, board_code, unit_code, today)
        status = Status.STARTED if draft.starts_on <= today else Status.PLANNED
        number: int = connection.execute(
            insert(action)
            .values(
                **_stored(asdict(draft)),
                municipality_code=municipality,
                board_code=board_code,
                unit_code=unit_code,
                kpi_id=kpi_id,
                first_due_on=draft.due_on,
                status=status.value,
                edits=0,
                made_at=clock.utc(at),
                made_by=viewer.user[:80],
            )
            .returning(action.c.action_no)
        ).scalar_one()
        _tell(connection, viewer, number, "made", draft.what, at)
        made = read_action(connection, viewer, number)
        if status is Status.STARTED:
            mark_start(connection, viewer, made, at)
        _record(connection, viewer, Action.ACTION_STARTED, made, {"kpi": kpi_id or "", "status": status.value}, at)
    return number


def change_action(
    engine: Engine,
    viewer: Viewer,
    catalogue: Catalogue,
    number: int,
    seen: int,
    form: ActionForm,
    *,
    reason: str = "",
    at: datetime | None = None,
) -> None:
    """Change what is written. A moved day needs a reason; the day that was promised first stays.

    AccessDenied, NotFound, UserError; ChangedMeanwhile when another has changed it since `seen`.
    """
    at = at or clock.now()
    with writing(engine) as connection:
        before = _managed(connection, viewer, number)
        if not before.is_ongoing:
            raise UserError("Åtgärden är avslutad och ändras inte. Öppna den igen, eller lägg upp en ny.")
        definition = find_definition(catalogue, before.kpi_id) if before.kpi_id else None
        draft = read_form(_with_what_stays(form, before), definition)
        names = (*_CHANGEABLE, "starts_on") if before.status is Status.PLANNED else _CHANGEABLE
        changed = {
            name: [_plain(old), _plain(new)]
            for name in names
            if (old := getattr(before, name)) != (new := getattr(draft, name))
        }
        if not changed:
            raise UserError("Inget är ändrat. Ändra något, eller skriv en kommentar i stället.")
        told = kept_text(reason, "Skälet till att dagen flyttas", is_required="due_on" in changed)
        _change(connection, number, seen, {name: getattr(draft, name) for name in changed})
        _tell(connection, viewer, number, "changed", told, at, changed)
        _record(connection, viewer, Action.ACTION_CHANGED, before, {"changed": sorted(changed)}, at)


def move_action(
    engine: Engine,
    viewer: Viewer,
    number: int,
    seen: int,
    to: Status,
    *,
    on: date,
    today: date,
    text: str = "",
    at: datetime | None = None,
) -> None:
    """Another status: begun or done `on` a day, cancelled or taken up again with a reason.

    AccessDenied, NotFound, UserError; ChangedMeanwhile when another has changed it since `seen`.
    """
    at = at or clock.now()
    with writing(engine) as connection:
        before = _managed(connection, viewer, number)
        if to not in MOVES[before.status]:
            raise UserError(f"Åtgärden är {before.status.words} och kan inte bli {to.words}. Ladda om sidan.")
        is_undone = before.status is Status.DONE
        needs = to is Status.CANCELLED or is_undone
        told = kept_text(text, "Skälet" if needs else "Kommentaren", is_required=needs)
        if on > today:
            raise UserError("Dagen ligger framåt i tiden. Skriv den dag det hände, senast i dag.")
        if to is Status.DONE and on < before.starts_on:
            raise UserError("Åtgärden kan inte vara klar innan den började. Ändra dagen.")
        values: dict[str, Any] = {"status": to, "done_on": on if to is Status.DONE else None}
        if to is Status.STARTED and not is_undone:
            values["starts_on"] = on
        changed = {
            name: [_plain(getattr(before, name)), _plain(new)]
            for name, new in values.items()
            if getattr(before, name) != new
        }
        _change(connection, number, seen, values | {"cancelled_on": on if to is Status.CANCELLED else None})
        if to is Status.STARTED:
            mark_start(connection, viewer, replace(before, starts_on=values.get("starts_on", before.starts_on)), at)
        _tell(connection, viewer, number, "changed", told, at, changed)
        _record(connection, viewer, Action.ACTION_CHANGED, before, {"status": to.value}, at)


def comment_action(engine: Engine, viewer: Viewer, number: int, text: str, *, at: datetime | None = None) -> None:
    """Add a comment. AccessDenied for who does not manage the action."""
    at = at or clock.now()
    with writing(engine) as connection:
        about = _managed(connection, viewer, number)
        _tell(connection, viewer, number, "comment", kept_text(text, "Kommentaren"), at)
        _record(connection, viewer, Action.ACTION_COMMENTED, about, {}, at)


def remind_of(connection: Connection, viewer: Viewer, about: BoardAction, *, today: date, at: datetime) -> str:
    """Record, in the transaction that sends it, that who is responsible was reminded; the sentence that is sent.

    By who manages the action, or by the scheduler as the operator. UserError when its day is further away than two
    weeks, or it is ended.
    """
    if not is_operator(viewer):
        check_can_manage_action(viewer, about.board_code, about.unit_code)
    if not about.is_late(today) and not about.is_soon(today):
        raise UserError("Åtgärden behöver ingen påminnelse: den är avslutad, eller har mer än två veckor kvar.")
    when = "skulle ha varit klar" if about.is_late(today) else "ska vara klar"
    sentence = f"Åtgärden ”{about.what}” {when} {words.day(about.due_on)}. Ansvarig: {about.responsible}."
    _tell(connection, viewer, about.number, "reminder", sentence, at)
    _record(connection, viewer, Action.ACTION_REMINDED, about, {}, at)
    return sentence


def remove_mark(
    engine: Engine, viewer: Viewer, number: int, mark_no: int, reason: str, *, at: datetime | None = None
) -> None:
    """Take one of the action's marks out of the chart, for a reason that stands in its history; a usual level that was
    counted anew from it is as it was. UserError when it stands there no more."""
    at, kept = at or clock.now(), kept_text(reason, "Skälet")
    with writing(engine) as connection:
        one = _managed(connection, viewer, number)
        mark = end_mark(connection, viewer, one, mark_no, at)
        if mark is None:
            raise UserError("Markeringen står inte i diagrammet: den är redan borttagen. Öppna sidan igen.")
        told = "Vanlig nivå räknas inte längre på nytt" if mark.is_rebase else "Markeringen i diagrammet är borttagen"
        _tell(connection, viewer, number, "changed", f"{told}. {kept}", at)
        _record(
            connection, viewer, Action.MARK_REMOVED, one,
            {"kpi": one.kpi_id or "", "month": str(mark.month), "is_rebase": mark.is_rebase}, at,
        )  # fmt: skip


def _managed(connection: Connection, viewer: Viewer, number: int) -> BoardAction:
    found = read_action(connection, viewer, number)
    check_can_manage_action(viewer, found.board_code, found.unit_code)
    return found


def _municipality(connection: Connection, board_code: str, unit_code: str | None, today: date) -> str:
    organisation = read_organisation(connection)
    board = organisation.on(board_code, today)
    if board is None or board.municipality_code is None:
        raise UserError("Nämnden finns inte bland de levererade organisationsenheterna. Välj en annan.")
    if unit_code is not None and board_code not in organisation.boards_of(unit_code, today, today):
        raise UserError("Enheten hör inte till nämnden. Välj en enhet under nämnden, eller hela nämnden.")
    return board.municipality_code


def _with_what_stays(form: ActionForm, before: BoardAction) -> ActionForm:
    starts_on = form.starts_on if before.status is Status.PLANNED else before.starts_on.isoformat()
    return replace(
        form, starts_on=starts_on, origin=before.origin.value, origin_reference=before.origin_reference or ""
    )


def _change(connection: Connection, number: int, seen: int, values: Mapping[str, Any]) -> None:
    change(connection, action, action.c.action_no == number, seen, _stored(values), _NAME)


def _tell(
    connection: Connection, viewer: Viewer, number: int, kind: str, text: str, at: datetime,
    changed: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    connection.execute(
        insert(action_event).values(
            action_no=number, kind=kind, text=text, changed=changed, at=clock.utc(at), by=viewer.user[:80]
        )
    )


def _record(
    connection: Connection, viewer: Viewer, what: Action, about: BoardAction, details: Mapping[str, Any], at: datetime
) -> None:
    record(
        connection,
        viewer,
        what,
        f"åtgärd {about.number}",
        municipality_code=about.municipality_code,
        board_code=about.board_code,
        unit_code=about.unit_code,
        details=details,
        at=at,
    )


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.value if hasattr(value, "words") else value for name, value in values.items()}


def _plain(value: Any) -> Any:
    """As JSON holds it."""
    if isinstance(value, date):
        return value.isoformat()
    return value.value if hasattr(value, "words") else value
