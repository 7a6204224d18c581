"""Rejected rows: into quarantine with their sentences, and out of it when a later delivery resolves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert, select, update

from etl.known import Fate
from etl.mapping import Mode
from etl.plan import Plan
from etl.rules.problem import Problem
from etl.table import Column, Rows, Table
from warehouse.tables import delivery, rejected_row

_AT_A_TIME = 500


@dataclass(frozen=True, eq=False)
class Delivered:
    """What a rejected row is told by: the file's safe name, its tables, and the safe columns over all of them."""

    file_name: str
    tables: Sequence[Table]
    columns: dict[str, Column]

    def place(self, raw: int) -> tuple[str | None, int]:
        """Sheet and line of a delivered row."""
        for table in self.tables:
            if raw < len(table):
                return table.sheet, int(table.lines[raw])
            raw -= len(table)
        raise IndexError(raw)


def rejected_rows(plan: Plan, delivered: Delivered) -> list[dict[str, Any]]:
    """A record for each rejected row: its first problem in the order of the fields, the others beside it."""
    order = {None: -1} | {field.name: index for index, field in enumerate(plan.checked.canonical.dataset.fields)}
    by_row: dict[int, list[Problem]] = {}
    rejected = plan.fates == Fate.REJECTED
    for problem in sorted(plan.problems, key=lambda each: order[each.field]):
        for row in problem.rows[rejected[problem.rows]].tolist():
            by_row.setdefault(row, []).append(problem)
    rows = sorted(by_row)
    raw = plan.checked.canonical.raw_of[rows]
    cells = {name: column.take(raw).to_array().to_pylist() for name, column in delivered.columns.items()}
    return [
        _record(plan, delivered, row, by_row[row], {name: texts[number] for name, texts in cells.items()})
        for number, row in enumerate(rows)
    ]


def _record(
    plan: Plan, delivered: Delivered, row: int, problems: list[Problem], cells: dict[str, str]
) -> dict[str, Any]:
    if problems[0].field is None and problems[0].rule != "append_only":
        problems = problems[:1]  # cells that are too few make every field look wrong
    raw = int(plan.checked.canonical.raw_of[row])
    sheet, line = delivered.place(raw)
    where = f"{delivered.file_name}, {f'blad ”{sheet}”, ' if sheet else ''}rad {line}"
    sentences = [f"{where}{_field(plan, problem)}: {problem.sentence(row)}" for problem in problems]
    return {
        "dataset": plan.dataset,
        "municipality_code": plan.municipality.value(row) or None,
        "sheet": sheet,
        "line": line,
        "field": problems[0].field,
        "rule": problems[0].rule,
        "message": sentences[0],
        "other_problems": sentences[1:],
        "row_key": row_key(plan, row),
        "row": cells,
    }


def _field(plan: Plan, problem: Problem) -> str:
    if problem.field is None:
        return ""
    header = plan.checked.canonical.headers.get(problem.field, problem.field)
    column = f" (kolumnen ”{header}”)" if header != problem.field and not header.startswith("@") else ""
    return f", fältet {problem.field}{column}"


def row_key(plan: Plan, row: int) -> str | None:
    """The row's natural key as one text, with pseudonyms; None when a part of it could not be read."""
    parts = [column.value(row) for column in plan.checked.key]
    return None if any(part is None for part in parts) else "|".join(str(part) for part in parts)


def keep_rejects(connection: Connection, delivery_id: int, source_id: int, records: list[dict[str, Any]]) -> None:
    """Put the records into quarantine, open."""
    if records:
        common = {"delivery_id": delivery_id, "source_id": source_id, "resolved_by": None}
        connection.execute(insert(rejected_row), [common | record for record in records])


def resolve_rejects(connection: Connection, delivery_id: int, source_id: int, plan: Plan, delivered: Delivered) -> None:
    """Close the open rejects of earlier deliveries that this one answers.

    A snapshot answers all of its scope; else a row answers the reject of its key, or, when that key could not be read,
    the reject that it agrees with. A row that is refused again opens a reject of its own.
    """
    open_ones = connection.execute(
        select(rejected_row)
        .join(delivery, delivery.c.delivery_id == rejected_row.c.delivery_id)
        .where(
            rejected_row.c.source_id == source_id,
            rejected_row.c.dataset == plan.dataset,
            rejected_row.c.resolved_by.is_(None),
            rejected_row.c.delivery_id != delivery_id,
            delivery.c.status == "loaded",
        )
    ).all()
    if not open_ones:
        return
    canonical = plan.checked.canonical
    is_snapshot = canonical.mode is Mode.SNAPSHOT
    keys = {row_key(plan, row) for row in range(len(plan.fates))} if not is_snapshot else set()
    come = _Come(delivered, canonical.raw_of if canonical.links is None else canonical.links[0])
    answered = [
        reject.reject_id
        for reject in open_ones
        if (is_snapshot and (reject.municipality_code or "") in plan.municipalities)
        or (
            reject.row_key in keys
            if reject.row_key is not None
            else come.has(reject.row, but=canonical.headers.get(reject.field))
        )
    ]
    for start in range(0, len(answered), _AT_A_TIME):
        some = rejected_row.c.reject_id.in_(answered[start : start + _AT_A_TIME])
        connection.execute(update(rejected_row).where(some).values(resolved_by=delivery_id))


@dataclass(frozen=True, eq=False)
class _Come:
    """The delivered rows that a dataset was made of."""

    delivered: Delivered
    raw: Rows

    def has(self, cells: dict[str, str], *, but: str | None) -> bool:
        """Whether a row has these cells; blank ones, and the one that was refused, may have been filled in since."""
        given = {header: text for header, text in cells.items() if text.strip() and header != but}
        if not given or any(text not in self._codes(header) for header, text in given.items()):
            return False
        rows = self.raw
        for header, text in given.items():
            codes = self.delivered.columns[header].codes
            rows = rows[np.isin(codes[rows], self._codes(header)[text])]
        return len(rows) > 0

    def _codes(self, header: str) -> dict[str, list[int]]:
        """A column's codes by their text."""
        if header not in self._read:
            column = self.delivered.columns.get(header)
            by_text: dict[str, list[int]] = {}
            for code, text in enumerate(column.texts if column is not None else ()):
                by_text.setdefault(text, []).append(code)
            self._read[header] = by_text
        return self._read[header]

    @cached_property
    def _read(self) -> dict[str, dict[str, list[int]]]:
        return {}


def close_rejects(connection: Connection, delivery_id: int) -> None:
    """Close the rejects that a held delivery showed, when it is refused: nobody needs to mend them."""
    own = rejected_row.c.delivery_id == delivery_id
    connection.execute(update(rejected_row).where(own).values(resolved_by=delivery_id))
