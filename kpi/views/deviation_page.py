"""Avvikelser: a place's deviations of twelve months as counts, with what is open, what comes back and who is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from kpi import deviations as pure
from kpi.access import AccessDenied, Viewer, can_read_figure, check_can_read_figure, homes, readable_municipalities
from kpi.access.figures import READS_INSIDE
from kpi.definition import Catalogue
from kpi.deviations import Ageing, Bar, Pattern, Side, Tally, Times
from kpi.organisation import Organisation, Unit
from kpi.period import Period
from kpi.rolling import Matrix
from kpi.views import deviation_counts as counts
from kpi.views.case_filter import Back
from kpi.views.counted_once import counted_once
from kpi.views.coverage import coverage
from kpi.views.deviation_counts import Counted
from kpi.views.deviation_filter import USUAL_DAYS
from kpi.views.errors import NotFound
from kpi.views.freshness import is_synthetic
from kpi.views.overview import Months, chosen_month, months_to_choose
from kpi.views.reached import reached
from warehouse.contract import ACTORS, AREAS, DEVIATION_CATEGORIES

REPORTED = "deviations_reported"
"""The figure whose coverage tells from when to when deviations are delivered."""
_LEVELS = ("board", "administration", "unit")
_SHOWN_PATTERNS = 20


@dataclass(frozen=True)
class Limits:
    """The definitions' parameters: days to feedback, days from decision to effect, months that count as again."""

    feedback: int = USUAL_DAYS
    effect: int = 90
    again: int = 6


@dataclass(frozen=True)
class Chosen:
    """What the page is narrowed to; None is all."""

    category: str | None = None
    counterpart: str | None = None


@dataclass(frozen=True)
class Followed:
    """What has become of the deviations. `all_patterns`: how many there are besides the shown."""

    feedback: Mapping[Side, Times]
    action: Times
    effect: Times
    ageing: Ageing
    patterns: tuple[Pattern, ...]
    all_patterns: int
    recurring: int


@dataclass(frozen=True)
class DeviationPage(Followed):
    """The page's facts. `months`: what there is to choose; `first`: the first day that deliveries hold in the window;
    `stand`: the day for which standings are told. `pareto` has every category, whichever is chosen. `reported`: by
    unit; `silent`: the units that have reported nothing of any sort in the window, None when deliveries hold less
    than all of it."""

    unit: Unit
    month: Period
    months: Months
    places: tuple[Unit, ...]
    chosen: Chosen
    limits: Limits
    first: date
    stand: date
    pareto: tuple[Bar, ...]
    total: int
    matrix: Matrix
    units: tuple[Unit, ...]
    silent: tuple[Unit, ...] | None
    counterparts: tuple[str, ...]
    is_synthetic: bool

    @property
    def is_whole(self) -> bool:
        """Whether deliveries hold the whole window."""
        return self.first == Back.YEAR.first_day(self.month)

    @property
    def is_preliminary(self) -> bool:
        """Whether the month is not over in what is delivered."""
        return self.stand < self.month.last_day


def limits_of(catalogue: Catalogue) -> Limits:
    """As the definitions say; the usual where they say nothing."""
    usual = Limits()

    def found(kpi_id: str, name: str, otherwise: int) -> int:
        definition = catalogue.definitions.get(kpi_id)
        return dict(definition.parameters).get(name, otherwise) if definition else otherwise

    return Limits(
        found("deviation_feedback_60d", "due_days", usual.feedback),
        found("deviation_effect_assessed", "after_days", usual.effect),
        found("deviation_recurring", "within_months", usual.again),
    )


def known_on(connection: Connection, municipality_code: str | None, kpi_id: str = REPORTED) -> date | None:
    """The day that the deliveries behind the figure speak for."""
    held = coverage(connection, municipality_code).get(kpi_id) if municipality_code else None
    return held.as_of if held else None


