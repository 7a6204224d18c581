"""The scheduler: nothing runs twice, a standby takes over, what is dropped is loaded and computed.

Real processes where it is about them; a thread of the test where it is about what is done, which has all imported and
the definitions read.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog.testing
from sqlalchemy import Engine, insert, select

from etl.schedule import Stop, serve_jobs
from tests.builders.command import Samkoll
from warehouse.database import reading, writing
from warehouse.settings import Settings
from warehouse.tables import delivery, job_request, job_run

CANONICAL = Path(__file__).parents[1] / "fixtures" / "canonical"
QUICK = {"pick_up_seconds": "1", "settle_seconds": "1", "request_seconds": "1", "retry_seconds": "1"}


@pytest.fixture
def samkoll(engine: Engine, tmp_path: Path) -> Samkoll:
    """An installation with short intervals, on both databases."""
    url = engine.url.render_as_string(hide_password=False)
    (tmp_path / "var" / "drop").mkdir(parents=True)
    return Samkoll(tmp_path, {**QUICK, "database_url": url})


Logged = list[dict[str, Any]]


@contextmanager
def running(samkoll: Samkoll) -> Iterator[subprocess.Popen[str]]:
    """The scheduler's process."""
    process = samkoll.start("schedule")
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def serving(samkoll: Samkoll, engine: Engine) -> Iterator[Logged]:
    """The scheduler's work in a thread that is let to its end, and what it logs."""
    settings = Settings(**{**samkoll.settings, "data_dir": samkoll.folder / "var"})
    stop_asked = Stop()
    thread = threading.Thread(target=serve_jobs, args=(engine, settings, stop_asked), daemon=True)
    with structlog.testing.capture_logs() as logged:
        thread.start()
        try:
            yield logged
        finally:
            stop_asked.ask()
            thread.join(30)
    assert not thread.is_alive()


def stop(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=30)


def log_lines(samkoll: Samkoll) -> Logged:
    file = samkoll.folder / "var" / "log" / "samkoll.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def events(lines: Logged, event: str) -> Logged:
    return [line for line in lines if line["event"] == event]


def runs(engine: Engine, job: str, state: str) -> list[Any]:
    with reading(engine) as connection:
        query = select(job_run).where(job_run.c.job == job, job_run.c.state == state)
        return list(connection.execute(query))


def wait_until(is_so: Callable[[], bool], seconds: float = 40) -> None:
    last = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < last, "waited in vain"
        time.sleep(0.2)


def drop(samkoll: Samkoll, file: Path, name: str | None = None) -> None:
    shutil.copyfile(file, samkoll.folder / "var" / "drop" / (name or file.name))


def names_in(samkoll: Samkoll, folder: str) -> set[str]:
    place = samkoll.folder / "var" / "drop" / folder
    return {path.name for path in place.iterdir()} if place.is_dir() else set()


@pytest.mark.slow
def test_two_schedulers_never_double_a_run(samkoll: Samkoll, engine: Engine) -> None:
    for file in CANONICAL.glob("*.csv"):
        drop(samkoll, file)
    with serving(samkoll, engine) as own, running(samkoll) as process:
        wait_until(lambda: len(names_in(samkoll, "done")) == 7)
        wait_until(lambda: bool(runs(engine, "compute", "done")))
        wait_until(lambda: len(events([*own, *log_lines(samkoll)], "standing by")) == 1)
        time.sleep(6)
        assert len(events([*own, *log_lines(samkoll)], "leading")) == 1
        assert stop(process) == 0
    lines = events([*own, *log_lines(samkoll)], "job started")
    started = Counter((line["job"], line["slot"], line["attempt"]) for line in lines)
    assert set(started.values()) == {1}
    assert sum(job == "pickup" for job, _, _ in started) >= 6
    with reading(engine) as connection:
        recorded = Counter((row.job, row.slot) for row in connection.execute(select(job_run.c.job, job_run.c.slot)))
        names = list(connection.scalars(select(delivery.c.file_name)))
    assert set(recorded) == {(job, slot) for job, slot, _ in started}
    assert sorted(names) == sorted(file.name for file in CANONICAL.glob("*.csv"))
    cells = samkoll("kpi", "show", "sip_established", "--unit", "1287", "--json").json
    assert sum(cell["numerator"] for cell in cells) == 3


