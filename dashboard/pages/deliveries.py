"""Leveranser: how fresh the data are, what waits for a decision, what was rejected, and how the jobs go."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.components.deliveries import freshness_tables, hold_panel, job_table, request_table
from dashboard.components.head import page_head
from dashboard.components.rejects import PAGE_SIZE, only_count, reject_section
from dashboard.components.work_panel import of_job, of_request, work_panel
from dashboard.context import Context, Page
from kpi import format as text
from kpi.access import can_decide_deliveries, can_read_rejects
from kpi.views.deliveries import DeliveryRow, deliveries, rejects
from kpi.views.freshness import freshness, open_rejects
from kpi.views.jobs import JobRow, RequestRow, latest_jobs, latest_requests
from kpi.views.rows import Freshness

POLL_MS = 3000
"""How often what goes on is looked at."""


def page(context: Context) -> Page:
    """Everything; `leverans` and `sida` in the address say which rejected rows."""
    found = freshness(context.connection, context.viewer)
    held = deliveries(context.connection, context.viewer, status=("held",))
    failed = deliveries(context.connection, context.viewer, status=("failed", "refused"), limit=5)
    requests = latest_requests(context.connection, context.viewer)
    jobs = latest_jobs(context.connection, context.viewer)
    quarantined = sum(open_rejects(context.connection, context.viewer).values())
    work = [
        *(of_request(one) for one in requests if one.is_waiting),
        *(of_job(one) for one in jobs if one.state == "running"),
    ]
    children: list[Any] = [
        page_head("Leveranser", is_synthetic=any(one.is_synthetic for one in found)),
        _lead(found, held, jobs, quarantined),
        dcc.Interval(id="poll", interval=POLL_MS, disabled=not work),
        html.Div(id="decided", role="status"),
        work_panel(work),
        _holds(context, held, requests),
        _section("Hur färska uppgifterna är", freshness_tables(found)),
        _failed(failed),
        _rejects(context, quarantined),
        _section("Schemalagda jobb", job_table(jobs)),
    ]
    if requests:
        children.append(_section("Begäranden", request_table(requests)))
    return Page("Leveranser", [child for child in children if child is not None])


def _lead(
    found: tuple[Freshness, ...], held: tuple[DeliveryRow, ...], jobs: tuple[JobRow, ...], quarantined: int
) -> html.P:
    if not found and not held:
        return html.P("Inga leveranser har kommit ännu.", className="lead")
    pieces: list[Any] = []
    if held:
        many = f"{text.capital(text.count_word(len(held)))} leveranser väntar"
        waiting = "En leverans väntar" if len(held) == 1 else many
        pieces += [html.Strong(waiting, className="off"), " på controllerns beslut. "]
    if quarantined:
        rows = text.plural(quarantined, "rad väntar", "rader väntar")
        pieces.append(f"{rows} i karantän på rättning hos källan. ")
    failing = [job for job in jobs if job.state == "failed"]
    if failing:
        failed = "Ett jobb misslyckas" if len(failing) == 1 else "Flera jobb misslyckas"
        pieces += [html.Strong(failed, className="off"), " och försöks igen. "]
    if found:
        latest = max(one.as_of for one in found)
        pieces.append(f"De färskaste uppgifterna gäller till och med {text.day(latest)}.")
    return html.P(pieces, className="lead")


def _holds(context: Context, held: tuple[DeliveryRow, ...], requests: tuple[RequestRow, ...]) -> html.Section | None:
    if not held:
        return None
    latest = {one.delivery_id: one for one in reversed(requests)}
    may_decide, may_read = can_decide_deliveries(context.viewer), can_read_rejects(context.viewer)
    panels = [
        hold_panel(one, latest.get(one.delivery_id), may_decide=may_decide, may_read_rejects=may_read) for one in held
    ]
    return html.Section([html.H2("Väntar på beslut"), *panels], className="section")


def _failed(found: tuple[DeliveryRow, ...]) -> html.Section | None:
    if not found:
        return None
    items = [
        html.Li([html.Strong(one.file_name), f", mottagen {text.moment(one.received_at)}: {one.reason or ''}"])
        for one in found
    ]
    return _section("Leveranser som inte lästes in", html.Ul(items, className="plain-list"))


def _rejects(context: Context, waiting: int) -> html.Section:
    if not can_read_rejects(context.viewer):
        return only_count(waiting)
    number = context.number("sida") or 1
    delivery_id = context.number("leverans")
    shown = rejects(
        context.connection,
        context.viewer,
        delivery_id=delivery_id,
        only_committed=delivery_id is None,
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    return reject_section(shown, number, delivery_id, may_replay=can_decide_deliveries(context.viewer))


def _section(heading: str, *children: Any) -> html.Section:
    return html.Section([html.H2(heading), *children], className="section")
