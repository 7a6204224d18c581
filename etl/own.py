"""The product as a source: its own records of internal control, delivered to itself the way that every delivery goes.

What changes on a page is delivered within seconds, and everything once a day, since a control that nobody carried out
becomes late without any change.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, Engine, select

from control.own_records import OwnRow, read_own_records, records_digest
from etl.arrival import load_file
from etl.files import Incoming
from etl.keys import load_keys
from etl.mapping import OWN, OWN_COLUMN, OWN_RECORDS, OWN_REVIEWS, OWN_SAMPLES, own_mapping
from etl.result import LoadResult
from kpi.views.freshness import is_synthetic
from warehouse import clock
from warehouse.contract import DATASETS
from warehouse.database import reading
from warehouse.settings import Settings
from warehouse.tables import delivery, source

_RECORDS = tuple(name for name, dataset in DATASETS.items() if dataset.is_own)


def own_slot(engine: Engine, now: datetime) -> str | None:
    """The Swedish day and what the records are now; None while there is none."""
    with reading(engine) as connection:
        digest = records_digest(connection)
    return f"{clock.local(now):%Y-%m-%d} {digest}" if digest is not None else None


def deliver_own(engine: Engine, settings: Settings) -> list[LoadResult]:
    """Deliver every municipality's records as they are today; a result for each file."""
    with reading(engine) as connection:
        files = list(_files(connection))
    if not files:
        return []
    keys, today = load_keys(settings), clock.today()
    return [
        load_file(engine, settings, keys, incoming, own_mapping().for_file(incoming.name), today) for incoming in files
    ]


def _files(connection: Connection) -> Iterator[Incoming]:
    """Reviewed plans are a file of their own, and delivered only when they have changed: a delivery speaks for its
    datasets up to its day, and the product does not know what other sources have reviewed by then."""
    for municipality, rows in read_own_records(connection).items():
        mark = "_syntetisk" if is_synthetic(connection, municipality) else ""
        records = as_csv({name: rows.get(name, ()) for name in _RECORDS})
        yield _incoming(f"{OWN_RECORDS}_{municipality}{mark}.csv", records)
        if OWN_REVIEWS in rows:
            reviews = _incoming(f"{OWN_SAMPLES}_{municipality}{mark}.csv", as_csv({OWN_REVIEWS: rows[OWN_REVIEWS]}))
            if not _is_latest(connection, reviews):
                yield reviews


def _incoming(name: str, content: bytes) -> Incoming:
    return Incoming(name, len(content), lambda: content)


def _is_latest(connection: Connection, incoming: Incoming) -> bool:
    """Whether the latest delivery of that file is loaded and had the same bytes."""
    latest = connection.execute(
        select(delivery.c.sha256, delivery.c.status)
        .join(source, source.c.source_id == delivery.c.source_id)
        .where(source.c.code == OWN, delivery.c.file_name == incoming.name)
        .order_by(delivery.c.delivery_id.desc())
        .limit(1)
    ).first()
    return latest is not None and (latest.sha256, latest.status) == (sha256(incoming.read()).hexdigest(), "loaded")


def as_csv(rows: dict[str, Sequence[OwnRow]]) -> bytes:
    """One table: the dataset's name, then every field that any of the datasets has. The same rows, the same bytes."""
    fields = dict.fromkeys(field.name for name in rows for field in DATASETS[name].fields)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [OWN_COLUMN, *fields], restval="", delimiter=";", lineterminator="\n")
    writer.writeheader()
    for name, of_dataset in rows.items():
        writer.writerows({OWN_COLUMN: name, **row} for row in of_dataset)
    return text.getvalue().encode()
