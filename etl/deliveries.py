"""A delivery's record: its bytes first, then what became of it.

Loading rule 1 for deliveries: the record and the bytes commit first (status `received`); a crash after that leaves
it so, and the next run completes it from the kept bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, text, update

from etl.mapping import Mapping
from etl.plan import Plan
from etl.result import DatasetCounts
from etl.vault import Vault
from warehouse import clock
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.identity.mask import mask_text
from warehouse.tables import delivery, delivery_chunk, delivery_dataset, delivery_scope, rejected_row, source

_LOAD_LOCK, _NUMBER_LOCK = 6073420719, 6073420720
_COMMITTED = ("loaded", "unchanged")
_LONGEST_NAME = 400


@dataclass(frozen=True)
class Received:
    """A delivery whose record stands in the warehouse."""

    delivery_id: int
    source_id: int
    source: str
    file_name: str
    sha256: str
    mapping_hash: str
    as_of: date
    status: str
    reason: str | None
    warnings: tuple[str, ...]
    replay_of: int | None


def receive(
    engine: Engine, vault: Vault, mapping: Mapping, file_name: str, content: bytes, sha: str, as_of: date
) -> int:
    """Keep the bytes, encrypted, and the record: the first transaction. Returns the delivery's number."""
    with writing(engine) as connection:
        delivery_id = add_record(
            connection,
            mapping,
            file_name=file_name,
            sha=sha,
            size=len(content),
            as_of=as_of,
            status="received",
        )
        chunks = vault.seal(content, delivery_id)
        connection.execute(
            insert(delivery_chunk),
            [
                {"delivery_id": delivery_id, "chunk_no": number, "ciphertext": chunk}
                for number, chunk in enumerate(chunks)
            ],
        )
    return delivery_id


def add_record(
    connection: Connection,
    mapping: Mapping,
    *,
    file_name: str,
    sha: str,
    size: int,
    as_of: date,
    status: str,
    reason: str | None = None,
    replay_of: int | None = None,
) -> int:
    """A delivery's row, without bytes.

    Numbers are committed in their order, so that who has seen one knows of every lower one (`kpi.moment`): on
    PostgreSQL the next waits until this transaction has ended."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _NUMBER_LOCK})
    now = clock.now()
    values = {
        "source_id": _source_id(connection, mapping),
        "file_name": safe_name(file_name),
        "sha256": sha,
        "size": size,
        "mapping_hash": mapping.content_hash,
        "as_of": as_of,
        "received_at": now,
        "committed_at": now if status in _COMMITTED else None,
        "status": status,
        "reason": reason,
        "warnings": [],
        "is_synthetic": "syntetisk" in file_name.casefold(),
        "replay_of": replay_of,
    }
    number: int = connection.execute(insert(delivery).values(values).returning(delivery.c.delivery_id)).scalar_one()
    return number


def safe_name(file_name: str) -> str:
    """The file's name without what identifies a person, and fit to show: no signs that nobody sees, not too long."""
    masked = mask_text(file_name)
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in masked)[-_LONGEST_NAME:]


def _source_id(connection: Connection, mapping: Mapping) -> int:
    found = connection.scalar(select(source.c.source_id).where(source.c.code == mapping.source))
    if found is not None:
        return int(found)
    values = {"code": mapping.source, "name": mapping.name}
    number: int = connection.execute(insert(source).values(values).returning(source.c.source_id)).scalar_one()
    return number


_RECORD = select(delivery, source.c.code.label("source_code")).join(source, source.c.source_id == delivery.c.source_id)


def read_record(connection: Connection, delivery_id: int) -> Received:
    """A delivery's record; UserError when there is none."""
    row = connection.execute(_RECORD.where(delivery.c.delivery_id == delivery_id)).first()
    if row is None:
        raise UserError(f"Det finns ingen leverans {delivery_id}. ”samkoll deliveries” visar dem som finns.")
    return _received(row)


def read_records(connection: Connection, *, status: str) -> list[Received]:
    """The deliveries of a status, oldest first."""
    rows = connection.execute(_RECORD.where(delivery.c.status == status).order_by(delivery.c.delivery_id))
    return [_received(row) for row in rows]


def _received(row: Row[Any]) -> Received:
    return Received(
        row.delivery_id,
        row.source_id,
        row.source_code,
        row.file_name,
        row.sha256,
        row.mapping_hash,
        row.as_of,
        row.status,
        row.reason,
        tuple(row.warnings),
        row.replay_of,
    )


def read_content(connection: Connection, vault: Vault, delivery_id: int) -> bytes:
    """The delivery's bytes as they came; UserError when the key is another."""
    chunks = connection.scalars(
        select(delivery_chunk.c.ciphertext)
        .where(delivery_chunk.c.delivery_id == delivery_id)
        .order_by(delivery_chunk.c.chunk_no)
    )
    return vault.open(list(chunks), delivery_id)


