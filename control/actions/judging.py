"""What an action has done, judged and signed by a person with the numbers as they stand, and the new usual level that a
person accepts because of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert

from control.actions.content import BoardAction, Effect, Status
from control.actions.effect import Comparison, compare
from control.actions.store import read_action
from control.audit.actions import Action
from control.audit.log import record
from control.free_text import kept_text
from control.marks import has_rebase, mark_rebase
from kpi.access import AccessDenied, Viewer, check_can_manage_action
from kpi.definition import Catalogue
from kpi.organisation import Organisation
from kpi.views.one_row import row_at
from kpi.views.organisation import read_organisation
from kpi.views.rows import FigureRow
from warehouse import clock
from warehouse.action_tables import action_effect, action_event
from warehouse.database import writing
from warehouse.errors import UserError


def figure_of(
    connection: Connection, viewer: Viewer, catalogue: Catalogue, organisation: Organisation, one: BoardAction
) -> FigureRow | None:
    """The row of the figure that the action is to change, where it is to change it; None when it has no figure, or
    nothing is computed. AccessDenied for who may not read the figure there."""
    definition = catalogue.definitions.get(one.kpi_id or "")
    if definition is None:
        return None
    return row_at(connection, viewer, organisation, definition, one.place_code)


def compared(row: FigureRow, one: BoardAction, *, until: date = date.max) -> Comparison:
    """The figure before and after the action began, by the periods that end before the day."""
    return compare(
        row.definition,
        [each for each in row.series if each.last.last_day < until],
        one.starts_on,
        expected_from=one.expected_from,
        expected_to=one.expected_to,
        rebases=row.rebases,
    )


def sign_effect(
    engine: Engine,
    viewer: Viewer,
    catalogue: Catalogue,
    number: int,
    effect: str,
    motivation: str,
    *,
    today: date,
    at: datetime | None = None,
) -> None:
    """Sign what the action has done. The numbers that stand now are kept with it, when the viewer may read them.

    AccessDenied for who does not manage the action; UserError when it has not begun or nothing is chosen.
    """
    at, kept = at or clock.now(), kept_text(motivation, "Motiveringen")
    if effect not in set(Effect):
        raise UserError("Effekten är inte vald. Välj ja, delvis, nej eller för tidigt.")
    with writing(engine) as connection:
        one = _begun(connection, viewer, number)
        found = _shown(connection, viewer, catalogue, one, today)
        connection.execute(
            insert(action_effect).values(
                action_no=number,
                effect=effect,
                motivation=kept,
                before=_stored(one, found, is_after=False),
                after=_stored(one, found, is_after=True),
                assessed_on=today,
                signed_at=clock.utc(at),
                signed_by=viewer.user[:80],
            )
        )
        words = Effect(effect).words
        _tell(connection, viewer, number, f"Effekt: {words}. {kept}", at)
        _record(connection, viewer, Action.EFFECT_SIGNED, one, {"effect": effect}, at)


def accept_rebase(
    engine: Engine, viewer: Viewer, catalogue: Catalogue, number: int, *, at: datetime | None = None
) -> None:
    """Let the figure's usual level be counted anew from when the action began: a person's decision, which the numbers
    must allow. AccessDenied for who does not manage the action or read the figure."""
    at = at or clock.now()
    with writing(engine) as connection:
        one = _begun(connection, viewer, number)
        row = figure_of(connection, viewer, catalogue, read_organisation(connection), one)
        month = compared(row, one).rebase if row is not None else None
        if month is None or has_rebase(connection, one):
            raise UserError(
                "Vanlig nivå räknas inte på nytt: den är det redan, eller så har nyckeltalet inte legat på en ny nivå "
                "sju månader i rad sedan åtgärden började."
            )
        mark_rebase(connection, viewer, one, month, at)
        _tell(connection, viewer, number, f"Vanlig nivå räknas på nytt från {month}.", at)
        _record(connection, viewer, Action.LEVEL_COUNTED_ANEW, one, {"kpi": one.kpi_id, "month": str(month)}, at)


def _begun(connection: Connection, viewer: Viewer, number: int) -> BoardAction:
    one = read_action(connection, viewer, number)
    check_can_manage_action(viewer, one.board_code, one.unit_code)
    if one.status not in (Status.STARTED, Status.DONE):
        raise UserError(f"Åtgärden är {one.status.words}: det finns ingen effekt att bedöma.")
    return one


def _shown(
    connection: Connection, viewer: Viewer, catalogue: Catalogue, one: BoardAction, today: date
) -> Comparison | None:
    """The numbers as the viewer sees them, of the periods that have ended; None for who may not."""
    try:
        row = figure_of(connection, viewer, catalogue, read_organisation(connection), one)
    except AccessDenied:
        return None
    return compared(row, one, until=today) if row is not None else None


def _stored(one: BoardAction, found: Comparison | None, *, is_after: bool) -> dict[str, Any] | None:
    if found is None:
        return None
    level = found.after if is_after else found.before
    return None if level is None else {"kpi": one.kpi_id, "unit": one.place_code} | level.stored


def _tell(connection: Connection, viewer: Viewer, number: int, text: str, at: datetime) -> None:
    connection.execute(
        insert(action_event).values(
            action_no=number, kind="effect", text=text, changed=None, at=clock.utc(at), by=viewer.user[:80]
        )
    )


def _record(
    connection: Connection, viewer: Viewer, what: Action, one: BoardAction, details: dict[str, Any], at: datetime
) -> None:
    record(
        connection,
        viewer,
        what,
        f"åtgärd {one.number}",
        municipality_code=one.municipality_code,
        board_code=one.board_code,
        unit_code=one.unit_code,
        details=details,
        at=at,
    )
