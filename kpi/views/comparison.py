"""What has been released, side by side: boards and their municipality, and one figure's units, periods and parts.

Nothing here is read from inside a board, so every reader of a municipality sees the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from kpi.access import Viewer, check_can_read_released
from kpi.definition import Catalogue, Definition, Shape
from kpi.organisation import Organisation, Unit, swedish_key
from kpi.period import Period, PeriodType
from kpi.released import ReleasedValue, Shown, over_twelve, reading_of, released_variation
from kpi.rolling import YEAR, months_back
from kpi.spc.intervals import Interval
from kpi.spc.verdict import NOTHING, Variation
from kpi.status import Status, Target, judge, target_for
from kpi.views.compared import interval_of
from kpi.views.errors import NotFound
from kpi.views.figure_row import CHARTED
from kpi.views.released import Closing, closings, places, released_values
from kpi.views.rows import Split


@dataclass(frozen=True)
class PlaceValue:
    """A figure at one place. `twelve`: over the twelve months that end with the chosen one, for what adds up; None
    where not all of them are released. `latest`: the latest released period's value. `status` and `interval`: of the
    one that is judged, where it is shown; the interval is the 95 % one of a share or a rate."""

    unit: Unit
    twelve: Shown | None
    latest: ReleasedValue | None
    target: Target | None
    status: Status | None
    interval: Interval | None

    @property
    def judged(self) -> Shown | None:
        """The twelve months where there are such, else the latest period."""
        if self.twelve is not None:
            return self.twelve
        return self.latest.content if self.latest is not None else None


@dataclass(frozen=True)
class ComparedRow:
    """A figure at each of the page's places, in their order; None where nothing is released."""

    definition: Definition
    values: tuple[PlaceValue | None, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything that a municipality's boards have released up to a month. `municipalities`: the codes of those that
    the viewer reads releases of. `ends`: the months that end closed periods, the newest first."""

    municipality_code: str
    municipalities: tuple[str, ...]
    places: tuple[Unit, ...]
    end: Period
    ends: tuple[Period, ...]
    rows: tuple[ComparedRow, ...]
    closings: tuple[Closing, ...]

    @property
    def is_synthetic(self) -> bool:
        """Whether any of it rests on simulated deliveries."""
        return any(one.is_synthetic for one in self.closings)


@dataclass(frozen=True)
class PeriodValue:
    """One closed period: its own value, and over the twelve months that end with it."""

    period: Period
    content: Shown
    twelve: Shown | None


@dataclass(frozen=True)
class ComparedFigure:
    """One figure at one place. `series`: closed periods, the oldest first; `units`: what lies directly below, in order
    of name; `parts`: a table's cells and margins, or a distribution's answers, of the latest released year in
    `parts_of`, and `parts_total` the whole of it. `hides_months`: a control chart is not drawn, because a month is
    hidden or not released."""

    definition: Definition
    value: PlaceValue
    places: tuple[Unit, ...]
    end: Period
    ends: tuple[Period, ...]
    series: tuple[PeriodValue, ...]
    units: tuple[PlaceValue, ...]
    parts: tuple[tuple[Split, Shown], ...]
    parts_of: Period | None
    parts_total: Shown | None
    variation: Variation
    hides_months: bool
    closings: tuple[Closing, ...]

    @property
    def is_synthetic(self) -> bool:
        """Whether any of it rests on simulated deliveries."""
        return any(one.is_synthetic for one in self.closings)


def comparison(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    organisation: Organisation,
    *,
    municipality_code: str | None = None,
    end: Period | None = None,
) -> Comparison | None:
    """What the viewer may read of what a municipality's boards have released, by default the viewer's own; None when
    nothing has. NotFound for a municipality or a month without a closed period."""
    every = closings(connection, viewer)
    municipalities = _municipalities(every)
    if not municipalities:
        return None
    home = municipality_code or _home(viewer, municipalities)
    if home not in municipalities:
        raise NotFound("Kommunen har inget släppt. Välj en i listan.")
    shown = [one for one in places(connection, viewer, organisation) if one.municipality_code == home]
    told = tuple(one for one in every if one.board.municipality_code == home)
    ends = ends_of(told)
    chosen = _chosen(ends, end)
    values = _by_unit(released_values(connection, viewer, catalogue.definitions.values(), unit_codes=_codes(shown)))
    rows = []
    for definition in catalogue.definitions.values():
        found = tuple(value_at(definition, unit, values.get((definition.id, unit.code), ()), chosen) for unit in shown)
        if any(one is not None for one in found):
            rows.append(ComparedRow(definition, found))
    return Comparison(home, municipalities, tuple(shown), chosen, ends, tuple(rows), told)


def compared_figure(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    organisation: Organisation,
    kpi_id: str,
    *,
    unit_code: str | None = None,
    end: Period | None = None,
) -> ComparedFigure | None:
    """One figure at one place, by default the first of the viewer's own municipality that has it; None when nothing of
    it is released there.

    NotFound for an unknown figure, unit or month, AccessDenied for a place out of reach.
    """
    definition = catalogue.definitions.get(kpi_id)
    if definition is None:
        raise NotFound("Nyckeltalet finns inte. Välj ett i listan över det som har släppts.")
    every = closings(connection, viewer)
    home = _municipality_of(organisation, viewer, unit_code) if unit_code else _home(viewer, _municipalities(every))
    told = tuple(one for one in every if one.board.municipality_code == home)
    ends = ends_of(told)
    if not ends:
        return None
    chosen = _chosen(ends, end)
    values = _by_unit(released_values(connection, viewer, [definition]))
    having = [
        one
        for one in places(connection, viewer, organisation)
        if one.municipality_code == home and (definition.id, one.code) in values
    ]
    unit = organisation.on(unit_code, chosen.last_day) if unit_code else next(iter(having), None)
    own = values.get((definition.id, unit.code), ()) if unit is not None else ()
    value = value_at(definition, unit, own, chosen) if unit is not None else None
    if unit is None or value is None:
        return None
    below = _below(organisation, unit, values, definition, chosen)
    parts_of = max((one.period for one in own if one.split and one.period.last_day <= chosen.last_day), default=None)
    months = _months(own)
    variation = _variation(definition, unit, months, value.target, chosen)
    return ComparedFigure(
        definition,
        value,
        tuple(having),
        chosen,
        ends,
        _series(definition, own, chosen),
        below,
        tuple((one.split, one.content) for one in own if one.split and one.period == parts_of),
        parts_of,
        next((one.content for one in own if one.split is None and one.period == parts_of), None),
        variation,
        definition.period is PeriodType.MONTH and variation == NOTHING,
        told,
    )


def _municipalities(told: Sequence[Closing]) -> tuple[str, ...]:
    return tuple(sorted({one.board.municipality_code for one in told if one.board.municipality_code}))


def _home(viewer: Viewer, municipalities: Sequence[str]) -> str | None:
    """The first municipality that the viewer has a grant in, of those with releases; else the first of them."""
    own = (grant.municipality_code for grant in viewer.grants if grant.municipality_code in municipalities)
    return next(iter((*own, *municipalities)), None)


def _municipality_of(organisation: Organisation, viewer: Viewer, unit_code: str) -> str | None:
    spans = organisation.spans(unit_code)
    if not spans:
        raise NotFound("Enheten finns inte. Välj en i listan.")
    check_can_read_released(viewer, organisation, unit_code)
    return spans[-1].municipality_code


def ends_of(told: Sequence[Closing]) -> tuple[Period, ...]:
    """The months that end closed periods, the newest first."""
    return tuple(sorted({Period.containing(one.period.last_day, PeriodType.MONTH) for one in told}, reverse=True))


def _chosen(ends: Sequence[Period], end: Period | None) -> Period:
    if end is not None and end not in ends:
        raise NotFound(f"Ingen stängd period slutar med {end}. Välj en av dem som finns, till exempel {ends[0]}.")
    return end or ends[0]


def _codes(units: Iterable[Unit]) -> list[str]:
    return [unit.code for unit in units]


Values = Mapping[tuple[str, str], Sequence[ReleasedValue]]


def _by_unit(values: Iterable[ReleasedValue]) -> dict[tuple[str, str], list[ReleasedValue]]:
    found: dict[tuple[str, str], list[ReleasedValue]] = {}
    for one in values:
        found.setdefault((one.kpi_id, one.unit.code), []).append(one)
    return found


def value_at(definition: Definition, unit: Unit, values: Sequence[ReleasedValue], end: Period) -> PlaceValue | None:
    """What these released values of a unit come to up to a month; None where there are none."""
    whole = {one.period: one for one in values if one.split is None and one.period.last_day <= end.last_day}
    latest = max(
        (
            one
            for one in whole.values()
            if one.period.type is not PeriodType.YEAR or definition.period is PeriodType.YEAR
        ),
        key=lambda one: (one.period.last_day, one.period.type.months),
        default=None,
    )
    contents = {period: one.content for period, one in whole.items()}
    twelve = over_twelve(definition, contents, end) if definition.adds_up else None
    if latest is None:
        return None
    board = unit.code if unit.level == "board" else None
    target = target_for(definition, latest.period, board, unit.municipality_code)
    judged = twelve if twelve is not None else latest.content
    reading = reading_of(judged, end, end)
    status = interval = None
    if reading is not None:
        status = judge(
            reading.value, reading.cases, minimum_cases=definition.minimum_cases, target=target,
            is_share=definition.is_share, is_count=definition.shape is Shape.COUNT,
        )  # fmt: skip
        interval = interval_of(definition, reading)
    return PlaceValue(unit, twelve, latest, target, status, interval)


def span_of(found: PlaceValue, end: Period) -> tuple[Period, Period]:
    """The first and last period of the value that is judged."""
    if found.twelve is not None or found.latest is None:
        return months_back(end, YEAR)[0], end
    return found.latest.period, found.latest.period


def _below(
    organisation: Organisation, unit: Unit, values: Values, definition: Definition, end: Period
) -> tuple[PlaceValue, ...]:
    """The units below a board; the boards below a municipality."""
    level = "board" if unit.level in ("municipality", "delregional", "region") else "unit"
    found = []
    first = months_back(end, YEAR)[0].first_day
    for one in organisation.under(unit.code, first, end.last_day):
        if one.level == level and one.code != unit.code:
            value = value_at(definition, one, values.get((definition.id, one.code), ()), end)
            if value is not None:
                found.append(value)
    return tuple(sorted(found, key=lambda one: swedish_key(one.unit.name)))


def _series(definition: Definition, values: Sequence[ReleasedValue], end: Period) -> tuple[PeriodValue, ...]:
    """The closed periods; of several lengths the longest that is shorter than a year, since it hides the least."""
    whole = {one.period: one.content for one in values if one.split is None and one.period.last_day <= end.last_day}
    lengths = [period.type for period in whole if period.type is not PeriodType.YEAR]
    chosen = max(lengths, key=lambda one: one.months, default=definition.period)
    found = []
    for period in sorted(period for period in whole if period.type is chosen):
        last = Period.containing(period.last_day, PeriodType.MONTH)
        twelve = over_twelve(definition, whole, last) if definition.adds_up else None
        found.append(PeriodValue(period, whole[period], twelve))
    return tuple(found)


def _months(values: Sequence[ReleasedValue]) -> dict[Period, Shown]:
    return {one.period: one.content for one in values if one.split is None and one.period.type is PeriodType.MONTH}


def _variation(
    definition: Definition, unit: Unit, months: Mapping[Period, Shown], target: Target | None, end: Period
) -> Variation:
    if not months or definition.period is not PeriodType.MONTH:
        return NOTHING
    oldest = min(months)
    wanted = [one for one in months_back(end, CHARTED) if one >= oldest]
    board = unit.code if unit.level == "board" else None
    place = board, unit.municipality_code
    return released_variation(definition, [months.get(one) for one in wanted], end, target, place)
