"""The product as a source: what its own tables hold is delivered to itself like anything else, and by nobody else."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, update

from control.own_records import read_own_records
from etl.own import deliver_own, own_slot
from tests.builders import control_rows as rows
from tests.builders.loading import Loading
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION
from warehouse import clock
from warehouse.action_tables import action
from warehouse.assessment_tables import assessment
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.tables import delivery

RECORDS, SAMPLES = "samkoll_intern-kontroll_1287_syntetisk.csv", "samkoll_stickprov_1287_syntetisk.csv"


@pytest.fixture
def loading(engine: Engine, tmp_path: Path) -> Loading:
    deliver(engine, "2024-01-01", org_units=ORGANISATION)
    return Loading(engine, tmp_path)


def on(monkeypatch: pytest.MonkeyPatch, day: str) -> datetime:
    """Makes it noon of that day."""
    moment = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def outcomes(loading: Loading) -> dict[str, str]:
    return {one.file_name: one.status for one in deliver_own(loading.engine, loading.settings)}


def world(connection: Connection) -> None:
    rows.plan(connection)
    rows.control(connection, 1, "2024-01-31", "2024-01-30")
    rows.control(connection, 2, "2024-02-29", cancelled_on="2024-02-01")
    rows.control(connection, 3, "2024-03-31", "2024-03-31", result="not_carried_out")
    rows.act(connection, 1, "2024-02-10", due_on="2024-06-01", unit_code="norr")
    rows.effect(connection, 1, 1, "no", "2024-04-01")
    rows.effect(connection, 2, 1, "partly", "2024-04-01")
    rows.report(connection, 1, "2024-02-15", "2024-02-20")
    rows.report(connection, 2, "2024-01-15", "2024-01-15", kind="risk_analysis")
    rows.judge(connection, 1, "maturity", "presidium", 3)
    rows.judge(connection, 2, "maturity", "presidium", 4, follows=1)
    rows.judge(connection, 3, "maturity", "presidium", 5, follows=2, is_confirmed=False)
    rows.judge(connection, 4, "maturity", "administration", 2, is_confirmed=False)
    rows.drawn(connection, 1, "2024-02-02", stated=0)
    rows.drawn(connection, 2)


def test_every_record_comes_in_as_a_row_of_the_contract(loading: Loading, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, moment = loading.engine, on(monkeypatch, "2024-05-10")
    assert own_slot(engine, moment) is None
    assert outcomes(loading) == {}
    with writing(engine) as connection:
        world(connection)
    assert outcomes(loading) == {RECORDS: "loaded", SAMPLES: "loaded"}
    day = rows.day
    assert loading.current("controls", "control_no", "unit_code", "due_on", "done_on", "cancelled_on") == [
        ("1", "soc", day("2024-01-31"), day("2024-01-30"), None),
        ("2", "soc", day("2024-02-29"), None, day("2024-02-01")),
        ("3", "soc", day("2024-03-31"), None, None),  # found not to have been carried out
    ]
    assert loading.current("actions", "unit_code", "due_on") == [("norr", day("2024-02-10"))]  # as first promised
    assert loading.current("action_effects", "action_no", "effect") == [("1", "partly")]  # the day's newest
    assert loading.current("board_reports", "report_no", "delivered_on") == [("1", day("2024-02-20"))]
    assert loading.current("assessments", "assessment_no", "period_begins_on", "assessor", "grade") == [
        ("1", day("2024-01-01"), "presidium", 4)  # the newest confirmed of its chain, under the chain's number
    ]
    assert loading.current("sip_reviews", "review_id", "sip_id", "needs_stated") == [("samkoll-1", "s1", False)]
    with reading(engine) as connection:
        assert set(connection.scalars(select(delivery.c.is_synthetic))) == {True}
        assert [one.keys() for one in read_own_records(connection).values()] == [
            {"controls", "actions", "action_effects", "board_reports", "assessments", "sip_reviews"}
        ]


def test_a_change_is_a_new_version_and_a_day_without_one_only_moves_how_far_it_speaks(
    loading: Loading, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, moment = loading.engine, on(monkeypatch, "2024-05-10")
    with writing(engine) as connection:
        world(connection)
    first = own_slot(engine, moment)
    outcomes(loading)
    assert outcomes(loading) == {RECORDS: "unchanged"}
    moment = on(monkeypatch, "2024-05-11")
    second = own_slot(engine, moment)
    assert outcomes(loading) == {RECORDS: "unchanged"}  # and of the reviewed plans nothing is claimed
    with writing(engine) as connection:
        connection.execute(update(action).values(status="done", done_on=rows.day("2024-05-11"), edits=2))
    third = own_slot(engine, moment)
    with writing(engine) as connection:
        confirmed: dict[str, Any] = {"confirmed_at": moment, "confirmed_by": rows.ANOTHER}
        connection.execute(update(assessment).where(assessment.c.assessment_no == 3).values(confirmed))
    fourth = own_slot(engine, moment)
    assert len({first, second, third, fourth}) == 4
    assert outcomes(loading) == {RECORDS: "loaded"}
    assert loading.current("actions", "done_on") == [(rows.day("2024-05-11"),)]
    assert loading.current("assessments", "grade") == [(5,)]
    assert loading.known_on("2024-05-10", "actions", "done_on") == [(None,)]
    assert loading.known_on("2024-05-10", "assessments", "grade") == [(4,)]
    with reading(engine) as connection:
        days = connection.execute(
            select(delivery.c.file_name, delivery.c.as_of, delivery.c.status)
            .where(delivery.c.file_name != "test")
            .order_by(delivery.c.delivery_id)
        )
        assert [tuple(one) for one in days] == [
            (RECORDS, rows.day("2024-05-10"), "loaded"),
            (SAMPLES, rows.day("2024-05-10"), "loaded"),
            (RECORDS, rows.day("2024-05-11"), "unchanged"),
            (RECORDS, rows.day("2024-05-11"), "loaded"),
        ]


def test_nobody_else_delivers_the_products_own_records(sqlite_engine: Engine, tmp_path: Path) -> None:
    loading = Loading(sqlite_engine, tmp_path)
    text = "dataset;control_no;municipality_code;unit_code;due_on;done_on\ncontrols;1;1287;soc;2024-01-31;2024-01-01\n"
    for name, source in product(("controls.csv", RECORDS), (None, "canonical", "samkoll")):
        with pytest.raises(UserError, match=r"känns inte igen|ingen källa som heter samkoll"):
            loading.load(name, text, source=source)
    assert loading.current("controls") == []


def test_what_another_source_reviewed_stays_its_own(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading = Loading(sqlite_engine, tmp_path)
    on(monkeypatch, "2024-05-10")
    contents = dict.fromkeys(
        ("needs_stated", "responsibilities_stated", "other_measures_stated", "lead_principal_stated"), "ja"
    )
    theirs = {"municipality_code": "1287", "unit_code": "norr", "reviewed_on": "2024-01-09"} | contents
    loading.load("sip_reviews.csv", [{"review_id": "1"} | theirs], as_of="2024-03-01")
    with writing(loading.engine) as connection:
        world(connection)
    outcomes(loading)
    assert loading.current("sip_reviews", "review_id") == [("1",), ("samkoll-1",)]
    refused = loading.load("sip_reviews.csv", [{"review_id": "samkoll-1"} | theirs], as_of="2024-05-10")
    assert "nyckeln tillhör en annan källa – Samkoll" in " ".join(refused.problems)
