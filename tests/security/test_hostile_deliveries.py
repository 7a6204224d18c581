"""Files made to hurt whoever reads them: bombs, lies, other kinds and names. Each is refused soon, with a sentence.

Linear time is told by ratio within one run: four times the text may take some ten times as long, never sixteen.
"""

from __future__ import annotations

import io
import os
import stat
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import Engine

from etl.deliveries import safe_name
from etl.drop import Watch
from etl.files import find_files
from etl.mapping import Mapping
from etl.read.csv_table import read_csv
from etl.read.decode import decode
from etl.read.refusal import DeliveryRefused
from etl.read.xlsx_tables import read_xlsx
from kpi.yaml_tree import read_tree
from tests.builders.loading import Loading, as_csv, sip
from warehouse.identity.mask import mask_text

MB = 1024 * 1024
LIMIT = 50 * MB
MAPPING = Mapping.model_validate({"version": 1, "name": "x", "format": "xlsx", "files": "*", "datasets": {}})
SHEET, SHARED, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"


def workbook() -> dict[str, bytes]:
    """A good workbook's parts."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, ["x", 2])
    with zipfile.ZipFile(buffer) as container:
        return {name: container.read(name) for name in container.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return buffer.getvalue()


def patched(part: str, old: bytes, new: bytes) -> bytes:
    """The good workbook with a piece of one part exchanged."""
    parts = workbook()
    assert old in parts[part]
    return zipped(parts | {part: parts[part].replace(old, new, 1)})


def lying(part: str, size: int) -> bytes:
    """The good workbook with a part that unpacks to `size` though the container's list says ten bytes."""
    content = bytearray(zipped(workbook() | {part: b"<a>" + b"x" * (size - 7) + b"</a>"}))
    place = content.rfind(size.to_bytes(4, "little"))
    content[place : place + 4] = (10).to_bytes(4, "little")
    return bytes(content)


def refusal(content: bytes) -> str:
    """Why a workbook is refused; it must not take more memory than a few of its allowed sizes."""
    tracemalloc.start()
    try:
        with pytest.raises(DeliveryRefused) as refused:
            read_xlsx(content, MAPPING, frozenset({"a"}), largest_bytes=LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 2 * LIMIT
    finally:
        tracemalloc.stop()
    return str(refused.value)


def test_the_workbook_that_the_bombs_are_made_of_is_good() -> None:
    (table,) = read_xlsx(zipped(workbook()), MAPPING, frozenset({"a"}), largest_bytes=LIMIT)
    assert (list(table.columns), len(table)) == (["a", "b"], 1)


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
CELL = b'<c r="A2" t="s">'
WORKBOOKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "entities in the texts": (lambda: patched(SHARED, b"<sst", LAUGHS + b"<sst"), "dokumenttyp"),
    "entities in the sheet": (lambda: patched(SHEET, b"<worksheet", LAUGHS + b"<worksheet"), "dokumenttyp"),
    "entities in the book": (lambda: patched(BOOK, b"<workbook", LAUGHS.lower() + b"<workbook"), "dokumenttyp"),
    "another encoding": (lambda: zipped(workbook() | {SHEET: workbook()[SHEET].decode().encode("utf-16")}), "UTF-16"),
    "texts that lie about their size": (lambda: lying(SHARED, 40 * MB), "skadad"),
    "styles that lie about their size": (lambda: lying("xl/styles.xml", 40 * MB), "skadad"),
    "a list that boasts": (lambda: patched(SHARED, b'uniqueCount="3"', b'uniqueCount="4294967295"'), "skadad"),
    "a comment before what is read": (lambda: patched(SHARED, b"<sst", b"<!-- <sst> --><sst"), "skadad"),
    "a cell far to the right": (lambda: patched(SHEET, CELL, b'<c r="XFD2" t="s">'), "långt utanför"),
    "in single quotes": (lambda: patched(SHEET, CELL, b"<c r='XFD2' t='s'>"), "långt utanför"),
    "in small letters": (lambda: patched(SHEET, CELL, b'<c r = "xfd2" t="s">'), "långt utanför"),
    "a cell far down": (lambda: patched(SHEET, CELL, b'<c r="Z1048576" t="s">'), "långt utanför"),
    "a row far down": (lambda: patched(SHEET, b'<row r="2"', b'<row r="1048576"'), "långt utanför"),
    "more columns than anybody needs": (lambda: wide(1001), "1001 kolumner"),
    "a program before it": (lambda: b"MZ\x90\x00" + zipped(workbook()), "egentligen ett program"),
    "a web page": (lambda: b"<!DOCTYPE html><table><tr><td>a</td></tr></table>", "egentligen en webbsida"),
    "a PDF": (lambda: b"%PDF-1.7\n", "egentligen en PDF"),
    "no signature at all": (lambda: b"x" + zipped(workbook()), "skadad eller av ett annat slag"),
}


