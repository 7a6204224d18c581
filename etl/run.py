"""The way of a delivery, from a file to versions: load, resume, approve, refuse.

A file's bytes are kept first (one transaction), then all its rows go in (a second one). A crash in between leaves the
delivery `received`, and the next run completes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine

from control.audit.actions import Action
from etl.arrival import complete, load_file
from etl.decisions import record_decision
from etl.deliveries import Received, lock_loading, read_record, read_records, scopes_of, settle
from etl.files import find_files
from etl.keys import load_keys
from etl.progress import Progress
from etl.recognise import recognise
from etl.rejects import close_rejects
from etl.replay import replay_rejects
from etl.result import LoadResult
from kpi.access import Viewer
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.identity.mask import mask_text
from warehouse.settings import Settings

__all__ = ["LoadResult", "approve", "is_known_file", "load", "refuse", "replay", "resume"]


def load(
    engine: Engine,
    settings: Settings,
    paths: Sequence[Path],
    *,
    source: str | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> list[LoadResult]:
    """Load every file that the paths hold; a result per file, after those of deliveries that a crash left.

    `as_of` is the deliveries' day (default today). UserError when a path or the source does not exist, or when none of
    the files that the user named is any system's.
    """
    keys = load_keys(settings)
    largest = settings.max_file_mb * 1024**2
    files = [
        (incoming, recognise(incoming.name, source, is_explicit=incoming.is_explicit))
        for incoming in find_files(paths, largest_bytes=largest)
    ]
    if files and all(incoming.is_explicit and mapping is None and not incoming.refused for incoming, mapping in files):
        raise UserError(f"{files[0][0].name} känns inte igen som en fil från någon källa. Ange källan med --source.")
    results = resume(engine, settings)
    day = as_of or clock.today()
    for number, (incoming, mapping) in enumerate(files):
        if progress is not None:
            progress("Läser in leveranser", number, len(files))
        results.append(load_file(engine, settings, keys, incoming, mapping, day))
    if progress is not None:
        progress("Läser in leveranser", len(files), len(files))
    if results and keys.warnings:
        results[0] = replace(results[0], warnings=(*keys.warnings, *results[0].warnings))
    return results


def is_known_file(path: Path) -> bool:
    """Whether the file's name is some source's (an archive may hold such files)."""
    return path.suffix.casefold() == ".zip" or recognise(path.name, None) is not None


def resume(engine: Engine, settings: Settings) -> list[LoadResult]:
    """Complete the deliveries whose bytes were kept before a crash."""
    with reading(engine) as connection:
        waiting = read_records(connection, status="received")
    if not waiting:
        return []
    keys = load_keys(settings)
    return [complete(engine, settings, keys, record) for record in waiting]


def approve(
    engine: Engine, settings: Settings, delivery_id: int, *, by: Viewer, progress: Progress | None = None
) -> LoadResult:
    """Load a held delivery all the same; UserError when it is not held. `by`: whose decision the log tells."""
    with reading(engine) as connection:
        record = _held(connection, delivery_id)
    return complete(engine, settings, load_keys(settings), record, approved_by=by, progress=progress)


def refuse(engine: Engine, _settings: Settings, delivery_id: int, reason: str, *, by: Viewer) -> None:
    """Refuse a held delivery: its bytes stay, its rows never come in. UserError when it is not held."""
    with writing(engine) as connection:
        lock_loading(connection)
        record = _held(connection, delivery_id)
        codes = {code for _, code in scopes_of(connection, delivery_id)}
        close_rejects(connection, delivery_id)
        settle(connection, delivery_id, status="refused", reason=mask_text(reason))
        record_decision(connection, by, Action.DELIVERY_REFUSED, record, codes, "refused", reason)


def replay(engine: Engine, settings: Settings, *, by: Viewer, progress: Progress | None = None) -> list[LoadResult]:
    """Take the open rejected rows again from the kept bytes, with the mappings as they are now."""
    return replay_rejects(engine, settings, load_keys(settings), by, progress)


def _held(connection: Connection, delivery_id: int) -> Received:
    record = read_record(connection, delivery_id)
    if record.status != "held":
        raise UserError(f"Leverans {delivery_id} väntar inte på beslut. ”samkoll deliveries” visar vilka som gör det.")
    return record
