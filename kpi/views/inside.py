"""A place and a month whose own rows a viewer counts, with what the place's page needs beside them. Which rows those
are is `kpi.views.reached`'s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from kpi.access import AccessDenied, Viewer, can_read_figure, check_can_read_figure, homes
from kpi.definition import Catalogue
from kpi.organisation import Organisation, Unit
from kpi.period import Period
from kpi.views.coverage import Held, coverage
from kpi.views.errors import NotFound
from kpi.views.figure_row import figure_row, figure_rows
from kpi.views.one_row import LONG
from kpi.views.overview import Months, chosen_month, months_to_choose
from kpi.views.place import place_for
from kpi.views.rows import FigureRow
from warehouse.contract import AREAS


@dataclass(frozen=True)
class Inside:
    """A place whose own rows are counted. `places`: those to choose from; `held`: what deliveries hold, by figure."""

    unit: Unit
    municipality_code: str
    places: tuple[Unit, ...]
    month: Period
    months: Months
    held: Mapping[str, Held]

    @property
    def is_preliminary(self) -> bool:
        """Whether the month is not whole."""
        return self.month == self.months.preliminary_from


def place_inside(
    connection: Connection, viewer: Viewer, organisation: Organisation, unit_code: str | None, month: Period | None
) -> Inside | None:
    """The asked place and month, else the viewer's first and the latest finished one; None when nothing is computed.

    AccessDenied for who does not read the place's figures from the inside; NotFound for what does not exist.
    """
    own = homes(viewer, organisation)
    if not own:
        raise AccessDenied("Du har ingen nämnd eller enhet vars uppgifter du läser.")
    code = unit_code or own[0].code
    spans = organisation.spans(code)
    if not spans:
        raise NotFound("Enheten finns inte. Välj en i listan.")
    municipality = spans[-1].municipality_code
    if municipality is None:
        raise NotFound("Enheten hör inte till någon kommun.")
    if not organisation.paths(code, date.min, date.max):
        raise AccessDenied("Här räknas en nämnds egna uppgifter. Välj en nämnd eller en enhet under den.")
    held = coverage(connection, municipality)
    months = months_to_choose(held)
    if months is None:
        check_can_read_figure(viewer, organisation, code, spans[-1].valid_from, spans[-1].valid_from, areas=AREAS)
        return None
    chosen = chosen_month(months, month)
    days = chosen.first_day, chosen.last_day
    check_can_read_figure(viewer, organisation, code, *days, areas=AREAS)
    places = {
        below.code: below
        for home in own
        for below in organisation.under(home.code, *days)
        if can_read_figure(viewer, organisation, below.code, *days, areas=AREAS)
    }
    unit = organisation.on(code, chosen.last_day) or spans[-1]
    return Inside(unit, municipality, tuple(places.values()), chosen, months, held)


def figures_beside(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    organisation: Organisation,
    found: Inside,
    kpi_ids: tuple[str, ...],
    *,
    is_long: bool = False,
) -> tuple[FigureRow, ...]:
    """The stored figures of these that serve and that the viewer reads for the place, or for what it lies in.
    `is_long`: with the series of a figure's own page."""
    known = [catalogue.definitions[one] for one in kpi_ids if one in catalogue.definitions]
    placed = [(one, place_for(organisation, viewer, one, found.unit, found.month)) for one in known]
    shown = [(one, place) for one, place in placed if place is not None]
    if not is_long:
        return tuple(figure_rows(connection, viewer, shown, found.month, found.held))
    return tuple(
        figure_row(connection, viewer, one, place, found.month, found.held.get(one.id), periods=LONG[one.period])
        for one, place in shown
    )
