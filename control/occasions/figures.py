"""A control's figures as its carrier may read them, and what they propose."""

from __future__ import annotations

from sqlalchemy import Connection

from control.occasions.described import Described
from control.occasions.occasion import Proposal
from control.occasions.proposals import NOT_READ, propose
from kpi.access import Viewer, can_read_overview
from kpi.definition import Catalogue
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType
from kpi.views.coverage import coverage
from kpi.views.figure_row import figure_rows
from kpi.views.place import place_for
from kpi.views.rows import FigureRow


def figures_of(
    connection: Connection, viewer: Viewer, catalogue: Catalogue, organisation: Organisation, found: Described
) -> tuple[FigureRow, ...] | None:
    """The figures that measure the control, for its board and the last month of its period; None for a viewer who may
    not read the board's figures. A figure that the catalogue no longer holds is left out."""
    occasion = found.occasion
    if not can_read_overview(viewer, organisation, occasion.board_code):
        return None
    home = organisation.spans(occasion.board_code)[-1]
    month = Period.containing(occasion.period.last_day, PeriodType.MONTH)
    definitions = [catalogue.definitions[one] for one in found.control.kpis if one in catalogue.definitions]
    places = [(one, place_for(organisation, viewer, one, home, month)) for one in definitions]
    shown = [(one, place) for one, place in places if place is not None]
    held = coverage(connection, occasion.municipality_code)
    return tuple(figure_rows(connection, viewer, shown, month, held))


def proposal_of(rows: tuple[FigureRow, ...] | None, found: Described) -> Proposal:
    """What they propose."""
    return NOT_READ if rows is None else propose(rows, found.risk.probability, found.scale.size)
