"""Other municipalities' released figures beside our own: from packages, never from inside their boards.

Delregional cooperation also reads the municipalities of this installation that it is granted, as they are released.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from kpi.access import Role, Viewer, can_read_imported
from kpi.definition import Definition
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.organisation import Organisation, Unit, swedish_key
from kpi.period import Period
from kpi.released import Numbers, ReleasedValue, Shown
from kpi.rolling import YEAR, months_back
from kpi.views.comparison import ComparedFigure, PlaceValue, value_at
from kpi.views.released import closings, released_values
from warehouse.contract import LEVELS
from warehouse.package_tables import imported_figure, imported_release, imported_value


@dataclass(frozen=True)
class Neighbour:
    """A municipality whose released figures the viewer reads beside the own ones. `package_no`, `exported_at` and
    `fingerprint`: of its package; None where it is read in this installation. `reaches`: the last closed day.
    `figures`: the ids of those that its package holds."""

    municipality_code: str
    name: str
    reaches: date
    is_synthetic: bool
    figures: frozenset[str] = frozenset()
    package_no: int | None = None
    exported_at: datetime | None = None
    fingerprint: str | None = None


class Standing(StrEnum):
    """Whether a neighbour's value may be held against the own."""

    COMPARED = "compared"  # the same definition and time; it may be hidden
    OTHER_PERIOD = "other_period"
    OTHER_DEFINITION = "other_definition"
    NOT_RELEASED = "not_released"


@dataclass(frozen=True)
class NeighbourValue:
    """A figure at a place of a neighbour. `definition`: with the unit that the sender shows it in. `value`: None where
    nothing is released. `is_corrected`: some of it comes from a correction."""

    neighbour: Neighbour
    definition: Definition
    value: PlaceValue | None
    standing: Standing
    is_corrected: bool = False


def neighbours(
    connection: Connection, viewer: Viewer, organisation: Organisation, for_municipality: str
) -> tuple[Neighbour, ...]:
    """The other municipalities that the viewer reads beside this one, in order of name."""
    found = {one.municipality_code: one for one in _imported(connection, viewer, for_municipality)}
    for one in _direct(connection, viewer, organisation):
        if one.municipality_code != for_municipality:
            found.setdefault(one.municipality_code, one)
    return tuple(sorted(found.values(), key=lambda one: swedish_key(one.name)))


def neighbour_values(
    connection: Connection, viewer: Viewer, organisation: Organisation, figure: ComparedFigure
) -> tuple[NeighbourValue, ...]:
    """The figure in every neighbour, at the places that answer to the page's: municipality to municipality, board to
    the boards of the same area. Empty on a unit's page: units are compared with their own board's."""
    own = figure.value
    if own.unit.municipality_code is None or own.unit.level not in ("municipality", "board"):
        return ()
    found = []
    for one in neighbours(connection, viewer, organisation, own.unit.municipality_code):
        held = _from_package(connection, one, figure) if one.package_no else _held_here(connection, viewer, one, figure)
        places = {value.released.unit.code: value.released.unit for value in held if _answers(value, own.unit)}
        rows = [
            _value(one, figure, unit, [value for value in held if value.released.unit.code == unit.code])
            for unit in sorted(places.values(), key=lambda unit: swedish_key(unit.name))
        ]
        found += rows or [NeighbourValue(one, figure.definition, None, Standing.NOT_RELEASED)]
    return tuple(found)


def _imported(connection: Connection, viewer: Viewer, for_municipality: str) -> Iterable[Neighbour]:
    table = imported_release
    rows = connection.execute(
        select(
            table.c.package_no, table.c.municipality_code, table.c.name, table.c.reaches, table.c.is_synthetic,
            table.c.exported_at, table.c.fingerprint,
        ).where(table.c.for_municipality == for_municipality, ~table.c.is_superseded)
    )  # fmt: skip
    for row in rows.all():
        if can_read_imported(viewer, for_municipality, row.municipality_code):
            figures = connection.scalars(
                select(imported_figure.c.kpi_id).where(imported_figure.c.package_no == row.package_no)
            )
            yield Neighbour(
                row.municipality_code, row.name, row.reaches, row.is_synthetic, frozenset(figures), row.package_no,
                row.exported_at, row.fingerprint,
            )  # fmt: skip


def _direct(connection: Connection, viewer: Viewer, organisation: Organisation) -> Iterable[Neighbour]:
    """Of this installation, for delregional cooperation: it reads each municipality that it is granted."""
    granted = {one.municipality_code for one in viewer.grants if one.role is Role.DELREGIONAL}
    told = closings(connection, viewer) if granted else ()
    for code in sorted(granted):
        behind = [one for one in told if one.board.municipality_code == code]
        municipality = organisation.municipality(code)
        if behind and municipality is not None:
            reaches = max(one.period.last_day for one in behind)
            yield Neighbour(code, municipality.name, reaches, any(one.is_synthetic for one in behind))


