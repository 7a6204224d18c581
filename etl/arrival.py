"""One file's way into the warehouse: already loaded, too large, kept, and then completed."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import PurePath

import structlog
from sqlalchemy import Connection, Engine, select

from etl.commit import commit_delivery, describe
from etl.deliveries import (
    Received,
    add_record,
    fail,
    held_already,
    keep_counts,
    keep_scopes,
    latest_of_scopes,
    lock_loading,
    read_content,
    read_counts,
    read_record,
    receive,
    safe_name,
    same_bytes,
    scopes_of,
)
from etl.files import Incoming
from etl.keys import Keys
from etl.mapping import CANONICAL, OWN, Mapping, own_mapping
from etl.prepare import Prepared, prepare
from etl.progress import Progress
from etl.read.refusal import DeliveryRefused
from etl.recognise import find_source, recognise
from etl.result import LoadResult
from etl.vault import Vault
from kpi.access import Viewer
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.settings import Settings
from warehouse.tables import source

_log = structlog.get_logger(__name__)
NO_SHA = ""
"""What a delivery has instead of a checksum when its bytes were not taken in."""


def load_file(
    engine: Engine, settings: Settings, keys: Keys, incoming: Incoming, mapping: Mapping | None, as_of: date
) -> LoadResult:
    """Load one file; what goes wrong with it is its result, never an exception."""
    name = safe_name(incoming.name)
    if incoming.refused is not None:
        return LoadResult(name, "failed", reason=f"{name}: {incoming.refused}")
    if mapping is None:
        return LoadResult(name, "skipped", reason="Ingen källa har en fil med det namnet.")
    if incoming.size > settings.max_file_mb * 1024**2:
        return _too_large(engine, settings, incoming, mapping, as_of)
    try:
        content = incoming.read()
    except (DeliveryRefused, OSError) as error:
        reason = (
            str(error) if isinstance(error, DeliveryRefused) else "Filen går inte att läsa. Kontrollera rättigheterna."
        )
        return _not_taken_in(engine, mapping, incoming, as_of, reason)
    sha = sha256(content).hexdigest()
    if (known := _already_loaded(engine, mapping, name, content, sha, as_of)) is not None:
        return known
    vault = Vault(keys.encryption.get_secret_value())
    with ThreadPoolExecutor(1) as worker:  # the rows are read and checked while the bytes are sealed and kept
        preparing = worker.submit(prepare, content, mapping, name, as_of, keys=keys, settings=settings)
        delivery_id = receive(engine, vault, mapping, incoming.name, content, sha, as_of)
    with reading(engine) as connection:
        record = read_record(connection, delivery_id)
    return complete(engine, settings, keys, record, preparing=preparing)


def complete(
    engine: Engine,
    settings: Settings,
    keys: Keys,
    record: Received,
    *,
    approved_by: Viewer | None = None,
    preparing: Future[Prepared] | None = None,
    progress: Progress | None = None,
) -> LoadResult:
    """Load the rows of a delivery whose bytes are kept; a failure is recorded with its reason.

    `approved_by`: who lets a held one in. `preparing` is the delivery already read, when it has just come.
    """
    if progress is not None:
        progress("Läser filen", 0, 0)
    try:
        prepared = preparing.result() if preparing is not None else _prepare_kept(engine, settings, keys, record)
        with writing(engine) as connection:
            return commit_delivery(connection, record.delivery_id, prepared, approved_by=approved_by, progress=progress)
    except UserError as error:
        reason = f"{record.file_name}: {error}"
    except Exception as error:
        # The message might quote a cell; the type and the place do not.
        _log.error("load failed", delivery_id=record.delivery_id, error=type(error).__name__, at=_place(error))
        reason = f"{record.file_name}: oväntat fel ({type(error).__name__}). Inget har lästs in; mer står i loggen."
    if approved_by is not None:
        raise UserError(reason)
    fail(engine, record.delivery_id, reason)
    with reading(engine) as connection:
        return describe(connection, record.delivery_id)


def _prepare_kept(engine: Engine, settings: Settings, keys: Keys, record: Received) -> Prepared:
    mapping = mapping_of(record)
    with reading(engine) as connection:
        content = read_content(connection, Vault(keys.encryption.get_secret_value()), record.delivery_id)
    return prepare(content, mapping, record.file_name, record.as_of, keys=keys, settings=settings)


def mapping_of(record: Received) -> Mapping:
    """The mapping of a delivery's source as it is now; UserError when it is gone."""
    base = PurePath(record.file_name).name
    if record.source == OWN:
        return own_mapping().for_file(base)
    if record.source != CANONICAL:
        return find_source(record.source).for_file(base)
    mapping = recognise(base, CANONICAL)
    if mapping is None:
        raise UserError(f"{base} är inget av kontraktets dataset längre.")
    return mapping


