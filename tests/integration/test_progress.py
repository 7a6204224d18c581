"""Long work tells how far it has come while it goes on, and never stands in its own way. Both databases."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from etl.progress import Progress, Told
from etl.schedule import Runner
from kpi.access import OPERATOR, Grant, Role, Viewer
from kpi.views.jobs import Progress as Shown
from kpi.views.jobs import latest_jobs
from warehouse.database import reading, writing
from warehouse.settings import Settings
from warehouse.tables import job_run, source

NOON = datetime(2025, 3, 7, 12, 0, tzinfo=UTC)
CONTROLLER = Viewer("controller", (Grant(Role.CONTROLLER, "1287"),))


def shown(engine: Engine, viewer: Viewer = OPERATOR) -> list[Shown | None]:
    with reading(engine) as connection:
        return [row.progress for row in latest_jobs(connection, viewer)]


def run(engine: Engine, tmp_path: Path, work: object, job: str = "compute") -> None:
    Runner(engine, Settings(data_dir=tmp_path), "w", job, lambda _: "nu", work, lambda: NOON).run_if_due()  # type: ignore[arg-type]


def test_a_run_tells_its_step_until_it_is_done(engine: Engine, tmp_path: Path) -> None:
    seen: list[list[Shown | None]] = []

    def work(told: Progress) -> str:
        seen.append(shown(engine))
        told("Räknar", 24, 59)
        told("Räknar", 25, 59)  # within the same second: not written
        seen.append(shown(engine))
        return "Klart."

    run(engine, tmp_path, work)
    assert seen == [[None], [Shown("Räknar", 24, 59)]]
    assert shown(engine) == [None]


def test_a_run_that_fails_has_no_step_left(engine: Engine, tmp_path: Path) -> None:
    def work(told: Progress) -> str:
        told("Läser", 1, 2)
        raise ValueError

    run(engine, tmp_path, work)
    assert shown(engine) == [None]


def test_what_writes_is_not_held_up_by_telling_of_it(engine: Engine, tmp_path: Path) -> None:
    """On SQLite nothing is told while the work itself writes, since only one may; on PostgreSQL it is told."""
    seen: list[Shown | None] = []

    def work(told: Progress) -> str:
        with writing(engine) as connection:
            connection.execute(insert(source).values(code="x", name="Prov"))
            began = time.monotonic()
            told("Sparar", 1, 2)
            assert time.monotonic() - began < 5, "it waits for nobody"
        seen.extend(shown(engine))
        return "Klart."

    run(engine, tmp_path, work)
    assert seen == [None if engine.dialect.name == "sqlite" else Shown("Sparar", 1, 2)]
    with reading(engine) as connection:
        assert "x" in list(connection.scalars(source.select().with_only_columns(source.c.code)))


def test_a_second_passes_between_two_tellings(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as connection:
        row = {"job": "compute", "slot": "1", "state": "running", "attempts": 1, "started_at": NOON, "worker": "w"}
        number = connection.scalar(insert(job_run).values(row).returning(job_run.c.job_run_id))
    now = [10.0]
    told = Told(sqlite_engine, job_run, number or 0, clock=lambda: now[0])
    met = []
    for at in (10.0, 10.9, 11.0, 11.5):
        now[0] = at
        told("Räknar", int(at * 10), 200)
        met += [one.done for one in shown(sqlite_engine) if one]
    assert met == [100, 100, 110, 110]


@pytest.mark.parametrize(("job", "is_told"), [("compute", True), ("pickup", False)])
def test_how_many_files_have_come_is_told_to_who_sees_every_municipalitys(
    sqlite_engine: Engine, tmp_path: Path, job: str, is_told: bool
) -> None:
    with writing(sqlite_engine) as connection:
        connection.execute(insert(source).values(code="x", name="Prov"))
    seen: list[Shown | None] = []

    def work(told: Progress) -> str:
        told("Läser in leveranser", 1, 3)
        seen.extend([*shown(sqlite_engine), *shown(sqlite_engine, CONTROLLER)])
        return "Klart."

    run(sqlite_engine, tmp_path, work, job)
    progress = Shown("Läser in leveranser", 1, 3)
    assert seen == [progress, progress if is_told else None]
