"""CSV as it really comes: equal to Python's `csv` on any text, with lines, widths and sentences for what is wrong."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.mapping import Header
from etl.read.csv_table import read_csv
from etl.read.decode import decode
from etl.read.refusal import DeliveryRefused
from etl.table import Table


def _read(text: str, **header: int) -> Table:
    return read_csv(text.encode(), header=Header(**header), separator=None)[0]


def _rows(table: Table) -> list[dict[str, str]]:
    return [{name: column.text(row) for name, column in table.columns.items()} for row in range(len(table))]


CELLS = st.text(alphabet='ab å";,\n\r\t', max_size=6)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from([";", ",", "\t"]),
    st.booleans(),
)
def test_rows_lines_and_widths_are_those_of_the_csv_module(
    rows: list[list[str]], line_end: str, quoting: int, separator: str, ends: bool
) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([["c1", "c2", "c3"], *rows])
    text = written.getvalue() if ends else written.getvalue().removesuffix(line_end)
    _assert_equal_to_csv(text, separator)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet='ab;"\n\r', max_size=40))
def test_any_text_is_read_as_the_csv_module_reads_it(body: str) -> None:
    _assert_equal_to_csv(f"c1;c2;c3\n{body}", ";")


def _assert_equal_to_csv(text: str, separator: str) -> None:
    expected: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                expected.append((line, cells))
            line = reader.line_num + 1
    except csv.Error:
        with pytest.raises(DeliveryRefused, match="citattecknen"):
            _read(text)
        return
    table = _read(text)
    body = [(line, cells) for line, cells in expected[1:] if any(cell.strip() for cell in cells[:3])]
    assert table.lines.tolist() == [line for line, _ in body]
    padded = [[*cells, "", "", ""][:3] for _, cells in body]
    assert [list(row.values()) for row in _rows(table)] == padded
    wrong = {
        number: len(cells)
        for number, (_, cells) in enumerate(body)
        if len(cells) < 3 or any(cell.strip() for cell in cells[3:])
    }
    assert table.wrong_widths == wrong


def test_title_rows_and_merged_header_rows() -> None:
    table = _read("Export 2025\n\nDatum;;Orsak;\nStart;Slut;Kod;Text\n1;2;3;4\n", row=3, rows=2)
    assert list(table.columns) == ["Datum / Start", "Slut", "Orsak / Kod", "Text"]
    assert table.lines.tolist() == [5]


def test_trailing_separators_make_no_columns() -> None:
    table = _read("a;b;;\n1;2;;\n3;4\n5;6;;;x\n")
    assert list(table.columns) == ["a", "b"]
    assert table.wrong_widths == {2: 5}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a|b\n1|2\n", "annan avgränsare"),
        ("a;b;A\n1;2;3\n", "rubriken ”A” står två gånger, i kolumn 1 och 3"),
        ('a;b\n1;"x\n', "Rad 2: citattecknen"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, said: str) -> None:
    with pytest.raises(DeliveryRefused, match=said):
        _read(text)


def test_a_stated_separator_is_the_only_one() -> None:
    with pytest.raises(DeliveryRefused, match="annan avgränsare än ”;”"):
        read_csv(b"a,b\n1,2\n", header=Header(), separator=";")


@pytest.mark.parametrize(
    ("content", "stated", "expected"),
    [
        ("å;ä".encode(), None, ("å;ä", "utf-8")),
        ("å;ä".encode("utf-8-sig"), None, ("å;ä", "utf-8-sig")),
        ("å;ä".encode("cp1252"), None, ("å;ä", "cp1252")),
        ("å;ä".encode(), "cp1252", ("å;ä", "utf-8")),
        ("– €;ä".encode("cp1252"), "cp1252", ("– €;ä", "cp1252")),
    ],
)
def test_encodings(content: bytes, stated: str | None, expected: tuple[str, str]) -> None:
    text, encoding = decode(content, stated)
    assert (text.decode(), encoding) == expected


@pytest.mark.parametrize(
    ("content", "stated", "said"),
    [
        (b"", None, "Filen är tom"),
        (b"\xef\xbb\xbf \r\n;;\n", None, "Filen är tom"),
        (b"a;b\n1;\x81\n", None, "Rad 2: tecknen går inte att läsa som cp1252"),
        ("a;b\n1;å\n".encode("cp1252"), "utf-8", "Rad 2: tecknen går inte att läsa som utf-8"),
        (b"a;b\n1;2\n\x00;3\n", None, "Rad 3: filen innehåller ett NUL-tecken"),
        ("a;b\n1;2\n".encode("utf-16"), None, "UTF-16"),
        (b"PK\x03\x04xxxx", None, "inte en CSV-fil"),
        (b"%PDF-1.7", None, "inte en CSV-fil"),
    ],
)
def test_bytes_that_are_no_text_are_refused(content: bytes, stated: str | None, said: str) -> None:
    with pytest.raises(DeliveryRefused, match=said):
        decode(content, stated)
