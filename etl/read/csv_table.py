"""CSV to a table: pyarrow's parser where the quoting is regular, else Python's `csv`; both give the same rows.

A row's line is where it begins, counted as `csv.reader.line_num` does. Regular quoting means that a quote stands only
at the edge of a cell or doubled inside a quoted one; then a newline ends a row exactly where an even number of quotes
came before it, and lines can be counted on the bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from etl.mapping import Header
from etl.read.header import check_header, join_header_rows
from etl.read.refusal import DeliveryRefused
from etl.table import Column, Rows, Table, concat

SEPARATORS = (";", ",", "\t")
_ENCODED = pa.dictionary(pa.int32(), pa.string())
_BLOCK_BYTES = 8 * 1024 * 1024
_QUOTE, _NEWLINE, _RETURN = ord('"'), ord("\n"), ord("\r")


@dataclass(frozen=True)
class _Layout:
    """Where the rows that are not empty begin and end in the bytes, and the line of each, from 1."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    lines: NDArray[np.int64]


def read_csv(content: bytes, *, header: Header, separator: str | None) -> tuple[Table, str]:
    """The rows below the header and the separator; `content` is UTF-8. DeliveryRefused when there is no header."""
    found, head_rows, head_line = _find_header(content, header, separator)
    names = _check_names(check_header(join_header_rows(head_rows), head_line), found, separator)
    layout = _regular_layout(content, found) if (header.row or 1) == 1 else None
    if layout is None or (layout.ends - layout.starts).max(initial=0) > csv.field_size_limit():
        return _read_slowly(content, names, header, found), found
    return _read_quickly(content, names, header, found, layout), found


def _find_header(content: bytes, header: Header, separator: str | None) -> tuple[str, list[list[str]], int]:
    """The separator, the header's rows and its first line."""
    first = header.row or 1
    chosen = separator or _likeliest_separator(content, first)
    records = list(islice(_records(content, chosen, first), header.rows))
    if len(records) < header.rows:
        raise DeliveryRefused("Filen saknar rubrikrad. Kontrollera exporten i källsystemet och leverera filen på nytt.")
    return chosen, [cells for _, cells in records], records[0][0]


def _likeliest_separator(content: bytes, first: int) -> str:
    """The separator that the header line has most of, outside quotes."""
    for line, raw in enumerate(io.BytesIO(content), start=1):
        if line >= first and raw.strip():
            text = b"".join(raw.split(b'"')[0::2]).decode()
            return max(SEPARATORS, key=text.count)
    return SEPARATORS[0]


def _check_names(names: list[str], separator: str, stated: str | None) -> list[str]:
    if sum(bool(name) for name in names) < 2:
        wanted = f"”{_shown(stated)}”" if stated else "semikolon, komma eller tabb"
        raise DeliveryRefused(
            f"Rubrikraden har bara en kolumn: filen använder en annan avgränsare än {wanted}. "
            "Exportera den med rätt avgränsare och leverera den på nytt."
        )
    return names


def _shown(separator: str) -> str:
    return "tabb" if separator == "\t" else separator


# --- regular quoting: on bytes ----------------------------------------------


def _regular_layout(content: bytes, separator: str) -> _Layout | None:
    """The rows' places, or None when quotes or line ends are not regular."""
    marks = np.frombuffer(content, dtype=np.uint8)
    nowhere = np.empty(0, dtype=np.int64)
    newlines = np.flatnonzero(marks == _NEWLINE)
    returns = np.flatnonzero(marks == _RETURN) if b"\r" in content else nowhere
    if len(returns) and (returns[-1] + 1 >= len(marks) or (marks[returns + 1] != _NEWLINE).any()):
        return None
    quotes = np.flatnonzero(marks == _QUOTE) if b'"' in content else nowhere
    if not _quotes_are_regular(marks, quotes, separator):
        return None
    ending = np.arange(len(newlines)) if not len(quotes) else np.flatnonzero(np.searchsorted(quotes, newlines) % 2 == 0)
    row_ends = newlines[ending]
    lines = np.concatenate([[1], ending + 2])  # a row begins on the line after the one that ended the row before
    if not len(row_ends) or row_ends[-1] != len(marks) - 1:
        row_ends = np.append(row_ends, len(marks))
    starts = np.concatenate([[0], row_ends[:-1] + 1])
    lines = lines[: len(starts)]
    has_return = (row_ends > starts) & (marks[np.maximum(row_ends - 1, 0)] == _RETURN)
    ends = row_ends - has_return
    filled = ends > starts
    return _Layout(starts[filled], ends[filled], lines[filled])


