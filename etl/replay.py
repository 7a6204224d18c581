"""Open rejected rows taken again from the kept bytes, with the mappings as they are now (loading rule 7).

A replay is a delivery of its own, of those rows alone, as a delta on the latest day of its scopes. When nothing has
become better it leaves no trace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, Engine, or_, select

from control.audit.actions import Action
from etl.arrival import mapping_of
from etl.commit import describe, make_plans, write_plans
from etl.decisions import record_decision
from etl.deliveries import (
    Received,
    add_record,
    latest_of_scopes,
    lock_loading,
    read_content,
    read_record,
    scopes_of_plans,
    settle,
)
from etl.keys import Keys
from etl.known import Fate, Replayed
from etl.prepare import Places, prepare
from etl.progress import Progress
from etl.result import LoadResult
from etl.vault import Vault
from kpi.access import Viewer
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.settings import Settings
from warehouse.tables import delivery, delivery_chunk, rejected_row


def replay_rejects(
    engine: Engine, settings: Settings, keys: Keys, by: Viewer, progress: Progress | None = None
) -> list[LoadResult]:
    """A result for each delivery with open rejects, oldest first, that had rows which now go in."""
    with reading(engine) as connection:
        waiting = _open_places(connection)
    results = []
    for number, (delivery_id, places) in enumerate(waiting.items()):
        if progress is not None:
            progress("Läser om rader", number, len(waiting))
        try:
            result = _replay(engine, settings, keys, delivery_id, places, by)
        except UserError as error:
            with reading(engine) as connection:
                record = read_record(connection, delivery_id)
            reason = f"{record.file_name}: {error}"
            result = LoadResult(record.file_name, "failed", delivery_id, record.source, reason)
        if result is not None:
            results.append(result)
    return results


def _open_places(connection: Connection) -> dict[int, Places]:
    """Per delivery that holds the bytes, per dataset: the places of open rejects."""
    rows = connection.execute(
        select(
            delivery.c.delivery_id,
            delivery.c.replay_of,
            rejected_row.c.dataset,
            rejected_row.c.sheet,
            rejected_row.c.line,
        )
        .join(delivery, delivery.c.delivery_id == rejected_row.c.delivery_id)
        .where(rejected_row.c.resolved_by.is_(None), delivery.c.status == "loaded")
        .order_by(delivery.c.delivery_id)
    )
    found: dict[int, Places] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        found[row.replay_of or row.delivery_id][row.dataset].add((row.sheet, row.line))
    with_bytes = set(connection.scalars(select(delivery_chunk.c.delivery_id).distinct()))
    return {number: places for number, places in sorted(found.items()) if number in with_bytes}


def _replay(
    engine: Engine, settings: Settings, keys: Keys, delivery_id: int, places: Places, by: Viewer
) -> LoadResult | None:
    with reading(engine) as connection:
        record = read_record(connection, delivery_id)
        content = read_content(connection, Vault(keys.encryption.get_secret_value()), delivery_id)
        as_of = _latest_day(connection, record, _open_scopes(connection, delivery_id))
    while True:
        done = _replay_on(engine, settings, keys, record, content, places, as_of, by)
        if not isinstance(done, date):
            return done
        as_of = done


def _replay_on(
    engine: Engine,
    settings: Settings,
    keys: Keys,
    record: Received,
    content: bytes,
    places: Places,
    as_of: date,
    by: Viewer,
) -> LoadResult | date | None:
    """The result of a replay on a day, or the later day that one of the rows' scopes has come to."""
    delivery_id = record.delivery_id
    mapping = mapping_of(record)
    prepared = prepare(content, mapping, record.file_name, as_of, keys=keys, settings=settings, only=places)
    with writing(engine) as connection:
        lock_loading(connection)
        plans = make_plans(connection, prepared, record.source_id, replayed=Replayed(delivery_id, record.as_of))
        if all((plan.fates == Fate.REJECTED).all() for plan in plans):
            return None
        if (latest := _latest_day(connection, record, scopes_of_plans(plans))) > as_of:
            return latest
        plans = [plan for plan in plans if len(plan.fates)]
        number = add_record(
            connection,
            mapping,
            file_name=record.file_name,
            sha=record.sha256,
            size=len(content),
            as_of=as_of,
            status="received",
            replay_of=delivery_id,
        )
        new = replace(record, delivery_id=number, as_of=as_of, replay_of=delivery_id)
        write_plans(connection, new, prepared, plans)
        settle(
            connection,
            number,
            status="loaded",
            encoding=prepared.encoding,
            separator=prepared.separator,
            warnings=list(prepared.warnings),
        )
        codes = {code for _, code in scopes_of_plans(plans)}
        record_decision(connection, by, Action.DELIVERY_REPLAYED, new, codes, "loaded")
        return describe(connection, number)


def _open_scopes(connection: Connection, delivery_id: int) -> frozenset[tuple[str, str]]:
    """The (dataset, municipality) pairs of the open rejects of a delivery and of its replays."""
    rows = connection.execute(
        select(rejected_row.c.dataset, rejected_row.c.municipality_code)
        .join(delivery, delivery.c.delivery_id == rejected_row.c.delivery_id)
        .where(
            rejected_row.c.resolved_by.is_(None),
            or_(delivery.c.delivery_id == delivery_id, delivery.c.replay_of == delivery_id),
        )
        .distinct()
    )
    return frozenset((dataset, code or "") for dataset, code in rows)


def _latest_day(connection: Connection, record: Received, scopes: Iterable[tuple[str, str]]) -> date:
    """The latest as-of of the scopes, at least the delivery's: a replay is older than nothing."""
    latest = latest_of_scopes(connection, record.source_id, scopes)
    return max([record.as_of, *(as_of for _, as_of in latest.values())])
