"""Delivered text in columns: every cell exactly as it came, each column as codes into its distinct texts.

Text rules run on the distinct texts; what holds for a text holds for all its rows. That is what makes a million rows
quick (docs/architecture.md, "Loading").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Rows = NDArray[np.int64]
"""Row numbers, from 0."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of text: `values[codes[row]]`. Values need not be unique; every row has one ('' = blank)."""

    codes: NDArray[np.int32]
    values: pa.Array

    @classmethod
    def of(cls, texts: pa.Array | pa.ChunkedArray) -> Column:
        """From a text per row, or from dictionary-encoded pieces."""
        if isinstance(texts, pa.Array):
            texts = pa.chunked_array([texts])
        encoded = (texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()).unify_dictionaries()
        if not encoded.num_chunks:
            return cls(np.empty(0, dtype=np.int32), pa.array([], pa.string()))
        codes = [chunk.indices.to_numpy(zero_copy_only=False) for chunk in encoded.chunks]
        return cls(np.concatenate(codes).astype(np.int32, copy=False), encoded.chunk(0).dictionary)

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> Column:
        """From a text per row."""
        return cls.of(pa.array(texts, pa.string()))

    @classmethod
    def constant(cls, text: str, size: int) -> Column:
        """The same text on every row."""
        return cls(np.zeros(size, dtype=np.int32), pa.array([text], pa.string()))

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def texts(self) -> list[str]:
        """The distinct texts."""
        texts: list[str] = self.values.to_pylist()
        return texts

    @cached_property
    def is_blank(self) -> NDArray[np.bool_]:
        """Per row: nothing but blanks in the cell."""
        blank = pc.equal(pc.utf8_trim_whitespace(self.values), "").to_numpy(zero_copy_only=False)
        return np.asarray(blank[self.codes], dtype=np.bool_)

    def with_values(self, values: pa.Array | Sequence[str]) -> Column:
        """Each distinct text replaced by another, in order."""
        return Column(self.codes, values if isinstance(values, pa.Array) else pa.array(values, pa.string()))

    def map(self, change: Callable[[str], str]) -> Column:
        """Each distinct text through a function."""
        return self.with_values([change(text) for text in self.texts])

    def take(self, rows: Rows | NDArray[np.bool_]) -> Column:
        """Those rows."""
        return Column(self.codes[rows], self.values)

    def text(self, row: int) -> str:
        """One row's text."""
        text: str = self.values[int(self.codes[row])].as_py()
        return text

    def to_array(self) -> pa.Array:
        """A text per row."""
        return self.values.take(pa.array(self.codes))

    def rows_in(self, texts: set[str], normal: Callable[[str], str]) -> NDArray[np.bool_]:
        """Per row: whether the text, as compared by `normal`, is one of them."""
        found = np.fromiter((normal(text) in texts for text in self.texts), dtype=np.bool_, count=len(self.texts))
        return found[self.codes]


def concat(columns: Sequence[Column]) -> Column:
    """The columns' rows after one another."""
    if len(columns) == 1:
        return columns[0]
    offsets = np.cumsum([0, *(len(column.values) for column in columns[:-1])])
    codes = [column.codes + np.int32(offset) for column, offset in zip(columns, offsets, strict=True)]
    return Column(np.concatenate(codes), pa.concat_arrays([column.values for column in columns]))


def join(columns: Sequence[Column]) -> Column:
    """The columns' texts put together row by row; blank where one of them is blank."""
    joined = columns[0]
    for column in columns[1:]:
        pairs, distinct = pair_codes(joined.codes, column.codes, len(column.values))
        left, right = distinct // len(column.values), distinct % len(column.values)
        texts = [
            joined.texts[one] + column.texts[other] if joined.texts[one].strip() and column.texts[other].strip() else ""
            for one, other in zip(left.tolist(), right.tolist(), strict=True)
        ]
        joined = Column(pairs, pa.array(texts, pa.string()))
    return joined


def pair_codes(left: NDArray[np.int32], right: NDArray[np.int32], width: int) -> tuple[NDArray[np.int32], Rows]:
    """Codes for the pairs of two code columns, and each distinct pair as `left * width + right`."""
    codes, distinct = pd.factorize(left.astype(np.int64) * max(width, 1) + right)
    return codes.astype(np.int32), np.asarray(distinct, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Table:
    """What a file or sheet holds below its header, row by row.

    `columns` by header as written; `lines` is the physical line (CSV) or row (XLSX) where each row begins, from 1;
    `wrong_widths` gives the number of cells of the rows that have too few or too many; `formulas` the headers of a
    row's cells that are formulas.
    """

    columns: dict[str, Column]
    lines: NDArray[np.int32]
    sheet: str | None = None
    wrong_widths: dict[int, int] = field(default_factory=dict)
    formulas: dict[int, frozenset[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)
