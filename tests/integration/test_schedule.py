"""The scheduler as real processes: nothing runs twice, a standby takes over, what is dropped is loaded and computed."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from tests.builders.command import Samkoll
from warehouse.database import reading, writing
from warehouse.tables import delivery, job_request, job_run

CANONICAL = Path(__file__).parents[1] / "fixtures" / "canonical"
QUICK = {"pick_up_seconds": "1", "settle_seconds": "1", "request_seconds": "1", "retry_seconds": "1"}


@pytest.fixture
def samkoll(engine: Engine, tmp_path: Path) -> Samkoll:
    """An installation with short intervals, on both databases."""
    url = engine.url.render_as_string(hide_password=False)
    (tmp_path / "var" / "drop").mkdir(parents=True)
    return Samkoll(tmp_path, {**QUICK, "database_url": url})


@contextmanager
def running(samkoll: Samkoll, count: int = 1) -> Iterator[list[subprocess.Popen[str]]]:
    processes = [samkoll.start("schedule") for _ in range(count)]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def stop(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=30)


def log_lines(samkoll: Samkoll) -> list[dict[str, Any]]:
    file = samkoll.folder / "var" / "log" / "samkoll.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def events(samkoll: Samkoll, event: str) -> list[dict[str, Any]]:
    return [line for line in log_lines(samkoll) if line["event"] == event]


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
def test_two_processes_never_double_a_run(samkoll: Samkoll, engine: Engine) -> None:
    for file in CANONICAL.glob("*.csv"):
        drop(samkoll, file)
    with running(samkoll, 2) as processes:
        wait_until(lambda: len(names_in(samkoll, "done")) == 7)
        wait_until(lambda: any(line["job"] == "compute" for line in events(samkoll, "job done")))
        time.sleep(6)
        assert len(events(samkoll, "leading")) == 1
        assert [stop(process) for process in processes] == [0, 0]
    started = Counter((line["job"], line["slot"], line["attempt"]) for line in events(samkoll, "job started"))
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
    with running(samkoll) as (leader,):
        wait_until(lambda: len(events(samkoll, "job done")) > 0)
        with running(samkoll) as (standby,):
            wait_until(lambda: len(events(samkoll, "standing by")) == 1)
            leader.kill()
            wait_until(lambda: len(events(samkoll, "leading")) == 2, seconds=15)
            drop(samkoll, CANONICAL / "population.csv")
            wait_until(lambda: names_in(samkoll, "done") == {"population.csv"})
            with reading(engine) as connection:
                assert connection.scalar(select(delivery.c.status)) == "loaded"
            drop(samkoll, broken, "sips.csv")
            drop(samkoll, broken, "okänd.csv")
            wait_until(lambda: bool(names_in(samkoll, "held")))
            assert stop(standby) == 0
    assert names_in(samkoll, "held") == {"sips.csv", "sips.csv.orsak.txt"}
    reason = (samkoll.folder / "var" / "drop" / "held" / "sips.csv.orsak.txt").read_text("utf-8")
    assert "unit_code" in reason
    assert (samkoll.folder / "var" / "drop" / "okänd.csv").is_file()
    assert "okänd.csv" in samkoll("doctor").out


@pytest.mark.slow
def test_a_wrong_key_fails_the_job_and_leaves_the_file(samkoll: Samkoll, engine: Engine) -> None:
    samkoll = Samkoll(samkoll.folder, {**samkoll.settings, "pseudonym_key": "hemligt"})
    drop(samkoll, CANONICAL / "sips.csv")
    with running(samkoll) as (process,):
        wait_until(lambda: bool(events(samkoll, "job failed")))
        assert stop(process) == 0
    assert names_in(samkoll, "") == {"sips.csv"}
    with reading(engine) as connection:
        row = connection.execute(select(job_run).where(job_run.c.state == "failed")).one()
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
    with running(samkoll) as (process,):
        wait_until(lambda: any(line["job"] == "compute" for line in events(samkoll, "job done")))
        approved, twice, replayed = (
            ask(engine, "approve", number),
            ask(engine, "refuse", number),
            ask(engine, "replay", None),
        )
        wait_until(lambda: answer(engine, replayed)[0] in ("done", "failed"))
        wait_until(lambda: sum(line["job"] == "compute" for line in events(samkoll, "job done")) >= 2)
        assert stop(process) == 0
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

    with running(samkoll) as (process,):
        wait_until(lambda: run() is not None and run().state == "failed" and run().attempts >= 2)
        failed = run()
        assert "definitions.yaml:1:" in failed.error
        assert failed.retry_at is not None
        assert samkoll("doctor").code == 1
        shutil.copyfile(shipped, definitions)
        wait_until(lambda: run().state == "done")
        assert stop(process) == 0
    assert run().error is None
    assert run().retry_at is None
