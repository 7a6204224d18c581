"""A control's figures as its carrier may read them, and what they propose."""

from __future__ import annotations

from sqlalchemy import Connection

from control.occasions.described import Described
from control.occasions.occasion import Proposal
from control.occasions.proposals import NOT_READ, propose
from kpi.access import OPERATOR, Viewer, can_carry_out, can_read_overview
from kpi.definition import Catalogue
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType
from kpi.views.coverage import coverage
from kpi.views.figure_row import figure_rows
from kpi.views.place import place_for
from kpi.views.rows import FigureRow


def figures_of(
    connection: Connection, viewer: Viewer, catalogue: Catalogue, organisation: Organisation, found: Described
) -> tuple[tuple[FigureRow, ...] | None, Proposal]:
    """The figures that measure the control, for its board and the last month of its period, and what they propose. A
    figure that the catalogue no longer holds is left out.

    None for a viewer who may not read the board's figures. Who carries the control out is told what the board's own
    propose all the same: in words, without the values.
    """
    board_code = found.occasion.board_code
    if can_read_overview(viewer, organisation, board_code):
        rows = _rows(connection, viewer, catalogue, organisation, found)
        return rows, _proposal(rows, found)
    if not can_carry_out(viewer, board_code):
        return None, NOT_READ
    rows = _rows(connection, OPERATOR, catalogue, organisation, found)
    return None, _proposal(tuple(row for row in rows if row.unit.code == board_code), found)


def _rows(
    connection: Connection, viewer: Viewer, catalogue: Catalogue, organisation: Organisation, found: Described
) -> tuple[FigureRow, ...]:
    occasion = found.occasion
    home = organisation.spans(occasion.board_code)[-1]
    month = Period.containing(occasion.period.last_day, PeriodType.MONTH)
    definitions = [catalogue.definitions[one] for one in found.control.kpis if one in catalogue.definitions]
    places = [(one, place_for(organisation, viewer, one, home, month)) for one in definitions]
    shown = [(one, place) for one, place in places if place is not None]
    held = coverage(connection, occasion.municipality_code)
    return tuple(figure_rows(connection, viewer, shown, month, held))


def _proposal(rows: tuple[FigureRow, ...], found: Described) -> Proposal:
    return propose(rows, found.risk.probability, found.scale.size)
