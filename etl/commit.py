"""The second transaction: a prepared delivery's rows go into the warehouse, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import Connection, insert

from control.audit.actions import Action
from etl.decisions import record_decision
from etl.deliveries import (
    Received,
    forget_preview,
    keep_counts,
    keep_scopes,
    latest_of_scopes,
    lock_loading,
    read_counts,
    read_record,
    read_rejections,
    scopes_of_plans,
    settle,
)
from etl.known import Replayed
from etl.mapping import Mode
from etl.plan import Plan, plan_rows
from etl.prepare import Prepared
from etl.progress import Progress
from etl.rejects import Delivered, keep_rejects, rejected_rows, resolve_rejects
from etl.result import LoadResult
from etl.rules.standing import WAYS_OF_REFERRALS, Beside, CentreMonth
from etl.staging import blank_out_of_scope, stage
from etl.write import write_versions
from kpi.access import Viewer
from warehouse.names import DATASETS
from warehouse.tables import raw_block

_HELD_SHARE = 0.05
_HELD_ROWS = 10
SHOWN_PROBLEMS = 20


def commit_delivery(
    connection: Connection,
    delivery_id: int,
    prepared: Prepared,
    *,
    approved_by: Viewer | None = None,
    progress: Progress | None = None,
) -> LoadResult:
    """Load the delivery, or hold or refuse it; what another process has settled meanwhile is left as it is."""
    is_approved = approved_by is not None
    lock_loading(connection)
    record = read_record(connection, delivery_id)
    if record.status != ("held" if is_approved else "received"):
        return describe(connection, delivery_id)
    if is_approved:
        forget_preview(connection, delivery_id)
    plans = make_plans(connection, prepared, record.source_id)
    common = {
        "encoding": prepared.encoding,
        "separator": prepared.separator,
        "warnings": list(prepared.warnings),
    }
    if reason := _too_old(connection, record, plans) or (is_approved and _overtaken(connection, record, plans)):
        settle(connection, delivery_id, status="refused", reason=reason, **common)
    elif not is_approved and (reason := _why_held(plans)):
        keep_counts(connection, delivery_id, [plan.counts for plan in plans])
        _keep_rejects(connection, record, prepared, plans)
        settle(connection, delivery_id, status="held", reason=reason, **common)
    else:
        write_plans(connection, record, prepared, plans, progress)
        settle(connection, delivery_id, status="loaded", reason=None, **common)
    result = describe(connection, delivery_id)
    if approved_by is not None:
        codes = {code for _, code in scopes_of_plans(plans)}
        record_decision(connection, approved_by, Action.DELIVERY_APPROVED, record, codes, result.status)
    return result


def make_plans(
    connection: Connection, prepared: Prepared, source_id: int, *, replayed: Replayed | None = None
) -> list[Plan]:
    """What each dataset's rows would do; `replayed` is the delivery that rejected them first."""
    lines, named = prepared.lines, prepared.named_municipality
    replaced = frozenset(
        each.canonical.dataset.name for each in prepared.checked if each.canonical.mode is Mode.SNAPSHOT
    )
    plans: list[Plan] = []
    for checked in prepared.checked:
        taken = [plan.centre_months for plan in plans if plan.dataset in WAYS_OF_REFERRALS]
        beside = Beside(source_id, replaced, frozenset[CentreMonth]().union(*taken))
        plans.append(plan_rows(connection, checked, lines, named, beside=beside, replayed=replayed))
    return plans


def write_plans(
    connection: Connection,
    record: Received,
    prepared: Prepared,
    plans: Sequence[Plan],
    progress: Progress | None = None,
) -> None:
    """Versions, raw rows, rejects, counts and scopes of a delivery."""
    lines = prepared.lines
    with ThreadPoolExecutor(1) as worker:  # Arrow compresses beside SQLite's writing
        columns = blank_out_of_scope(prepared.columns, plans, len(lines))
        blocks = None if record.replay_of else worker.submit(lambda: list(stage(prepared.tables, columns, plans)))
        written, total = 0, sum(plan.counts.read for plan in plans)
        for plan in plans:
            if progress is not None:
                progress("Skriver rader", written, total)
            written += plan.counts.read
            write_versions(connection, plan, record.delivery_id, record.source_id, record.as_of, lines)
        for block in blocks.result() if blocks is not None else ():
            connection.execute(
                insert(raw_block).values(
                    delivery_id=record.delivery_id,
                    block_no=block.number,
                    sheet=block.sheet,
                    first_line=block.first_line,
                    rows=block.rows,
                    payload=block.payload,
                )
            )
    delivered = Delivered(prepared.file_name, prepared.tables, prepared.columns)
    for plan in plans:
        resolve_rejects(connection, record.delivery_id, record.source_id, plan, delivered)
    _keep_rejects(connection, record, prepared, plans)
    keep_counts(connection, record.delivery_id, [plan.counts for plan in plans])
    keep_scopes(connection, record.delivery_id, record.source_id, record.as_of, sorted(scopes_of_plans(plans)))


