"""One figure for one unit: its row with a long series, the units below beside each other, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from kpi.access import AccessDenied, Viewer, can_read_figure, check_can_read_figure, exposure_of, homes
from kpi.definition import Catalogue, Definition
from kpi.organisation import Organisation, Unit, swedish_key
from kpi.period import Period
from kpi.rolling import YEAR, months_back, window
from kpi.views.compared import with_uncertainty
from kpi.views.coverage import Held, coverage, unplaced
from kpi.views.definitions import meaning_changes
from kpi.views.errors import NotFound
from kpi.views.figure_row import figure_row, figure_rows
from kpi.views.freshness import freshness_behind
from kpi.views.one_row import LONG
from kpi.views.overview import chosen_month, months_to_choose
from kpi.views.place import Place, above, period_of, place_for, place_of
from kpi.views.rows import FigurePage, FigureRow, Reading, UnitReading, is_told_by_parts
from kpi.views.series import Series, by_period, parts_of, rolls
from kpi.views.values import Cell, figure_values


def figure(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    organisation: Organisation,
    kpi_id: str,
    *,
    unit_code: str | None = None,
    month: Period | None = None,
) -> FigurePage | None:
    """The page's rows; None when nothing is computed yet. The unit is the viewer's first home unless told.

    Raises NotFound for an unknown figure, unit or month, and AccessDenied for a unit out of reach.
    """
    definition = catalogue.definitions.get(kpi_id)
    if definition is None:
        raise NotFound("Nyckeltalet finns inte. Välj ett i listan över nyckeltal.")
    home, wanted = _home_and_unit(organisation, viewer, unit_code)
    if home.municipality_code is None:
        raise NotFound("Enheten hör inte till någon kommun.")
    held = coverage(connection, home.municipality_code)
    choice = months_to_choose(held)
    if choice is None:
        return None
    chosen = chosen_month(choice, month)
    place = _place(organisation, viewer, definition, home, wanted, chosen)
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
    own = held.get(definition.id)
    row = figure_row(connection, viewer, definition, place, chosen, own, periods=LONG[definition.period])
    row = replace(row, changed_in=tuple(one.month for one in meaning_changes(connection, definition.id)))
    sources = freshness_behind(
        connection, viewer, datasets=definition.datasets, municipality_code=place.municipality_code
    )
    return FigurePage(
        row,
        chosen,
        choice.months,
        _places(organisation, viewer, definition, home, period),
        _units(connection, catalogue, viewer, organisation, definition, place, chosen, own),
        sources,
        unplaced(connection, definition.id, place.municipality_code),
        sum(source.open_rejects for source in sources),
        any(source.is_synthetic for source in sources),
        _beside(connection, catalogue, viewer, organisation, definition, place, home, chosen, held),
    )


def _home_and_unit(organisation: Organisation, viewer: Viewer, unit_code: str | None) -> tuple[Unit, str | None]:
    """The home that the unit is read from, and the unit; None when it is the home itself."""
    own = homes(viewer, organisation)
    if not own:
        raise AccessDenied("Du har ingen nämnd eller enhet att läsa nyckeltal för.")
    if unit_code is None or unit_code in {home.code for home in own}:
        return next((home for home in own if home.code == unit_code), own[0]), None
    spans = organisation.spans(unit_code)
    if not spans:
        raise NotFound("Enheten finns inte. Välj en i listan.")
    through = {code for path in organisation.paths(unit_code, date.min, date.max) for code in path.through}
    below = {unit.code for unit in organisation.under(unit_code, date.min, date.max)}
    home = next((home for home in own if home.code in through), None)
    if home is None:
        home = next((home for home in own if home.code in below), None)
    if home is None:
        home = next((home for home in own if home.municipality_code == spans[-1].municipality_code), None)
    if home is None:
        raise AccessDenied("Du har inte behörighet till den här enhetens nyckeltal. Den hör inte till din nämnd.")
    return home, unit_code


def _place(
    organisation: Organisation, viewer: Viewer, definition: Definition, home: Unit, wanted: str | None, month: Period
) -> Place:
    if wanted is not None:
        place = place_of(organisation, wanted, month, home=home.municipality_code)
        if place is None or place.unit.level not in definition.levels:
            raise NotFound("Nyckeltalet finns inte för den enheten. Välj en i listan.")
        return place
    place = place_for(organisation, viewer, definition, home, month, with_other_areas=True)
    if place is None:
        raise AccessDenied("Nyckeltalet visas inte för din nämnd: det gäller ett annat område eller flera nämnder.")
    return place


def _places(
    organisation: Organisation, viewer: Viewer, definition: Definition, home: Unit, period: Period
) -> tuple[Unit, ...]:
    days = period.first_day, period.last_day
    exposure = exposure_of(definition)
    found = [*reversed(list(above(organisation, home, period))), *organisation.under(home.code, *days)]
    return tuple(
        unit
        for unit in found
        if unit.level in definition.levels
        and can_read_figure(viewer, organisation, unit.code, *days, areas=definition.areas, exposure=exposure)
    )


def _beside(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    organisation: Organisation,
    definition: Definition,
    place: Place,
    home: Unit,
    month: Period,
    held: Mapping[str, Held],
) -> tuple[FigureRow, ...]:
    """The figures to be read together with this one, where the viewer may read them: for the same unit, and beside what
    is told of more than the municipality for the home that it is read from."""
    found: list[tuple[Definition, Place]] = []
    for other in (catalogue.definitions[kpi_id] for kpi_id in definition.beside):
        if place.unit.municipality_code is None:
            own = place_for(organisation, viewer, other, home, month, with_other_areas=True)
            found += [(other, own)] if own is not None else []
            continue
        period = period_of(other, month)
        days = period.first_day, period.last_day
        exposure = exposure_of(other)
        if place.unit.level in other.levels and can_read_figure(
            viewer, organisation, place.unit.code, *days, areas=other.areas, exposure=exposure
        ):
            found.append((other, place))
    return tuple(figure_rows(connection, viewer, found, month, held))


def _units(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    organisation: Organisation,
    definition: Definition,
    place: Place,
    month: Period,
    held: Held | None,
) -> tuple[UnitReading, ...]:
    if place.unit.level == "unit" or "unit" not in definition.levels:
        return ()
    last = period_of(definition, month)
    months = months_back(last, YEAR if rolls(definition) else 1)
    cells = figure_values(connection, catalogue, viewer, definition.id, first=months[0], last=last)
    grouped: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.level == "unit":
            grouped.setdefault(cell.unit_code, []).append(cell)
    below = organisation.under(place.unit.code, months[0].first_day, last.last_day)
    found = [_unit(definition, unit, grouped[unit.code], months, held) for unit in below if unit.code in grouped]
    known = [one for one in found if one.reading.value is not None or one.parts]
    return with_uncertainty(definition, sorted(known, key=lambda one: swedish_key(one.unit.name)))


def _unit(
    definition: Definition, unit: Unit, cells: Sequence[Cell], months: Sequence[Period], held: Held | None
) -> UnitReading:
    found = _reading(definition, cells, months, held)
    parts = parts_of(definition, cells, months[-1], held) if is_told_by_parts(definition) else ()
    return UnitReading(unit, found, found.cases < definition.minimum_cases, parts)


def _reading(definition: Definition, cells: Sequence[Cell], months: Sequence[Period], held: Held | None) -> Reading:
    readings = Series(definition, by_period(definition, cells), held).of(months)
    return window(definition, readings) if len(months) > 1 else readings[0]
