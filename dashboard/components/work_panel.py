"""What goes on or waits to be done by the scheduler: found again whenever the page is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import html

from dashboard import texts
from kpi import format as text
from kpi.views.jobs import ClosingRequest, JobRow, Progress, RequestRow


@dataclass(frozen=True)
class Work:
    """One thing that goes on (`since` when) or waits (`since` it was asked for). `key`: its own among the page's."""

    key: str
    name: str
    is_running: bool
    since: datetime
    progress: Progress | None
    asked_by: str | None = None


def of_job(one: JobRow) -> Work:
    """A run of the scheduler's own."""
    name = texts.JOBS.get(one.job, one.job)
    return Work(f"job-{one.job}", name, one.state == "running", one.started_at, one.progress)


def of_request(one: RequestRow) -> Work:
    """What was asked for about a delivery."""
    name = f"{texts.REQUEST_KINDS.get(one.kind, one.kind)}: {one.file_name or 'alla rader i karantän'}"
    return Work(f"request-{one.request_id}", name, one.state == "running", one.asked_at, one.progress, one.asked_by)


def of_closing(one: ClosingRequest) -> Work:
    """A closing, or a correction."""
    name = f"{'Rätta' if one.reason else 'Stäng'} {text.month(one.period)}"
    return Work(f"request-{one.request_id}", name, one.state == "running", one.asked_at, one.progress, one.asked_by)


def work_panel(found: Sequence[Work]) -> html.Section | None:
    """Each that goes on with its bar, each that waits in words; nothing when all is done."""
    if not found:
        return None
    return html.Section(
        [
            html.H2("Pågår nu"),
            html.P(
                "Du kan lämna sidan under tiden. Det som pågår finns här när du kommer tillbaka, och resultatet står "
                "nedanför när det är klart.",
                className="muted panel-lead",
            ),
            html.Ul([html.Li(_one(each)) for each in found], className="plain-list work-list"),
        ],
        className="section work-panel",
    )


def _one(found: Work) -> list[Any]:
    asked = f", begärt av {found.asked_by.lower()}" if found.asked_by else ""
    words = html.P(f"{step_words(found)} {text.capital(_since(found))}{asked}.", className="muted small")
    if not found.is_running:
        return [html.Strong(found.name), words]
    bar = f"work-{found.key}"
    return [html.Label(html.Strong(found.name), htmlFor=bar), _bar(found.progress, bar), words]


def _bar(told: Progress | None, bar: str) -> html.Progress:
    if told is None or told.total < 2:
        return html.Progress(id=bar)  # a bar without a value says that it is not known how far
    return html.Progress(id=bar, value=str(told.done), max=str(told.total))


def _since(found: Work) -> str:
    return f"{'började' if found.is_running else 'begärdes'} {text.moment(found.since)}"


def step_words(found: Work) -> str:
    """What is done now, and how much of it: ”Räknar nyckeltal, 24 av 59 delar.”"""
    if not found.is_running:
        return "Väntar på sin tur."
    told = found.progress
    if told is None or told.step not in texts.STEPS:
        return "Pågår."
    words, of = texts.STEPS[told.step]
    return f"{words}, {text.number(told.done)} av {text.number(told.total)} {of}." if of and told.total else f"{words}."
