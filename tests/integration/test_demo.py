"""`samkoll demo` as its user meets it: one command to a served page, everything stopped by one Ctrl-C, then reused."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Select, func, select

from tests.builders.command import Samkoll
from warehouse import clock
from warehouse.action_tables import action, action_effect, chart_mark, figure_remark
from warehouse.assessment_tables import assessment
from warehouse.audit_tables import audit_event
from warehouse.database import open_engine, reading
from warehouse.package_tables import imported_release
from warehouse.paper_tables import paper
from warehouse.plan_tables import control_occasion, control_plan_decision, sample_case
from warehouse.tables import delivery, job_run, source

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]  # one worker, so that the demo is made once


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def samkoll(tmp_path_factory: pytest.TempPathFactory) -> Samkoll:
    return Samkoll(tmp_path_factory.mktemp("demo"), {"request_seconds": "1"})


@contextmanager
def shown(samkoll: Samkoll, port: int, *, is_killed: bool = False) -> Iterator[tuple[str, float]]:
    """The demo's last line and how many seconds it took; ended by Ctrl-C, or killed, which must leave nothing behind.

    What the scheduler and the server do meanwhile is not told in the terminal."""
    begun = time.monotonic()
    process = samkoll.start("demo", "--port", str(port), stderr=subprocess.STDOUT)
    try:
        assert process.stdout is not None
        line = ""
        while "http://" not in line:
            line = process.stdout.readline()
            assert line, "the demo ended before it told where to look"
        yield line, time.monotonic() - begun
        if is_killed:
            process.kill()
            process.wait()
            _wait_until_nothing_runs_in(samkoll.folder.resolve())
        else:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
            assert process.stdout.read() == ""
            assert processes_in(samkoll.folder.resolve()) == []
    finally:
        process.kill()
        process.communicate()


def warehouse_rows(samkoll: Samkoll) -> tuple[int, int, set[str]]:
    """How many deliveries of others than the product itself, how many of them wait for a decision, and which jobs have
    run."""
    engine = open_engine(f"sqlite:///{samkoll.folder / 'var' / 'samkoll.db'}")
    with reading(engine) as connection:
        query = select(delivery.c.status).join(source, source.c.source_id == delivery.c.source_id)
        states = list(connection.scalars(query.where(source.c.code != "samkoll")))
        jobs = set(connection.scalars(select(job_run.c.job)))
    engine.dispose()
    return len(states), states.count("held"), jobs


def packages(samkoll: Samkoll) -> list[tuple[str, str, bool]]:
    """Whose packages were read in, for whom, and whether they are shown."""
    engine = open_engine(f"sqlite:///{samkoll.folder / 'var' / 'samkoll.db'}")
    table = imported_release
    with reading(engine) as connection:
        rows = connection.execute(
            select(table.c.municipality_code, table.c.for_municipality, ~table.c.is_superseded).order_by(
                table.c.municipality_code
            )
        ).all()
    engine.dispose()
    return [(row[0], row[1], bool(row[2])) for row in rows]


def control_rows(samkoll: Samkoll) -> dict[str, int]:
    """How much of internal control there is, and of a day to come."""
    engine = open_engine(f"sqlite:///{samkoll.folder / 'var' / 'samkoll.db'}")
    late = (control_occasion.c.status == "due") & (control_occasion.c.due_on < clock.today())
    own = (control_occasion.c.board_code == "1287-SN", late)
    wanted: dict[str, Select[int]] = {
        "decisions": select(func.count()).select_from(control_plan_decision),
        "carried out": select(func.count()).where(control_occasion.c.status == "done"),
        "serious": select(func.count()).where(control_occasion.c.result == "serious"),
        "late": select(func.count()).where(*own),
        "reviewed": select(func.count()).where(sample_case.c.reviewed_on.is_not(None)),
        "confirmed": select(func.count()).where(assessment.c.confirmed_by.is_not(None)),
        "waiting": select(func.count()).where(assessment.c.confirmed_by.is_(None)),
        "effects": select(func.count()).select_from(action_effect),
        "new levels": select(func.count()).where(chart_mark.c.is_rebase == 1),
        "remarks": select(func.count()).select_from(figure_remark),
        "delivered": select(func.count()).where(paper.c.status == "delivered"),
        "to come": select(func.count()).where(audit_event.c.at > clock.now()),
    }
    with reading(engine) as connection:
        found = {name: connection.execute(query).scalar_one() for name, query in wanted.items()}
        found |= {f"action {one}": 1 for one in connection.scalars(select(action.c.status))}
    engine.dispose()
    return found


def processes_in(folder: Path) -> list[str]:
    """Processes of the command whose working folder is the installation's."""
    found = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line for line in found if "python" in line and _folder_of(line.split()[0]) == folder]


def _folder_of(pid: str) -> Path | None:
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True)
    except OSError:
        return None


def _wait_until_nothing_runs_in(folder: Path) -> None:
    last = time.monotonic() + 30
    while processes_in(folder):
        assert time.monotonic() < last
        time.sleep(0.2)


def test_from_nothing_to_a_page_and_again(samkoll: Samkoll, port: int) -> None:
    with shown(samkoll, port) as (line, first_s):
        assert f"http://127.0.0.1:{port}" in line
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            assert page.status == 200
            assert b"Samkoll" in page.read()
        busy = samkoll.process("demo", "--port", str(port))
        assert (busy.code, "upptagen" in busy.err) == (2, True)
        while "pickup" not in warehouse_rows(samkoll)[2]:
            time.sleep(0.2)
    count, held, _ = warehouse_rows(samkoll)
    assert held >= 1
    control = control_rows(samkoll)
    assert {name for name, number in control.items() if not number} == {"to come"}
    assert control["late"] == control["serious"] == control["waiting"] == control["delivered"] == 1
    simulated = {path.name: path.stat().st_mtime_ns for path in (samkoll.folder / "var" / "demo").iterdir()}
    with shown(samkoll, port, is_killed=True) as (_, second_s):
        assert second_s < first_s, "nothing is made again"
    assert warehouse_rows(samkoll)[0] == count
    assert control_rows(samkoll) == control, "nothing is written twice"
    assert packages(samkoll) == [("1233", "1287", True), ("1263", "1287", True)], "each once"
    assert {path.name: path.stat().st_mtime_ns for path in (samkoll.folder / "var" / "demo").iterdir()} == simulated


def test_invented_data_are_never_mixed_with_others(tmp_path: Path, port: int) -> None:
    samkoll = Samkoll(tmp_path)
    canonical = Path(__file__).parents[1] / "fixtures" / "canonical"
    assert samkoll("load", canonical / "sips.csv").code == 0
    ran = samkoll.process("demo", "--port", str(port))
    assert ran.code == 2
    assert "SAMKOLL_DATA_DIR" in ran.err
    assert not (tmp_path / "var" / "demo").exists()
