"""A mapping applied to a table: delivered columns become canonical text columns, dataset by dataset."""

from __future__ import annotations

import re
from collections.abc import Mapping as ByName
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.canonical import Canonical, concat_tables, keep_rows, make_distinct, shift_raw
from etl.mapping import DatasetMapping, FieldMapping, Mapping, Part, RowFilter, Training, normal
from etl.rules.problem import Problem
from etl.rules.values import FORMULA, BadValue, unknown_code
from etl.shapes import shape_table
from etl.shapes.shaped import Shaped, find_columns, missing_columns
from etl.table import Column, Table, join
from warehouse.contract import DATASETS, Dataset

_FILE_SUFFIX = re.compile(r"^.*[/\\]")


@dataclass(frozen=True, eq=False)
class _Made:
    """A field's texts, the rows that could not be translated, and why."""

    column: Column
    problems: tuple[Problem, ...] = ()


def names_of(mapping: Mapping, file_name: str, sheet: str | None) -> dict[str, str]:
    """The named groups of the file's and the sheet's name; a group that does not match is blank."""
    names = dict.fromkeys(mapping.names.groups, "")
    for pattern, text in ((mapping.names.file, _FILE_SUFFIX.sub("", file_name)), (mapping.names.sheet, sheet or "")):
        match = re.search(pattern, text) if pattern is not None else None
        if match is not None:
            names |= {name: value for name, value in match.groupdict().items() if value is not None}
    return names


def wanted_headers(mapping: Mapping) -> frozenset[str]:
    """The headers that the mapping's required fields, shapes and filters use, as compared."""
    wanted: set[str] = set()
    for name, mapped in mapping.datasets.items():
        dataset = DATASETS[name]
        for field, how in mapped.fields.items():
            if dataset.field(field).required:
                wanted |= {part.column for part in how.parts if part.column and not part.column.startswith("@")}
        if mapped.shape is not None and mapped.shape.kind == "matrix":
            wanted.add(mapped.shape.row_label)
    return frozenset(normal(name) for name in wanted)


def apply_mapping(mapping: Mapping, tables: Sequence[Table], file_name: str) -> list[Canonical]:
    """Every dataset of the mapping, its rows from all tables. DeliveryRefused when a needed column is missing."""
    found = []
    for name, mapped in mapping.datasets.items():
        pieces = []
        first_raw = 0
        for table in tables:
            names = names_of(mapping, file_name, table.sheet)
            pieces.append(shift_raw(_apply(mapping, DATASETS[name], mapped, table, names), first_raw))
            first_raw += len(table)
        found.append(concat_tables(pieces))
    return found


def used_headers(mapping: Mapping, table: Table) -> dict[str, set[tuple[str, str]]]:
    """For each delivered header that the mapping uses: the (dataset, field) it goes into; '' for filters and shapes."""
    written = {normal(name): name for name in table.columns}
    used: dict[str, set[tuple[str, str]]] = {}
    for name, mapped in mapping.datasets.items():
        columns = [(part.column, field) for field, how in mapped.fields.items() for part in how.parts if part.column]
        columns += [(rule.column, "") for rule in (mapped.rows, mapped.out_of_scope) if rule is not None]
        if isinstance(mapped.shape, Training):
            columns.append((mapped.shape.person, "person_id"))
        for column, field in columns:
            if normal(column) in written:
                used.setdefault(written[normal(column)], set()).add((name, field))
        if mapped.shape is not None:
            for header in shape_table(table, mapped.shape, dict.fromkeys(mapping.names.groups, "")).used:
                used.setdefault(header, set())
    return used


# --- one table ----------------------------------------------------------------


def _apply(
    mapping: Mapping, dataset: Dataset, mapped: DatasetMapping, table: Table, names: ByName[str, str]
) -> Canonical:
    source, raw, links, problems = table, np.arange(len(table), dtype=np.int64), None, []
    if mapped.shape is not None:
        shaped = shape_table(table, mapped.shape, names)
        source, raw, links = _as_table(shaped), shaped.raw_of, shaped.links
        problems = [_cell_problem(row, header, bad) for row, header, bad in shaped.bad]
    headers = _headers_of(dataset, mapped, source)
    made = {
        field: _make(mapping, field, how, source, names) for field, how in mapped.fields.items() if field in headers
    }
    problems += [problem for each in made.values() for problem in each.problems]
    problems += _formula_problems(table, source, mapped)
    canonical = Canonical(
        dataset,
        mapped.mode,
        {field: each.column for field, each in made.items()},
        raw,
        links,
        {field: header for field, header in headers.items() if header},
        _rows_of(mapped.out_of_scope, source) if mapped.out_of_scope else np.zeros(len(source), dtype=np.bool_),
        tuple(problems),
    )
    kept = _rows_of(mapped.rows, source) if mapped.rows else np.ones(len(source), dtype=np.bool_)
    for field in mapped.skip_blank:
        if field in canonical.columns:
            kept &= ~canonical.columns[field].is_blank
    if not kept.all():
        canonical = keep_rows(canonical, np.flatnonzero(kept))
    return make_distinct(canonical) if mapped.distinct else canonical