@pytest.mark.slow
def test_a_standby_takes_over_and_holds_what_cannot_be_loaded_with_its_reason(samkoll: Samkoll, engine: Engine) -> None:
    broken = samkoll.folder / "broken.csv"
    broken.write_text("sip_id;municipality_code\nA;1287\n", encoding="utf-8")
    with running(samkoll) as leader:
        wait_until(lambda: len(events(log_lines(samkoll), "job done")) > 0)
        with serving(samkoll, engine) as standby:
            wait_until(lambda: len(events(standby, "standing by")) == 1)
            assert not events(standby, "leading")
            leader.kill()
            wait_until(lambda: len(events(standby, "leading")) == 1, seconds=15)
            drop(samkoll, CANONICAL / "population.csv")
            wait_until(lambda: names_in(samkoll, "done") == {"population.csv"})
            with reading(engine) as connection:
                assert connection.scalar(select(delivery.c.status)) == "loaded"
            drop(samkoll, broken, "sips.csv")
            drop(samkoll, broken, "okänd.csv")
            wait_until(lambda: bool(names_in(samkoll, "held")))
    assert names_in(samkoll, "held") == {"sips.csv", "sips.csv.orsak.txt"}
    reason = (samkoll.folder / "var" / "drop" / "held" / "sips.csv.orsak.txt").read_text("utf-8")
    assert "unit_code" in reason
    assert (samkoll.folder / "var" / "drop" / "okänd.csv").is_file()
    assert "okänd.csv" in samkoll("doctor").out


@pytest.mark.slow
def test_a_wrong_key_fails_the_job_and_leaves_the_file(samkoll: Samkoll, engine: Engine) -> None:
    samkoll = Samkoll(samkoll.folder, {**samkoll.settings, "pseudonym_key": "hemligt"})
    drop(samkoll, CANONICAL / "sips.csv")
    with serving(samkoll, engine):
        wait_until(lambda: bool(runs(engine, "pickup", "failed")))
    assert names_in(samkoll, "") == {"sips.csv"}
    (row,) = runs(engine, "pickup", "failed")
    assert "SAMKOLL_PSEUDONYM_KEY" in row.error
    assert "hemligt" not in row.error


def held_delivery(samkoll: Samkoll) -> int:
    rows = [f"V{n};1287;1287-BOF-N;2025-02-12;socialtjanst;bup;{'okänd' if n < 12 else 'annan'}" for n in range(30)]
    header = "deviation_id;municipality_code;unit_code;reported_on;reporting_actor;counterpart_actor;category"
    file = samkoll.folder / "deviations.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    assert samkoll("load", file, "--as-of", "2025-06-30").code == 1
    return int(samkoll("deliveries", "--json").json[0]["delivery_id"])


def ask(engine: Engine, kind: str, delivery_id: int | None) -> int:
    row = {"kind": kind, "delivery_id": delivery_id, "asked_by": "controller", "state": "waiting"}
    with writing(engine) as connection:
        asked = insert(job_request).values(**row, asked_at=datetime.now(UTC)).returning(job_request.c.request_id)
        return int(connection.execute(asked).scalar_one())


def answer(engine: Engine, request_id: int) -> tuple[str, str | None]:
    with reading(engine) as connection:
        row = connection.execute(select(job_request).where(job_request.c.request_id == request_id)).one()
    return row.state, row.message


@pytest.mark.slow
def test_requests_of_the_pages_are_carried_out_and_figures_follow(samkoll: Samkoll, engine: Engine) -> None:
    number = held_delivery(samkoll)
    assert samkoll("load", CANONICAL / "org_units.csv", "--as-of", "2025-06-30").code == 0
    with serving(samkoll, engine):
        wait_until(lambda: bool(runs(engine, "compute", "done")))
        approved, twice, replayed = (
            ask(engine, "approve", number),
            ask(engine, "refuse", number),
            ask(engine, "replay", None),
        )
        wait_until(lambda: answer(engine, replayed)[0] in ("done", "failed"))
        wait_until(lambda: len(runs(engine, "compute", "done")) >= 2)
    assert answer(engine, approved) == ("done", f"Leverans {number} är godkänd och inläst.")
    assert answer(engine, twice)[0] == "failed"
    assert answer(engine, replayed)[0] == "done"
    cells = samkoll("kpi", "show", "deviations_reported", "--unit", "1287-BOF-N", "--from", "2025-02", "--json").json
    assert cells[0]["numerator"] == 18


@pytest.mark.slow
def test_a_failing_job_is_recorded_retried_and_mended(samkoll: Samkoll, engine: Engine) -> None:
    shipped = Path(__file__).parents[2] / "kpi_definitions.yaml"
    definitions = samkoll.folder / "definitions.yaml"
    definitions.write_text("nonsense: 1\n", encoding="utf-8")
    samkoll = Samkoll(samkoll.folder, {**samkoll.settings, "definitions": str(definitions)})
    assert samkoll("load", CANONICAL, "--as-of", "2025-06-30").code == 0

    def run() -> Any:
        with reading(engine) as connection:
            runs = select(job_run).where(job_run.c.job == "compute").order_by(job_run.c.job_run_id.desc())
            return connection.execute(runs).first()

    with serving(samkoll, engine):
        wait_until(lambda: run() is not None and run().state == "failed" and run().attempts >= 2)
        failed = run()
        assert "definitions.yaml:1:" in failed.error
        assert failed.retry_at is not None
        assert samkoll("doctor").code == 1
        shutil.copyfile(shipped, definitions)
        wait_until(lambda: run().state == "done")
    assert run().error is None
    assert run().retry_at is None
