"""A page as a file: its tables as they stand on it, with where and when, so that nothing is seen in the one that is not
in the other. Read from the components that the page function made, never from the database. Pure.

A cell's small print gets a column of its own, so that the number above it can be counted with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import texts
from dashboard.exports.about import file_name
from dashboard.exports.cells import BLANK, Amount, Cell
from dashboard.exports.tables import About, Column, Export, Table
from kpi import format as text

_TAB = 31
"""Letters of a sheet's tab."""
_NOT_IN_A_TAB = re.compile(r"[\[\]:*?/\\]")
_SPACES = "\u00a0\u202f\u2009 "
_NUMBER = re.compile(rf"([+\u2212-]?)([0-9][0-9{_SPACES}]*)(?:,([0-9]+))?[{_SPACES}]?(%?)")
_WIDE, _NARROW = 40, 14


def page_export(title: str, content: Any, *, path: str, search: str, at: datetime, is_synthetic: bool) -> Export | None:
    """All tables of the page, also those behind a fold; None when it has none. `at`: the moment it was read."""
    tables = [_table(one, place) for place, one in enumerate(_found(content, html.Table), 1)]
    kept = tuple(_with_own_names([one for one in tables if one.rows]))
    if not kept:
        return None
    facts = [
        ("Sida", title),
        ("Adress", path + search),
        ("Hämtad", text.moment(at)),
        *[pair for one in _found(content, html.Dl) for pair in _pairs(one)],
        *([(texts.SYNTHETIC, texts.SYNTHETIC_HELP)] if is_synthetic else []),
    ]
    reading = "Tabellerna är de som står på sidan. Det som inte visas på sidan finns inte heller här."
    about = About(tuple(facts), None, at.replace(microsecond=0), is_synthetic)
    return Export(file_name(title), title, f"Hämtad {text.moment(at)}.", reading, text.moment(at), kept, (), about)


def is_marked_synthetic(content: Any) -> bool:
    """Whether the page tells that its data are synthetic."""
    return any(one.children == texts.SYNTHETIC for one in _found(content, html.Span))


def _found(content: Any, kind: type[Component]) -> Iterator[Any]:
    if isinstance(content, (list, tuple)):
        for one in content:
            yield from _found(one, kind)
    elif isinstance(content, Component):
        if isinstance(content, kind):
            yield content
        yield from _found(getattr(content, "children", None), kind)


def _table(table: html.Table, place: int) -> Table:
    caption = next((_words(one) for one in _found(table.children, html.Caption)), "") or f"Tabell {place}"
    lines = [list(_cells(row)) for row in _found(table.children, html.Tr)]
    heads = [line for line in lines if line and all(isinstance(one, html.Th) for one in line)]
    head = heads[0] if heads else []
    body = [line for line in lines if line is not head]
    width = max((sum(_span(one) for one in line) for line in lines), default=0)
    headings = [_words(one) for one in head] + [""] * (width - len(head))
    grid = [_spread(line, width) for line in body]
    columns, cells = [], []
    for at in range(width):
        mains = [row[at][0] for row in grid]
        smalls = [row[at][1] for row in grid]
        heading = f"{headings[at]} (%)".strip() if _is_in_percent(mains) else headings[at]
        columns.append(Column(heading, _WIDE if at == 0 else _NARROW, is_text=_is_text(mains)))
        cells.append(mains)
        if any(smalls):
            columns.append(Column(f"{headings[at]}, om".removeprefix(", "), _WIDE, is_text=True))
            cells.append(smalls)
    return Table(caption, caption, tuple(columns), tuple(zip(*cells, strict=True)) if cells and grid else ())


def _cells(row: html.Tr) -> Iterator[Any]:
    yield from (one for one in _listed(row.children) if isinstance(one, (html.Th, html.Td)))


def _listed(children: Any) -> Sequence[Any]:
    return children if isinstance(children, (list, tuple)) else [children]


def _span(cell: Any) -> int:
    return int(getattr(cell, "colSpan", None) or 1)


def _spread(line: Sequence[Any], width: int) -> list[tuple[Cell, Cell]]:
    """A row's cells, one for each column; what spans several stands in the first of them."""
    found: list[tuple[Cell, Cell]] = []
    for cell in line:
        found.append(_main_and_small(cell))
        found += [(BLANK, BLANK)] * (_span(cell) - 1)
    return found + [(BLANK, BLANK)] * (width - len(found))


def _main_and_small(cell: Any) -> tuple[Cell, Cell]:
    parts = list(_listed(cell.children))
    small = [one for one in parts if isinstance(one, html.Small)]
    main = _words([one for one in parts if not isinstance(one, html.Small)])
    return in_a_cell(main), "; ".join(told for one in small if (told := _words(one)))


def in_a_cell(words: str) -> Cell:
    """`63 %` and `1 234` as numbers, anything else as it is: also `..`, which is hidden, and `–`, which is nothing."""
    found = _NUMBER.fullmatch(words)
    if found is None:
        return words
    sign, whole, decimals, percent = found.groups()
    value = float(re.sub(rf"[{_SPACES}]", "", whole) + (f".{decimals}" if decimals else ""))
    value = -value if sign in ("-", "\u2212") else value
    places = len(decimals or "")
    return Amount(value / 100, "percent", places) if percent else Amount(value, "count", places)


def _is_text(cells: Sequence[Cell]) -> bool:
    return not any(isinstance(one, Amount) for one in cells)


def _is_in_percent(cells: Sequence[Cell]) -> bool:
    numbers = [one for one in cells if isinstance(one, Amount)]
    return bool(numbers) and all(one.unit == "percent" for one in numbers)


def _words(content: Any) -> str:
    """What a reader hears of it: pictures by their alternative, nothing that is hidden from all."""
    return re.sub(r"\s+([,.:;])", r"\1", " ".join(_heard(content)).strip())


def _heard(content: Any) -> Iterator[str]:
    if isinstance(content, (list, tuple)):
        for one in content:
            yield from _heard(one)
    elif isinstance(content, Component):
        if getattr(content, "aria-hidden", None) == "true" or "only-dark" in (getattr(content, "className", "") or ""):
            return
        if isinstance(content, html.Img):
            yield from filter(None, [getattr(content, "alt", "")])
        else:
            yield from _heard(getattr(content, "children", None))
    elif isinstance(content, (str, int, float)) and not isinstance(content, bool):
        told = str(content).strip(" \n")
        if told:
            yield told


def _pairs(facts: html.Dl) -> Iterator[tuple[str, str]]:
    terms = [_words(one) for one in _found(facts.children, html.Dt)]
    told = [_words(one) for one in _found(facts.children, html.Dd)]
    yield from ((term, words) for term, words in zip(terms, told, strict=False) if term and words)


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
