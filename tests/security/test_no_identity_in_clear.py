"""No personal identity number stands in clear anywhere after loading: warehouse, kept bytes, keys, logs, answers."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter

from tests.builders.command import Samkoll
from tests.builders.loading import as_csv, deviation, sip

# Serials 980 to 999 are kept for tests and never given to people; one coordination number (day + 60).
NUMBERS = ["201509169809", "201509179808", "201203049807", "197010639807"]
SEPARATORS = ["", "-", "+", " ", "–", "\u00a0", " - ", "\u2212"]


def _valid(number: str) -> str:
    """The number with its right check digit."""
    total = 0
    for index, digit in enumerate(number[2:11]):
        product = int(digit) * (2 - index % 2)
        total += product // 10 + product % 10
    return number[:11] + str(-total % 10)


KNOWN = [_valid(number) for number in NUMBERS]
SPELLINGS = [
    spelled
    for number in KNOWN
    for digits in (number, number[2:])
    for separator in SEPARATORS
    for spelled in (f"{digits[:-4]}{separator}{digits[-4:]}", f"{digits[:-4]}{separator}{digits[-4:]}.0")
]


def _deliveries(folder: Path) -> None:
    folder.mkdir()
    people = [sip(f"S{row}", person_id=cell, okänd=f"se {cell}") for row, cell in enumerate(SPELLINGS)]
    wrong = [
        sip("B1", initiator_actor=SPELLINGS[0]),
        sip(SPELLINGS[3], sex=SPELLINGS[1]),
        sip("B2", municipality_code=SPELLINGS[2], unit_code=SPELLINGS[7]),
        sip("B3", person_id=SPELLINGS[0][:-1] + "0", initiated_on=SPELLINGS[5], met_on=SPELLINGS[9]),
    ]
    (folder / "sips.csv").write_text(as_csv([*people, *wrong]), encoding="utf-8")
    short = as_csv(people[:3]) + f"{SPELLINGS[0]};{SPELLINGS[1]}\n"
    (folder / f"sips-{KNOWN[0]}.csv").write_text(short, encoding="utf-8")
    texts = [f"Barnet {cell}, mamma anna@exempel.se, 070-123 45 67" for cell in SPELLINGS]
    described = [deviation(f"D{row}", description=text) for row, text in enumerate(texts)]
    described += [deviation(cell, unit_code=cell, sip_id=cell) for cell in SPELLINGS[:8]]
    (folder / "deviations.csv").write_text(as_csv(described), encoding="cp1252", errors="replace")
    header = as_csv([sip("S1")]).replace("person_id", f"person_id;{SPELLINGS[1]}").replace("L1", f"L1;{SPELLINGS[2]}")
    (folder / "sips-rubrik.csv").write_text(header, encoding="utf-8")
    (folder / "sips-fel.csv").write_text(f"{SPELLINGS[0]};{SPELLINGS[1]}\n1;2\n", encoding="utf-8")
    (folder / "sips-sammanhang.csv").write_text(f"{SPELLINGS[0]};a;{SPELLINGS[0]}\n1;2;3\n", encoding="utf-8")
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("2025-01")
        sheet.write_row(0, 0, ["Enhet", "Kurs", "Anst.nr", "Senast genomförd"])
        for row, number in enumerate(KNOWN, start=1):
            sheet.write_row(row, 0, ["101", "SIP-rutinen", int(number), number])
    (folder / "utbildningsregister_1287.xlsx").write_bytes(buffer.getvalue())


def _clear(content: bytes) -> list[str]:
    """The identity numbers found in some bytes, however their digits are set apart."""
    texts = (
        content.decode("utf-8", "ignore"),
        content.decode("utf-16-le", "ignore"),
        content.decode("cp1252", "ignore"),
    )
    found = []
    for text in texts:
        for run in re.findall(r"[0-9](?:[ \-+–\u00a0\u2212]{0,3}[0-9]){9,}", text):
            digits = re.sub("[^0-9]", "", run)
            found += [number for number in KNOWN if number[2:] in digits]
    return found


def _raw_blocks(database: Path) -> bytes:
    """The raw rows, unpacked: what compression would hide from a search of the file."""
    import sqlite3

    with sqlite3.connect(database) as connection:
        payloads = [row[0] for row in connection.execute("select payload from raw_block")]
    connection.close()
    return json.dumps(
        [pa.ipc.open_stream(payload).read_all().to_pylist() for payload in payloads], ensure_ascii=False
    ).encode()


def test_no_number_in_any_spelling_is_left_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    samkoll = Samkoll(tmp_path)
    deliveries = tmp_path / "leveranser"
    _deliveries(deliveries)
    said = [samkoll.process("load", str(deliveries), "--as-of", "2026-06-30")]
    said += [
        samkoll.process(*words)
        for words in (("rejects", "--json"), ("deliveries", "--json"), ("rejects",), ("replay",))
    ]
    for number in range(1, 8):
        said.append(samkoll("approve", str(number)))
    assert any("nya" in each.out for each in said), "something was loaded"
    for each in said:
        assert _clear((each.out + each.err).encode()) == []
        assert "exempel.se" not in each.out
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and deliveries not in path.parents]
    assert any(path.suffix == ".db" for path in kept)
    for path in kept:
        content = path.read_bytes()
        assert _clear(content) == [], path.name
        assert b"anna@exempel.se" not in content
        assert b"070-123 45 67" not in content
    raw = _raw_blocks(next(path for path in kept if path.suffix == ".db"))
    assert b"[personnummer]" in raw
    assert _clear(raw) == []
    assert b"exempel.se" not in raw


def test_the_search_finds_what_it_should(tmp_path: Path) -> None:
    for spelled in SPELLINGS:
        assert _clear(f"x {spelled} y".encode())
    assert _clear(b"SIP-1287-00000123 2024-03-07 14:30") == []


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    samkoll = Samkoll(tmp_path)
    path = tmp_path / "sips.csv"
    path.write_text(as_csv([sip("S1")]), encoding="utf-8")
    first = samkoll.process("load", str(path))
    assert "pseudonym.key" in first.out
    keys = list(tmp_path.rglob("*.key"))
    assert len(keys) == 2
    assert {oct(key.stat().st_mode & 0o777) for key in keys} == {"0o600"}


def test_no_process_opens_the_warehouse_through_a_second_sqlite_library(tmp_path: Path) -> None:
    """After load and compute in one process exactly one SQLite library is mapped, and no other driver is imported."""
    path = tmp_path / "sips.csv"
    path.write_text(as_csv([sip("S1", met_on="2025-02-01")]), encoding="utf-8")
    program = f"""
