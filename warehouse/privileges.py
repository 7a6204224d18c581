"""What the dashboard's process does with each table: all that its database role may do. Pure.

A table that is not named here is refused by a test: what the role may do is decided when a table is made. Sealed bytes,
raw rows, pseudonyms, free text, the cells of rejected rows and the releases' ledgers of true counts are never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Table

from warehouse import (
    action_tables,
    assessment_tables,
    audit_tables,
    closed_tables,
    handover_tables,
    login_tables,
    package_tables,
    paper_tables,
    plan_tables,
    reader_tables,
    tables,
)
from warehouse.contract import DATASETS, NEVER_COUNTED
from warehouse.migrate import VERSION_TABLE


@dataclass(frozen=True)
class Need:
    """What is done with a table. `reads` and `updates` name columns."""

    reads: frozenset[str] = frozenset()
    inserts: bool = False
    updates: frozenset[str] = frozenset()
    deletes: bool = False


NOTHING = Need()


def _of(table: Table, *reads: str, inserts: bool = False, updates: Iterable[str] = (), deletes: bool = False) -> Need:
    """Reads these columns, else all of them."""
    return Need(frozenset(reads or table.columns.keys()), inserts, frozenset(updates), deletes)


def _dataset(name: str) -> Need:
    hidden = {field.column for field in DATASETS[name].fields if field.kind in NEVER_COUNTED}
    return Need(frozenset(tables.VERSIONED[name].columns.keys()) - hidden)


NEEDS: Mapping[str, Need] = {
    VERSION_TABLE: Need(frozenset({"version_num"})),
    # what came, and what became of it
    "source": _of(tables.source),
    "delivery": _of(tables.delivery),
    "delivery_chunk": NOTHING,
    "delivery_dataset": _of(tables.delivery_dataset),
    "delivery_scope": _of(tables.delivery_scope),
    "raw_block": NOTHING,
    "rejected_row": _of(
        tables.rejected_row,
        *("reject_id", "delivery_id", "source_id", "dataset", "municipality_code", "sheet", "line", "field", "rule"),
        *("message", "other_problems", "resolved_by"),
    ),
    **{name: _dataset(name) for name in tables.VERSIONED},
    # figures
    "kpi": _of(tables.kpi),
    "kpi_definition": _of(tables.kpi_definition),
    "kpi_unit": _of(tables.kpi_unit),
    "kpi_split": _of(tables.kpi_split),
    "kpi_run": _of(tables.kpi_run),
    "kpi_value": _of(tables.kpi_value),
    "kpi_coverage": _of(tables.kpi_coverage),
    "kpi_unplaced": _of(tables.kpi_unplaced),
    "definitions_version": _of(tables.definitions_version, inserts=True),
    # closed periods and packages
    "closing_rule": _of(closed_tables.closing_rule, inserts=True, deletes=True),
    "release": _of(
        closed_tables.release, *(one.name for one in closed_tables.release.columns if one.name != "audit")
    ),
    "release_value": _of(closed_tables.release_value),
    "closed_value": _of(closed_tables.closed_value),
    "imported_release": _of(
        package_tables.imported_release,
        *("package_no", "for_municipality", "municipality_code", "name", "fingerprint", "exported_at", "reaches"),
        *("is_synthetic", "is_superseded"),
    ),
    "imported_figure": _of(package_tables.imported_figure),
    "imported_value": _of(package_tables.imported_value),
    # internal control: what the pages write
    **{
        table.name: _of(table, inserts=True)
        for table in (
            plan_tables.control_plan, plan_tables.control_plan_decision, plan_tables.evidence,
            plan_tables.evidence_file, action_tables.action_event, action_tables.action_effect,
            action_tables.figure_remark, action_tables.deviation_series_decision, paper_tables.notice_read,
        )
    },
    "risk_scale": _of(plan_tables.risk_scale, inserts=True, updates=("content", "edits", "set_at", "set_by")),
    "control_plan_revision": _of(
        plan_tables.control_plan_revision, inserts=True,
        updates=("status", "content", "content_hash", "edits", "changed_at", "changed_by"),
    ),
    "control_occasion": _of(
        plan_tables.control_occasion, inserts=True,
        updates=("due_on", "status", "done_on", "cancelled_on", "result", "analysis", "probability", "consequence",
                 "proposal", "sample", "earlier", "edits", "signed_at", "signed_by"),
    ),
    "sample_case": _of(
        plan_tables.sample_case, inserts=True,
        updates=("reviewed_on", "reviewed_by", "needs_stated", "responsibilities_stated", "other_measures_stated",
                 "lead_principal_stated", "edits"),
    ),
    "assessment": _of(
        assessment_tables.assessment, inserts=True, updates=("confirmed_at", "confirmed_by", "confirmed_role"),
    ),
    "action": _of(
        action_tables.action, inserts=True,
        updates=("what", "root_cause", "responsible", "starts_on", "due_on", "expected_from", "expected_to",
                 "cost_class", "status", "done_on", "cancelled_on", "edits"),
    ),
    "chart_mark": _of(action_tables.chart_mark, inserts=True, updates=("removed_at", "removed_by")),
    "paper": _of(
        paper_tables.paper, inserts=True,
        updates=("status", "registration_number", "content", "content_hash", "edits", "delivered_on", "delivered_by"),
    ),
    "board_date": _of(
        paper_tables.board_date, inserts=True,
        updates=("planned_on", "counted_on", "done_on", "paper_no", "cancelled_on", "edits", "changed_at",
                 "changed_by"),
    ),
    "notice": _of(paper_tables.notice, inserts=True),
    # what readers keep and tell
    "saved_view": _of(reader_tables.saved_view, inserts=True, deletes=True),
    "feedback": _of(reader_tables.feedback, inserts=True),
    # jobs
    "job_run": _of(tables.job_run),
    "job_request": _of(tables.job_request, inserts=True),
    # who reads: the log is only ever added to
    "audit_event": _of(audit_tables.audit_event, inserts=True),
    "audit_checkpoint": _of(audit_tables.audit_checkpoint, "up_to", "hash"),
    "access_review": _of(audit_tables.access_review, inserts=True),
    "row_handover": _of(handover_tables.row_handover, inserts=True),
    "row_handover_row": _of(handover_tables.row_handover_row, inserts=True),
    "login_attempt": _of(login_tables.login_attempt, inserts=True, deletes=True),
    "login_session": _of(
        login_tables.login_session, inserts=True, updates=("last_seen_at", "ended_at"), deletes=True
    ),
    "service_token": _of(login_tables.service_token, updates=("last_used_at", "revoked_at")),
}  # fmt: skip


def sequences() -> tuple[str, ...]:
    """The sequences that number what is inserted."""
    found = []
    for name, need in NEEDS.items():
        table = tables.metadata.tables.get(name)
        numbered = table.autoincrement_column if table is not None and need.inserts else None
        if numbered is not None:
            found.append(f"{name}_{numbered.name}_seq")
    return tuple(found)
