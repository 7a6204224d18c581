"""Deliveries as files, loaded the production way, and the warehouse's answer in small comparable forms."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import SecretStr
from sqlalchemy import Engine, select

from etl.result import LoadResult
from etl.run import load
from warehouse.contract import DATASETS
from warehouse.database import reading
from warehouse.settings import Settings
from warehouse.tables import VERSIONED, raw_block, rejected_row

SIP = {
    "sip_id": "S1",
    "municipality_code": "1287",
    "unit_code": "1287-1",
    "person_id": "L1",
    "initiator_actor": "skola",
    "initiated_on": "2025-01-10",
}
DEVIATION = {
    "deviation_id": "D1",
    "municipality_code": "1287",
    "unit_code": "1287-1",
    "reported_on": "2025-01-10",
    "reporting_actor": "skola",
    "counterpart_actor": "bup",
    "category": "annan",
}
Rows = Sequence[dict[str, str]]


def sip(sip_id: str, **more: str) -> dict[str, str]:
    """A valid plan with what the test says."""
    return {**SIP, "sip_id": sip_id, **more}


def deviation(deviation_id: str, **more: str) -> dict[str, str]:
    """A valid deviation with what the test says."""
    return {**DEVIATION, "deviation_id": deviation_id, **more}


def as_csv(rows: Rows, *, separator: str = ";") -> str:
    """The rows as CSV; its columns are those that any row has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@dataclass(frozen=True)
class Loading:
    """A warehouse, its settings, and a folder for deliveries."""

    engine: Engine
    folder: Path
    max_file_mb: int = 1024

    @property
    def settings(self) -> Settings:
        """Settings with keys of their own."""
        key = SecretStr("testnyckel " * 4)
        return Settings(
            data_dir=self.folder / "var", pseudonym_key=key, encryption_key=key, max_file_mb=self.max_file_mb
        )

    def write(self, name: str, content: str | bytes) -> Path:
        """A delivery's file."""
        path = self.folder / "leveranser" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, name: str, content: str | bytes | Rows, *, as_of: str = "2025-06-30", **more: Any) -> LoadResult:
        """Write a file, load it, and tell its result."""
        if not isinstance(content, str | bytes):
            content = as_csv(content)
        path = self.write(name, content)
        return load(self.engine, self.settings, [path], as_of=date.fromisoformat(as_of), **more)[-1]

    def current(self, dataset: str, *columns: str) -> list[tuple[Any, ...]]:
        """The current versions' columns, sorted."""
        return self._versions(dataset, columns, VERSIONED[dataset].c.ended_by.is_(None))

    def known_on(self, day: str, dataset: str, *columns: str) -> list[tuple[Any, ...]]:
        """The columns of the versions that were known at the end of a day, sorted."""
        table, on = VERSIONED[dataset], date.fromisoformat(day)
        open_then = table.c.ended_on.is_(None) | (table.c.ended_on > on)
        return self._versions(dataset, columns, (table.c.recorded_on <= on) & open_then)

    def _versions(self, dataset: str, columns: Sequence[str], condition: Any) -> list[tuple[Any, ...]]:
        table = VERSIONED[dataset]
        names = columns or [field.column for field in DATASETS[dataset].fields]
        with reading(self.engine) as connection:
            rows = connection.execute(select(*(table.c[name] for name in names)).where(condition)).all()
        return sorted((tuple(row) for row in rows), key=str)

    def rejects(self, *, is_open: bool = True) -> list[tuple[int, int, str | None, str]]:
        """Delivery, line, field and rule of the rejected rows."""
        query = select(
            rejected_row.c.delivery_id, rejected_row.c.line, rejected_row.c.field, rejected_row.c.rule
        ).order_by(rejected_row.c.reject_id)
        if is_open:
            query = query.where(rejected_row.c.resolved_by.is_(None))
        with reading(self.engine) as connection:
            return [tuple(row) for row in connection.execute(query)]  # type: ignore[misc]  # four columns

    def raw_rows(self, delivery_id: int) -> list[dict[str, Any]]:
        """The delivery's raw rows."""
        query = select(raw_block.c.payload).where(raw_block.c.delivery_id == delivery_id).order_by(raw_block.c.block_no)
        with reading(self.engine) as connection:
            payloads = connection.scalars(query).all()
        return [row for payload in payloads for row in pa.ipc.open_stream(payload).read_all().to_pylist()]


def counts(result: LoadResult) -> dict[str, int]:
    """The counts of the only dataset that are not zero."""
    (each,) = result.counts
    return {name: number for name, number in vars(each).items() if name != "dataset" and number}
