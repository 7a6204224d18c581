"""A column of typed values, as codes into its distinct values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl.rules.values import Value
from etl.table import pair_codes

NO_DAY = -1
"""The ordinal of a missing day."""


@dataclass(frozen=True, eq=False)
class Typed:
    """`values[codes[row]]`; None = no value. Every row has a code; values need not be unique."""

    codes: NDArray[np.int32]
    values: Sequence[Value | None]

    @classmethod
    def constant(cls, value: Value | None, size: int) -> Typed:
        """The same value on every row."""
        return cls(np.zeros(size, dtype=np.int32), [value])

    @classmethod
    def of_ordinals(cls, ordinals: NDArray[np.int64]) -> Typed:
        """Days from their proleptic ordinals."""
        codes, distinct = pd.factorize(ordinals)
        days = [None if day == NO_DAY else date.fromordinal(day) for day in distinct.tolist()]
        return cls(codes.astype(np.int32), days)

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def is_null(self) -> NDArray[np.bool_]:
        """Per row: no value."""
        return self.of_values([value is None for value in self.values])

    @cached_property
    def ordinals(self) -> NDArray[np.int64]:
        """Per row: the day's proleptic ordinal, NO_DAY where there is none."""
        days = [value.toordinal() if isinstance(value, date) else NO_DAY for value in self.values]
        return np.array(days, dtype=np.int64)[self.codes]

    @cached_property
    def unique(self) -> Typed:
        """The same column with each value once, so that equal codes mean equal values."""
        if len(set(self.values)) == len(self.values):
            return self
        codes, distinct = pd.factorize(np.array(self.values, dtype=object), use_na_sentinel=False)
        return Typed(codes.astype(np.int32)[self.codes], distinct.tolist())

    def of_values(self, truths: Sequence[bool]) -> NDArray[np.bool_]:
        """Per row: what holds for its value."""
        return np.array(truths, dtype=np.bool_)[self.codes]

    def objects(self, rows: NDArray[np.int64]) -> list[Value | None]:
        """The values of those rows."""
        spread = np.empty(len(self.values), dtype=object)
        spread[:] = self.values
        found: list[Value | None] = spread[self.codes[rows]].tolist()
        return found

    def value(self, row: int) -> Value | None:
        """One row's value."""
        return self.values[int(self.codes[row])]

    def where_null(self, other: Typed) -> Typed:
        """This column, and the other's value where this has none."""
        codes = np.where(self.is_null, other.codes + np.int32(len(self.values)), self.codes)
        return Typed(codes.astype(np.int32), [*self.values, *other.values])


def combined_codes(columns: Sequence[Typed], size: int) -> NDArray[np.int32]:
    """One code per row for the columns together: equal codes mean equal values in all of them."""
    codes = np.zeros(size, dtype=np.int32)
    for column in columns:
        unique = column.unique
        codes, _ = pair_codes(codes, unique.codes, len(unique.values))
    return codes