def wide(columns: int) -> bytes:
    """The good workbook with so many headings, whose places are not told."""
    cells = b"".join(b'<c t="inlineStr"><is><t>c%d</t></is></c>' % number for number in range(columns))
    return patched(SHEET, b"<sheetData>", b'<sheetData><row r="1">' + cells + b"</row>")


@pytest.mark.parametrize("way", WORKBOOKS)
def test_a_workbook_made_to_hurt_is_refused(way: str) -> None:
    make, said = WORKBOOKS[way]
    assert said in refusal(make())


def test_more_parts_than_anybody_needs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.read.container._MOST_MEMBERS", 5)
    assert "fler än 5 delar" in refusal(zipped(workbook()))


# --- kinds of text files --------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (zipped({"sips.csv": b"a;b"}), "zip-arkiv"),
        (b"MZ\x90\x00\x03" + b" " * 60, "ett program"),
        (b"\x7fELF\x02\x01", "ett program"),
        (b"#!/bin/sh\nrm\n", "ett program"),
        (b"\xef\xbb\xbf \n<!DOCTYPE HTML><html>", "en webbsida"),
        (b"<?xml version='1.0'?><a/>", "en XML-fil"),
        (b"\x89PNG\r\n\x1a\n", "en bild"),
        (b"SQLite format 3\x00", "en databas"),
    ],
)
def test_a_text_file_of_another_kind_is_told_by_its_content(content: bytes, kind: str) -> None:
    with pytest.raises(DeliveryRefused, match=f"Filen är .*{kind}"):
        decode(content, None)


def test_a_heading_that_begins_like_a_program_is_a_heading() -> None:
    assert decode(b"PK;MZ\n1;2\n", None)[1] == "utf-8"
    assert decode(b"MZ;PK\n1;2\n", None)[1] == "utf-8"


def test_a_text_file_with_absurdly_many_columns_is_refused() -> None:
    content = ";".join(f"c{number}" for number in range(100_000)).encode() + b"\n"
    with pytest.raises(DeliveryRefused, match="100000 kolumner"):
        read_csv(content, header=MAPPING.header, separator=";")


# --- archives and names ------------------------------------------------------------


@pytest.fixture
def loading(sqlite_engine: Engine, tmp_path: Path) -> Loading:
    """Deliveries to an empty warehouse."""
    return Loading(sqlite_engine, tmp_path, max_file_mb=1)


