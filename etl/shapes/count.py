"""A row per answer: equal rows counted, after a cell with several choices has become several rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.mapping import Count
from etl.shapes.shaped import Shaped, find_columns
from etl.table import Column, Rows, Table, pair_codes

CHOICE = "@choice"


def count_rows(table: Table, shape: Count) -> Shaped:
    """The `by` columns and @count, in the order of each group's first row."""
    delivered = [name for name in shape.by if name != CHOICE]
    found = find_columns(table, [*delivered, *([shape.split.column] if shape.split else [])])
    raw = np.arange(len(table), dtype=np.int64)
    columns = {name: found[name][1] for name in delivered}
    if shape.split:
        choices = found[shape.split.column][1]
        raw, choice = _split(choices, shape.split.by)
        columns = {name: column.take(raw) for name, column in columns.items()}
        columns[CHOICE] = choice
    groups, first = group_rows([columns[name] for name in shape.by], len(raw))
    counts = np.bincount(groups, minlength=len(first))
    made = {name: column.take(first) for name, column in columns.items()}
    made["@count"] = Column.of_texts([str(count) for count in counts.tolist()])
    used = frozenset(name for name, _ in found.values())
    return Shaped(made, raw[first], (raw, groups), used)


def _split(column: Column, separator: str) -> tuple[Rows, Column]:
    """For every choice: its delivered row, and the choice. A blank cell is one blank choice."""
    choices = [[choice.strip() for choice in text.split(separator) if choice.strip()] or [""] for text in column.texts]
    sizes = np.array([len(each) for each in choices], dtype=np.int64)
    rows = np.repeat(np.arange(len(column), dtype=np.int64), sizes[column.codes])
    texts = [choice for code in column.codes.tolist() for choice in choices[code]]
    return rows, Column.of_texts(texts)


def group_rows(columns: list[Column], size: int) -> tuple[Rows, Rows]:
    """Each row's group, numbered in order of appearance, and each group's first row."""
    codes = np.zeros(size, dtype=np.int32)
    for column in columns:
        unique, values = pd.factorize(np.array(column.texts, dtype=object))
        codes, _ = pair_codes(codes, unique.astype(np.int32)[column.codes], len(values))
    groups, _ = pd.factorize(codes)
    groups = groups.astype(np.int64)
    first = np.full(int(groups.max(initial=-1)) + 1, size, dtype=np.int64)
    np.minimum.at(first, groups, np.arange(size, dtype=np.int64))
    return groups, first
