"""XLSX to tables, one per sheet: title rows skipped, merged headers joined, every cell as text.

Numbers lose Excel's ".0", dates become `2024-03-07` or `2024-03-07 14:30:00`; text stays as it is. A formula's value
depends on the program that last saved the file, so such cells are marked and their rows refused where they are used.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, load_workbook

from etl.mapping import Mapping, normal
from etl.read.container import check_members, formulas_in, open_container, sheet_members
from etl.read.header import check_header, join_header_rows
from etl.read.refusal import DeliveryRefused
from etl.table import Column, Table

_SEARCHED_ROWS = 30
Cell = str | int | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True)
class _Sheet:
    name: str
    cells: list[list[str]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]]
    formulas: set[tuple[int, int]]


def read_xlsx(content: bytes, mapping: Mapping, wanted: frozenset[str], *, largest_bytes: int) -> list[Table]:
    """A table for each sheet that the mapping takes; `wanted` are the headers that its fields use.

    DeliveryRefused when the file cannot be read or holds no such sheet.
    """
    container = open_container(content, largest_bytes=largest_bytes, kind="Excelfilen")
    check_members(container, "Excelfilen")
    members = sheet_members(container)
    names = [name for name in members if mapping.takes_sheet(name)] if mapping.sheets else list(members)[:1]
    if not names:
        raise DeliveryRefused(
            f"Excelfilen har inget blad som heter {' eller '.join(mapping.sheets)}. Kontrollera bladens namn."
        )
    formulas = {name: set(formulas_in(container, members[name])) for name in names}
    try:
        workbook = load_workbook(io.BytesIO(content))
        sheets = [_read_sheet(workbook, name, formulas[name]) for name in names]
    except PasswordError as error:
        raise DeliveryRefused("Excelfilen är krypterad. Spara den utan lösenord och leverera den på nytt.") from error
    except (CalamineError, OSError, ValueError) as error:
        raise DeliveryRefused("Excelfilen är skadad. Exportera den på nytt.") from error
    return [_table(sheet, mapping, wanted) for sheet in sheets]


def _read_sheet(workbook: CalamineWorkbook, name: str, formulas: set[tuple[int, int]]) -> _Sheet:
    sheet = workbook.get_sheet_by_name(name)
    cells = [[_as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    return _Sheet(name, cells, list(sheet.merged_cell_ranges or []), formulas)


def _as_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        whole_day = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
        return f"{cell:%Y-%m-%d}" if whole_day else f"{cell:%Y-%m-%d %H:%M:%S}"
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _table(sheet: _Sheet, mapping: Mapping, wanted: frozenset[str]) -> Table:
    rows = mapping.header.rows
    first = mapping.header.row - 1 if mapping.header.row else _find_header(sheet, rows, wanted)
    if first + rows > len(sheet.cells):
        raise DeliveryRefused(f"Bladet ”{sheet.name}” saknar rubrikrad. Kontrollera exporten i källsystemet.")
    names = check_header(join_header_rows(_filled_header(sheet, first, rows)), first + 1)
    body = sheet.cells[first + rows :]
    named = [(position, name) for position, name in enumerate(names) if name]
    filled = [number for number, row in enumerate(body) if any(row[position].strip() for position, _ in named)]
    columns = {name: Column.of_texts([body[number][position] for number in filled]) for position, name in named}
    lines = np.array([first + rows + 1 + number for number in filled], dtype=np.int32)
    return Table(columns, lines, sheet.name, formulas=_formulas(sheet, lines.tolist(), dict(named)))


def _find_header(sheet: _Sheet, rows: int, wanted: frozenset[str]) -> int:
    """The first row that holds all the wanted names, else the one that holds most of them."""
    best, most = 0, -1
    for first in range(min(_SEARCHED_ROWS, max(len(sheet.cells) - rows + 1, 0))):
        names = {normal(name) for name in join_header_rows(_filled_header(sheet, first, rows))}
        found = len(wanted & names)
        if found > most:
            best, most = first, found
        if found == len(wanted):
            break
    return best


def _filled_header(sheet: _Sheet, first: int, rows: int) -> list[list[str]]:
    """The header rows with each merged cell's text on all the columns that it covers."""
    header = [list(row) for row in sheet.cells[first : first + rows]]
    for (top, left), (bottom, right) in sheet.merged:
        if first <= top < first + rows and top < len(sheet.cells) and left < len(sheet.cells[top]):
            for row in range(top, min(bottom, first + rows - 1) + 1):
                for column in range(left, min(right, len(header[row - first]) - 1) + 1):
                    header[row - first][column] = sheet.cells[top][left]
    return header


def _formulas(sheet: _Sheet, lines: Sequence[int], names: dict[int, str]) -> dict[int, frozenset[str]]:
    rows = {line - 1: number for number, line in enumerate(lines)}
    found: dict[int, set[str]] = {}
    for row, column in sheet.formulas:
        if row in rows and column in names:
            found.setdefault(rows[row], set()).add(names[column])
    return {number: frozenset(headers) for number, headers in found.items()}
