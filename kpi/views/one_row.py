"""One figure's row where a board or a unit reads it, with the series of its page and nothing beside it."""

from __future__ import annotations

from sqlalchemy import Connection

from kpi.access import AccessDenied, Viewer, check_can_read_figure, exposure_of
from kpi.definition import Definition
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType
from kpi.views.coverage import coverage
from kpi.views.figure_row import figure_row
from kpi.views.overview import months_to_choose
from kpi.views.place import period_of, place_for
from kpi.views.rows import FigureRow

LONG = {PeriodType.MONTH: 36, PeriodType.TERTIAL: 9, PeriodType.YEAR: 10}
"""How many periods the chart of one figure shows."""


def row_at(
    connection: Connection,
    viewer: Viewer,
    organisation: Organisation,
    definition: Definition,
    unit_code: str,
    month: Period | None = None,
) -> FigureRow | None:
    """The row for the unit, or for the level above its board that the figure has; the latest finished month unless
    told. None when nothing is computed. AccessDenied for who may not read it."""
    spans = organisation.spans(unit_code)
    if not spans or spans[-1].municipality_code is None:
        return None
    held = coverage(connection, spans[-1].municipality_code)
    choice = months_to_choose(held)
    if choice is None:
        return None
    chosen = month or choice.default
    place = place_for(organisation, viewer, definition, spans[-1], chosen)
    if place is None:
        raise AccessDenied("Nyckeltalets värden visas för dem som läser nämndens nyckeltal.")
    period = period_of(definition, chosen)
    check_can_read_figure(
        viewer,
        organisation,
        place.unit.code,
        period.first_day,
        period.last_day,
        areas=definition.areas,
        exposure=exposure_of(definition),
    )
    return figure_row(
        connection, viewer, definition, place, chosen, held.get(definition.id), periods=LONG[definition.period]
    )
