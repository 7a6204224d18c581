"""Parts of Leveranser: how fresh, what waits for a decision, what was rejected, what the scheduler does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard import format as text
from dashboard import texts
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import address, link
from dashboard.components.status_mark import mark
from kpi.views.deliveries import DeliveryRow, RejectPage, RejectRow
from kpi.views.jobs import JobRow, RequestRow
from kpi.views.rows import Freshness

PAGE_SIZE = 20


def dataset(code: str) -> str:
    """The dataset's Swedish name."""
    return texts.DATASETS.get(code, code)


def freshness_table(found: Sequence[Freshness]) -> Any:
    """One row per source, dataset and municipality."""
    if not found:
        return states.empty("Inga leveranser har lästs in ännu.")
    columns = [
        Column("Innehåll"),
        Column("Källa"),
        Column("Kommun"),
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
            one.municipality or "Alla",
            text.day(one.as_of),
            text.number(one.read),
            text.number(one.accepted),
            text.number(one.out_of_scope),
            text.number(one.open_rejects),
        ]
        for one in found
    ]
    return data_table("Senaste leverans per källa och innehåll", columns, rows)


def _file(one: Freshness) -> list[Any]:
    return [one.file_name, " ", mark(texts.SYNTHETIC)] if one.is_synthetic else [one.file_name]


def hold_panel(held: DeliveryRow, request: RequestRow | None, *, may_decide: bool) -> html.Article:
    """A delivery that waits for the controller, why, and the buttons for those who may."""
    counts = "; ".join(
        f"{dataset(one.dataset)}: {text.plural(one.read, 'rad läst', 'rader lästa')}, "
        f"{text.plural(one.rejected, 'avvisad', 'avvisade')}, {text.number(one.deleted)} skulle tas bort"
        for one in held.counts
    )
    facts = [
        html.H3(f"{held.source_name}: {held.file_name}"),
        html.P(held.reason or "Leveransen skulle ta bort eller avvisa mer än fem procent av raderna."),
        html.P(
            f"Mottagen {text.moment(held.received_at)}, uppgifter till och med {text.day(held.as_of)}. {counts}",
            className="muted small",
        ),
    ]
    if request is not None and request.state in ("waiting", "running"):
        facts.append(html.P([mark(texts.REQUEST_STATES[request.state]), " ", _asked(request)], className="small"))
    elif may_decide:
        facts.append(
            html.Div(
                [
                    _button("approve", "Godkänn och läs in", held.delivery_id, "filled"),
                    _button("refuse", "Avvisa leveransen", held.delivery_id, "default"),
                ],
                className="decide",
            )
        )
    else:
        facts.append(html.P("Controllern beslutar om leveransen.", className="muted small"))
    return html.Article(facts, className="panel hold")


def _asked(request: RequestRow) -> str:
    return f"{texts.REQUEST_KINDS[request.kind]}, begärt av {request.asked_by.lower()} {text.moment(request.asked_at)}"


def _button(kind: str, words: str, delivery_id: int, variant: str) -> dmc.Button:
    return dmc.Button(words, id={"type": "decide", "kind": kind, "delivery": delivery_id}, variant=variant, size="sm")


def replay_button() -> dmc.Button:
    """Read every row in quarantine again, with the mappings as they are now."""
    return dmc.Button(
        "Läs om alla rader i karantän",
        id={"type": "decide", "kind": "replay", "delivery": 0},
        variant="default",
        size="sm",
    )


def reject_table(found: RejectPage) -> Any:
    """A page of rows in quarantine: where and why, never what they hold."""
    if not found.rows:
        return states.empty("Inga rader väntar i karantän.")
    columns = [Column("Var"), Column("Innehåll"), Column("Vad som är fel och vad som hjälper")]
    rows = [[_place(one), dataset(one.dataset), _problem(one)] for one in found.rows]
    return data_table("Rader i karantän", columns, rows)


def _place(one: RejectRow) -> str:
    place, _, sentence = one.message.partition(": ")
    if sentence and place.startswith(one.file_name):
        return place.replace("rad ", f"rad{text.NBSP}")
    sheet = f", blad ”{one.sheet}”" if one.sheet else ""
    return f"{one.file_name}{sheet}, rad {one.line}" + (f", fältet {one.field}" if one.field else "")


def _problem(one: RejectRow) -> list[Any]:
    place, _, sentence = one.message.partition(": ")
    told: list[Any] = [text.capital(sentence) if sentence and place.startswith(one.file_name) else one.message]
    if one.other_problems:
        told.append(html.Small(f"och {text.plural(one.other_problems, 'fel till', 'fel till')} på raden"))
    return told


def pager(total: int, number: int) -> html.Nav | None:
    """Which page of the rejects is shown, and links to its neighbours; None when there is one page."""
    pages = -(-total // PAGE_SIZE)
    if pages < 2:
        return None
    steps: list[Any] = [
        html.Span(f"Sida {text.number(number)} av {text.number(pages)}, {text.plural(total, 'rad', 'rader')}")
    ]
    if number > 1:
        steps.append(link("← Föregående sida", address("/leveranser", sida=str(number - 1)), className="more"))
    if number < pages:
        steps.append(link("Nästa sida →", address("/leveranser", sida=str(number + 1)), className="more"))
    return html.Nav(steps, className="pager", **aria(label="Sidor med rader i karantän"))


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
