"""Reads what has been released: the only way for anyone outside a board's own roles.

A released value is read by everybody with a reading role in its municipality, since it is made to be public; what is
hidden in it is nowhere in what is read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, func, select

from kpi.access import Viewer, can_read_released, check_can_read_released
from kpi.cells import split_of
from kpi.definition import Catalogue, Definition, find_definition
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.organisation import Organisation, Unit
from kpi.period import Period
from kpi.released import Numbers, ReleasedValue, Shown
from kpi.views.organisation import check_unit_is_known
from kpi.views.snapshot import snapshot
from warehouse import closed_tables, tables


def released_values(
    connection: Connection,
    viewer: Viewer,
    definitions: Iterable[Definition],
    *,
    unit_codes: Iterable[str] | None = None,
) -> list[ReleasedValue]:
    """The newest released values of the figures that the viewer may read, sorted by figure, unit, period and split.

    `unit_codes`: of these units only; what is out of the viewer's reach is left out.
    """
    organisation = snapshot(connection).organisation
    wanted = {one.id for one in definitions}
    table = closed_tables.release_value
    newest = (
        select(
            table.c.kpi_no, table.c.unit_no, table.c.period, table.c.split_no,
            func.max(table.c.release_no).label("release_no"),
        )
        .group_by(table.c.kpi_no, table.c.unit_no, table.c.period, table.c.split_no)
        .subquery()
    )  # fmt: skip
    query = (
        select(
            tables.kpi.c.kpi_id, tables.kpi_unit.c.unit_code, table.c.period, table.c.split_no, table.c.is_suppressed,
            table.c.numerator, table.c.denominator, table.c.value, table.c.cases, table.c.release_no,
        )
        .join(
            newest,
            (newest.c.kpi_no == table.c.kpi_no)
            & (newest.c.unit_no == table.c.unit_no)
            & (newest.c.period == table.c.period)
            & (newest.c.split_no == table.c.split_no)
            & (newest.c.release_no == table.c.release_no),
        )
        .join(tables.kpi, tables.kpi.c.kpi_no == table.c.kpi_no)
        .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == table.c.unit_no)
        .where(tables.kpi.c.kpi_id.in_(sorted(wanted)))
    )  # fmt: skip
    if unit_codes is not None:
        query = query.where(tables.kpi_unit.c.unit_code.in_(sorted(set(unit_codes))))
    splits = snapshot(connection).splits

    @cache
    def may_read(unit_code: str) -> bool:
        return can_read_released(viewer, organisation, unit_code)

    found = []
    for row in connection.execute(query):
        period = Period.from_code(row.period)
        unit = organisation.on(row.unit_code, period.last_day)
        if unit is None or not may_read(row.unit_code):
            continue
        content: Shown = (
            SUPPRESSED if row.is_suppressed else Numbers(row.numerator, row.denominator, row.value, row.cases)
        )
        split = split_of(splits[row.split_no]) or None
        found.append(ReleasedValue(row.kpi_id, unit, period, split, content, row.release_no))
    return sorted(found, key=lambda one: (one.kpi_id, one.unit.code, one.period, one.split or ()))


def released_figure(
    connection: Connection, catalogue: Catalogue, viewer: Viewer, kpi_id: str, *, unit_code: str | None = None
) -> list[ReleasedValue]:
    """One figure's released values. UserError for an unknown figure or unit, AccessDenied for a unit out of reach."""
    definition = find_definition(catalogue, kpi_id)
    organisation = snapshot(connection).organisation
    if unit_code is not None:
        check_unit_is_known(unit_code, organisation)
        check_can_read_released(viewer, organisation, unit_code)
    return released_values(connection, viewer, [definition], unit_codes=None if unit_code is None else [unit_code])


@dataclass(frozen=True)
class Closing:
    """A closed period of a board, as readers are told of it. `reason`: why it was corrected."""

    release_no: int
    board: Unit
    period: Period
    revision: int
    closed_at: datetime
    reason: str | None
    content_hash: str
    is_synthetic: bool


def closings(connection: Connection, viewer: Viewer) -> tuple[Closing, ...]:
    """The closings of the boards whose releases the viewer reads, the latest period first, then the latest closed."""
    organisation = snapshot(connection).organisation
    table = closed_tables.release
    rows = connection.execute(
        select(
            table.c.release_no, table.c.board_code, table.c.period, table.c.revision, table.c.closed_at,
            table.c.reason, table.c.content_hash, table.c.is_synthetic,
        )
    )  # fmt: skip
    found = []
    for row in rows:
        period = Period.from_code(row.period)
        board = organisation.on(row.board_code, period.last_day)
        if board is not None and can_read_released(viewer, organisation, row.board_code):
            told = row.release_no, board, period, row.revision, row.closed_at, row.reason, row.content_hash
            found.append(Closing(*told, row.is_synthetic))
    return tuple(sorted(found, key=lambda one: (one.period.last_day, one.release_no), reverse=True))


def places(connection: Connection, viewer: Viewer, organisation: Organisation) -> Sequence[Unit]:
    """Boards with a closed period and the municipality that they lie in, where the viewer reads releases."""
    boards = {one.board.code: one.board for one in closings(connection, viewer)}
    municipalities = {unit.municipality_code for unit in boards.values()}
    above = [
        one for code in sorted(code for code in municipalities if code) if (one := organisation.municipality(code))
    ]
    if not boards:
        return ()
    return (*sorted(boards.values(), key=lambda one: (one.municipality_code or "", one.code)), *above)
