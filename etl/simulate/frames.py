"""Canonical rows as tables of text, as a canonical CSV delivery would hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from etl.simulate.days import texts
from etl.simulate.story import Days, Flags, Texts
from warehouse.contract import DATASETS

Frames = dict[str, pd.DataFrame]
"""Canonical rows by dataset; every cell is text, blank when missing."""


def canonical(dataset: str, columns: Mapping[str, Texts | Days | Flags | str]) -> pd.DataFrame:
    """The dataset's rows with all its columns in the contract's order; days as ISO, booleans as ja/nej."""
    length = max(len(values) for values in columns.values() if not isinstance(values, str))
    known = {field.name for field in DATASETS[dataset].fields}
    if unknown := set(columns) - known:
        raise KeyError(f"{dataset} has no {sorted(unknown)}")
    return pd.DataFrame(
        {field.name: _text(columns.get(field.name, ""), length) for field in DATASETS[dataset].fields},
        dtype=object,
    )


def canonical_rows(dataset: str, names: tuple[str, ...], rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """The dataset's rows from tuples of cells in the order of `names`."""
    columns: list[list[object]] = [[row[place] for row in rows] for place in range(len(names))]
    return canonical(dataset, {name: np.array(cells, dtype=object) for name, cells in zip(names, columns, strict=True)})


def recode(values: pd.Series, write: Callable[[str], object]) -> pd.Series:
    """Each cell rewritten; every distinct value is rewritten once."""
    codes, distinct = pd.factorize(values)
    written = np.empty(len(distinct), dtype=object)
    written[:] = [write(value) for value in distinct]
    return pd.Series(written[codes], index=values.index, dtype=object)


def cells(frame: pd.DataFrame, *names: str) -> Iterator[tuple[str, ...]]:
    """The rows' cells in those columns."""
    return zip(*(frame[name].tolist() for name in names), strict=True)


def _text(values: Texts | Days | Flags | str, length: int) -> Texts:
    if isinstance(values, str):
        return np.full(length, values, dtype=object)
    if values.dtype.kind == "M":
        return texts(values.astype("datetime64[D]"))
    if values.dtype.kind == "b":
        return np.where(values, "ja", "nej").astype(object)
    return values.astype(str).astype(object)
