"""Deliveries that are refused as a whole: each way to be wrong has its fixture and its Swedish sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
import xlsxwriter
from sqlalchemy import Engine, select

from etl.run import load
from tests.builders.loading import Loading, as_csv, sip
from warehouse.database import reading
from warehouse.tables import delivery, delivery_chunk

HEADER = "sip_id;municipality_code;unit_code;person_id;initiator_actor;initiated_on\n"


@pytest.fixture
def loading(sqlite_engine: Engine, tmp_path: Path) -> Loading:
    return Loading(sqlite_engine, tmp_path, max_file_mb=1)


def _workbook(fill: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        fill(workbook)
    return buffer.getvalue()


def _zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("sips.csv", content)
    return buffer.getvalue()


DEVIATIONS = "avvikelser_1287.xlsx"
WAYS = {
    "missing column": (
        "sips.csv",
        "sip_id;municipality_code\nS1;1287\n",
        "saknar kolumner som måste finnas: ”unit_code”",
    ),
    "duplicated header": ("sips.csv", HEADER.replace("unit_code", "sip_id"), "rubriken ”sip_id” står två gånger"),
    "wrong separator": (
        "sips.csv",
        HEADER.replace(";", "|") + "S1|1287\n",
        "annan avgränsare än semikolon, komma eller tabb",
    ),
    "wrong encoding": (
        "sips.csv",
        HEADER.encode() + b"S1;1287;\x81;L1;skola;2025-01-01\n",
        "Rad 2: tecknen går inte att läsa",
    ),
    "utf-16": ("sips.csv", HEADER.encode("utf-16"), "UTF-16"),
    "stated encoding": ("enkat_1287.csv", "Enkät;a\nå;b\n".encode("cp1252"), "går inte att läsa som utf-8"),
    "NUL byte": ("sips.csv", HEADER + "S1;1287;\x00\n", "Rad 2: filen innehåller ett NUL-tecken"),
    "0 bytes": ("sips.csv", "", "Filen är tom"),
    "only blanks": ("sips.csv", "\n ;\r\n", "Filen är tom"),
    "no CSV": ("sips.csv", b"PK\x03\x04 and more", "inte en CSV-fil"),
    "open quote": ("sips.csv", HEADER + 'S1;"1287\n', "Rad 2: citattecknen"),
    "0-byte XLSX": (DEVIATIONS, b"", "tom (0 byte)"),
    "encrypted XLSX": (
        DEVIATIONS,
        b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        "krypterad med lösenord",
    ),
    "XLSX bomb": (DEVIATIONS, _zipped(b"0" * 2_000_000), "zipbomb"),
    "no workbook": (DEVIATIONS, _zipped(b"0"), "ingen Excelarbetsbok"),
    "wrong kind": (DEVIATIONS, b"a;b\n1;2\n", "av ett annat slag"),
    "empty sheet": (DEVIATIONS, _workbook(lambda book: book.add_worksheet()), "saknar rubrikrad"),
    "archive bomb": ("arkiv.zip", _zipped(b"0" * 2_000_000), "zipbomb"),
    "damaged archive": ("arkiv.zip", _zipped(b"0")[:-30], "skadad"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_delivery_that_cannot_be_used_is_refused_with_its_reason(loading: Loading, way: str) -> None:
    name, content, said = WAYS[way]
    result = loading.load(name, content)
    assert result.status == "failed"
    assert said in str(result.reason)
    assert str(result.reason).startswith(f"{name}: ")
    assert str(result.reason).endswith((".", ").")), "a whole sentence"
    assert loading.current("sips") == []
    if result.delivery_id is not None:
        with reading(loading.engine) as connection:
            status, reason = connection.execute(select(delivery.c.status, delivery.c.reason)).one()
        assert (status, reason) == ("failed", result.reason)


def test_a_file_over_the_limit_is_refused_before_it_is_read(loading: Loading) -> None:
    path = loading.write("sips.csv", b"")
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)
    assert path.stat().st_blocks < 100, "a sparse file"
    began = perf_counter()
    (result,) = load(loading.engine, loading.settings, [path])
    assert perf_counter() - began < 5
    assert result.status == "failed"
    assert "Filen är 2048 MB, mer än de 1 MB som tillåts" in str(result.reason)
    with reading(loading.engine) as connection:
        assert connection.execute(select(delivery.c.size)).scalar_one() == 2 * 1024**3
        assert connection.execute(select(delivery_chunk)).first() is None


def test_the_other_files_of_a_folder_are_loaded_all_the_same(loading: Loading) -> None:
    loading.write("sips.csv", "")
    path = loading.write("sips-2.csv", as_csv([sip("S1")]))
    results = load(loading.engine, loading.settings, [path.parent])
    assert [result.status for result in results] == ["loaded", "failed"]


def test_a_formula_refuses_its_row_and_no_other(loading: Loading) -> None:
    head = [
        "Nr",
        "Enhet",
        "Plan",
        "Inträffat",
        "Rapporterat",
        "Återkopplat",
        "Åtgärd beslutad",
        "Effekt bedömd",
        "Avslutat",
    ]
    merged = ["Ärende"] * 3 + ["Datum"] * 6 + ["Parter"] * 2 + ["Bedömning"] * 4 + ["Fritext"]
    head += ["Rapporterande", "Motpart", "Kategori", "Allvar", "Nivå", "Effekt", "Beskrivning"]

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Avvikelser")
        sheet.write_row(2, 0, merged)
        sheet.write_row(3, 0, head)
        for row, number in enumerate(("A1", "A2"), start=4):
            sheet.write_row(row, 0, [number, "101", "", "", "2025-01-02", "", "", "", "", "Skola", "BUP", "99 Annat"])
        sheet.write_formula(5, 1, "=100+1", value=101)

    result = loading.load(DEVIATIONS, _workbook(fill))
    assert result.status == "loaded"
    assert loading.current("deviations", "deviation_id") == [("A1",)]
    assert loading.rejects() == [(1, 6, "unit_code", "formula")]
    assert (
        "blad ”Avvikelser”, rad 6, fältet unit_code (kolumnen ”Ärende / Enhet”): formel i cellen" in result.problems[0]
    )


def test_a_delivery_without_rows_still_speaks_for_its_municipality(loading: Loading) -> None:
    result = loading.load("sips.csv", HEADER)
    assert (result.status, result.counts[0].read) == ("loaded", 0)
