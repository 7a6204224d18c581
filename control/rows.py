"""Reading rows about persons: every read is recorded, with which rows and why, before its answer is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, Engine

from control.audit.actions import Action
from control.audit.log import record
from control.reasons import kept_reason
from kpi.access import Viewer
from kpi.period import Period
from kpi.views.case_filter import CaseFilter, Day
from kpi.views.case_rows import Cases, Key
from kpi.views.cases import cases
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse.database import reading

PAGE_SIZE = 50


def read_cases(
    engine: Engine,
    viewer: Viewer,
    dataset: str,
    unit_code: str,
    month: Period,
    *,
    reason: str | None,
    page: int = 1,
    wanted: CaseFilter | None = None,
) -> Cases:
    """A page of a unit's rows of a month, or of the wanted among them, recorded with their keys: what cannot be
    recorded is not shown.

    AccessDenied where the viewer may not read them, UserError for a reason that may not be kept, NotFound for a page
    that there is not. A viewer who needs no reason is recorded without.
    """
    why = kept_reason(reason)
    if page < 1:
        raise NotFound("Sidan finns inte bland raderna.")
    with reading(engine) as connection:
        organisation = read_organisation(connection)
        found = cases(
            connection,
            viewer,
            organisation,
            dataset,
            unit_code,
            month,
            reason=why,
            limit=PAGE_SIZE,
            offset=(page - 1) * PAGE_SIZE,
            wanted=wanted,
        )
    if page > 1 and not found.rows:
        raise NotFound("Sidan finns inte bland raderna. Raderna kan ha blivit färre sedan du öppnade sidan.")
    keys = (one.key for one in found.rows)
    paths = organisation.paths(unit_code, month.first_day, month.last_day)
    homes = frozenset(one.municipality_code for one in paths if one.municipality_code)
    what = f"{dataset} {_span(found)}"
    record_keys(engine, viewer, Action.ROWS_READ, what, unit_code=unit_code, reason=why, keys=keys, unit_homes=homes)
    return replace(found, page=page)


def _span(found: Cases) -> str:
    """The months that were asked for: `2025-03`, `2024-04 till 2025-03`, `till 2025-03`; and by which other day."""
    by = "" if found.wanted.by is Day.OWN else f" ({found.wanted.by})"
    first = found.wanted.back.first_month(found.month)
    if first is None:
        return f"till {found.month}{by}"
    return f"{found.month}{by}" if first == found.month else f"{first} till {found.month}{by}"


def record_keys(
    where: Engine | Connection,
    viewer: Viewer,
    action: Action,
    what: str,
    *,
    unit_code: str,
    reason: str | None,
    keys: Iterable[Key],
    unit_homes: frozenset[str] = frozenset(),
) -> None:
    """What somebody did with rows: which unit's, why, and each row's key; given a connection, in its transaction.
    `unit_homes`: the unit's municipality, for a read that found no row."""
    named = sorted(keys)
    homes = {municipality for municipality, _ in named} or set(unit_homes)
    record(
        where,
        viewer,
        action,
        what,
        municipality_code=homes.pop() if len(homes) == 1 else None,
        unit_code=unit_code,
        rows=[key for _, key in named],
        reason=reason,
    )
