"""One dataset's rows as text, from a whole delivery, and what is done with such rows as a set."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from etl.mapping import Mode
from etl.rules.problem import Problem
from etl.shapes.count import group_rows
from etl.table import Column, Rows, concat
from warehouse.contract import Dataset


@dataclass(frozen=True, eq=False)
class Canonical:
    """One dataset's rows as text, from the whole delivery.

    `columns` by field (fields that the mapping does not give are absent); `raw_of` is each row's first delivered row
    and `links` all pairs (delivered row, row), None when each row came of one delivered row; `headers` is what a field
    is called in the file; `out_of_scope` marks rows that the mapping leaves out; `problems` are broken
    codes and formulas.
    """

    dataset: Dataset
    mode: Mode
    columns: dict[str, Column]
    raw_of: Rows
    links: tuple[Rows, Rows] | None
    headers: dict[str, str]
    out_of_scope: NDArray[np.bool_]
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.raw_of)


def keep_rows(canonical: Canonical, rows: Rows) -> Canonical:
    new = np.full(len(canonical), -1, dtype=np.int64)
    new[rows] = np.arange(len(rows))
    links = canonical.links
    if links is not None:
        kept = new[links[1]] >= 0
        links = (links[0][kept], new[links[1][kept]])
    return replace(
        canonical,
        columns={field: column.take(rows) for field, column in canonical.columns.items()},
        raw_of=canonical.raw_of[rows],
        links=links,
        out_of_scope=canonical.out_of_scope[rows],
        problems=tuple(_moved(problem, new, rows) for problem in canonical.problems),
    )


def _moved(problem: Problem, new: Rows, old: Rows) -> Problem:
    """The problem in new row numbers; rows that went away go away."""
    there = new[problem.rows]
    return replace(problem, rows=there[there >= 0], sentence=lambda row: problem.sentence(int(old[row])))


def make_distinct(canonical: Canonical) -> Canonical:
    """Equal rows become the first of them."""
    groups, first = group_rows(list(canonical.columns.values()), len(canonical))
    links = canonical.links or (canonical.raw_of, np.arange(len(canonical), dtype=np.int64))
    kept = keep_rows(replace(canonical, links=None), first)
    return replace(kept, links=(links[0], groups[links[1]]))


def shift_raw(canonical: Canonical, first_raw: int) -> Canonical:
    if not first_raw:
        return canonical
    links = canonical.links
    return replace(
        canonical,
        raw_of=canonical.raw_of + first_raw,
        links=None if links is None else (links[0] + first_raw, links[1]),
    )


def concat_tables(pieces: list[Canonical]) -> Canonical:
    """The rows of all tables after one another; a field that only some have is blank in the others."""
    if len(pieces) == 1:
        return pieces[0]
    offsets = np.cumsum([0, *(len(piece) for piece in pieces[:-1])]).tolist()
    fields = dict.fromkeys(field for piece in pieces for field in piece.columns)
    shaped = any(piece.links is not None for piece in pieces)
    links = None
    if shaped:
        pairs = [(piece.links or (piece.raw_of, np.arange(len(piece), dtype=np.int64))) for piece in pieces]
        links = (
            np.concatenate([raw for raw, _ in pairs]),
            np.concatenate([rows + offset for (_, rows), offset in zip(pairs, offsets, strict=True)]),
        )
    return replace(
        pieces[0],
        columns={
            field: concat([piece.columns.get(field, Column.constant("", len(piece))) for piece in pieces])
            for field in fields
        },
        raw_of=np.concatenate([piece.raw_of for piece in pieces]),
        links=links,
        headers={field: header for piece in pieces for field, header in piece.headers.items()},
        out_of_scope=np.concatenate([piece.out_of_scope for piece in pieces]),
        problems=tuple(
            _offset(problem, offset)
            for piece, offset in zip(pieces, offsets, strict=True)
            for problem in piece.problems
        ),
    )


def _offset(problem: Problem, offset: int) -> Problem:
    return replace(problem, rows=problem.rows + offset, sentence=lambda row: problem.sentence(row - offset))
