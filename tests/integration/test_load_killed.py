"""kill -9 in the middle of a load: the warehouse is as before, and the next run completes."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from tests.builders.command import Samkoll
from tests.builders.loading import as_csv, sip
from warehouse.database import reading
from warehouse.tables import VERSIONED, delivery, delivery_dataset, raw_block

ROWS = 40_000
SIPS = VERSIONED["sips"]


def _state(engine: Engine) -> tuple[int, list[str]]:
    """Current plans, and the deliveries' statuses."""
    with reading(engine) as connection:
        plans = connection.scalar(select(func.count()).select_from(SIPS).where(SIPS.c.ended_by.is_(None)))
        statuses = connection.scalars(select(delivery.c.status).order_by(delivery.c.delivery_id))
        return int(plans or 0), list(statuses)


def _wait_until_received(engine: Engine, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if _state(engine)[1][-1] == "received":
            return
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.0, 0.6])
def test_a_killed_load_leaves_the_warehouse_as_before_and_the_next_run_completes(
    engine: Engine, tmp_path: Path, after_s: float
) -> None:
    samkoll = Samkoll(tmp_path, {"database_url": engine.url.render_as_string(hide_password=False)})
    first = tmp_path / "sips-1.csv"
    first.write_text(as_csv([sip("A1"), sip("A2")]), encoding="utf-8")
    assert samkoll("load", first, "--as-of", "2025-06-01").code == 0
    large = tmp_path / "sips-2.csv"
    large.write_text(as_csv([sip("A1", sex="K"), *(sip(f"B{row}") for row in range(ROWS))]), encoding="utf-8")
    process = samkoll.start("load", str(large), "--as-of", "2025-06-02")
    _wait_until_received(engine, process)
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    was_killed = process.wait(60) == -signal.SIGKILL
    if process.stdout is not None:
        process.stdout.close()
    if was_killed and _state(engine)[1] == ["loaded", "received"]:
        assert _state(engine)[0] == 2, "nothing of the killed load is seen"
        with reading(engine) as connection:
            assert list(connection.scalars(select(SIPS.c.sex).order_by(SIPS.c.sip_id))) == [None, None]
            for table in (raw_block, delivery_dataset):
                assert set(connection.scalars(select(table.c.delivery_id))) == {1}
    else:
        assert after_s > 0, "the first kill strikes between the two transactions"
    other = tmp_path / "sips-3.csv"
    other.write_text(as_csv([sip("C1")]), encoding="utf-8")
    assert samkoll("load", other, "--as-of", "2025-06-03").code == 0
    assert _state(engine) == (ROWS + 3, ["loaded", "loaded", "loaded"])
    again = samkoll("load", large, "--as-of", "2025-06-03", "--json")
    assert again.code == 0
    assert _state(engine)[0] == ROWS + 3