def _place(error: BaseException) -> str:
    """The innermost line of code that raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""


def _too_large(engine: Engine, settings: Settings, incoming: Incoming, mapping: Mapping, as_of: date) -> LoadResult:
    reason = (
        f"Filen är {incoming.size // 1024**2} MB, mer än de {settings.max_file_mb} MB som tillåts. "
        "Dela upp den, eller höj SAMKOLL_MAX_FILE_MB."
    )
    return _not_taken_in(engine, mapping, incoming, as_of, reason)


def _not_taken_in(engine: Engine, mapping: Mapping, incoming: Incoming, as_of: date, reason: str) -> LoadResult:
    """A record without bytes."""
    said = f"{safe_name(incoming.name)}: {reason}"
    with writing(engine) as connection:
        delivery_id = add_record(
            connection,
            mapping,
            file_name=incoming.name,
            sha=NO_SHA,
            size=incoming.size,
            as_of=as_of,
            status="failed",
            reason=said,
        )
        return describe(connection, delivery_id)


def _already_loaded(
    engine: Engine, mapping: Mapping, name: str, content: bytes, sha: str, as_of: date
) -> LoadResult | None:
    """The result when the same bytes are the latest of all their scopes (loading rule 3 for deliveries), or wait for a
    controller already; else None.

    With a later as-of a delivery is recorded all the same, so that freshness moves; but when the earlier one had
    rejected rows they are tried again, since a date that lay ahead then may have come.
    """
    with reading(engine) as connection:
        source_id = connection.scalar(select(source.c.source_id).where(source.c.code == mapping.source))
        if source_id is None:
            return None
        waiting = held_already(connection, source_id, sha, mapping.content_hash, as_of)
        if waiting is not None:
            return describe(connection, waiting)
        earlier = _latest_with(connection, source_id, mapping, sha)
        if earlier is None or as_of < earlier.as_of:
            return None
        result = replace(describe(connection, earlier.delivery_id), file_name=name, status="unchanged")
        if as_of == earlier.as_of:
            return replace(result, reason="Samma fil är redan inläst.")
        if any(counts.rejected for counts in result.counts):
            return None
    with writing(engine) as connection:
        lock_loading(connection)
        again = _latest_with(connection, source_id, mapping, sha)
        if again is None or again.delivery_id != earlier.delivery_id:
            return None
        delivery_id = add_record(
            connection, mapping, file_name=name, sha=sha, size=len(content), as_of=as_of, status="unchanged"
        )
        counts = [
            replace(each, inserted=0, changed=0, unchanged=each.inserted + each.changed + each.unchanged, deleted=0)
            for each in read_counts(connection, earlier.delivery_id)
        ]
        keep_counts(connection, delivery_id, counts)
        scopes = sorted(scopes_of(connection, earlier.delivery_id))
        keep_scopes(connection, delivery_id, earlier.source_id, as_of, scopes)
        return describe(connection, delivery_id)


def _latest_with(connection: Connection, source_id: int, mapping: Mapping, sha: str) -> Received | None:
    """The committed delivery of these bytes, when it is the latest of all its scopes."""
    for delivery_id in same_bytes(connection, source_id, sha, mapping.content_hash)[:1]:
        scopes = scopes_of(connection, delivery_id)
        latest = latest_of_scopes(connection, source_id, scopes)
        if all(number == delivery_id for number, _ in latest.values()):
            return read_record(connection, delivery_id)
    return None
