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
        "delivery_chunk", "raw_block", "closing_rule", "closed_value",
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
        "audit_event": (True, [], False),
        "definitions_version": (True, [], False),
        "job_request": (True, [], False),
        "login_attempt": (True, [], True),
        "login_session": (True, ["ended_at", "last_seen_at"], True),
        "row_handover": (True, [], False),
        "row_handover_row": (True, [], False),
        "service_token": (False, ["last_used_at", "revoked_at"], False),
    }
