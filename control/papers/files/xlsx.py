"""A document as a workbook: its text on the first sheet, each table on one of its own with real numbers.

No cell is a formula or a link, whatever is written in it; the only moment is the paper's day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import xlsxwriter

from control.papers.content import Block, Cell, Chart, Document, Items, Paragraph, Section, Table
from control.papers.files import words
from control.typesetting.workbook import OPTIONS, number_format, plain, stored
from kpi.format import NBSP

_PAPER_A4 = 9
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_CHART_COLUMNS = ("Period", "Värde", "Mål eller nivå", "Vanlig nivå", "Undre gräns", "Övre gräns")


def xlsx_of(document: Document) -> bytes:
    """The file."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": document.title, "created": words.made_at(document).replace(tzinfo=None)})
        formats = _Formats(book)
        names = _Names()
        _write_text(book.add_worksheet(names.of("Handling")), formats, document)
        for table in _tables(document):
            _write_table(book.add_worksheet(names.of(table.caption)), formats, table, document)
        for chart in document.charts:
            _write_chart(book.add_worksheet(names.of(f"Diagram {chart.title}")), formats, chart, document)
    return out.getvalue()


class _Names:
    """Sheets' names: short, without the signs that Excel refuses, each only once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, wanted: str) -> str:
        base = _NOT_IN_NAMES.sub(" ", plain(wanted)).strip()[:_LONGEST_NAME].strip() or "Blad"
        name, number = base, 1
        while name.lower() in self._taken:
            number += 1
            name = f"{base[: _LONGEST_NAME - 3].strip()} {number}"
        self._taken.add(name.lower())
        return name


class _Formats:
    """The workbook's cell formats."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._numbers: dict[str, Any] = {}
        usual = {"font_name": "Calibri", "font_size": 11, "valign": "top", "text_wrap": True}
        self.text = book.add_format(usual)
        self.right = book.add_format({**usual, "align": "right"})
        self.strong = book.add_format({**usual, "bold": True})
        self.title = book.add_format({**usual, "bold": True, "font_size": 15})
        self.section = book.add_format({**usual, "bold": True, "font_size": 12})
        head = {**usual, "bold": True, "bottom": 1, "bg_color": "#EFEDE6", "valign": "bottom"}
        self.heading = book.add_format(head)
        self.heading_right = book.add_format({**head, "align": "right"})

    def number(self, unit: str, decimals: int) -> Any:
        code = number_format(unit, decimals)
        if code not in self._numbers:
            self._numbers[code] = self._book.add_format(
                {"font_name": "Calibri", "font_size": 11, "valign": "top", "num_format": code}
            )
        return self._numbers[code]


def _write_text(sheet: Any, formats: _Formats, document: Document) -> None:
    _set_paper(sheet, document)
    sheet.set_column(0, 0, 110)
    lines = [(document.title, formats.title)]
    if mark := words.marks(document):
        lines.append((mark, formats.strong))
    lines += [(f"{label}: {told}", formats.text) for label, told in words.head_facts(document)]
    if document.decisions:
        lines += [("", formats.text), (words.PROPOSAL, formats.section), (words.decision_lead(document), formats.text)]
        lines += [(f"{at}. {one}", formats.text) for at, one in enumerate(document.decisions, 1)]
        lines += [("", formats.text), (words.SUMMARY, formats.section)]
    lines += [(one, formats.text) for block in document.summary for one in _block_lines(block)]
    for section in (*document.sections, *(one for annex in document.annexes for one in annex.sections)):
        lines += _section_lines(section, formats)
    lines += [("", formats.text), (words.foot(document), formats.text)]
    for row, (told, style) in enumerate(lines):
        sheet.write_string(row, 0, plain(told), style)


def _section_lines(section: Section, formats: _Formats) -> Iterator[tuple[str, Any]]:
    yield "", formats.text
    yield section.heading, formats.section
    for block in section.blocks:
        yield from ((line, formats.text) for line in _block_lines(block))
    for part in section.parts:
        yield from _section_lines(part, formats)


def _block_lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield block.text
        case Items():
            yield from (f"• {one}" for one in block.items)
        case Table():
            yield f"Tabell: {block.caption} (eget blad)"
        case Chart():
            yield block.alt


def _tables(document: Document) -> Iterator[Table]:
    for section in (*document.sections, *(one for annex in document.annexes for one in annex.sections)):
        yield from _tables_under(section)


def _tables_under(section: Section) -> Iterator[Table]:
    yield from (one for one in section.blocks if isinstance(one, Table))
    for part in section.parts:
        yield from _tables_under(part)


def _write_table(sheet: Any, formats: _Formats, table: Table, document: Document) -> None:
    """What stands beneath a cell's text has a column of its own, so that the text can be sorted and searched."""
    _set_paper(sheet, document)
    at = 0
    for index, column in enumerate(table.columns):
        style = formats.heading_right if column.is_number else formats.heading
        sheet.set_column(at, at, max(10, column.width))
        sheet.write_string(0, at, plain(column.heading), style)
        for row, line in enumerate(table.rows, 1):
            _write_cell(sheet, formats, row, at, line[index], is_number=column.is_number)
        at += 1
        if any(line[index].below for line in table.rows):
            sheet.set_column(at, at, 34)
            sheet.write_string(0, at, f"{plain(column.heading)}, mer", formats.heading)
            for row, line in enumerate(table.rows, 1):
                sheet.write_string(row, at, plain(line[index].below), formats.text)
            at += 1
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)


def _write_cell(sheet: Any, formats: _Formats, row: int, at: int, cell: Cell, *, is_number: bool) -> None:
    if cell.number is not None:
        sheet.write_number(row, at, stored(cell.number, cell.unit), formats.number(cell.unit, cell.decimals))
    else:
        sheet.write_string(row, at, plain(cell.text), formats.right if is_number else formats.text)


def _write_chart(sheet: Any, formats: _Formats, chart: Chart, document: Document) -> None:
    _set_paper(sheet, document)
    for at, heading in enumerate(_CHART_COLUMNS):
        sheet.set_column(at, at, 16)
        sheet.write_string(0, at, heading, formats.heading)
    for row, point in enumerate(chart.points, 1):
        sheet.write_string(row, 0, plain(point.label), formats.text)
        for at, value in enumerate((point.value, chart.level, chart.centre, chart.lower, chart.upper), 1):
            if value is not None:
                sheet.write_number(row, at, stored(value, chart.unit), formats.number(chart.unit, chart.decimals))
            elif at == 1:
                sheet.write_string(row, at, ".." if point.is_hidden else "", formats.right)
    sheet.freeze_panes(1, 1)


def _set_paper(sheet: Any, document: Document) -> None:
    sheet.set_paper(_PAPER_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    foot = f"{words.marks(document)}   {words.foot(document)}".strip()
    sheet.set_footer(f"&L{foot.replace('&', '&&').replace(NBSP, ' ')}&RSida &P av &N")
