"""The record of the scheduler's runs: one row per (job, slot), so that no two processes can run the same slot.

A slot names *when* or *for what* a job is due ("2026-11-22T02:18", "leverans 57"). A failed slot is tried again after a
pause that doubles; until it succeeds, the job's later slots wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from etl.progress import IDLE
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.tables import job_run

_LONGEST_PAUSE = timedelta(hours=1)
_KEEP_EMPTY_RUNS = timedelta(days=1)


@dataclass(frozen=True)
class Claim:
    """A slot that this process runs, for the n-th time."""

    job_run_id: int
    job: str
    slot: str
    attempts: int


def claim_slot(engine: Engine, job: str, slot: str, *, worker: str, now: datetime) -> Claim | None:
    """The job's failed slot when its pause is over, else the given slot; None when there is nothing to run."""
    with reading(engine) as connection:
        failed = connection.execute(
            select(job_run).where(job_run.c.job == job, job_run.c.state == "failed").order_by(job_run.c.job_run_id)
        ).first()
        taken = connection.scalar(select(job_run.c.job_run_id).where(job_run.c.job == job, job_run.c.slot == slot))
    if failed is not None:
        if clock.utc(failed.retry_at) > now:
            return None
        again = Claim(failed.job_run_id, job, failed.slot, failed.attempts + 1)
        return again if _restart(engine, again, worker, now) else None
    return None if taken else _start(engine, job, slot, worker, now)


def _restart(engine: Engine, claim: Claim, worker: str, now: datetime) -> bool:
    mine = job_run.c.job_run_id == claim.job_run_id
    with writing(engine) as connection:
        found = connection.execute(
            update(job_run)
            .where(mine, job_run.c.state == "failed", job_run.c.attempts == claim.attempts - 1)
            .values(
                state="running", attempts=claim.attempts, started_at=now, finished_at=None, retry_at=None, worker=worker
            )
        )
    return found.rowcount == 1


def _start(engine: Engine, job: str, slot: str, worker: str, now: datetime) -> Claim | None:
    row = {"job": job, "slot": slot, "state": "running", "attempts": 1, "started_at": now, "worker": worker}
    try:
        with writing(engine) as connection:
            job_run_id = connection.scalar(insert(job_run).values(row).returning(job_run.c.job_run_id))
    except IntegrityError:  # another process was first
        return None
    if job_run_id is None:
        raise AssertionError("an insert returns its key")
    return Claim(job_run_id, job, slot, 1)


def finish_run(engine: Engine, claim: Claim, result: str | None, *, now: datetime) -> None:
    """Record that the slot is done; `result` is a Swedish sentence, None when there was nothing to do."""
    _record(engine, claim, state="done", finished_at=now, result=result, error=None)


def fail_run(engine: Engine, claim: Claim, error: str, *, now: datetime, first_pause: timedelta) -> datetime:
    """Record why the slot failed (a Swedish sentence without personal data) and when it is tried again."""
    retry_at = now + pause_after(claim.attempts, first_pause)
    _record(engine, claim, state="failed", finished_at=now, error=error, retry_at=retry_at)
    return retry_at


def _record(engine: Engine, claim: Claim, **values: object) -> None:
    with writing(engine) as connection:
        connection.execute(update(job_run).where(job_run.c.job_run_id == claim.job_run_id).values(**IDLE, **values))


def pause_after(attempts: int, first: timedelta) -> timedelta:
    """How long to wait after that many failed attempts: doubled each time, an hour at most."""
    return min(timedelta(seconds=first.total_seconds() * 2.0 ** min(attempts - 1, 20)), _LONGEST_PAUSE)


def fail_interrupted_runs(engine: Engine, *, now: datetime, first_pause: timedelta) -> int:
    """For a new leader: runs still marked running died with the leader before; they are tried again."""
    with writing(engine) as connection:
        interrupted = connection.execute(select(job_run).where(job_run.c.state == "running")).all()
        for row in interrupted:
            connection.execute(
                update(job_run)
                .where(job_run.c.job_run_id == row.job_run_id)
                .values(
                    **IDLE,
                    state="failed",
                    finished_at=now,
                    error="Avbröts: schemaläggarens process slutade mitt i jobbet.",
                    # a job that kills its process must not do so in a tight circle
                    retry_at=now + (pause_after(row.attempts - 1, first_pause) if row.attempts > 1 else timedelta()),
                )
            )
    return len(interrupted)


def remove_empty_runs(engine: Engine, *, now: datetime) -> None:
    """Forget yesterday's runs that had nothing to do: a look in the drop folder each minute tells nobody anything."""
    with writing(engine) as connection:
        connection.execute(
            delete(job_run).where(
                job_run.c.state == "done", job_run.c.result.is_(None), job_run.c.started_at < now - _KEEP_EMPTY_RUNS
            )
        )
