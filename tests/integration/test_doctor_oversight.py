"""What `samkoll doctor` finds about who reaches what: the log's retention and reviews, the address of the pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from control.audit.log import append
from control.audit.review_store import findings, sign
from etl.doctor_oversight import access_reviews, oversight, pages_role
from etl.finding import Grade
from kpi.period import Period
from tests.builders.audit import DPO, NOON, content
from tests.builders.closed_world import BOARD
from tests.builders.login import login_settings
from tests.builders.warehouse import deliver
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.settings import Settings


@pytest.mark.parametrize(
    ("given", "grade", "words"),
    [
        ({}, Grade.GOOD, "Inget gallras"),
        ({"audit_retention_months": 24}, Grade.WRONG, "hör ihop"),
        ({"audit_retention_decision": "KS § 45"}, Grade.WRONG, "hör ihop"),
        ({"audit_retention_months": 24, "audit_retention_decision": "KS § 45"}, Grade.GOOD, "24 månader"),
    ],
)
def test_half_a_retention_is_wrong(given: dict[str, Any], grade: Grade, words: str) -> None:
    (found,) = oversight(Settings(**given))
    assert (found.name, found.grade, words in found.text) == ("loggens gallring", grade, True)


def test_pages_without_encryption_are_noted() -> None:
    (address, _) = oversight(Settings(login=login_settings(public_address="http://127.0.0.1:8050")))
    assert (address.grade, "utan kryptering" in address.text) == (Grade.NOTE, True)
    assert len(list(oversight(Settings(login=login_settings())))) == 1


def test_a_review_that_is_late_is_noted(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(sqlite_engine, "2026-10-01", org_units=BOARD)
    with writing(sqlite_engine) as connection:
        append(connection, content(at=NOON))

    def look(today: date) -> tuple[Grade, str]:
        monkeypatch.setattr(clock, "today", lambda: today)
        with reading(sqlite_engine) as connection:
            found = access_reviews(connection, Settings())
        return found.grade, found.text

    assert look(date(2026, 11, 30)) == (Grade.GOOD, "Ingen granskning är försenad.")
    assert look(date(2026, 12, 1)) == (Grade.NOTE, "Granskningar är försenade (kommun 1287: 2026-10).")
    noon = NOON.replace(month=12)
    with reading(sqlite_engine) as connection:
        told = {one.id: "Frågat." for one in findings(connection, DPO, "1287", Period.parse("2026-10"))}
    sign(sqlite_engine, DPO, "1287", Period.parse("2026-10"), told, now=noon)
    assert look(date(2026, 12, 1))[0] is Grade.GOOD


def test_a_file_has_no_role(tmp_path: Path) -> None:
    assert list(pages_role(Settings(data_dir=tmp_path))) == []