def _keep_rejects(connection: Connection, record: Received, prepared: Prepared, plans: Sequence[Plan]) -> None:
    delivered = Delivered(prepared.file_name, prepared.tables, prepared.columns)
    for plan in plans:
        keep_rejects(connection, record.delivery_id, record.source_id, rejected_rows(plan, delivered))


def _too_old(connection: Connection, record: Received, plans: Sequence[Plan]) -> str | None:
    """Why the delivery's as-of is refused: something later has been loaded for one of its scopes."""
    latest = latest_of_scopes(connection, record.source_id, scopes_of_plans(plans))
    later = [(as_of, scope) for scope, (_, as_of) in latest.items() if as_of > record.as_of]
    if not later:
        return None
    newest: date
    newest, (dataset, municipality) = max(later)
    where = f" för kommun {municipality}" if municipality else ""
    return (
        f"Leveransens dag {record.as_of} är äldre än den senast inlästa, {newest}, i ”{DATASETS[dataset]}”{where}. "
        "Läs in leveranser i tidsordning, eller ange rätt dag med --as-of."
    )


def _overtaken(connection: Connection, record: Received, plans: Sequence[Plan]) -> str | None:
    """Why a held delivery is approved too late: one that came after it, for the same day or a later one, is loaded."""
    latest = latest_of_scopes(connection, record.source_id, scopes_of_plans(plans))
    newer = [number for number, as_of in latest.values() if number > record.delivery_id and as_of >= record.as_of]
    if not newer:
        return None
    return (
        f"Leverans {max(newer)} kom efter den här och är redan inläst, så den här är inte längre den senaste. "
        "Leverera filen igen om det är den som ska gälla."
    )


def _why_held(plans: Sequence[Plan]) -> str | None:
    """More than 5 % and at least 10 rows rejected or deleted (loading rule 6 for deliveries)."""
    for plan in plans:
        counts, name = plan.counts, DATASETS[plan.dataset]
        if _is_much(counts.rejected, counts.read):
            return (
                f"{counts.rejected} av {counts.read} rader i ”{name}” avvisas, fler än 5 procent. "
                "Granska de avvisade raderna och godkänn eller avvisa leveransen."
            )
        if _is_much(counts.deleted, plan.standing):
            return (
                f"{counts.deleted} av {plan.standing} poster i ”{name}” saknas i leveransen och skulle tas bort, "
                "fler än 5 procent. Kontrollera att leveransen är hel och godkänn eller avvisa den."
            )
    return _why_held_together(plans)


def _why_held_together(plans: Sequence[Plan]) -> str | None:
    """As `_why_held`, for the datasets together: what is little in each may be much in all."""
    rejected, read = sum(plan.counts.rejected for plan in plans), sum(plan.counts.read for plan in plans)
    if _is_much(rejected, read):
        return (
            f"{rejected} av leveransens {read} rader avvisas, fler än 5 procent. "
            "Granska de avvisade raderna och godkänn eller avvisa leveransen."
        )
    deleted, standing = sum(plan.deleted for plan in plans), sum(plan.standing for plan in plans if plan.deleted)
    if _is_much(deleted, standing):
        return (
            f"{deleted} av {standing} poster saknas i leveransen och skulle tas bort, fler än 5 procent. "
            "Kontrollera att leveransen är hel och godkänn eller avvisa den."
        )
    return None


def _is_much(part: int, whole: int) -> bool:
    return part >= _HELD_ROWS and part > _HELD_SHARE * whole


def describe(connection: Connection, delivery_id: int) -> LoadResult:
    """What the warehouse says of a delivery."""
    record = read_record(connection, delivery_id)
    return LoadResult(
        record.file_name,
        record.status,
        delivery_id,
        record.source,
        record.reason,
        record.warnings,
        read_counts(connection, delivery_id),
        read_rejections(connection, delivery_id, SHOWN_PROBLEMS),
    )
