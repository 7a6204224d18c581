"""Leveranser: how fresh the data are, what waits for a decision, what was rejected, and how the jobs go."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import format as text
from dashboard.components.deliveries import (
    PAGE_SIZE,
    freshness_table,
    hold_panel,
    job_table,
    pager,
    reject_table,
    replay_button,
    request_table,
)
from dashboard.components.head import page_head
from dashboard.context import Context, Page
from kpi.access import can_decide_deliveries, can_read_rejects
from kpi.views.deliveries import DeliveryRow, RejectPage, deliveries, freshness, rejects
from kpi.views.jobs import JobRow, RequestRow, latest_jobs, latest_requests
from kpi.views.rows import Freshness

POLL_MS = 3000
"""How often a waiting request is looked at."""


def page(context: Context) -> Page:
    """Everything; `sida` in the address says which page of the rejects."""
    found = freshness(context.connection, context.viewer)
    held = deliveries(context.connection, context.viewer, status=("held",))
    failed = deliveries(context.connection, context.viewer, status=("failed", "refused"), limit=5)
    requests = latest_requests(context.connection, context.viewer)
    jobs = latest_jobs(context.connection, context.viewer)
    may_read_rejects = can_read_rejects(context.viewer)
    number = _page_number(context)
    shown = (
        rejects(context.connection, context.viewer, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
        if may_read_rejects
        else None
    )
    waiting = any(one.state in ("waiting", "running") for one in requests)
    children: list[Any] = [
        page_head("Leveranser", is_synthetic=any(one.is_synthetic for one in found)),
        _lead(found, held, jobs),
        dcc.Interval(id="poll", interval=POLL_MS, disabled=not waiting),
        html.Div(id="decided", role="status"),
        _holds(held, requests, may_decide=can_decide_deliveries(context.viewer)),
        _section("Hur färska uppgifterna är", freshness_table(found)),
        _failed(failed),
        _rejects(context, found, shown, number),
        _section("Schemalagda jobb", job_table(jobs)),
    ]
    if requests:
        children.append(_section("Begäranden", request_table(requests)))
    return Page("Leveranser", [child for child in children if child is not None])


def _page_number(context: Context) -> int:
    """The wanted page of the rejects; the first for anything that is no number."""
    text_ = context.query.get("sida", "1")
    return max(int(text_), 1) if text_.isdecimal() and len(text_) < 7 else 1


def _lead(found: tuple[Freshness, ...], held: tuple[DeliveryRow, ...], jobs: tuple[JobRow, ...]) -> html.P:
    if not found and not held:
        return html.P("Inga leveranser har kommit ännu.", className="lead")
    pieces: list[Any] = []
    if held:
        words = (
            "En leverans väntar" if len(held) == 1 else f"{text.capital(text.count_word(len(held)))} leveranser väntar"
        )
        pieces += [html.Strong(words, className="off"), " på controllerns beslut. "]
    rows = sum(one.open_rejects for one in found)
    if rows:
        pieces.append(f"{text.plural(rows, 'rad väntar', 'rader väntar')} i karantän på rättning hos källan. ")
    failing = [job for job in jobs if job.state == "failed"]
    if failing:
        pieces += [
            html.Strong("Ett jobb misslyckas" if len(failing) == 1 else "Flera jobb misslyckas", className="off"),
            " och försöks igen. ",
        ]
    if found:
        latest = max(one.as_of for one in found)
        pieces.append(f"De färskaste uppgifterna gäller till och med {text.day(latest)}.")
    return html.P(pieces, className="lead")


def _holds(held: tuple[DeliveryRow, ...], requests: tuple[RequestRow, ...], *, may_decide: bool) -> html.Section | None:
    if not held:
        return None
    by_delivery = {one.delivery_id: one for one in reversed(requests)}
    return html.Section(
        [
            html.H2("Väntar på beslut"),
            *(hold_panel(one, by_delivery.get(one.delivery_id), may_decide=may_decide) for one in held),
        ],
        className="section",
    )


def _failed(found: tuple[DeliveryRow, ...]) -> html.Section | None:
    if not found:
        return None
    items = [
        html.Li([html.Strong(one.file_name), f", mottagen {text.moment(one.received_at)}: {one.reason or ''}"])
        for one in found
    ]
    return _section("Leveranser som inte lästes in", html.Ul(items, className="plain-list"))


def _rejects(context: Context, found: tuple[Freshness, ...], shown: RejectPage | None, number: int) -> html.Section:
    if shown is None:
        rows = sum(one.open_rejects for one in found)
        return _section(
            "Rader i karantän",
            html.P(
                f"{text.plural(rows, 'rad väntar', 'rader väntar')}. Raderna visas för förvaltningschef, controller "
                "och revisor.",
                className="muted",
            ),
            anchor="karantan",
        )
    children: list[Any] = [reject_table(shown), pager(shown.total, number)]
    if shown.total and can_decide_deliveries(context.viewer):
        children.append(html.Div(replay_button(), className="decide"))
    return _section("Rader i karantän", *[child for child in children if child is not None], anchor="karantan")


def _section(heading: str, *children: Any, anchor: str | None = None) -> html.Section:
    named: dict[str, Any] = {"id": anchor} if anchor else {}
    return html.Section([html.H2(heading), *children], className="section", **named)
