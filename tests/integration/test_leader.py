"""One leader at a time, in one process and between processes, on both databases."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine, text

from etl.leader import lead
from warehouse.database import open_engine

_HOLD = """
import sys
from etl.leader import lead
from warehouse.database import open_engine
with lead(open_engine(sys.argv[1])) as leading:
    print("leads" if leading else "stands by", flush=True)
    sys.stdin.read()
"""


def hold_in_another_process(engine: Engine) -> subprocess.Popen[str]:
    url = engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-c", _HOLD, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_the_second_process_stands_by_and_takes_over_when_the_first_is_killed(engine: Engine) -> None:
    first = hold_in_another_process(engine)
    assert first_line(first) == "leads"
    second = hold_in_another_process(engine)
    assert first_line(second) == "stands by"
    end(second)
    with lead(engine) as leading:
        assert leading is None
    end(first)
    third = hold_in_another_process(engine)
    try:
        assert first_line(third) == "leads"
    finally:
        end(third)


def test_leadership_ends_with_its_block(engine: Engine) -> None:
    for _ in range(2):
        with lead(engine) as leading:
            assert leading is not None
            assert leading()


def test_a_leader_whose_connection_is_cut_knows_it(postgres_engine: Engine) -> None:
    other = open_engine(postgres_engine.url.render_as_string(hide_password=False))
    with lead(postgres_engine) as leading:
        assert leading is not None
        assert leading()
        with other.connect() as connection:
            connection.execute(text("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"))
        assert not leading()
    with lead(other) as leading:
        assert leading is not None
    other.dispose()