def lock_loading(connection: Connection) -> None:
    """One load writes at a time (SQLite's write transaction says so by itself)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOAD_LOCK})


def fail(engine: Engine, delivery_id: int, reason: str, *, encoding: str | None = None) -> None:
    """Mark a delivery that could not be loaded, unless somebody has completed it meanwhile."""
    with writing(engine) as connection:
        mine = (delivery.c.delivery_id == delivery_id) & (delivery.c.status == "received")
        connection.execute(update(delivery).where(mine).values(status="failed", reason=reason, encoding=encoding))


def settle(connection: Connection, delivery_id: int, **values: object) -> None:
    """Set what became of a delivery; a committed one gets its moment."""
    if values.get("status") in _COMMITTED:
        values["committed_at"] = clock.now()
    connection.execute(update(delivery).where(delivery.c.delivery_id == delivery_id).values(**values))


def keep_counts(connection: Connection, delivery_id: int, counts: Iterable[DatasetCounts]) -> None:
    """The counts per dataset; the table's check says that every row is accounted for."""
    rows = [{"delivery_id": delivery_id, **vars(each)} for each in counts]
    if rows:
        connection.execute(insert(delivery_dataset), rows)


def read_counts(connection: Connection, delivery_id: int) -> tuple[DatasetCounts, ...]:
    """The counts per dataset, by the dataset's name."""
    rows = connection.execute(
        select(delivery_dataset)
        .where(delivery_dataset.c.delivery_id == delivery_id)
        .order_by(delivery_dataset.c.dataset)
    )
    return tuple(DatasetCounts(*row[1:]) for row in rows)


def keep_scopes(
    connection: Connection, delivery_id: int, source_id: int, as_of: date, scopes: Iterable[tuple[str, str]]
) -> None:
    """The (dataset, municipality) pairs that the delivery speaks for."""
    rows = [
        {
            "delivery_id": delivery_id,
            "dataset": dataset,
            "municipality_code": code,
            "source_id": source_id,
            "as_of": as_of,
        }
        for dataset, code in scopes
    ]
    if rows:
        connection.execute(insert(delivery_scope), rows)


def forget_preview(connection: Connection, delivery_id: int) -> None:
    """Take away the counts and rejects that a held delivery showed; its load writes its own."""
    for table in (delivery_dataset, rejected_row):
        connection.execute(delete(table).where(table.c.delivery_id == delivery_id))


def read_rejections(connection: Connection, delivery_id: int, limit: int) -> tuple[str, ...]:
    """The first rejected rows' sentences."""
    return tuple(
        connection.scalars(
            select(rejected_row.c.message)
            .where(rejected_row.c.delivery_id == delivery_id)
            .order_by(rejected_row.c.reject_id)
            .limit(limit)
        )
    )


# --- scopes -------------------------------------------------------------------


def latest_of_scopes(
    connection: Connection, source_id: int, scopes: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, date]]:
    """For each (dataset, municipality): the latest committed delivery and its as-of; absent when there is none."""
    latest: dict[tuple[str, str], tuple[int, date]] = {}
    rows = connection.execute(
        select(delivery_scope)
        .join(delivery, delivery.c.delivery_id == delivery_scope.c.delivery_id)
        .where(delivery_scope.c.source_id == source_id, delivery.c.status.in_(_COMMITTED))
        .order_by(delivery.c.committed_at, delivery.c.delivery_id)
    )
    wanted = set(scopes)
    for row in rows:
        scope = (row.dataset, row.municipality_code)
        if scope in wanted:
            latest[scope] = (row.delivery_id, row.as_of)
    return latest


def scopes_of(connection: Connection, delivery_id: int) -> frozenset[tuple[str, str]]:
    """The (dataset, municipality) pairs that a delivery spoke for."""
    rows = connection.execute(
        select(delivery_scope.c.dataset, delivery_scope.c.municipality_code).where(
            delivery_scope.c.delivery_id == delivery_id
        )
    )
    return frozenset((dataset, code) for dataset, code in rows)


def same_bytes(connection: Connection, source_id: int, sha: str, mapping_hash: str) -> list[int]:
    """The committed deliveries of the source with the same bytes and mapping, latest first."""
    return list(
        connection.scalars(
            select(delivery.c.delivery_id)
            .where(
                delivery.c.source_id == source_id,
                delivery.c.sha256 == sha,
                delivery.c.mapping_hash == mapping_hash,
                delivery.c.status.in_(_COMMITTED),
                delivery.c.replay_of.is_(None),
            )
            .order_by(delivery.c.committed_at.desc(), delivery.c.delivery_id.desc())
        )
    )


def held_already(connection: Connection, source_id: int, sha: str, mapping_hash: str, as_of: date) -> int | None:
    """The delivery of the same bytes, mapping and day that waits for a controller; None when there is none."""
    found = connection.scalar(
        select(delivery.c.delivery_id).where(
            delivery.c.source_id == source_id,
            delivery.c.sha256 == sha,
            delivery.c.mapping_hash == mapping_hash,
            delivery.c.as_of == as_of,
            delivery.c.status == "held",
        )
    )
    return None if found is None else int(found)


def scopes_of_plans(plans: Iterable[Plan]) -> frozenset[tuple[str, str]]:
    """The (dataset, municipality) pairs that the plans speak for."""
    return frozenset((plan.dataset, code) for plan in plans for code in plan.municipalities)
