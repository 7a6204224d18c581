"""How fast a large CSV delivery is loaded, against the simplest thing that puts its rows into SQLite.

    python -m benchmarks.load [ROWS]

One run measures both: the baseline is `csv.reader` + `executemany` into one unindexed text table; the load is the
production way with everything (validation, pseudonyms, encryption, raw rows, versions, rejects). The file has 15
columns, 2 % cells with line breaks and 1 % bad rows; identity numbers have serials that are never given to people.
"""

from __future__ import annotations

import csv
import random
import sqlite3
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from etl.run import load
from warehouse.database import open_engine
from warehouse.identity.spelling import luhn_holds
from warehouse.migrate import upgrade
from warehouse.settings import Settings

HEADER = (
    "sip_id", "municipality_code", "unit_code", "person_id", "initiator_actor", "calling_actor", "initiated_on",
    "consent", "called_on", "purpose_stated", "met_on", "coordinator_named", "lead_principal", "agreed_follow_up_on",
    "anteckning",
)  # fmt: skip
ACTORS = ("socialtjanst", "skola", "elevhalsa", "forskola", "bup", "primarvard")
AS_OF = date(2025, 12, 31)


def main(rows: int) -> None:
    """Measure, and print the seconds and the ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "sips-SYNTETISK.csv"
        write_delivery(path, rows)
        size = path.stat().st_size / 1e6
        baseline = time_baseline(path, folder / "baseline.db")
        loaded = time_load(path, folder)
    seconds = f"baseline {baseline:.2f} s, load {loaded:.2f} s"
    print(f"{rows} rows, {size:.0f} MB: {seconds}, ratio {baseline / loaded:.2f}")


def write_delivery(path: Path, rows: int, seed: int = 1) -> None:
    """A delivery of plans, the same for the same seed."""
    source = random.Random(seed)
    first = date(2019, 1, 1)
    numbers = [_number(source) for _ in range(max(rows // 3, 1))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        for row in range(rows):
            begun = first + timedelta(days=source.randrange(2200))
            called = begun + timedelta(days=source.randrange(20))
            met = called + timedelta(days=source.randrange(60))
            note = (
                "Möte hållet\noch uppföljning bokad" if source.random() < 0.02 else f"Ärende {row % 5000}, möte hållet"
            )
            cells = [
                f"SIP-{row:08d}", "1287", f"1287-{source.randrange(40)}", source.choice(numbers),
                source.choice(ACTORS), source.choice(ACTORS), begun, source.choice(("given", "given", "unknown")),
                called, source.choice(("ja", "nej")), met, source.choice(("1", "0", "")),
                source.choice(("municipality", "region")), met + timedelta(days=90), note,
            ]  # fmt: skip
            writer.writerow(_spoiled(cells, source) if source.random() < 0.01 else cells)


def _spoiled(cells: list[object], source: random.Random) -> list[object]:
    """The row with an unknown code or an impossible date."""
    place, wrong = source.choice(((4, "okänd"), (6, "2024-02-31")))
    return [*cells[:place], wrong, *cells[place + 1 :]]


def _number(source: random.Random) -> str:
    born = date(2008, 1, 1) + timedelta(days=source.randrange(6000))
    nine = f"{born:%y%m%d}{source.randrange(980, 1000)}"
    check = next(digit for digit in "0123456789" if luhn_holds(nine + digit))
    return f"{born:%Y%m%d}-{nine[6:]}{check}"


def time_baseline(path: Path, database: Path) -> float:
    """Seconds for `csv.reader` + `executemany` into one unindexed text table."""
    began = perf_counter()
    connection = sqlite3.connect(database)
    connection.execute(f"create table delivered ({', '.join(f'{name} text' for name in HEADER)})")
    with path.open(encoding="utf-8", newline="") as file, connection:
        reader = csv.reader(file, delimiter=";")
        next(reader)
        connection.executemany(f"insert into delivered values ({', '.join('?' * len(HEADER))})", reader)
    connection.close()
    return perf_counter() - began


def time_load(path: Path, folder: Path) -> float:
    """Seconds for the production load into an empty warehouse."""
    settings = Settings(data_dir=folder / "var")
    engine = open_engine(settings.warehouse_url)
    upgrade(engine)
    began = perf_counter()
    (result,) = load(engine, settings, [path], as_of=AS_OF)
    seconds = perf_counter() - began
    if result.status != "loaded":
        raise SystemExit(f"The delivery was not loaded: {result.reason}")
    engine.dispose()
    return seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
