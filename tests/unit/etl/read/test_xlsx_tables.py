"""XLSX as it really comes, and every way in which a workbook is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter

from etl.mapping import Mapping
from etl.read.container import open_container
from etl.read.refusal import DeliveryRefused
from etl.read.xlsx_tables import read_xlsx
from etl.table import Table

LIMIT = 50 * 1024 * 1024


def _mapping(**more: object) -> Mapping:
    return Mapping.model_validate({"version": 1, "name": "x", "format": "xlsx", "files": "*", "datasets": {}, **more})


def _workbook(fill: Any) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        fill(workbook)
    return buffer.getvalue()


def _rows(table: Table) -> list[tuple[str, ...]]:
    return [tuple(column.text(row) for column in table.columns.values()) for row in range(len(table))]


def _deviations(workbook: xlsxwriter.Workbook) -> None:
    sheet = workbook.add_worksheet("Uttag")
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write(0, 0, "Avvikelser")
    sheet.merge_range("A3:B3", "Ärende")
    sheet.write_row(2, 2, ["Orsak"])
    sheet.write_row(3, 0, ["Nr", "Dag", "Kod"])
    sheet.write(4, 0, "0180")
    sheet.write_datetime(4, 1, datetime(2024, 3, 7), day)  # noqa: DTZ001  # Excel knows no time zones
    sheet.write(4, 2, 12)
    sheet.write(6, 0, 189508029817)
    sheet.write_datetime(6, 1, datetime(2024, 3, 7, 14, 30), day)  # noqa: DTZ001
    sheet.write_formula(6, 2, "=1+1", value=2)


def test_title_rows_merged_headers_dates_numbers_and_formulas() -> None:
    content = _workbook(_deviations)
    wanted = frozenset({"ärende / nr", "ärende / dag", "orsak / kod"})
    for mapping in (_mapping(header={"rows": 2}), _mapping(header={"row": 3, "rows": 2})):
        (table,) = read_xlsx(content, mapping, wanted, largest_bytes=LIMIT)
        assert list(table.columns) == ["Ärende / Nr", "Ärende / Dag", "Orsak / Kod"]
        assert _rows(table) == [("0180", "2024-03-07", "12"), ("189508029817", "2024-03-07 14:30:00", "2")]
        assert table.lines.tolist() == [5, 7]
        assert table.formulas == {1: frozenset({"Orsak / Kod"})}


def test_sheets_by_pattern() -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        for name in ("Anteckningar", "2024-01", "2024-02"):
            workbook.add_worksheet(name).write_column(0, 0, ["a", name])

    content = _workbook(fill)
    tables = read_xlsx(content, _mapping(sheets=["20??-??"]), frozenset({"a"}), largest_bytes=LIMIT)
    assert [table.sheet for table in tables] == ["2024-01", "2024-02"]
    with pytest.raises(DeliveryRefused, match="inget blad som heter Mars"):
        read_xlsx(content, _mapping(sheets=["Mars"]), frozenset({"a"}), largest_bytes=LIMIT)


def _zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return buffer.getvalue()


def _far_out(workbook: xlsxwriter.Workbook) -> None:
    sheet = workbook.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, 1)


def _duplicated(workbook: xlsxwriter.Workbook) -> None:
    workbook.add_worksheet().write_row(0, 0, ["a", "b", "A"])


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: b"", "tom \\(0 byte\\)"),
        (lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "krypterad med lösenord"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "gammalt format"),
        (lambda: b"a;b;c\n", "skadad eller av ett annat slag"),
        (lambda: _zip(bomb=b"0" * (30 * 1024 * 1024)), "zipbomb"),
        (lambda: _zip(bomb=b"0" * (60 * 1024 * 1024)), "zipbomb"),
        (lambda: _zip(readme=b"hej"), "ingen Excelarbetsbok"),
        (lambda: _workbook(_far_out), "långt utanför tabellen"),
        (lambda: _workbook(_duplicated), "rubriken ”A” står två gånger"),
        (lambda: _workbook(lambda workbook: workbook.add_worksheet()), "saknar rubrikrad"),
        (lambda: _workbook(_deviations)[:-400], "skadad"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_refused(made: Callable[[], bytes], said: str) -> None:
    content = made()  # here, and not by every worker that collects the tests
    with pytest.raises(DeliveryRefused, match=said):
        read_xlsx(content, _mapping(), frozenset({"a"}), largest_bytes=LIMIT)


def test_a_container_whose_list_lies_about_sizes_is_refused() -> None:
    content = bytearray(_zip(**{"xl/workbook.xml": b"0" * 5000, "xl/_rels/workbook.xml.rels": b""}))
    place = content.rfind((5000).to_bytes(4, "little"))
    content[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(DeliveryRefused, match="skadad"):
        read_xlsx(bytes(content), _mapping(), frozenset(), largest_bytes=LIMIT)


def test_an_archive_with_a_password_is_refused() -> None:
    content = bytearray(_zip(a=b"x"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + offset] |= 1
    with pytest.raises(DeliveryRefused, match="lösenord"):
        open_container(bytes(content), largest_bytes=LIMIT, kind="Arkivet")
