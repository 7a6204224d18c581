"""SIP-processen: the seven steps of a plan, where it stops, and who comes to the meetings."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.case_parameters import cases_address
from dashboard.components import states
from dashboard.components.attendance_panels import attendance_panel, school_panel
from dashboard.components.attendance_table import WayOf
from dashboard.components.beside_panel import beside_panel
from dashboard.components.choices import ALL, caller_choice, choices, month_choice, place_choice
from dashboard.components.head import page_head
from dashboard.components.link import address
from dashboard.components.process_panels import months_panel, process_lead, steps_panel, ways_panel
from dashboard.components.series_panel import series_panel
from dashboard.context import Context, Page
from dashboard.places import ADDRESSES
from dashboard.process_tables import callers_table, in_order, months_table, units_table
from kpi.access import Place, check_can_open
from kpi.period import Period
from kpi.views.case_filter import Back, Day
from kpi.views.cases import reaches_rows
from kpi.views.errors import NotFound
from kpi.views.freshness import is_synthetic
from kpi.views.plan_filter import PlanFilter
from kpi.views.process import ABSENCE, GAP, ProcessPage, process_page
from warehouse.contract import ACTORS

_TITLE = "SIP-processen"


def page(context: Context) -> Page:
    """The steps of the place's plans; `kallande` chooses a calling actor."""
    check_can_open(context.viewer, Place.PROCESS)
    found = read(context)
    if found is None:
        return Page(_TITLE, states.nothing_yet())
    place = found.place
    children: list[Any] = [
        page_head(
            _TITLE,
            place=place.unit.name,
            crumbs=[("Översikt", address("/", manad=str(place.month))), (_TITLE, None)],
            choices=choices(
                place_choice("Enhet", place.places, place.unit.code),
                caller_choice(found.callers, found.caller),
                month_choice(place.months.months, place.month, place.months.preliminary_from),
            ),
            is_synthetic=is_synthetic(context.connection, place.municipality_code),
        ),
        process_lead(found),
    ]
    if found.whole.total or found.matrix.total.called:
        children.append(html.Div(_panels(context, found), className="stack process"))
    return Page(_TITLE, children)


def read(context: Context) -> ProcessPage | None:
    """What the address asks for."""
    caller = context.query.get("kallande", ALL)
    if caller not in (ALL, *ACTORS):
        raise NotFound("Aktören finns inte. Välj en i listan.")
    return process_page(
        context.connection,
        context.catalogue,
        context.viewer,
        context.organisation,
        unit_code=context.query.get("enhet") or None,
        month=context.month,
        caller=None if caller == ALL else caller,
    )


def _panels(context: Context, found: ProcessPage) -> list[Any]:
    callers = [_here(found, kallande=code) for code, _ in in_order(found)]
    units = [_here(found, enhet=unit.code) for unit, _ in found.by_unit]
    rows = [_rows(context, found, one) for one, _ in found.by_month]
    panels = [
        steps_panel(found),
        ways_panel(found, [(callers_table(found), callers), (units_table(found), units)]),
        months_panel(found, months_table(found), rows),
        _met_in_time(found),
        attendance_panel(found, _figure(context, found, ABSENCE), _called(context, found)),
        school_panel(found, _figure(context, found, GAP)),
        beside_panel(found.figures, found.place.month),
    ]
    return [one for one in panels if one is not None]


def _met_in_time(found: ProcessPage) -> html.Section | None:
    """Meetings in time, month after month; None without values."""
    row = found.met_in_time
    return series_panel(row, row.definition.name) if row is not None and row.has_values else None


def _here(found: ProcessPage, **chosen: str) -> str:
    """This page with another choice."""
    asked: dict[str, str | None] = {"enhet": found.place.unit.code, "manad": str(found.place.month)}
    return address(ADDRESSES[Place.PROCESS], **(asked | {"kallande": found.caller} | chosen))


def _rows(context: Context, found: ProcessPage, month: Period) -> str | None:
    """To the plans initiated in the month, for who may read them."""
    code = found.place.unit.code
    if not reaches_rows(context.viewer, context.organisation, code, month):
        return None
    return cases_address("sips", code, month, PlanFilter(caller=found.caller), fran=_here(found))


def _called(context: Context, found: ProcessPage) -> WayOf:
    """To the plans with a meeting that one called the other to, in the matrix' twelve months."""
    code, month = found.place.unit.code, found.place.month
    may_read = reaches_rows(context.viewer, context.organisation, code, month)

    def way(caller: str | None, called: str | None) -> str | None:
        wanted = PlanFilter(back=Back.YEAR, by=Day.MEETING, caller=caller, called=called)
        return cases_address("sips", code, month, wanted, fran=_here(found)) if may_read else None

    return way


def _figure(context: Context, found: ProcessPage, kpi_id: str) -> str | None:
    """To a figure's page, where the place has it."""
    definition = context.catalogue.definitions.get(kpi_id)
    if definition is None or found.place.unit.level not in definition.levels:
        return None
    return address(f"/nyckeltal/{kpi_id}", enhet=found.place.unit.code, manad=str(found.place.month))