def _quotes_are_regular(marks: NDArray[np.uint8], quotes: NDArray[np.int64], separator: str) -> bool:
    if not len(quotes):
        return True
    if len(quotes) % 2:
        return False
    edges = np.zeros(256, dtype=np.bool_)
    edges[[_NEWLINE, _RETURN, ord(separator)]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    doubled = np.concatenate([[False], opening[1:] == closing[:-1] + 1])
    begins = (opening == 0) | edges[marks[np.maximum(opening - 1, 0)]] | doubled
    last = len(marks) - 1
    finishes = (closing == last) | edges[marks[np.minimum(closing + 1, last)]] | np.append(doubled[1:], False)
    return bool(begins.all() and finishes.all())


def _read_quickly(content: bytes, names: list[str], header: Header, separator: str, layout: _Layout) -> Table:
    body = header.rows
    if len(layout.starts) <= body:
        return _table(names, [], [])
    odd: list[tuple[int, str]] = []

    def keep_aside(row: pa.csv.InvalidRow) -> str:
        odd.append((row.number - 1, row.text))
        return "skip"

    columns = [f"c{index}" for index in range(len(names))]
    read = pa.csv.read_csv(
        pa.py_buffer(memoryview(content)[int(layout.starts[body]) :]),
        read_options=pa.csv.ReadOptions(column_names=columns, use_threads=False, block_size=_BLOCK_BYTES),
        parse_options=pa.csv.ParseOptions(delimiter=separator, newlines_in_values=True, invalid_row_handler=keep_aside),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(columns, _ENCODED), strings_can_be_null=False, check_utf8=False
        ),
    )
    lines = layout.lines[body:].astype(np.int32)
    made = {name: Column.of(read.column(position)) for position, name in enumerate(names) if name}
    parsed = [next(csv.reader(io.StringIO(text, newline=""), delimiter=separator)) for _, text in odd]
    numbers = [number for number, _ in odd]
    if parsed:
        places = _places(numbers, len(lines))
        for position, name in enumerate(names):
            if name:
                extra = Column.of_texts([cells[position] if position < len(cells) else "" for cells in parsed])
                made[name] = concat([made[name], extra]).take(places)
    return _without_blank_rows(made, lines, _wrong_widths(numbers, parsed, names))


def _places(odd: list[int], size: int) -> Rows:
    """For each row of the file, where it is when the odd ones stand after all others."""
    is_odd = np.zeros(size, dtype=np.bool_)
    is_odd[odd] = True
    return np.argsort(np.argsort(is_odd, kind="stable"), kind="stable")


# --- irregular quoting: as the csv module reads it ----------------------------


def _records(content: bytes, separator: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, from the first line on, with the line where it begins, as `csv` reads it."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
    reader = csv.reader(text, delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            if cells and begins >= first:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise DeliveryRefused(
            f"Rad {begins}: citattecknen i raden går inte ihop, eller så är en cell längre än "
            f"{csv.field_size_limit()} tecken. Rätta raden i källan och leverera filen på nytt."
        ) from error


def _read_slowly(content: bytes, names: list[str], header: Header, separator: str) -> Table:
    records = list(islice(_records(content, separator, header.row or 1), header.rows, None))
    return _table(names, [line for line, _ in records], [cells for _, cells in records])


def _table(names: list[str], lines: list[int], rows: list[list[str]]) -> Table:
    columns = {
        name: Column.of_texts([cells[position] if position < len(cells) else "" for cells in rows])
        for position, name in enumerate(names)
        if name
    }
    return _without_blank_rows(columns, np.array(lines, dtype=np.int32), _wrong_widths(range(len(rows)), rows, names))


def _wrong_widths(numbers: Sequence[int], rows: list[list[str]], names: list[str]) -> dict[int, int]:
    """The rows whose number of cells is wrong, and that number; unnamed columns last and blank cells do not count."""
    needed = max(position for position, name in enumerate(names, start=1) if name)
    return {
        number: len(cells)
        for number, cells in zip(numbers, rows, strict=True)
        if len(cells) < needed or any(cell.strip() for cell in cells[len(names) :])
    }


def _without_blank_rows(columns: dict[str, Column], lines: NDArray[np.int32], widths: dict[int, int]) -> Table:
    """Rows with nothing but separators and blanks are no rows."""
    blank = np.ones(len(lines), dtype=np.bool_)
    for column in columns.values():
        blank &= column.is_blank
        if not blank.any():
            return Table(columns, lines, wrong_widths=widths)
    kept = np.flatnonzero(~blank)
    numbers = {int(old): new for new, old in enumerate(kept)}
    return Table(
        {name: column.take(kept) for name, column in columns.items()},
        lines[kept],
        wrong_widths={numbers[old]: width for old, width in widths.items() if old in numbers},
    )
