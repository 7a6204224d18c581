"""Computing the whole catalogue against SQL by hand, on simulated deliveries: times, ratios, memory.

    python -m benchmarks.compute --events 1000000 --database postgresql
    python -m benchmarks.compute --growth results-postgresql-1000000.json results-postgresql-10000000.json

Everything is measured in one run, in processes of their own that take turns. Values that differ fail the run; a goal
that is missed is only told. See `benchmarks/README.md`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import text

from benchmarks.by_hand import split_catalogue
from benchmarks.prepared import warehouse
from kpi.loader import load_catalogue
from warehouse.database import open_engine, reading
from warehouse.settings import ROOT

_EXACT = 1e-12
_CALLS = 5
"""How many times pages are read for each repetition."""
_VALUES = """
select k.kpi_id, u.unit_code, v.period, s.split, v.level, v.numerator, v.denominator, v.cases, v.basis, v.value
from kpi_value as v
join kpi as k on k.kpi_no = v.kpi_no
join kpi_unit as u on u.unit_no = v.unit_no
join kpi_split as s on s.split_no = v.split_no
"""
Measured = dict[str, Any]
Run = Callable[[str, str, int], Measured]
Cells = dict[tuple[str, str, int, str], tuple[Any, ...]]


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    options = _options(arguments)
    if options.growth:
        _print_growth(*map(_last_result, options.growth))
        return
    with warehouse(options.events, options.database, options.cache) as address:
        result = measure(address, options.repeat, in_own_process)
    result |= {"events": options.events, "database": options.database, "when": datetime.now(UTC).isoformat()}
    path = options.results or options.cache / f"results-{options.database}-{options.events}.json"
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(result) + "\n")
    _print_result(result)
    print(f"Appended to {path}")


def measure(address: str, repeat: int, run: Run, *, is_short: bool = False) -> Measured:
    """Medians by measure and phase; SystemExit when values differ. `is_short`: not each figure alone."""
    taken: dict[str, list[Measured]] = {}

    def take(name: str, number: int = 0) -> None:
        taken.setdefault(name, []).append(run(name, address, number))

    run("product", address, 0)  # the first run finds empty tables
    expected = _stored(address)
    for _ in range(repeat):
        take("by_hand")
        check_equal(expected, _stored(address))
        take("product")
        check_equal(expected, _stored(address))
        take("compiled")
    if not is_short:
        take("each_figure", repeat)
    take("pages", repeat * (1 if is_short else _CALLS))
    for number in range(repeat):
        for offset, name in enumerate(("product_moved", "by_hand_moved")):
            run("changed", address, 2 * number + offset)
            take(name)
            if number == repeat - 1:
                run("verify", address, 0)
    _, left_out = split_catalogue(load_catalogue(ROOT / "kpi_definitions.yaml"))
    return {
        "cells": len(expected),
        "left_out": left_out,
        "measures": {name: _medians(found) for name, found in taken.items()},
    }


def in_own_process(name: str, address: str, number: int) -> Measured:
    """A measure in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measures", name, address, str(number)],
        check=False, stdout=subprocess.PIPE, text=True, env=os.environ,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"The measure {name} failed.")
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


def _medians(found: list[Measured]) -> Measured:
    names = {name: None for one in found for name in one["seconds"]}
    seconds = {name: median(one["seconds"].get(name, 0.0) for one in found) for name in names}
    return {"seconds": seconds, "peak_mb": max(one["peak_mb"] for one in found)}


# --- the same values ---------------------------------------------------------


def _stored(address: str) -> Cells:
    engine = open_engine(address)
    with reading(engine) as connection:
        rows = connection.execute(text(_VALUES))
        cells = {tuple(row[:4]): tuple(row[4:]) for row in rows}
    engine.dispose()
    return cells


