"""Reads the scheduler's runs and what pages have asked it to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, union

from kpi.access import Viewer, check_can_read_deliveries, delivery_municipalities, is_operator
from kpi.period import Period
from kpi.views.reach import deliveries_in_reach
from warehouse.tables import delivery, delivery_scope, job_request, job_run, rejected_row

_NAMING = (delivery_scope, rejected_row)
_WAITING = ("waiting", "running")
_OF_FILES = frozenset({"pickup"})
"""How far these have come tells how many files there are, which may be anybody's."""
_UNTOLD = "Orsaken visas för den som ser alla kommuners leveranser."


@dataclass(frozen=True)
class Progress:
    """How far something that goes on has come: a step, and how much of it is done. A `total` of 0 is not known."""

    step: str
    done: int
    total: int


@dataclass(frozen=True)
class JobRow:
    """A job's run. `retry_at`: when a failed one is tried again."""

    job: str
    slot: str
    state: str
    attempts: int
    started_at: datetime
    finished_at: datetime | None
    retry_at: datetime | None
    result: str | None
    error: str | None
    progress: Progress | None = None


@dataclass(frozen=True)
class RequestRow:
    """What a page asked for, and what came of it."""

    request_id: int
    kind: str
    delivery_id: int | None
    file_name: str | None
    asked_by: str
    asked_at: datetime
    state: str
    message: str | None
    progress: Progress | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it is not carried out yet."""
        return self.state in _WAITING


@dataclass(frozen=True)
class ClosingRequest:
    """What a page asked to close, and what came of it. `reason`: of a correction."""

    request_id: int
    period: Period
    reason: str | None
    asked_by: str
    asked_at: datetime
    state: str
    message: str | None
    progress: Progress | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it is not carried out yet."""
        return self.state in _WAITING


def closing_requests(connection: Connection, board_code: str, *, limit: int = 5) -> tuple[ClosingRequest, ...]:
    """The latest requests to close a period of the board, the newest first. Whoever asks sees to who may read them."""
    table = job_request
    rows = connection.execute(
        select(table)
        .where(table.c.kind == "close", table.c.board_code == board_code)
        .order_by(table.c.request_id.desc())
        .limit(limit)
    )
    return tuple(
        ClosingRequest(
            row.request_id,
            Period.from_code(row.period),
            row.reason,
            row.asked_by,
            row.asked_at,
            row.state,
            row.message,
            _progress(row),
        )
        for row in rows
    )


def latest_jobs(connection: Connection, viewer: Viewer) -> tuple[JobRow, ...]:
    """Each job's latest run, and every failed run that waits for a retry; failing ones first.

    A run is the whole installation's, and its result and error may name anybody's files: they are told to those who see
    every municipality's deliveries."""
    check_can_read_deliveries(viewer)
    is_told = _sees_all(connection, viewer)
    newest = select(func.max(job_run.c.job_run_id)).group_by(job_run.c.job)
    rows = connection.execute(
        select(job_run)
        .where((job_run.c.job_run_id.in_(newest)) | ((job_run.c.state == "failed") & job_run.c.retry_at.is_not(None)))
        .order_by(job_run.c.job, job_run.c.job_run_id.desc())
    )
    found = [
        JobRow(
            row.job,
            row.slot,
            row.state,
            row.attempts,
            row.started_at,
            row.finished_at,
            row.retry_at,
            row.result if is_told else None,
            row.error if is_told or row.error is None else _UNTOLD,
            _progress(row) if is_told or row.job not in _OF_FILES else None,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda row: row.state != "failed"))


def latest_requests(connection: Connection, viewer: Viewer, *, limit: int = 10) -> tuple[RequestRow, ...]:
    """The latest requests about deliveries in the viewer's municipalities, the newest first. One about every rejected
    row belongs to no municipality, and so only to who asked: whoever else asked may be a neighbour's."""
    check_can_read_deliveries(viewer)
    query = (
        select(job_request, delivery.c.file_name)
        .outerjoin(delivery, delivery.c.delivery_id == job_request.c.delivery_id)
        .where(job_request.c.kind != "close")
        .order_by(job_request.c.request_id.desc())
        .limit(limit)
    )
    if not is_operator(viewer):
        asked = job_request.c.delivery_id.is_(None) & (job_request.c.asked_by == viewer.user)
        query = query.where(asked | deliveries_in_reach(viewer))
    return tuple(
        RequestRow(
            row.request_id,
            row.kind,
            row.delivery_id,
            row.file_name,
            row.asked_by,
            row.asked_at,
            row.state,
            row.message,
            _progress(row),
        )
        for row in connection.execute(query)
    )


def _progress(row: Row[Any]) -> Progress | None:
    return Progress(row.step, row.step_done, row.step_total) if row.state == "running" and row.step else None


def _sees_all(connection: Connection, viewer: Viewer) -> bool:
    """Whether the viewer sees the deliveries of every municipality that some delivery names."""
    if is_operator(viewer):
        return True
    named = connection.scalars(
        union(*(select(table.c.municipality_code).where(table.c.municipality_code != "") for table in _NAMING))
    ).all()
    return bool(named) and delivery_municipalities(viewer).issuperset(named)
