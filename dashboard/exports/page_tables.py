"""A page's tables as they stand on it, in typed columns: each value below its own heading, and its small print in a
column beside it, so that the number above it can be counted with. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from dash import html

from dashboard.exports.cells import BLANK, Amount, Cell
from dashboard.exports.tables import Column, Table
from dashboard.exports.told import found, listed, words_of

_TAB = 31
"""Letters of a sheet's tab."""
_NOT_IN_A_TAB = re.compile(r"[\[\]:*?/\\]")
_SPACES = "\u00a0\u202f\u2009 "
_NUMBER = re.compile(rf"([+\u2212-]?)([0-9][0-9{_SPACES}]*)(?:,([0-9]+))?[{_SPACES}]?(%?)")
_WIDE, _NARROW = 40, 14


def tables_of(content: Any) -> tuple[Table, ...]:
    """All that have rows, also those behind a fold."""
    tables = [_table(one, place) for place, one in enumerate(found(content, html.Table), 1)]
    return tuple(_with_own_names([one for one in tables if one.rows]))


def _table(table: html.Table, place: int) -> Table:
    caption = next((words_of(one) for one in found(table.children, html.Caption)), "") or f"Tabell {place}"
    lines = [list(_cells(row)) for row in found(table.children, html.Tr)]
    above = len([row for head in found(table.children, html.Thead) for row in found(head, html.Tr)])
    width = max((sum(_span(one) for one in line) for line in lines), default=0)
    headings = _headings(lines[:above], width)
    grid = [_spread(line, width) for line in lines[above:]]
    columns: list[Column] = []
    cells: list[list[Cell]] = []
    for at, (told, is_shared) in enumerate(headings):
        mains = [row[at][0] for row in grid]
        smalls = [row[at][1] for row in grid]
        if is_shared and not any([*mains, *smalls]):
            continue  # a drawn bar beside its number
        heading = f"{told} (%)".strip() if _is_in_percent(mains) else told
        columns.append(Column(heading, _NARROW if columns else _WIDE, is_text=_is_text(mains)))
        cells.append(mains)
        if any(smalls):
            columns.append(Column(f"{told}, om".removeprefix(", "), _WIDE, is_text=True))
            cells.append(smalls)
    return Table(caption, caption, tuple(columns), tuple(zip(*cells, strict=True)) if cells and grid else ())


def _headings(rows: Sequence[Sequence[Any]], width: int) -> list[tuple[str, bool]]:
    """Each column's heading, below what stands above several, and whether it shares it with the one beside."""
    told: list[list[str]] = [[] for _ in range(width)]
    shared = [False] * width
    for row in rows:
        at = 0
        for cell in row:
            for column in range(at, at + _span(cell)):
                told[column] += filter(None, [words_of(cell)])
                shared[column] = row is rows[-1] and _span(cell) > 1
            at += _span(cell)
    return [(": ".join(words), is_shared) for words, is_shared in zip(told, shared, strict=True)]


def _cells(row: html.Tr) -> Iterator[Any]:
    yield from (one for one in listed(row.children) if isinstance(one, (html.Th, html.Td)))


def _span(cell: Any) -> int:
    return int(getattr(cell, "colSpan", None) or 1)


def _spread(line: Sequence[Any], width: int) -> list[tuple[Cell, Cell]]:
    """A row's cells, one for each column; what spans several stands in the first of them."""
    spread: list[tuple[Cell, Cell]] = []
    for cell in line:
        spread.append(_main_and_small(cell))
        spread += [(BLANK, BLANK)] * (_span(cell) - 1)
    return spread + [(BLANK, BLANK)] * (width - len(spread))


def _main_and_small(cell: Any) -> tuple[Cell, Cell]:
    parts = list(listed(cell.children))
    small = [one for one in parts if isinstance(one, html.Small)]
    main = words_of([one for one in parts if not isinstance(one, html.Small)])
    return in_a_cell(main), "; ".join(told for one in small if (told := words_of(one)))


def in_a_cell(words: str) -> Cell:
    """`63 %` and `1 234` as numbers, anything else as it is: also `..`, which is hidden, and `–`, which is nothing."""
    number = _NUMBER.fullmatch(words)
    if number is None:
        return words
    sign, whole, decimals, percent = number.groups()
    value = float(re.sub(rf"[{_SPACES}]", "", whole) + (f".{decimals}" if decimals else ""))
    value = -value if sign in ("-", "\u2212") else value
    places = len(decimals or "")
    return Amount(value / 100, "percent", places) if percent else Amount(value, "count", places)


def _is_text(cells: Sequence[Cell]) -> bool:
    return not any(isinstance(one, Amount) for one in cells)


def _is_in_percent(cells: Sequence[Cell]) -> bool:
    numbers = [one for one in cells if isinstance(one, Amount)]
    return bool(numbers) and all(one.unit == "percent" for one in numbers)


def _with_own_names(tables: Sequence[Table]) -> Iterator[Table]:
    """Each with a tab that no other has."""
    taken: set[str] = set()
    for table in tables:
        base = _NOT_IN_A_TAB.sub(" ", table.title).strip("' ")[:_TAB].rstrip("' ") or "Tabell"
        name, number = base, 2
        while name.casefold() in taken:
            tail = f" {number}"
            name, number = base[: _TAB - len(tail)] + tail, number + 1
        taken.add(name.casefold())
        yield Table(name, table.title, table.columns, table.rows)
