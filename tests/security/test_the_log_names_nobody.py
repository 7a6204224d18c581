"""A personal identity number never reaches the audit log, whichever way it comes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from control.audit.actions import Action
from control.audit.log import record, record_refusal
from control.audit.review_store import findings, sign
from kpi.access import Grant, Role, Viewer
from kpi.period import Period
from tests.builders.audit import DPO
from warehouse.database import reading, writing

NUMBER = "20150916-9809"  # a serial that is kept for tests and never given to anybody
LATE = datetime(2026, 10, 7, 21, tzinfo=UTC)


def everything(engine: Engine) -> str:
    """Every cell of the log's tables."""
    with reading(engine) as connection:
        tables = ("audit_event", "audit_checkpoint", "access_review")
        rows = [row for name in tables for row in connection.execute(text(f"select * from {name}")).all()]
    return " ".join(str(cell) for row in rows for cell in row)


def test_a_number_that_an_address_or_a_page_would_spell_out_is_masked(sqlite_engine: Engine) -> None:
    spelled = (
        "".join(f"%{ord(sign):x}" for sign in NUMBER),
        "".join(f"&#{ord(sign)};" for sign in NUMBER),
        "".join(chr(0xFF10 + int(sign)) if sign.isdecimal() else f"%{ord(sign):x}" for sign in NUMBER),
        "".join(f"％{ord(sign):x}" for sign in NUMBER),
        "".join(f"%{ord(sign):x}" for sign in NUMBER) + "%00%ff",
    )
    for one in spelled:
        event = record(sqlite_engine, DPO, Action.READ, f"/{one}", reason=one, details={"fri": one}, at=LATE)
        assert one not in str(event)
        assert (event.resource[:15], event.reason[:14]) == ("/[personnummer]", "[personnummer]"), one  # type: ignore[index]
    plain = "A%2FB 50 %C3%A5 &amp; ½"
    assert record(sqlite_engine, DPO, Action.READ, plain, at=LATE).resource == plain, "else it is kept as it was"


@pytest.mark.parametrize("spelled", [NUMBER, NUMBER.replace("-", ""), NUMBER[2:], NUMBER.replace("-", " ")])
def test_an_identity_number_in_any_text_is_masked(sqlite_engine: Engine, tmp_path: Path, spelled: str) -> None:
    user = Viewer(f"Handläggare {spelled}", (Grant(Role.UNIT_MANAGER, "1287"),))
    record(
        sqlite_engine, user, Action.ROWS_READ, f"ärende {spelled}", board_code=spelled, unit_code=spelled,
        rows=[spelled, f"A-{spelled}"], reason=f"gäller {spelled}, ring 070-123 45 67",
        details={"fri": f"se {spelled}", "lista": [spelled, {"djup": spelled}]}, at=LATE,
    )  # fmt: skip
    record_refusal(sqlite_engine, user, f"/nyckeltal/{spelled}?x={spelled}")
    october = Period.parse("2026-10")
    with reading(sqlite_engine) as connection:
        found = findings(connection, DPO, "1287", october)
    assert found
    sign(sqlite_engine, DPO, "1287", october, {one.id: f"Barnet {spelled}, anna@exempel.se" for one in found})
    kept = everything(sqlite_engine)
    assert "[personnummer]" in kept
    assert "[telefon]" in kept
    assert "[e-post]" in kept
    assert spelled not in kept
    with writing(sqlite_engine) as connection:
        connection.execute(text("select 1"))
    sqlite_engine.dispose()
    for path in tmp_path.glob("samkoll.db*"):
        assert spelled.encode() not in path.read_bytes()
