"""What became of a file that was to be loaded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DatasetCounts:
    """What became of a delivery's rows of one dataset, in canonical rows after mapping.

    `read` is the sum of the six that follow it; `deleted` are keys that the delivery ended.
    """

    dataset: str
    read: int
    inserted: int
    changed: int
    unchanged: int
    duplicate: int
    rejected: int
    out_of_scope: int
    deleted: int


@dataclass(frozen=True)
class LoadResult:
    """One file's outcome.

    `status`: loaded | unchanged (the same bytes were loaded already) | held | failed | refused | skipped (no known
    file; no delivery is recorded). `reason` and `warnings` are Swedish sentences; `problems` are the sentences of the
    first rejected rows.
    """

    file_name: str
    status: str
    delivery_id: int | None = None
    source: str | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    counts: tuple[DatasetCounts, ...] = ()
    problems: tuple[str, ...] = ()