def test_an_archive_cannot_reach_out_of_itself(tmp_path: Path) -> None:
    secret = tmp_path / "hemlig.csv"
    secret.write_text("hemligt")
    link = zipfile.ZipInfo("lank/sips.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    good = as_csv([sip("S1")]).encode()
    archive = tmp_path / "in" / "arkiv.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as container:
        for name in ("../../sips-1.csv", "/etc/sips-2.csv", "C:\\windows\\sips-3.csv", "..\\..\\sips-4.csv"):
            container.writestr(name, good)
        container.writestr(link, str(secret))
        container.writestr("inre.zip", zipped({"sips.csv": good}))
    before = sorted(tmp_path.rglob("*"))
    found = {one.name: one.read() for one in find_files([archive], largest_bytes=LIMIT)}
    assert sorted(tmp_path.rglob("*")) == before, "nothing is unpacked to disk"
    assert [name.removeprefix("arkiv.zip/") for name in sorted(found)] == [
        "inre.zip", "sips-1.csv", "sips-2.csv", "sips-3.csv", "sips-4.csv", "sips.csv",
    ]  # fmt: skip
    assert found["arkiv.zip/sips.csv"] == str(secret).encode(), "a link is its own text"


def test_links_and_pipes_of_the_drop_folder_are_left(tmp_path: Path) -> None:
    outside, drop = tmp_path / "utanfor", tmp_path / "drop"
    outside.mkdir()
    drop.mkdir()
    (outside / "sips.csv").write_text("hemligt")
    (drop / "mapp").symlink_to(outside)
    (drop / "sips.csv").symlink_to(outside / "sips.csv")
    os.mkfifo(drop / "sips-1.csv")
    assert Watch(drop, settle_s=0).settled_files(0) == []
    assert find_files([drop], largest_bytes=LIMIT) == []


def test_a_name_is_told_without_what_nobody_sees(loading: Loading) -> None:
    name = "sips\x1b[31m\n\u202evsc.csv"
    result = loading.load(name, as_csv([sip("S1")]))
    assert result.file_name == safe_name(name) == "sips\ufffd[31m\ufffd\ufffdvsc.csv"
    assert result.status == "loaded"
    assert len(safe_name("x" * 10_000 + ".csv")) == 400
    assert safe_name("sips-20150916\u00a09809.csv") == "sips-[personnummer].csv"


def test_a_bomb_within_an_archive_is_refused_before_it_is_unpacked(loading: Loading) -> None:
    inner = zipped({"sips.csv": b"0" * (40 * MB)})
    result = loading.load("sips.zip", zipped({"sips.csv": inner}))
    assert result.status == "failed"
    assert "zip-arkiv, inte en CSV-fil" in str(result.reason)


# --- time ---------------------------------------------------------------------------


def _sheet_of(text: bytes) -> Callable[[int], object]:
    def read(size: int) -> None:
        content = patched(SHEET, b"<sheetData>", b"<sheetData>" + (text * size)[:size])
        with pytest.raises(DeliveryRefused):
            read_xlsx(content, MAPPING, frozenset({"a"}), largest_bytes=LIMIT)

    return read


def _book_of(text: bytes) -> Callable[[int], object]:
    def read(size: int) -> object:
        content = patched(BOOK, b"<sheet ", b"<sheet " + (text * size)[:size] + b' x="1" ')
        try:
            return read_xlsx(content, MAPPING, frozenset({"a"}), largest_bytes=LIMIT)
        except DeliveryRefused:
            return None

    return read


def _masked(text: str) -> Callable[[int], object]:
    return lambda size: mask_text((text * size)[:size])


def _tree(text: str) -> Callable[[int], object]:
    def read(size: int) -> object:
        try:
            return read_tree("a: x\n" + (text * size)[:size])
        except Exception:  # whatever ruamel says: the time is what counts
            return None

    return read


TEXTS = {
    "digits": _masked("1"),
    "a birth date without end": _masked("19121212"),
    "separators": _masked("1 - "),
    "digits and every separator": _masked("1\u2009-\u00a0"),
    "addresses": _masked("a@"),
    "an address's beginning": _masked("a"),
    "many signs before none": _masked("a" * 63 + "@" + " "),
    "telephone numbers": _masked("070-123 45 6"),
    "international ones": _masked("+46 (0)70 "),
    "zeros": _masked("0"),
    "pluses": _masked("+"),
    "cells without end": _sheet_of(b"<c "),
    "a cell of references": _sheet_of(b'<c r="'),
    "blanks before a formula": _sheet_of(b"<c>     "),
    "an attribute's name": _book_of(b"a"),
    "attributes without values": _book_of(b"a= "),
    "blank lines": _tree(" \n"),
    "comments": _tree("# #\n"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_takes_more_than_linear_time(name: str) -> None:
    read, size = TEXTS[name], 10_000
    read(size)  # imports and caches

    def seconds(length: int) -> float:
        best = float("inf")
        for _ in range(3):
            begun = time.process_time()
            read(length)
            best = min(best, time.process_time() - begun)
        return best

    assert seconds(4 * size) < 10 * seconds(size) + 0.02