def _as_table(shaped: Shaped) -> Table:
    return Table(shaped.columns, np.zeros(len(shaped.raw_of), dtype=np.int32))


def _headers_of(dataset: Dataset, mapped: DatasetMapping, table: Table) -> dict[str, str]:
    """The fields that can be made of the table, with their header ('' = no column); a needed one must be there."""
    written = {normal(name): name for name in table.columns}
    headers: dict[str, str] = {}
    missing: list[str] = []
    for field, how in mapped.fields.items():
        columns = [part.column for part in how.parts if part.column is not None]
        absent = [column for column in columns if normal(column) not in written]
        if not absent:
            headers[field] = written[normal(columns[0])] if columns else ""
        elif dataset.field(field).required:
            missing += absent
    if missing:
        raise missing_columns(dict.fromkeys(missing), table)
    return headers


def _rows_of(rule: RowFilter, table: Table) -> NDArray[np.bool_]:
    _, column = find_columns(table, [rule.column])[rule.column]
    return column.rows_in({normal(text) for text in rule.values}, normal)


def _make(mapping: Mapping, field: str, how: FieldMapping, table: Table, names: ByName[str, str]) -> _Made:
    pieces = [_piece(mapping, field, part, table, names) for part in how.parts]
    column = join([piece.column for piece in pieces])
    if how.blank or how.default is not None:
        blank = {normal(text) for text in how.blank} | {""}
        column = column.map(lambda text: (how.default or "") if normal(text) in blank else text)
    problems = [problem for piece in pieces for problem in piece.problems]
    translated = _translate(column, mapping.code_table(how.codes), field)
    words = {normal(word): "ja" for word in how.yes} | {normal(word): "nej" for word in how.no}
    made = translated.column
    if words:
        made = made.map(lambda text: words.get(normal(text), text))
    return _Made(made, (*problems, *translated.problems))


def _piece(mapping: Mapping, field: str, part: Part, table: Table, names: ByName[str, str]) -> _Made:
    if part.column is not None:
        column = find_columns(table, [part.column])[part.column][1]
    else:
        column = Column.constant(names[part.name] if part.name is not None else part.value or "", len(table))
    return _translate(column, mapping.code_table(part.codes), field)


def _translate(column: Column, table: dict[str, str] | None, field: str) -> _Made:
    """Each code as the table says; a blank stays blank, an unknown code is a problem and becomes blank."""
    if table is None:
        return _Made(column)
    unknown = {
        index: unknown_code(text, "Översättningen känner inte koden.")
        for index, text in enumerate(column.texts)
        if text.strip() and normal(text) not in table
    }
    made = column.map(lambda text: table.get(normal(text), ""))
    rows = np.flatnonzero(np.isin(column.codes, list(unknown)))
    if not len(rows):
        return _Made(made)
    return _Made(made, (Problem(field, "unknown_code", rows, lambda row: unknown[int(column.codes[row])].sentence),))


def _cell_problem(row: int, header: str, bad: BadValue) -> Problem:
    return Problem(None, bad.rule, np.array([row]), lambda _: f"kolumnen ”{header}”: {bad.sentence}")


def _formula_problems(table: Table, source: Table, mapped: DatasetMapping) -> list[Problem]:
    """Rows whose used cells are formulas (a shape tells of its own)."""
    if source is not table:
        return []
    problems = []
    for field, how in mapped.fields.items():
        columns = {normal(part.column) for part in how.parts if part.column is not None}
        rows = [row for row, headers in table.formulas.items() if columns & {normal(name) for name in headers}]
        if rows:
            problems.append(Problem(field, "formula", np.array(sorted(rows)), lambda _: FORMULA.sentence))
    return problems
