"""Åtkomst: the recurring review of who has read what, and the log itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html
from flask import current_app

from control.audit.reading import Filter, actors, first_event_at, read_events, read_log
from control.audit.review import NameOf
from control.audit.review_store import findings, names_in, standing
from dashboard.components.access_log import ADDRESS, MUNICIPALITY, PAGE_SIZE, log_section
from dashboard.components.access_review import lead, review_section, signed_section
from dashboard.components.head import page_head
from dashboard.components.link import address, link
from dashboard.context import Context, Page
from kpi.access import Role, Viewer, can_review_access, check_can_read_log
from kpi.period import Period, PeriodType, periods_between
from kpi.views.freshness import is_synthetic
from warehouse import clock


def reviewed_municipality(viewer: Viewer, query: Mapping[str, str]) -> str:
    """The municipality of the address, else the first whose officer the viewer is; "" is nobody's but the operator's.
    Whether it is the viewer's is asked where the log is read."""
    return query.get(MUNICIPALITY) or next(iter(_own(viewer)), "")


def _own(viewer: Viewer) -> list[str]:
    return sorted({grant.municipality_code for grant in viewer.grants if grant.role is Role.DPO})


def page(context: Context) -> Page:
    """The oldest review that waits, and the log by `vem`, `vad`, `manad` and `sida` of the address. `kommun` says which
    municipality, for an officer of several."""
    code = reviewed_municipality(context.viewer, context.query)
    check_can_read_log(context.viewer, code)
    connection, viewer = context.connection, context.viewer
    found = standing(connection, viewer, code, current_app.config["SAMKOLL_SETTINGS"].access_review_months)
    due = found.waiting[0] if found.waiting else None
    unusual = findings(connection, viewer, code, due) if due else ()
    name_of = names_in(context.organisation)
    children: list[Any] = [
        page_head("Åtkomst", place=_name(context, code), is_synthetic=is_synthetic(context.connection)),
        lead(found, unusual, clock.today()),
        _others(context, code),
    ]
    if due is not None and can_review_access(viewer, code):
        events = read_events(connection, viewer, code, due.first_day, due.last_day)
        children.append(review_section(due, unusual, {one.event_no: one for one in events}, name_of))
    children += [signed_section(found.signed), _log(context, code, name_of)]
    return Page("Åtkomst", [child for child in children if child is not None])


def _others(context: Context, code: str) -> html.Div | None:
    """The way to the other municipalities that the officer reviews."""
    links = [
        html.Li(link(_name(context, one), address(ADDRESS, **{MUNICIPALITY: one}), className="more"))
        for one in _own(context.viewer)
        if one != code
    ]
    return html.Div([html.P("Du granskar också:"), html.Ul(links, className="plain-list")]) if links else None


def _name(context: Context, code: str) -> str:
    unit = context.organisation.municipality(code)
    return unit.name if unit is not None else code


def _log(context: Context, code: str, name_of: NameOf) -> Any:
    began = first_event_at(context.connection, code)
    now = Period.containing(clock.today(), PeriodType.MONTH)
    first = Period.containing(clock.local(began).date(), PeriodType.MONTH) if began else now
    months = periods_between(first, now)[::-1]
    month = context.month
    wanted = Filter(
        month.first_day if month else None,
        month.last_day if month else None,
        context.query.get("vem", ""),
        context.query.get("vad", ""),
    )
    number = context.number("sida") or 1
    shown = read_log(context.connection, context.viewer, code, wanted, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    known = actors(context.connection, context.viewer, code)
    return log_section(shown, number, context.query, known, months, name_of)
