"""When jobs are due: slots by the clock, and what was missed is caught up once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, select

from etl.jobs import interval_slot, nightly_slot
from etl.schedule import Runner, describe_failure
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.settings import Settings
from warehouse.tables import job_run

NOON = datetime(2025, 3, 7, 12, 0, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds_later", "slot"), [(0, "2025-03-07T12:00:00Z"), (1, "2025-03-07T12:01:00Z"), (61, "2025-03-07T12:02:00Z")]
)
def test_an_interval_begins_at_whole_minutes(seconds_later: int, slot: str) -> None:
    assert interval_slot(NOON + timedelta(seconds=seconds_later), timedelta(minutes=1)) == slot


@pytest.mark.parametrize(
    ("utc", "night"),
    [
        ((3, 7, 1, 29), "2025-03-06"),
        ((3, 7, 1, 30), "2025-03-07"),
        ((3, 7, 22, 59), "2025-03-07"),
        ((7, 7, 0, 29), "2025-07-06"),
        ((7, 7, 0, 30), "2025-07-07"),
        ((7, 7, 22, 1), "2025-07-07"),
    ],
)
def test_a_night_is_due_when_its_swedish_hour_has_passed(utc: tuple[int, int, int, int], night: str) -> None:
    now = datetime(2025, *utc, tzinfo=UTC)
    assert nightly_slot(now, Settings(nightly_at=time(2, 30))) == night


@pytest.fixture
def clock() -> SimpleNamespace:
    return SimpleNamespace(now=NOON)


def runner(engine: Engine, clock: SimpleNamespace, work: object) -> Runner:
    minute = timedelta(minutes=1)
    settings = Settings(retry_seconds=60)
    return Runner(engine, settings, "w", "pickup", lambda now: interval_slot(now, minute), work, lambda: clock.now)  # type: ignore[arg-type]


def test_what_was_missed_is_caught_up_once(sqlite_engine: Engine, clock: SimpleNamespace) -> None:
    done: list[datetime] = []
    job = runner(sqlite_engine, clock, lambda _: done.append(clock.now))
    for later_s in (0, 0, 3600, 3600):
        clock.now = NOON + timedelta(seconds=later_s)
        job.run_if_due()
    assert done == [NOON, NOON + timedelta(hours=1)]


def test_a_failure_is_recorded_and_waits_longer_each_time(sqlite_engine: Engine, clock: SimpleNamespace) -> None:
    tried: list[float] = []

    def fail(_told: object) -> None:
        tried.append((clock.now - NOON).total_seconds() / 60)
        raise UserError("Disken är full.")

    job = runner(sqlite_engine, clock, fail)
    for minute in range(16):
        clock.now = NOON + timedelta(minutes=minute)
        job.run_if_due()
    assert tried == [0, 1, 3, 7, 15]
    with reading(sqlite_engine) as connection:
        (row,) = connection.execute(select(job_run)).all()
    assert (row.state, row.attempts, row.error) == ("failed", 5, "Disken är full.")


def test_a_runner_survives_a_database_that_is_away(tmp_path: Path, clock: SimpleNamespace) -> None:
    from warehouse.database import open_engine

    empty = open_engine(f"sqlite:///{tmp_path / 'none.db'}")
    runner(empty, clock, lambda _: None).run_if_due()
    empty.dispose()


def test_an_unexpected_failure_tells_its_kind_and_nothing_of_its_text() -> None:
    assert describe_failure(ValueError("rad 7: hemligt")) == "Oväntat fel (ValueError). Mer står i loggen."


def test_a_users_error_is_masked() -> None:
    assert "19121212" not in describe_failure(UserError("Fel i raden för 19121212-9816."))
