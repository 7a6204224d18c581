"""Parts of Leveranser: how fresh the data are, what waits for a decision, what the scheduler does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard import texts
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import link
from dashboard.components.rejects import to_delivery
from dashboard.components.status_mark import mark
from kpi import format as text
from kpi.views.deliveries import DeliveryRow
from kpi.views.jobs import JobRow, RequestRow
from kpi.views.rows import Freshness


def dataset(code: str) -> str:
    """The dataset's Swedish name."""
    return texts.DATASETS.get(code, code)


def freshness_tables(found: Sequence[Freshness]) -> Any:
    """A table for each municipality, one row per source and dataset. Of several municipalities each is folded under
    how it stands."""
    if not found:
        return states.empty("Inga leveranser har lästs in ännu.")
    groups = [(name, list(rows)) for name, rows in groupby(found, lambda one: one.municipality or _OF_ALL)]
    tables = [_freshness_table(name, rows) for name, rows in groups]
    if len(tables) == 1:
        return tables[0]
    return html.Div(
        [
            html.Details([html.Summary(_standing(*group)), table], className="plain")
            for group, table in zip(groups, tables, strict=True)
        ]
    )


_OF_ALL = "För alla kommuner"


def _standing(name: str, rows: Sequence[Freshness]) -> list[Any]:
    """How far the municipality's deliveries reach, the least fresh told, and what waits."""
    days = sorted({one.as_of for one in rows})
    reach = f"till och med {text.day(days[-1])}"
    if len(days) > 1:
        reach += f", det äldsta {text.day(days[0])}"
    waiting = sum(one.open_rejects for one in rows)
    told = f": {text.plural(len(rows), 'innehåll', 'innehåll')} {reach}"
    if waiting:
        told += f", {text.plural(waiting, 'rad', 'rader')} i karantän"
    return [html.Strong(name), told]


def _freshness_table(name: str, found: Sequence[Freshness]) -> Any:
    columns = [
        Column("Innehåll"),
        Column("Källa"),
        Column("Till och med"),
        Column("Lästa", is_number=True),
        Column("Godtagna", is_number=True),
        Column("Utanför", is_number=True),
        Column("I karantän", is_number=True),
    ]
    rows: list[list[Any]] = [
        [
            [dataset(one.dataset), html.Small(_file(one))],
            one.source,
            text.day(one.as_of),
            text.number(one.read),
            text.number(one.accepted),
            text.number(one.out_of_scope),
            text.number(one.open_rejects),
        ]
        for one in found
    ]
    return data_table(f"{name}: senaste leverans per källa och innehåll", columns, rows)


def _file(one: Freshness) -> list[Any]:
    return [one.file_name, " ", mark(texts.SYNTHETIC)] if one.is_synthetic else [one.file_name]


def hold_panel(
    held: DeliveryRow, request: RequestRow | None, *, may_decide: bool, may_read_rejects: bool
) -> html.Article:
    """A delivery that waits for the controller, why, and the buttons for those who may."""
    counts = "; ".join(
        f"{dataset(one.dataset)}: {text.plural(one.read, 'rad läst', 'rader lästa')}, "
        f"{text.plural(one.rejected, 'avvisad', 'avvisade')}, {text.number(one.deleted)} skulle tas bort"
        for one in held.counts
    )
    received = f"Mottagen {text.moment(held.received_at)}, uppgifter till och med {text.day(held.as_of)}. {counts}"
    facts: list[Any] = [
        html.H3(f"{held.source_name}: {held.file_name}"),
        html.P(held.reason or "Leveransen skulle ta bort eller avvisa mer än fem procent av raderna."),
        html.P(received, className="muted small"),
    ]
    if may_read_rejects and any(one.rejected for one in held.counts):
        facts.append(html.P(link("Se de avvisade raderna", to_delivery(held.delivery_id), className="more")))
    return html.Article([*facts, _decision(held, request, may_decide=may_decide)], className="panel hold")


def _decision(held: DeliveryRow, request: RequestRow | None, *, may_decide: bool) -> html.Div | html.P:
    if request is not None and request.is_waiting:
        return html.P([mark(texts.REQUEST_STATES[request.state]), " ", _asked(request)], className="small")
    if not may_decide:
        return html.P("Controllern beslutar om leveransen.", className="muted small")
    buttons = [
        _button("approve", "Godkänn och läs in", held.delivery_id, "filled"),
        _button("refuse", "Avvisa leveransen", held.delivery_id, "default"),
    ]
    return html.Div(buttons, className="decide")


def _asked(request: RequestRow) -> str:
    return f"{texts.REQUEST_KINDS[request.kind]}, begärt av {request.asked_by.lower()} {text.moment(request.asked_at)}"


def _button(kind: str, words: str, delivery_id: int, variant: str) -> dmc.Button:
    return dmc.Button(words, id={"type": "decide", "kind": kind, "delivery": delivery_id}, variant=variant, size="sm")


def job_table(found: Sequence[JobRow]) -> Any:
    """The scheduler's latest runs, failing ones first."""
    if not found:
        return states.empty("Schemaläggaren har inte kört något jobb ännu.")
    columns = [Column("Jobb"), Column("Läge"), Column("Startade"), Column("Försök", is_number=True), Column("Resultat")]
    rows = [
        [
            texts.JOBS.get(one.job, one.job),
            _job_state(one),
            text.moment(one.started_at),
            text.number(one.attempts),
            _job_result(one),
        ]
        for one in found
    ]
    return data_table("Senaste körning av varje jobb", columns, rows)


def _job_state(one: JobRow) -> Any:
    state = {"failed": "off", "done": "reaches"}.get(one.state, "not_yet")
    return html.Span(texts.JOB_STATES.get(one.state, one.state), className=f"status status-{state}")


def _job_result(one: JobRow) -> Any:
    if one.state == "failed":
        again = f"Försöks igen {text.moment(one.retry_at)}" if one.retry_at else "Försöks inte igen"
        return [one.error or "Okänt fel", html.Small(again)]
    return one.result or ""


def request_table(found: Sequence[RequestRow]) -> Any:
    """What has been asked for, and what came of it."""
    columns = [Column("Begäran"), Column("Leverans"), Column("Av"), Column("När"), Column("Läge")]
    rows = [
        [
            texts.REQUEST_KINDS.get(one.kind, one.kind),
            one.file_name or "alla rader i karantän",
            one.asked_by,
            text.moment(one.asked_at),
            [texts.REQUEST_STATES.get(one.state, one.state), *([html.Small(one.message)] if one.message else [])],
        ]
        for one in found
    ]
    return data_table("Begäranden om leveranser", columns, rows)
