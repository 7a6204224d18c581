"""The scheduler: its own process, one leader per warehouse, jobs defined here.

Each job has a *due slot*: the latest moment (or cut of data) that it should have run for. APScheduler asks often; a run
happens only when the slot's row can be claimed. So nothing runs twice, and what was missed while no scheduler ran is
caught up once.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from etl.job_runs import claim_slot, fail_interrupted_runs, fail_run, finish_run
from etl.jobs import DueSlot, Work, jobs_of
from etl.leader import StillLeading, lead
from etl.progress import Told
from etl.requests import carry_out_requests, requeue_interrupted
from warehouse import clock
from warehouse.errors import UserError
from warehouse.identity.mask import mask_text
from warehouse.settings import Settings
from warehouse.tables import job_run

_log = structlog.get_logger(__name__)
_ASK_EVERY_S = 1.0
_LOOK_EVERY_S = 0.1


class Stop:
    """Whether to stop. A plain flag: a signal handler that sets a `threading.Event` deadlocks with a waiter that it
    interrupts at the wrong moment."""

    def __init__(self) -> None:
        self.is_asked = False

    def ask(self) -> None:
        """Ask for a stop; safe in a signal handler and in any thread."""
        self.is_asked = True

    def wait(self, seconds: float) -> bool:
        """Wait that long, or until a stop is asked for; says whether it was."""
        last = time.monotonic() + seconds
        while not self.is_asked and time.monotonic() < last:
            time.sleep(_LOOK_EVERY_S)
        return self.is_asked


def run_schedule(engine: Engine, settings: Settings, *, parent: int | None = None) -> None:
    """Lead or stand by until SIGTERM or SIGINT; a running job is let to its end first. Main thread only.

    `parent`: the process that started this one; stop also when it is gone.
    """
    if settings.drop_dir is None:  # one that the settings name may be a mount that is missing: that must not be hidden
        settings.drop_folder.mkdir(parents=True, exist_ok=True)
    stop = Stop()

    def ask_to_stop(number: int, _frame: FrameType | None) -> None:
        stop.ask()
        signal.signal(number, signal.SIG_DFL)  # a second signal ends at once; a crash is safe

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    if parent is not None:
        threading.Thread(target=_ask_when_orphaned, args=(stop, parent), daemon=True).start()
    serve_jobs(engine, settings, stop)


def _ask_when_orphaned(stop: Stop, parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_ASK_EVERY_S)
    stop.ask()


def serve_jobs(engine: Engine, settings: Settings, stop: Stop) -> None:
    """Lead when no other process does, else stand by; returns when `stop` is set."""
    worker = f"{socket.gethostname()}:{os.getpid()}"[:80]
    told = False
    while not stop.is_asked:
        with lead(engine) as still_leading:
            if still_leading is not None:
                _log.info("leading", worker=worker)
                _lead_until(engine, settings, worker, still_leading, stop)
                _log.info("stopped leading", worker=worker)
            elif not told:
                told = True
                _log.info("standing by", worker=worker)
        stop.wait(settings.request_seconds)


def _lead_until(engine: Engine, settings: Settings, worker: str, still_leading: StillLeading, stop: Stop) -> None:
    now = clock.now()
    interrupted = fail_interrupted_runs(engine, now=now, first_pause=timedelta(seconds=settings.retry_seconds))
    requeue_interrupted(engine)
    if interrupted:
        _log.warning("interrupted runs are tried again", count=interrupted)
    # One thread: a load, a computation and an approval never write at the same time.
    scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    often = {"trigger": "interval", "coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    for job in jobs_of(engine, settings):
        runner = Runner(engine, settings, worker, job.name, job.due_slot, job.work)
        scheduler.add_job(runner.run_if_due, seconds=job.ask_seconds, id=job.name, next_run_time=now, **often)
    scheduler.add_job(
        _answer_requests, args=(engine, settings), seconds=settings.request_seconds, id="requests", **often
    )
    scheduler.start()
    try:
        while not stop.wait(_ASK_EVERY_S):
            if not still_leading():
                _log.warning("the leader's lock was lost", worker=worker)
                return
    finally:
        scheduler.shutdown(wait=True)


def _answer_requests(engine: Engine, settings: Settings) -> None:
    try:
        carry_out_requests(engine, settings)
    except Exception:
        _log.exception("requests could not be read")  # the database may be away; asked again in a few seconds


@dataclass(frozen=True)
class Runner:
    """Runs one job's due slot, when it can be claimed, and records what became of it."""

    engine: Engine
    settings: Settings
    worker: str
    job: str
    due_slot: DueSlot
    work: Work
    clock: Callable[[], datetime] = lambda: clock.now()

    def run_if_due(self) -> None:
        """Claim, run, record. Never raises: a database that is away is asked again."""
        try:
            self._run_if_due()
        except Exception:
            _log.exception("job could not be recorded", job=self.job)

    def _run_if_due(self) -> None:
        slot = self.due_slot(self.clock())
        if slot is None:
            return
        claim = claim_slot(self.engine, self.job, slot, worker=self.worker, now=self.clock())
        if claim is None:
            return
        _log.info("job started", job=claim.job, slot=claim.slot, attempt=claim.attempts)
        try:
            result = self.work(Told(self.engine, job_run, claim.job_run_id))
        except Exception as error:
            first_pause = timedelta(seconds=self.settings.retry_seconds)
            _log.exception("job failed", job=claim.job, slot=claim.slot, attempt=claim.attempts)
            fail_run(self.engine, claim, describe_failure(error), now=self.clock(), first_pause=first_pause)
        else:
            finish_run(self.engine, claim, mask_text(result) if result else None, now=self.clock())
            _log.info("job done", job=claim.job, slot=claim.slot, result=result)


def describe_failure(error: Exception) -> str:
    """What a page may show of a failure: a user's error in its own words, anything else by its kind only."""
    if isinstance(error, UserError):
        return mask_text(str(error))
    return f"Oväntat fel ({type(error).__name__}). Mer står i loggen."
