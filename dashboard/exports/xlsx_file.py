"""An export as a workbook: real numbers with formats, a sheet per table, and a sheet about them.

The same content gives the same bytes: the file's moment is that of the latest closing, and no person, program or
machine is named.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from control.typesetting import workbook
from control.typesetting.workbook import OPTIONS, plain
from dashboard.exports.cells import Amount, Cell
from dashboard.exports.tables import About, Export, Table

ABOUT = "Om uppgifterna"
_PAPER_A4 = 9


def write_xlsx(export: Export) -> bytes:
    """The workbook."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        made_at = export.about.made_at.replace(tzinfo=None)
        book.set_properties({"title": export.title, "created": made_at})
        formats = _Formats(book)
        for table in export.tables:
            _write_table(book.add_worksheet(table.name), formats, table, export)
        _write_about(book.add_worksheet(ABOUT), formats, export)
    return out.getvalue()


class _Formats:
    """The workbook's cell formats, made when they are first asked for."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}
        usual = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self.text = book.add_format({**usual, "text_wrap": True})
        self.strong = book.add_format({**usual, "bold": True, "text_wrap": True})
        self.title = book.add_format({**usual, "bold": True, "font_size": 14})
        self.marker = book.add_format({**usual, "align": "right"})
        self.heading = book.add_format(
            {**usual, "bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EFEDE6", "valign": "bottom"}
        )
        self.heading_right = book.add_format(
            {**usual, "bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EFEDE6", "valign": "bottom",
             "align": "right"}
        )  # fmt: skip

    def number(self, cell: Amount) -> Any:
        """The format of a number."""
        code = number_format(cell)
        if code not in self._made:
            self._made[code] = self._book.add_format(
                {"font_name": "Calibri", "font_size": 11, "valign": "top", "num_format": code}
            )
        return self._made[code]


def number_format(cell: Amount) -> str:
    """How Excel shows the number: `0.0 %`, `+0;-0;0`, `#,##0`."""
    return workbook.number_format(cell.unit, cell.places)


def in_sheet(cell: Amount) -> float:
    """The number itself: a share as a fraction, a difference of shares in percentage points."""
    return workbook.stored(cell.value, cell.unit)


def _write_table(sheet: Any, formats: _Formats, table: Table, export: Export) -> None:
    _set_paper(sheet, export)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, plain(column.heading), formats.heading if column.is_text else formats.heading_right)
    for row, line in enumerate(table.rows, 1):
        for at, cell in enumerate(line):
            _write(sheet, formats, row, at, cell, is_text=table.columns[at].is_text)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write(sheet: Any, formats: _Formats, row: int, at: int, cell: Cell, *, is_text: bool = True) -> None:
    if isinstance(cell, Amount):
        sheet.write_number(row, at, in_sheet(cell), formats.number(cell))
    elif told := str(cell):
        sheet.write_string(row, at, plain(told), formats.text if is_text else formats.marker)


def _write_about(sheet: Any, formats: _Formats, export: Export) -> None:
    _set_paper(sheet, export)
    about: About = export.about
    columns = about.closings.columns if about.closings is not None else ()
    widths = [column.width for column in columns] or [0]
    for at, width in enumerate([max(22, widths[0]), *widths[1:]]):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, plain(export.title), formats.title)
    sheet.write_string(1, 0, plain(export.lead))
    for row, (label, sentence) in enumerate(about.facts, 3):
        sheet.write_string(row, 0, plain(label), formats.strong)
        sheet.write_string(row, 1, plain(sentence))
    if about.closings is None:
        return
    row = 4 + len(about.facts)
    sheet.write_string(row, 0, plain(about.closings.title), formats.strong)
    for at, column in enumerate(about.closings.columns):
        sheet.write_string(row + 1, at, column.heading, formats.heading)
    for below, line in enumerate(about.closings.rows, row + 2):
        for at, cell in enumerate(line):
            _write(sheet, formats, below, at, cell)


def _set_paper(sheet: Any, export: Export) -> None:
    sheet.set_paper(_PAPER_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    mark = "Syntetiska data   " if export.about.is_synthetic else ""
    sheet.set_footer(f"&L{mark}{export.until.replace('&', '&&')}&RSida &P av &N")
