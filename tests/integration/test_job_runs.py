"""A slot is run once; a failed one is tried again after a growing pause, and the job waits for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select

from etl.job_runs import (
    claim_slot,
    fail_interrupted_runs,
    fail_run,
    finish_run,
    pause_after,
    remove_empty_runs,
)
from warehouse.database import reading
from warehouse.tables import job_run

NOON = datetime(2025, 3, 7, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def runs(engine: Engine) -> list[tuple[str, str, int]]:
    with reading(engine) as connection:
        found = connection.execute(select(job_run.c.slot, job_run.c.state, job_run.c.attempts).order_by(job_run.c.slot))
        return [(row.slot, row.state, row.attempts) for row in found]


def test_a_slot_is_claimed_once_also_by_many_at_the_same_time(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as threads:
        claims = list(
            threads.map(lambda n: claim_slot(engine, "pick_up", "12:00", worker=f"w{n}", now=NOON), range(24))
        )
    assert sum(claim is not None for claim in claims) == 1
    assert runs(engine) == [("12:00", "running", 1)]


def test_a_failed_slot_is_tried_again_and_later_slots_wait_for_it(engine: Engine) -> None:
    first = claim_slot(engine, "pick_up", "12:00", worker="w", now=NOON)
    assert first is not None
    assert fail_run(engine, first, "Disken är full.", now=NOON, first_pause=MINUTE) == NOON + MINUTE
    assert claim_slot(engine, "pick_up", "12:01", worker="w", now=NOON + 0.9 * MINUTE) is None
    again = claim_slot(engine, "pick_up", "12:02", worker="w", now=NOON + MINUTE)
    assert again is not None
    assert (again.slot, again.attempts) == ("12:00", 2)
    finish_run(engine, again, "En fil inläst.", now=NOON + MINUTE)
    later = claim_slot(engine, "pick_up", "12:02", worker="w", now=NOON + MINUTE)
    assert later is not None
    assert runs(engine) == [("12:00", "done", 2), ("12:02", "running", 1)]


def test_another_jobs_failure_does_not_hold_a_job_back(engine: Engine) -> None:
    failed = claim_slot(engine, "compute", "12", worker="w", now=NOON)
    assert failed is not None
    fail_run(engine, failed, "Fel i definitionerna.", now=NOON, first_pause=MINUTE)
    assert claim_slot(engine, "pick_up", "12", worker="w", now=NOON) is not None


def test_the_pause_doubles_up_to_an_hour() -> None:
    minutes = [pause_after(attempts, MINUTE) / MINUTE for attempts in (1, 2, 3, 4, 7, 8, 400)]
    assert minutes == [1, 2, 4, 8, 60, 60, 60]


def test_what_a_dead_leader_left_running_is_tried_again_at_once(engine: Engine) -> None:
    claim_slot(engine, "pick_up", "12:00", worker="dead", now=NOON)
    assert fail_interrupted_runs(engine, now=NOON, first_pause=MINUTE) == 1
    again = claim_slot(engine, "pick_up", "12:05", worker="new", now=NOON)
    assert again is not None
    assert (again.slot, again.attempts) == ("12:00", 2)


def test_a_job_that_kills_its_process_is_not_tried_in_a_tight_circle(engine: Engine) -> None:
    for worker in ("first", "second"):
        claim_slot(engine, "pick_up", "12:00", worker=worker, now=NOON)
        fail_interrupted_runs(engine, now=NOON, first_pause=MINUTE)
    assert claim_slot(engine, "pick_up", "12:00", worker="third", now=NOON) is None
    assert claim_slot(engine, "pick_up", "12:00", worker="third", now=NOON + MINUTE) is not None


def test_old_runs_without_result_are_forgotten_and_no_others(engine: Engine) -> None:
    for slot, result in (("1", None), ("2", "En fil inläst.")):
        claim = claim_slot(engine, "pick_up", slot, worker="w", now=NOON)
        assert claim is not None
        finish_run(engine, claim, result, now=NOON)
    remove_empty_runs(engine, now=NOON + timedelta(hours=23))
    assert len(runs(engine)) == 2
    remove_empty_runs(engine, now=NOON + timedelta(hours=25))
    assert runs(engine) == [("2", "done", 1)]
