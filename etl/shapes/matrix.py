"""A matrix from × to: one row per filled cell."""

from __future__ import annotations

import numpy as np

from etl.mapping import Matrix, normal
from etl.rules.values import FORMULA
from etl.shapes.shaped import Shaped, find_columns
from etl.table import Column, Table, concat


def melt_matrix(table: Table, shape: Matrix) -> Shaped:
    """@row, @column and @cell of every cell that is not blank, outside the rows and columns of sums."""
    label_name, labels = find_columns(table, [shape.row_label])[shape.row_label]
    skipped_rows = {normal(text) for text in shape.skip_rows}
    skipped_columns = {normal(text) for text in shape.skip_columns} | {normal(label_name)}
    usable = ~labels.is_blank & ~labels.rows_in(skipped_rows, normal)
    pieces = []
    for name, column in table.columns.items():
        if normal(name) not in skipped_columns:
            rows = np.flatnonzero(usable & ~column.is_blank)
            pieces.append((rows, name, column.take(rows)))
    if not pieces:
        pieces.append((np.empty(0, dtype=np.int64), "", Column.of_texts([])))
    raw = np.concatenate([rows for rows, _, _ in pieces])
    order = np.argsort(raw, kind="stable")
    raw = raw[order]
    columns = {
        "@row": labels.take(raw),
        "@column": concat([Column.constant(name, len(rows)) for rows, name, _ in pieces]).take(order),
        "@cell": concat([column for _, _, column in pieces]).take(order),
    }
    used = frozenset({label_name, *(name for rows, name, _ in pieces), *_sums(table, skipped_columns)})
    bad = tuple(
        (number, name, FORMULA)
        for number, (row, name) in enumerate(zip(raw.tolist(), columns["@column"].to_array().to_pylist(), strict=True))
        if name in table.formulas.get(row, ())
    )
    return Shaped(columns, raw, (raw, np.arange(len(raw), dtype=np.int64)), used, bad)


def _sums(table: Table, skipped: set[str]) -> list[str]:
    return [name for name in table.columns if normal(name) in skipped]