@dataclass(frozen=True)
class _Held:
    """A value as the neighbour tells it: by which meaning, in which unit."""

    released: ReleasedValue
    meaning: str
    unit: str
    decimals: int
    is_corrected: bool


def _from_package(connection: Connection, neighbour: Neighbour, figure: ComparedFigure) -> list[_Held]:
    value, told = imported_value, imported_figure
    rows = connection.execute(
        select(
            value.c.unit_code, value.c.unit_name, value.c.level, value.c.area, value.c.period, value.c.is_corrected,
            value.c.is_suppressed, value.c.numerator, value.c.denominator, value.c.value, value.c.cases,
            told.c.meaning, told.c.shape, told.c.unit, told.c.decimals,
        )
        .join(told, told.c.figure_no == value.c.figure_no)
        .where(
            told.c.package_no == neighbour.package_no, told.c.kpi_id == figure.definition.id, value.c.split == ""
        )
    )  # fmt: skip
    found = []
    for row in rows:
        unit = Unit(
            row.unit_code, row.unit_name, LEVELS[row.level], None, neighbour.municipality_code, row.area
        )  # fmt: skip
        content: Shown = (
            SUPPRESSED if row.is_suppressed else Numbers(row.numerator, row.denominator, row.value, row.cases)
        )
        released = ReleasedValue(
            figure.definition.id, unit, Period.from_code(row.period), None, content, neighbour.package_no or 0
        )
        is_of_our_shape = row.shape == figure.definition.shape.value  # a sender who errs is not of our definition
        meaning = row.meaning if is_of_our_shape else ""
        found.append(_Held(released, meaning, row.unit, row.decimals, row.is_corrected))
    return found


def _held_here(connection: Connection, viewer: Viewer, neighbour: Neighbour, figure: ComparedFigure) -> list[_Held]:
    definition = figure.definition
    corrections = {one.release_no for one in closings(connection, viewer) if one.revision}
    return [
        _Held(one, definition.definition_hash, definition.unit, definition.decimals, one.release_no in corrections)
        for one in released_values(connection, viewer, [definition])
        if one.split is None and one.unit.municipality_code == neighbour.municipality_code
    ]


def _answers(value: _Held, own: Unit) -> bool:
    unit = value.released.unit
    return unit.level == own.level and (own.level == "municipality" or own.area is None or unit.area == own.area)


def _value(neighbour: Neighbour, figure: ComparedFigure, unit: Unit, held: Sequence[_Held]) -> NeighbourValue:
    definition, end = figure.definition, figure.end
    until = [one for one in held if one.released.period.last_day <= end.last_day]
    if not until:
        return NeighbourValue(neighbour, definition, None, Standing.NOT_RELEASED)
    same = [one for one in until if one.meaning == definition.definition_hash]
    if not same:
        return _of_other_definition(neighbour, figure, unit, until)
    matching = [one for one in same if _is_of_the_same_time(figure, one.released.period)]
    value = value_at(definition, unit, [one.released for one in matching], end)
    is_same = value is not None and (value.twelve is not None) == (figure.value.twelve is not None)
    if not is_same:
        value = value_at(definition, unit, [one.released for one in same], end)
    if value is None:
        return NeighbourValue(neighbour, definition, None, Standing.NOT_RELEASED)
    standing = Standing.COMPARED if is_same else Standing.OTHER_PERIOD
    untargeted = replace(value, target=None, status=None)  # a target is our own boards'
    return NeighbourValue(neighbour, definition, untargeted, standing, _is_corrected(value, same, end))


def _is_of_the_same_time(figure: ComparedFigure, period: Period) -> bool:
    """Whether a value of that period may be a part of what stands beside the own one, or be it."""
    own, meaning = figure.value, figure.definition.meaning
    if own.twelve is not None or own.latest is None:
        return True
    if meaning.is_stock or meaning.rolling:  # of the period's last day, or of the months that end with it
        return period.last_day == own.latest.period.last_day
    return period == own.latest.period


def _of_other_definition(
    neighbour: Neighbour, figure: ComparedFigure, unit: Unit, held: Sequence[_Held]
) -> NeighbourValue:
    """The latest value alone: nothing is summed or judged by a definition that is not ours."""
    latest = max(held, key=lambda one: (one.released.period.last_day, one.released.period.type.months))
    definition = replace(figure.definition, unit=latest.unit, decimals=latest.decimals)
    value = PlaceValue(unit, None, latest.released, None, None, None)
    return NeighbourValue(neighbour, definition, value, Standing.OTHER_DEFINITION, latest.is_corrected)


def _is_corrected(value: PlaceValue, held: Iterable[_Held], end: Period) -> bool:
    if value.twelve is None:
        return any(one.is_corrected for one in held if value.latest is not None and one.released == value.latest)
    first = months_back(end, YEAR)[0].first_day
    return any(one.is_corrected for one in held if one.released.period.last_day >= first)
