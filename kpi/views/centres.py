"""Family centres: who refers whom, against the year before, and how many get contact or are lost on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from kpi.access import Viewer
from kpi.access.figures import READS_INSIDE
from kpi.definition import Catalogue, Definition
from kpi.moment import known
from kpi.organisation import Organisation, Unit, swedish_key
from kpi.period import Period
from kpi.referrals import LOST_DAYS, Contact, Counted, Key, Referred, contacts
from kpi.rolling import YEAR, Matrix, matrix, months_back, window
from kpi.views.inside import Inside, figures_beside, place_inside
from kpi.views.reached import Reached, reached
from kpi.views.rows import FigureRow, Part, Reading
from kpi.views.series import Series, by_part, by_period
from kpi.views.values import Cell, figure_values
from warehouse.tables import VERSIONED

FLOWS, CONTACT, LOST = "referral_flows", "referral_contact_30d", "referral_lost"
_REFERRALS, _COUNTS = VERSIONED["referrals"], VERSIONED["referral_counts"]


@dataclass(frozen=True)
class Centre:
    """A centre: its cases of twelve months and of the twelve before (None: not held whole), and how it delivers.
    `only_counts`: no case by case; `tells_contact`: whether its deliveries say who got contact."""

    unit: Unit
    now: int
    before: int | None
    only_counts: bool
    tells_contact: bool

    @property
    def change(self) -> int | None:
        """How many more cases than in the twelve months before; None where they are not held."""
        return None if self.before is None else self.now - self.before


@dataclass(frozen=True)
class CentresPage:
    """What the page shows. `now` and `before`: the flows of twelve months, over the same actors; `before` None where
    deliveries do not hold them whole. `contact`: by centre and receiving actor. `flows`: None where nothing is held."""

    place: Inside
    first: Period
    now: Matrix
    before: Matrix | None
    covered: int
    centres: tuple[Centre, ...]
    contact: Mapping[Key, Contact]
    flows: FigureRow | None
    figures: tuple[FigureRow, ...]
    fewest: int
    """Fewer cases than this are not told as a share or a median."""


def centres_page(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    organisation: Organisation,
    *,
    unit_code: str | None = None,
    month: Period | None = None,
) -> CentresPage | None:
    """The page of a place and month; None when nothing is computed. Raises as `place_inside`."""
    found = place_inside(connection, viewer, organisation, unit_code, month)
    definition = catalogue.definitions.get(FLOWS)
    if found is None or definition is None:
        return None
    first = found.month.shift(1 - YEAR)
    cells = figure_values(connection, catalogue, viewer, FLOWS, first=first.shift(-YEAR), last=found.month)
    here = [one for one in cells if one.unit_code == found.unit.code]
    total = _total(definition, here, found)
    before = total.window(found.month.shift(-YEAR))
    days = first.first_day - timedelta(days=LOST_DAYS), found.month.last_day
    reach = reached(connection, viewer, READS_INSIDE, organisation, found.unit.code, *days)
    referred = _referred(connection, reach, *days)
    counted = _counted(connection, reach, first, found.month)
    held = found.held.get(CONTACT)
    as_of = held.as_of if held is not None else found.month.last_day
    rows = figures_beside(connection, catalogue, viewer, organisation, found, (FLOWS, CONTACT, LOST), is_long=True)
    contact = catalogue.definitions.get(CONTACT)
    return CentresPage(
        found,
        first,
        _matrix(definition, here, found, found.month),
        _matrix(definition, here, found, found.month.shift(-YEAR)) if before.is_covered else None,
        total.window(found.month).covered,
        _centres(definition, cells, organisation, found, referred, counted),
        contacts(referred, counted, first, found.month, as_of),
        next((one for one in rows if one.definition.id == FLOWS), None),
        tuple(one for one in rows if one.definition.id != FLOWS),
        contact.minimum_cases if contact is not None else 5,
    )


def _total(definition: Definition, cells: Sequence[Cell], found: Inside) -> Series:
    return Series(definition, by_period(definition, cells), found.held.get(definition.id))


def _matrix(definition: Definition, cells: Sequence[Cell], found: Inside, last: Period) -> Matrix:
    """The twelve months that end with `last`, over every pair of both years."""
    held, months = found.held.get(definition.id), months_back(last, YEAR)
    parts = [
        Part(split, window(definition, Series(definition, readings, held).of(months)))
        for split, readings in by_part(cells).items()
    ]
    return matrix(parts)


def _centres(
    definition: Definition,
    cells: Sequence[Cell],
    organisation: Organisation,
    found: Inside,
    referred: Sequence[Referred],
    counted: Sequence[Counted],
) -> tuple[Centre, ...]:
    first = found.month.shift(1 - 2 * YEAR).first_day
    below = [one for one in organisation.under(found.unit.code, first, found.month.last_day) if one.level == "unit"]
    by_unit: dict[str, list[Cell]] = {}
    for cell in cells:
        by_unit.setdefault(cell.unit_code, []).append(cell)
    centres = []
    for unit in (one for one in below if one.code in by_unit):
        total = _total(definition, by_unit[unit.code], found)
        now, before = (_count(total.window(last)) for last in (found.month, found.month.shift(-YEAR)))
        own = [one for one in counted if one.centre_code == unit.code]
        has_cases = any(one.centre_code == unit.code for one in referred)
        if now is None and before is None:
            continue
        tells = has_cases or any(one.contacted is not None or one.lost is not None for one in own)
        centres.append(Centre(unit, now or 0, before, bool(own) and not has_cases, tells))
    return tuple(sorted(centres, key=lambda one: swedish_key(one.unit.name)))


def _count(reading: Reading) -> int | None:
    return int(reading.numerator or 0) if reading.is_covered else None


def _referred(connection: Connection, reach: Reached, first: date, last: date) -> list[Referred]:
    """The referrals whose days may fall due in the months, at the place's centres."""
    table = _REFERRALS
    rows = connection.execute(
        select(
            table.c.centre_code, table.c.to_actor, table.c.referred_on, table.c.first_contact_on, table.c.outcome
        ).where(
            known(table, None),
            table.c.referred_on.between(first, last),
            reach.holds(table.c.centre_code, table.c.referred_on),
        )
    )
    return [Referred(centre, to, on, contact_on, outcome == "declined") for centre, to, on, contact_on, outcome in rows]


def _counted(connection: Connection, reach: Reached, first: Period, last: Period) -> list[Counted]:
    """The months' numbers, each where its centre lay on the month's first day."""
    table = _COUNTS
    rows = connection.execute(
        select(
            table.c.centre_code,
            table.c.to_actor,
            table.c.month,
            table.c.referred,
            table.c.contact_within_30d,
            table.c.no_contact_60d,
        ).where(known(table, None), table.c.month.between(str(first), str(last)))
    )
    return [
        Counted(centre, to, period, referred, contacted, lost)
        for centre, to, month, referred, contacted, lost in rows
        if reach.has(centre, (period := Period.parse(month)).first_day)
    ]
