"""A chief hands a sample of rows to the board's auditor: drawn by a recorded seed, so that it can be drawn again.

Nobody chooses the rows: the chief says how many and why. The auditor reads those rows and no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy import Connection, Engine, Row, insert, select

from control.audit.actions import Action
from control.reasons import kept_reason
from control.rows import record_keys
from control.sampling import draw, new_seed
from kpi.access import Viewer, check_can_read_handed_over
from kpi.access.rows import SHORTEST_REASON
from kpi.access.viewer import passes
from kpi.organisation import Organisation
from kpi.period import Period
from kpi.views.case_rows import Case, CaseKind, Key
from kpi.views.cases import case_kind, cases_of_keys, keys_to_hand_over
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.handover_tables import row_handover, row_handover_row

MOST = 200
"""Rows in a sample; whoever needs more reads a register, not a sample."""


@dataclass(frozen=True)
class Handover:
    """A sample that has been handed over: `size` of `population` rows of a unit and month."""

    number: int
    board_code: str
    municipality_code: str
    dataset: str
    unit_code: str
    month: Period
    population: int
    size: int
    seed: int
    reason: str
    made_at: datetime
    made_by: str


class Now(StrEnum):
    """What has become of a row since it was handed over."""

    HERE = "here"
    REMOVED = "removed"  # no longer in the source
    MOVED = "moved"  # its unit on its day now lies under another board: no longer this board's to show


@dataclass(frozen=True)
class HandedRow:
    """A row of the sample as it is now; `case` only while it is `HERE`."""

    key: Key
    now: Now
    case: Case | None


@dataclass(frozen=True)
class HandedOver:
    """A sample with its rows, in the order they were drawn."""

    handover: Handover
    kind: CaseKind
    rows: tuple[HandedRow, ...]


def hand_over(
    engine: Engine, viewer: Viewer, dataset: str, unit_code: str, month: Period, *, size: int, reason: str | None
) -> Handover:
    """Draw a sample of a unit's rows of a month for the board's auditor, and record it with them.

    AccessDenied for others than the chief; UserError for a size or reason that will not do, or where the unit lay under
    several boards in the month.
    """
    why = kept_reason(reason) or ""
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        keys = keys_to_hand_over(connection, viewer, organisation, dataset, unit_code, month)
    if len(why) < SHORTEST_REASON:
        raise UserError(f"Skriv varför urvalet lämnas över, med minst {SHORTEST_REASON} tecken.")
    if not keys:
        raise UserError("Det finns inga rader att lämna över för enheten och månaden.")
    if not 1 <= size <= min(len(keys), MOST):
        raise UserError(f"Urvalet kan ha mellan 1 och {min(len(keys), MOST)} rader. Ändra antalet.")
    board = _board(organisation, unit_code, month)
    seed = new_seed()
    drawn = draw(keys, size, seed)
    values = {
        **board,
        "dataset": dataset,
        "unit_code": unit_code,
        "month": month.code,
        "population": len(keys),
        "size": size,
        "seed": seed,
        "reason": why,
        "made_at": clock.now(),
        "made_by": viewer.user,
    }
    with writing(engine) as connection:
        made = _store(connection, values, drawn)
        what = f"{dataset} {month}: överlämning {made.number}, {size} av {len(keys)} rader, frö {seed}"
        record_keys(connection, viewer, Action.ROWS_HANDED_OVER, what, unit_code=unit_code, reason=why, keys=drawn)
    return made


def handovers(connection: Connection, viewer: Viewer) -> tuple[Handover, ...]:
    """What has been handed to the viewer as a board's auditor, the newest first; no rows."""
    organisation = read_organisation(connection)
    rows = connection.execute(select(row_handover).order_by(row_handover.c.handover_no.desc()))
    return tuple(one for one in map(_handover, rows) if passes(partial(_check_can_read, viewer, organisation, one)))


def read_handed_over(engine: Engine, viewer: Viewer, number: int) -> HandedOver:
    """One sample's rows as they are now, recorded with their keys before they are given.

    NotFound when there is no such sample, AccessDenied for others than the board's auditor.
    """
    with reading(engine) as connection:
        row = connection.execute(select(row_handover).where(row_handover.c.handover_no == number)).one_or_none()
        if row is None:
            raise NotFound("Överlämningen finns inte. Välj en i listan.")
        found = _handover(row)
        organisation = read_organisation(connection)
        _check_can_read(viewer, organisation, found)
        keys = _keys(connection, number)
        now = cases_of_keys(connection, organisation, found.dataset, keys)
    rows = tuple(_handed(organisation, found, key, now.get(key)) for key in keys)
    what = f"{found.dataset} {found.month}: överlämning {number}"
    record_keys(engine, viewer, Action.ROWS_READ, what, unit_code=found.unit_code, reason=found.reason, keys=keys)
    return HandedOver(found, case_kind(found.dataset), rows)


def _check_can_read(viewer: Viewer, organisation: Organisation, handover: Handover) -> None:
    check_can_read_handed_over(
        viewer,
        organisation,
        handover.unit_code,
        handover.month.first_day,
        handover.month.last_day,
        board_code=handover.board_code,
        municipality_code=handover.municipality_code,
    )


def _board(organisation: Organisation, unit_code: str, month: Period) -> dict[str, str]:
    paths = organisation.paths(unit_code, month.first_day, month.last_day)
    boards = {(path.board_code, path.municipality_code or "") for path in paths}
    if len(boards) != 1:
        raise UserError("Enheten bytte nämnd under månaden. Välj en annan månad, eller en enhet som inte gjorde det.")
    board, municipality = boards.pop()
    return {"board_code": board, "municipality_code": municipality}


def _store(connection: Connection, values: dict[str, object], drawn: Sequence[Key]) -> Handover:
    row = connection.execute(insert(row_handover).values(values).returning(row_handover)).one()
    connection.execute(
        insert(row_handover_row),
        [
            {"handover_no": row.handover_no, "row_no": at, "municipality_code": municipality, "row_key": key}
            for at, (municipality, key) in enumerate(drawn, 1)
        ],
    )
    return _handover(row)


def _keys(connection: Connection, number: int) -> list[Key]:
    table = row_handover_row
    query = select(table.c.municipality_code, table.c.row_key).where(table.c.handover_no == number)
    return [(municipality, key) for municipality, key in connection.execute(query.order_by(table.c.row_no))]


def _handed(organisation: Organisation, handover: Handover, key: Key, case: Case | None) -> HandedRow:
    if case is None:
        return HandedRow(key, Now.REMOVED, None)
    unit = case.unit
    if unit is None or handover.board_code not in organisation.boards_of(unit.code, case.day, case.day):
        return HandedRow(key, Now.MOVED, None)
    return HandedRow(key, Now.HERE, case)


def _handover(row: Row[tuple[object, ...]]) -> Handover:
    return Handover(
        row.handover_no,
        row.board_code,
        row.municipality_code,
        row.dataset,
        row.unit_code,
        Period.from_code(row.month),
        row.population,
        row.size,
        row.seed,
        row.reason,
        row.made_at,
        row.made_by,
    )
