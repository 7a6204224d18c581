"""Raw rows as they came, each with what became of it, in compressed Arrow blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.known import Fate
from etl.plan import Plan
from etl.table import Column, Table

BLOCK_ROWS = 100_000
LINE, OUTCOME = "@line", "@outcome:"
_NOT_USED = "filtered"
# What is told of a delivered row that became several rows: the most serious.
_SERIOUS = (Fate.REJECTED, Fate.OUT_OF_SCOPE, Fate.CHANGED, Fate.INSERTED, Fate.DUPLICATE, Fate.UNCHANGED)
_WORDS = [*(fate.name.lower() for fate in Fate), _NOT_USED]


@dataclass(frozen=True, eq=False)
class Block:
    """Consecutive rows of one sheet."""

    number: int
    sheet: str | None
    first_line: int
    rows: int
    payload: bytes


def outcomes(plan: Plan, size: int) -> NDArray[np.int8]:
    """For each delivered row: an index into the words for what became of it."""
    canonical = plan.checked.canonical
    found = np.full(size, len(_WORDS) - 1, dtype=np.int8)
    if canonical.links is None:
        found[canonical.raw_of] = plan.fates
        return found
    raw, rows = canonical.links
    for fate in reversed(_SERIOUS):
        found[raw[plan.fates[rows] == fate]] = fate
    return found


def blank_out_of_scope(columns: dict[str, Column], plans: Sequence[Plan], size: int) -> dict[str, Column]:
    """The columns with the cells of out-of-scope rows blanked: what is out of scope is counted, never stored."""
    outside = np.zeros(size, dtype=np.bool_)
    for plan in plans:
        outside |= outcomes(plan, size) == Fate.OUT_OF_SCOPE
    if not outside.any():
        return columns
    return {
        name: Column(
            np.where(outside, np.int32(len(column.values)), column.codes),
            pa.concat_arrays([column.values, pa.array([""], pa.string())]),
        )
        for name, column in columns.items()
    }


def stage(tables: Sequence[Table], columns: dict[str, Column], plans: Sequence[Plan]) -> Iterator[Block]:
    """The blocks of all tables' rows; `columns` are the safe ones over all tables."""
    size = sum(len(table) for table in tables)
    fates = {f"{OUTCOME}{plan.dataset}": outcomes(plan, size) for plan in plans}
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    number = first = 0
    for table in tables:
        own = {name: column for name, column in columns.items() if name in table.columns}
        for start in range(0, len(table), BLOCK_ROWS):
            stop = min(start + BLOCK_ROWS, len(table))
            lines = table.lines[start:stop]
            rows = slice(first + start, first + stop)
            batch = _batch(own, fates, lines, rows)
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, batch.schema, options=options) as writer:
                writer.write_batch(batch)
            yield Block(number, table.sheet, int(lines[0]), stop - start, sink.getvalue().to_pybytes())
            number += 1
        first += len(table)


def _batch(
    columns: dict[str, Column], fates: dict[str, NDArray[np.int8]], lines: NDArray[np.int32], rows: slice
) -> pa.RecordBatch:
    arrays = {name: Column(column.codes[rows], column.values).to_array() for name, column in columns.items()}
    arrays[LINE] = pa.array(lines)
    for name, found in fates.items():
        arrays[name] = pa.DictionaryArray.from_arrays(pa.array(found[rows]), pa.array(_WORDS))
    return pa.RecordBatch.from_pydict(arrays)
