"""Writing the systems' files: CSV and XLSX that are the same, byte by byte, every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

MARK = "SYNTETISK"
"""What marks a file as simulated: a part of its name."""
ROWS_PER_WORKBOOK = 250_000
"""A sheet ends at 1 048 576 rows; a longer register is delivered as several workbooks."""
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)


def file_name(system: str, municipality_code: str, suffix: str, part: int = 1) -> str:
    """`avvikelser_SYNTETISK_1287.xlsx`; a second workbook gets `_del2`."""
    return f"{system}_{MARK}_{municipality_code}{f'_del{part}' if part > 1 else ''}.{suffix}"


def write_csv(
    path: Path,
    rows: pd.DataFrame,
    *,
    separator: str,
    encoding: str,
    extra_lines: tuple[str, ...] = (),
) -> None:
    """The rows under their header, lines ended as in Windows; `extra_lines` come last as they are.

    Nothing is quoted: a cell that needs it raises ArrowInvalid.
    Written as UTF-8 and encoded in blocks, so that a million rows take seconds.
    """
    sink = pa.BufferOutputStream()
    options = pa.csv.WriteOptions(
        delimiter=separator, eol="\r\n", quoting_style="none", quoting_header="none", batch_size=65_536
    )
    table = pa.table({name: pa.array(rows[name].to_numpy(), type=pa.string()) for name in rows.columns})
    pa.csv.write_csv(table, sink, options)
    text = str(sink.getvalue().to_pybytes(), "utf-8") + "".join(f"{line}\r\n" for line in extra_lines)
    path.write_bytes(text.encode(encoding))


@contextmanager
def workbook(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """A workbook whose bytes depend on its cells only; rows must be written from the top."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": _CREATED, "comments": "Syntetiska data: simulerade, inga verkliga personer"})
    yield book
    book.close()


def write_row(sheet: Worksheet, number: int, cells: Sequence[str | int | date | None]) -> None:
    """Cells as what they are: text as text (codes keep their zeros), days as Excel dates, None as nothing."""
    for column, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        if isinstance(cell, str):
            sheet.write_string(number, column, cell)
        elif isinstance(cell, date):
            sheet.write_datetime(number, column, cell)
        else:
            sheet.write_number(number, column, cell)


def excel_day(text: str) -> date | None:
    """An ISO day as a date; blank as nothing."""
    return date.fromisoformat(text) if text else None