import sys
from pathlib import Path
from warehouse.database import open_engine
from warehouse.migrate import upgrade
from warehouse.settings import Settings
from etl.run import load
from kpi.compute import compute
from kpi.loader import load_catalogue

settings = Settings(data_dir=Path({str(tmp_path / "var")!r}))
engine = open_engine(settings.warehouse_url)
upgrade(engine)
assert load(engine, settings, [Path({str(path)!r})])[0].status == "loaded"
compute(engine, load_catalogue(settings.definitions))
foreign = [name for name in sys.modules if name.startswith(("adbc_driver_sqlite", "apsw", "pysqlite", "sqlcipher"))]
assert not foreign, foreign
maps = Path("/proc/self/maps").read_text()
libraries = sorted({{line.split()[-1] for line in maps.splitlines() if "sqlite" in line.split()[-1].lower()
                     and not line.split()[-1].endswith((".db", ".db-wal", ".db-shm"))}})
print("\\n".join(libraries))
import duckdb
loaded = duckdb.sql("select extension_name from duckdb_extensions() where loaded").fetchall()
assert ("sqlite_scanner",) not in loaded, loaded
"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAMKOLL_")}
    ran = subprocess.run(  # the test's own program
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    assert ran.returncode == 0, ran.stderr
    libraries = [Path(line).name for line in ran.stdout.splitlines()]
    shared = [name for name in libraries if name.startswith("libsqlite")]
    assert len(shared) <= 1, libraries
    assert all(name.startswith(("libsqlite", "_sqlite3")) for name in libraries), libraries


def test_no_package_of_the_project_names_another_sqlite_driver() -> None:
    from warehouse.settings import ROOT

    forbidden = re.compile(
        r"adbc_driver_sqlite|\bapsw\b|sqlite_scanner|install sqlite|load sqlite|attach .*type sqlite", re.I
    )
    for package in ("warehouse", "kpi", "control", "etl", "dashboard"):
        for path in (ROOT / package).rglob("*.py"):
            assert not forbidden.search(path.read_text(encoding="utf-8")), path.name
