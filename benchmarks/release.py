"""Closing a small and a middle-sized municipality's year, tertial by tertial: time as a ratio to computing all figures
in the same run, and the share of values that are hidden, by figure.

`python -m benchmarks.release [--year 2025] [--cache var/benchmarks] [MUNICIPALITY …]`
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine, select

from control.release.closing import close_period
from etl.run import load
from etl.simulate import simulate
from kpi.access import OPERATOR
from kpi.compute import compute
from kpi.definition import Catalogue
from kpi.disclosure.suppressed import Suppressed
from kpi.loader import load_catalogue
from kpi.period import Period
from kpi.views.organisation import read_organisation
from kpi.views.released import released_values
from warehouse import closed_tables
from warehouse.database import open_engine, reading
from warehouse.migrate import upgrade
from warehouse.settings import Settings

LEVELS = ("unit", "administration", "board", "municipality")


def main() -> None:
    """Simulate, close and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("municipalities", nargs="*", default=["1263", "1287"])
    parser.add_argument("--year", type=int, default=2025)
    parser.add_argument("--cache", type=Path, default=Path("var/benchmarks"))
    arguments = parser.parse_args()
    for municipality in arguments.municipalities:
        run(municipality, arguments.year, arguments.cache / f"release-{municipality}")


def run(municipality: str, year: int, folder: Path) -> None:
    """One municipality, from files to its last closing."""
    shutil.rmtree(folder, ignore_errors=True)
    settings = Settings(data_dir=folder / "var")
    engine = open_engine(settings.warehouse_url)
    upgrade(engine)
    until = date(year + 1, 1, 31)
    simulate(folder / "files", municipalities=(municipality,), months=25, seed=1, until=until)
    load(engine, settings, [folder / "files"], as_of=until)
    catalogue = load_catalogue(settings.definitions)
    begun = perf_counter()
    compute(engine, catalogue, full=True)
    computed = perf_counter() - begun
    with reading(engine) as connection:
        boards = [unit.code for unit in read_organisation(connection).boards(municipality)]
    print(f"\n{municipality}, {year}: all figures computed in {computed:.1f} s\n")
    print("| closing | cells decided | small | seconds | × computing |\n|---|---|---|---|---|")
    for tertial in (1, 2, 3):
        for board in boards:
            begun = perf_counter()
            summary = close_period(engine, catalogue, OPERATOR, board, Period.parse(f"{year}-T{tertial}"))
            seconds = perf_counter() - begun
            cells, small = decided(engine, summary.stored.release_no)
            name = f"{board} T{tertial}"
            print(f"| {name} | {cells} | {small} | {seconds:.1f} | {seconds / computed:.1f} |")
    print_hidden(engine, catalogue)


def decided(engine: Engine, release_no: int) -> tuple[int, int]:
    """How many counts a closing decided about, and how many of them had to be hidden for their own sake."""
    with reading(engine) as connection:
        audit = connection.scalar(
            select(closed_tables.release.c.audit).where(closed_tables.release.c.release_no == release_no)
        )
    entries = json.loads(audit or "{}")["entries"]
    return len(entries), sum(count <= limit for _, _, count, limit, *_ in entries)


def print_hidden(engine: Engine, catalogue: Catalogue) -> None:
    """The share of hidden values by figure and level; months, tertials and the year together, categories apart."""
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    with reading(engine) as connection:
        for one in released_values(connection, OPERATOR, catalogue.definitions.values()):
            level = "category" if one.split else one.unit.level
            found[(one.kpi_id, level)].append(isinstance(one.content, Suppressed))
    columns = (*LEVELS, "category")
    print(f"\n| figure | class | {' | '.join(columns)} |\n|---|---|{'---|' * len(columns)}")
    for definition in catalogue.definitions.values():
        shares = [_share(found.get((definition.id, level), [])) for level in columns]
        if any(shares):
            print(f"| {definition.id} | {definition.release_class} | {' | '.join(shares)} |")
    shares = [_share([one for (_, at), values in found.items() if at == level for one in values]) for level in columns]
    print(f"| all | | {' | '.join(shares)} |")


def _share(hidden: Sequence[bool]) -> str:
    return f"{sum(hidden) / len(hidden):.0%} of {len(hidden)}" if hidden else ""


if __name__ == "__main__":
    main()
