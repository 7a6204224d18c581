"""What the dashboard's database role may do is decided for every table, and in words that this file repeats by hand."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import warehouse
from warehouse.migrate import VERSION_TABLE
from warehouse.privileges import NEEDS, NOTHING
from warehouse.tables import metadata

ROOMS = [path.stem for path in Path(warehouse.__path__[0]).glob("*tables.py")]


def test_every_table_is_decided_about() -> None:
    """A new table fails here until it stands in `warehouse.privileges`, perhaps as NOTHING."""
    for room in ROOMS:
        import_module(f"warehouse.{room}")
    assert set(NEEDS) == {*metadata.tables, VERSION_TABLE}


def test_every_column_that_is_named_exists() -> None:
    for name, table in metadata.tables.items():
        assert NEEDS[name].reads | NEEDS[name].updates <= set(table.columns.keys()), name


def test_what_is_never_touched_or_read() -> None:
    assert {name for name, need in NEEDS.items() if need == NOTHING} == {
        "delivery_chunk", "raw_block",
    }  # fmt: skip
    hidden = {
        (name, column) for name, table in metadata.tables.items() if NEEDS[name] != NOTHING
        for column in set(table.columns.keys()) - NEEDS[name].reads
    }  # fmt: skip
    assert {
        ("sips", "person_pseudonym"), ("deviations", "description"), ("rejected_row", "row"),
        ("rejected_row", "row_key"), ("release", "audit"), ("imported_release", "content"),
    } <= hidden  # fmt: skip


def test_what_is_written() -> None:
    written = {
        name: (need.inserts, sorted(need.updates), need.deletes) for name, need in NEEDS.items()
        if need.inserts or need.updates or need.deletes
    }  # fmt: skip
    assert written == {
        "access_review": (True, [], False),
        "action": (
            True,
            ["cancelled_on", "cost_class", "done_on", "due_on", "edits", "expected_from", "expected_to", "responsible",
             "root_cause", "starts_on", "status", "what"],
            False,
        ),
        "action_effect": (True, [], False),
        "action_event": (True, [], False),
        "assessment": (True, ["confirmed_at", "confirmed_by", "confirmed_role"], False),
        "audit_event": (True, [], False),
        "board_date": (
            True,
            ["cancelled_on", "changed_at", "changed_by", "counted_on", "done_on", "edits", "paper_no", "planned_on"],
            False,
        ),
        "chart_mark": (True, ["removed_at", "removed_by"], False),
        "closing_rule": (True, [], True),
        "control_occasion": (
            True,
            ["analysis", "cancelled_on", "consequence", "done_on", "due_on", "earlier", "edits", "probability",
             "proposal", "result", "sample", "signed_at", "signed_by", "status"],
            False,
        ),
        "control_plan": (True, [], False),
        "control_plan_decision": (True, [], False),
        "control_plan_revision": (
            True, ["changed_at", "changed_by", "content", "content_hash", "edits", "status"], False,
        ),
        "definitions_version": (True, [], False),
        "deviation_series_decision": (True, [], False),
        "evidence": (True, [], False),
        "evidence_file": (True, [], False),
        "feedback": (True, [], False),
        "figure_remark": (True, [], False),
        "job_request": (True, [], False),
        "login_attempt": (True, [], True),
        "login_session": (True, ["ended_at", "last_seen_at"], True),
        "notice": (True, [], False),
        "notice_read": (True, [], False),
        "paper": (
            True,
            ["content", "content_hash", "delivered_by", "delivered_on", "edits", "registration_number", "status"],
            False,
        ),
        "risk_scale": (True, ["content", "edits", "set_at", "set_by"], False),
        "row_handover": (True, [], False),
        "row_handover_row": (True, [], False),
        "sample_case": (
            True,
            ["edits", "lead_principal_stated", "needs_stated", "other_measures_stated", "responsibilities_stated",
             "reviewed_by", "reviewed_on"],
            False,
        ),
        "saved_view": (True, [], True),
        "service_token": (False, ["last_used_at", "revoked_at"], False),
    }  # fmt: skip