def check_equal(expected: Cells, found: Cells) -> None:
    """Counts exactly, values to twelve digits."""
    for key in expected.keys() | found.keys():
        one, other = expected.get(key), found.get(key)
        if one is None or other is None or one[:-1] != other[:-1] or abs(one[-1] - other[-1]) > _EXACT * abs(one[-1]):
            raise SystemExit(f"{key} differs: the product has {one}, by hand {other}")


# --- telling -------------------------------------------------------------------


def _print_result(result: Measured) -> None:
    measures = result["measures"]
    if result["left_out"]:
        print(f"Not written by hand, and so not computed by either: {', '.join(result['left_out'])}")
    print(f"\n{result['events']} events, {result['database']}, {result['cells']} cells (medians, seconds)")
    for name, one in measures.items():
        phases = ", ".join(f"{phase} {seconds:.3f}" for phase, seconds in one["seconds"].items())
        print(f"  {name:<14} peak {one['peak_mb']} MB: {phases}")
    print()
    for what, value, goal in judged(result):
        print(f"  {what:<62} {value:>8.2f}   goal {goal}")


def judged(result: Measured) -> Iterator[tuple[str, float, str]]:
    measures = result["measures"]

    def seconds(name: str, phase: str = "total") -> float:
        return float(measures[name]["seconds"][phase])

    yield "full, end to end: product / by hand", seconds("product") / seconds("by_hand"), "<= 1.2"
    yield (
        "full, compute alone: product / by hand",
        seconds("product", "compute") / seconds("by_hand", "compute"),
        "<= 1.2",
    )
    yield "full, end to end, CPU: product / by hand", seconds("product", "cpu") / seconds("by_hand", "cpu"), "<= 1.2"
    if "each_figure" in measures:
        apart, together = (seconds("each_figure", name) for name in ("apart", "together"))
        yield "one query per figure / the catalogue", apart / together, ">= 4"
    yield "one changed month: product / by hand", seconds("product_moved") / seconds("by_hand_moved"), "<= 1.2"
    yield "one changed month: product, seconds", seconds("product_moved"), "<= 2 (10 M, PostgreSQL)"
    yield "catalogue compiled cold, ms", 1000 * seconds("compiled", "cold"), "< 400"
    yield "catalogue known, ms", 1000 * seconds("compiled", "again"), "< 10"
    for what, name in (("one unit's 36 months", "unit"), ("an overview", "overview")):
        raw = seconds("pages", f"{name}, raw")
        yield f"{what}: the door's read / raw SQL", seconds("pages", f"{name}, read") / raw, "<= 1.2"
        yield f"{what}: read, judged and put together / raw SQL", seconds("pages", name) / raw, "told"
    yield "peak memory of the product, GB", measures["product"]["peak_mb"] / 1024, "< 4 (10 M)"


def _print_growth(small: Measured, large: Measured) -> None:
    times = large["events"] / small["events"]
    print(f"{small['database']}: {small['events']} → {large['events']} events ({times:.0f} times as many)")
    for name, one in large["measures"].items():
        for phase, seconds in one["seconds"].items():
            before = small["measures"].get(name, {}).get("seconds", {}).get(phase)
            if before:
                print(f"  {name:<14} {phase:<22} {before:>9.3f} → {seconds:>9.3f} s   {seconds / before:>6.1f} times")
    ratio = large["measures"]["product"]["seconds"]["total"] / small["measures"]["product"]["seconds"]["total"]
    print(f"  full computation grew {ratio:.1f} times   goal <= {times:.0f}")


def _last_result(path: Path) -> Measured:
    found: Measured = json.loads(path.read_text(encoding="utf-8").splitlines()[-1])
    return found


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compute", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--events", type=int, default=1_000_000, help="about how many rows of events")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--repeat", type=int, default=3, help="how many times each is measured")
    parser.add_argument("--cache", type=Path, default=Path("var/benchmarks"), help="where prepared warehouses are kept")
    parser.add_argument("--results", type=Path, help="the file that a line is appended to")
    parser.add_argument(
        "--growth", type=Path, nargs=2, metavar=("SMALL", "LARGE"), help="compare two files' last lines"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
