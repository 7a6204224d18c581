"""A month on one page: every figure that the viewer may read for the own board, or for the own part of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from kpi.access import Viewer, check_can_read_overview
from kpi.definition import Catalogue
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType, periods_between
from kpi.views.closed import closed_ends
from kpi.views.coverage import Held, coverage
from kpi.views.errors import NotFound
from kpi.views.figure_row import figure_rows
from kpi.views.freshness import is_synthetic
from kpi.views.place import place_for
from kpi.views.rows import Overview

_COMPARED = 12
"""A month is compared with what was closed in the year before it."""
_LONGEST = 120
"""Ten years of months are offered at most."""


@dataclass(frozen=True)
class Months:
    """The months that deliveries hold anything of, the newest first, and the first that is not whole for any figure."""

    months: tuple[Period, ...]
    preliminary_from: Period | None
    default: Period


def months_to_choose(held: dict[str, Held]) -> Months | None:
    """From a municipality's coverage; None when nothing is computed yet. The default is the latest finished month."""
    if not held:
        return None
    first = min(one.first_on for one in held.values())
    last: date = max(one.as_of for one in held.values())
    newest = Period.containing(last, PeriodType.MONTH)
    oldest = max(Period.containing(first, PeriodType.MONTH), newest.shift(1 - _LONGEST))
    months = periods_between(oldest, newest)
    is_whole = newest.last_day <= last
    default = newest if is_whole or len(months) == 1 else newest.shift(-1)
    return Months(tuple(reversed(months)), None if is_whole else newest, default)


def overview(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    organisation: Organisation,
    unit_code: str,
    month: Period | None = None,
    since: Period | None = None,
) -> Overview | None:
    """The overview of a board, or of the part of it that is the viewer's, of the latest finished month unless told;
    None when nothing is computed for it yet. `since`: the month that it is compared with, by default the last month of
    the period that the board closed last before this one, if any.

    Raises AccessDenied for another's, NotFound for a month without deliveries or one that is no closed period's last. A
    figure that the viewer may not read there is left out.
    """
    check_can_read_overview(viewer, organisation, unit_code)
    home = organisation.spans(unit_code)[-1]
    if home.municipality_code is None:
        raise NotFound("Enheten hör inte till någon kommun bland de levererade organisationsenheterna.")
    held = coverage(connection, home.municipality_code)
    choice = months_to_choose(held)
    if choice is None:
        return None
    chosen = chosen_month(choice, month)
    places = [(one, place_for(organisation, viewer, one, home, chosen)) for one in catalogue.definitions.values()]
    shown = [(one, place) for one, place in places if place is not None]
    boards = organisation.boards_of(unit_code, chosen.first_day, chosen.last_day)
    closed = tuple(one for one in closed_ends(connection, boards) if chosen.shift(-_COMPARED) <= one < chosen)
    if since is not None and since not in closed:
        raise NotFound(f"Det finns ingen stängd period som slutar {since}. Välj en i listan ”Jämför med”.")
    compared = since or next(iter(closed), None)
    return Overview(
        home,
        organisation.municipality(home.municipality_code),
        chosen,
        choice.months,
        choice.preliminary_from,
        tuple(figure_rows(connection, viewer, shown, chosen, held, compared)),
        is_synthetic(connection, home.municipality_code),
        compared,
        closed,
    )


def chosen_month(choice: Months, month: Period | None) -> Period:
    """The wanted month if deliveries hold it, the default when none is wanted; else NotFound."""
    if month is None:
        return choice.default
    if month not in choice.months:
        raise NotFound(
            f"Det finns inga leveranser för {month}. Välj en månad från {choice.months[-1]} till {choice.months[0]}."
        )
    return month
