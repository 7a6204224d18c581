"""The pages against the plainest Dash page on the same data: CPU, waiting, bytes, and when a browser shows what.

    python -m benchmarks.pages                      # on the demo's warehouse, made before by `samkoll demo`
    python -m benchmarks.pages --events 1000000     # on simulated deliveries, computed first

See `benchmarks/README.md`. A goal that is missed is only told.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import text

from benchmarks.looked_at import look
from benchmarks.prepared import warehouse
from benchmarks.served import PLAIN, PRODUCT, Reader, Served, serving
from dashboard.login.demo import demo_board
from kpi.compute import compute
from kpi.loader import load_catalogue
from kpi.views.organisation import read_organisation
from warehouse.database import open_engine, reading, writing
from warehouse.settings import ROOT

_EVERY_S = 5.0
_PERSONAS = ("presidium", "chef", "enhetschef", "controller", "revisor", "presidium-vice")
_CLICKS = (
    "/", "/", "/nyckeltal", "/nyckeltal/sip_lead_time", "/", "/", "/jamforelse", "/",
)  # fmt: skip
_GOALS = {"CPU against the plain page": 1.5, "p95 of 50 readers, ms": 60.0, "bytes of a first load": 1e6}


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="benchmarks.pages")
    parser.add_argument("--data-dir", type=Path, default=Path("var"), help="of a demo that has been filled")
    parser.add_argument("--events", type=int, help="simulate so many events instead")
    parser.add_argument("--cache", type=Path, default=Path("var/benchmarks"))
    parser.add_argument("--seconds", type=float, default=30.0, help="that each number of readers click for")
    parser.add_argument("--readers", type=int, nargs="*", default=[1, 10, 50])
    parser.add_argument("--commit-every", type=float, default=60.0, help="seconds between somebody's changes")
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args(arguments)
    with _address(options) as address:
        _run(options, address)


@contextmanager
def _address(options: argparse.Namespace) -> Iterator[str]:
    if options.events is None:
        yield f"sqlite:///{(options.data_dir / 'samkoll.db').resolve()}"
        return
    with warehouse(options.events, "sqlite", options.cache) as address:
        engine = open_engine(address)
        compute(engine, load_catalogue(ROOT / "kpi_definitions.yaml"), full=True)
        engine.dispose()
        yield address


def _run(options: argparse.Namespace, address: str) -> None:
    engine = open_engine(address)
    with reading(engine) as connection:
        board = demo_board(read_organisation(connection))
        values = connection.scalar(text("select count(*) from kpi_value"))
    if board is None:
        raise SystemExit("The warehouse knows no board. Fill it with `samkoll demo`, or use --events.")
    told: dict[str, Any] = {"values stored": values}
    for name in (PLAIN, PRODUCT):
        with serving(name, address, options.data_dir, board.code) as served:
            told[f"{name}: CPU a page, ms"] = 1000 * cpu_per_page(served)
            if name == PRODUCT:
                told["product: CPU a page made anew, ms"] = 1000 * _cpu_made_anew(served, lambda: touch(engine))
            for readers in options.readers:
                with _changes(engine, options.commit_every):
                    waits = click_about(served, readers, options.seconds)
                for part, at in (("p50", 49), ("p95", 94)):
                    told[f"{name}: {part} of {readers} readers, ms"] = 1000 * quantiles(waits, n=100)[at]
            if not options.no_browser:
                told |= look(served)
    ratio = told["product: CPU a page, ms"] / told["plain: CPU a page, ms"]
    told["CPU against the plain page"] = ratio
    for name, value in told.items():
        print(f"{name:62} {value:12,.2f}" if isinstance(value, float) else f"{name:62} {value:12,}")
    engine.dispose()


def cpu_per_page(served: Served, pages: int = 40) -> float:
    """Of the server, for the overview again and again by one reader."""
    reader = Reader(served)
    for _ in range(3):
        reader.click()
    before = served.cpu()
    for _ in range(pages):
        reader.click()
    return (served.cpu() - before) / pages


def _cpu_made_anew(served: Served, change: Any, pages: int = 10) -> float:
    reader = Reader(served)
    before = served.cpu()
    for _ in range(pages):
        change()
        reader.click()
    return (served.cpu() - before) / pages


def click_about(served: Served, readers: int, seconds: float) -> list[float]:
    """Readers of all roles who each click every five seconds, at times of their own; how long each click took. All
    clicks of a plain page are the one page that it has."""
    waits: list[float] = []
    wrong: list[BaseException] = []
    ends = time.monotonic() + seconds
    by_chance = random.Random(1)  # when, not what; the same each run

    def read(at: int, first: float) -> None:
        try:
            reader = Reader(served, _PERSONAS[at % len(_PERSONAS)])
            time.sleep(first)
            while time.monotonic() < ends:
                began = time.monotonic()
                waits.append(reader.click(_CLICKS[(at + len(waits)) % len(_CLICKS)]))
                time.sleep(max(0.0, began + _EVERY_S - time.monotonic()))
        except BaseException as error:
            wrong.append(error)

    threads = [
        threading.Thread(target=read, args=(at, by_chance.uniform(0, _EVERY_S)), daemon=True) for at in range(readers)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if wrong:
        raise wrong[0]
    return waits if len(waits) > 1 else waits * 2


@contextmanager
def _changes(engine: Any, every: float) -> Iterator[None]:
    """Somebody writes something now and then, so that what is kept of pages is made anew."""
    done = threading.Event()

    def change() -> None:
        while not done.wait(every):
            touch(engine)

    thread = threading.Thread(target=change, daemon=True)
    thread.start()
    yield
    done.set()
    thread.join()


def touch(engine: Any) -> None:
    """A commit that changes nothing to be seen."""
    with writing(engine) as connection:
        connection.execute(text("update kpi set kpi_id = kpi_id where kpi_no = 1"))


if __name__ == "__main__":
    main()