def deviations(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    organisation: Organisation,
    *,
    unit_code: str | None = None,
    month: Period | None = None,
    chosen: Chosen | None = None,
) -> DeviationPage | None:
    """The page of a board or of what lies below one; None when no deviations are delivered.

    NotFound for an unknown unit, month, category or counterpart; AccessDenied for a unit out of reach.
    """
    chosen = _checked(chosen or Chosen())
    own = homes(viewer, organisation)
    if not own:
        raise AccessDenied("Du har ingen nämnd eller enhet att läsa avvikelser för.")
    code = unit_code or own[0].code
    municipality = _municipality(viewer, organisation, code)
    held = coverage(connection, municipality)
    months = months_to_choose(held)
    if months is None or REPORTED not in held:
        return None
    at = chosen_month(months, month)
    days = at.first_day, at.last_day
    check_can_read_figure(viewer, organisation, code, *days, areas=AREAS)
    unit = organisation.on(code, at.last_day)
    if unit is None or unit.level not in _LEVELS:
        raise NotFound("Avvikelser visas för nämnder, förvaltningar och enheter. Välj en i listan.")
    stand, begins = min(at.last_day, held[REPORTED].as_of), Back.YEAR.first_day(at)
    reach = viewer, READS_INSIDE, organisation, code
    every = Counted(reached(connection, *reach, begins, at.last_day), begins, stand, stand)
    narrowed = replace(every, category=chosen.category, counterpart=chosen.counterpart)
    since = Back.ALL.first_day(at)
    ever = replace(narrowed, first=since, reached=reached(connection, *reach, since, at.last_day))
    limits = limits_of(catalogue)
    tallied, reporting, followed = counted_once(
        connection, (every, narrowed, ever, limits), lambda: _counted(connection, every, narrowed, ever, limits)
    )
    wanted = pure.chosen(tallied, chosen.category, chosen.counterpart)
    first = max(begins, held[REPORTED].first_on)
    units = tuple(one for one in organisation.under(code, stand, stand) if one.level == "unit")
    return DeviationPage(
        **vars(followed),
        unit=unit,
        month=at,
        months=months,
        places=_places(viewer, organisation, own, at),
        chosen=chosen,
        limits=limits,
        first=first,
        stand=stand,
        pareto=pure.pareto(pure.chosen(tallied, None, chosen.counterpart)),
        total=sum(one.count for one in wanted),
        matrix=pure.matrix(wanted),
        units=units,
        silent=tuple(one for one in units if one.code not in reporting) if first == begins else None,
        counterparts=tuple(
            sorted({one.counterpart for one in tallied} | ({chosen.counterpart} if chosen.counterpart else set()))
        ),
        is_synthetic=is_synthetic(connection, municipality),
    )


def _counted(
    connection: Connection, every: Counted, narrowed: Counted, ever: Counted, limits: Limits
) -> tuple[tuple[Tally, ...], frozenset[str], Followed]:
    """How many of each sort, and which units have reported any, before anything is chosen; and what became of the
    chosen."""
    answers = counts.feedback(connection, narrowed, limits.feedback)
    found = pure.by_weight(counts.patterns(connection, narrowed, limits.again))
    shown = found[:_SHOWN_PATTERNS]
    when = counts.months_of(connection, narrowed, shown)
    followed = Followed(
        {side: pure.times(waited) for side, waited in answers.items()},
        pure.times(counts.decided(connection, narrowed)),
        pure.times(counts.assessed(connection, narrowed, limits.effect)),
        pure.ageing(counts.open_by_age(connection, ever)),
        tuple(replace(one, months=when.get((one.unit_code, one.category, one.counterpart), ())) for one in shown),
        len(found),
        sum(one.recurring for one in found),
    )
    return tuple(counts.tallies(connection, every)), frozenset(counts.reported_by_unit(connection, every)), followed


def _checked(chosen: Chosen) -> Chosen:
    if chosen.category not in (None, *DEVIATION_CATEGORIES):
        raise NotFound("Kategorin finns inte. Välj en i listan.")
    if chosen.counterpart not in (None, *ACTORS):
        raise NotFound("Motparten finns inte. Välj en i listan.")
    return chosen


def _municipality(viewer: Viewer, organisation: Organisation, code: str) -> str:
    """The unit's municipality, where the viewer reads some board of it."""
    spans = organisation.spans(code)
    if not spans:
        raise NotFound("Enheten finns inte. Välj en i listan.")
    found = spans[-1].municipality_code
    if found is None or found not in readable_municipalities(viewer):
        raise AccessDenied("Du har inte behörighet till enhetens avvikelser. Den hör inte till det du ansvarar för.")
    return found


def _places(viewer: Viewer, organisation: Organisation, own: tuple[Unit, ...], month: Period) -> tuple[Unit, ...]:
    days = month.first_day, month.last_day
    found = {one.code: one for home in own for one in organisation.under(home.code, *days) if one.level in _LEVELS}
    return tuple(one for one in found.values() if can_read_figure(viewer, organisation, one.code, *days, areas=AREAS))
