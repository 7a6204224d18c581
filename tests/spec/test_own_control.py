"""The product's own figures, from the rows of its tables to the values: what counts, when, and for whom.

The records are delivered the way that the scheduler delivers them, so this also holds the whole way together.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, update

from etl.own import deliver_own
from kpi.compute import check, compute, compute_as_known_on
from kpi.definition import Catalogue
from tests.builders import control_rows as rows
from tests.builders.loading import Loading
from tests.builders.warehouse import deliver
from tests.spec.check import run_check, stored
from tests.spec.world import ORGANISATION, TRELLEBORG, as_table, only, table
from warehouse import clock
from warehouse.action_tables import action
from warehouse.database import writing
from warehouse.plan_tables import control_occasion

OWN = ("controls_on_time", "actions_on_time", "actions_with_effect", "board_reports_on_time",
       "collaboration_maturity", "purposeful_collaboration")  # fmt: skip


def delivered(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """The records as they are at noon of that day, delivered by the product to itself."""
    moment = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    statuses = {one.status for one in deliver_own(engine, Loading(engine, folder).settings)}
    assert statuses <= {"loaded", "unchanged"}


def world(connection: Connection) -> None:
    rows.plan(connection)
    rows.control(connection, 1, "2024-01-31", "2024-01-31")
    rows.control(connection, 2, "2024-01-31", "2024-02-01")  # a day late
    rows.control(connection, 3, "2024-01-31", "2024-01-20", result="not_carried_out")  # found, but not done
    rows.control(connection, 4, "2024-02-29", cancelled_on="2024-02-29")  # fell away in time
    rows.control(connection, 5, "2024-02-29", cancelled_on="2024-03-01")  # was late when it fell away
    rows.control(connection, 6, "2024-05-10")  # today: the day is not over
    rows.control(connection, 7, "2024-12-31")
    draft = {"status": "due", "signed_at": None, "signed_by": None, "result": None}
    rows.control(connection, 8, "2024-01-31", "2024-01-20", **draft)  # written down, and signed by nobody
    rows.act(connection, 1, "2024-02-10", "2024-03-01", due_on="2024-03-10")  # moved: not in time
    rows.act(connection, 2, "2024-02-10", "2024-02-09", unit_code="norr")
    rows.act(connection, 3, "2024-02-10", cancelled_on="2024-02-01")
    rows.effect(connection, 1, 1, "yes", "2024-03-01")
    rows.effect(connection, 2, 1, "no", "2024-04-01")  # the tertial's last counts
    rows.effect(connection, 3, 1, "partly", "2024-05-02")
    rows.effect(connection, 4, 2, "too_early", "2024-03-05")
    rows.report(connection, 1, "2024-02-15", "2024-02-15")
    rows.report(connection, 2, "2024-02-20", "2024-02-21", kind="tertial")
    rows.report(connection, 3, "2024-02-01", kind="risk_analysis")  # nothing is reported that day
    rows.judge(connection, 1, "maturity", "presidium", 4)
    rows.judge(connection, 2, "maturity", "administration", 2)
    rows.judge(connection, 3, "maturity", "unit", 5, unit_code="norr")
    rows.judge(connection, 4, "maturity", "presidium", 3, period=202422)
    rows.judge(connection, 5, "question_1", "presidium", 3)
    rows.judge(connection, 6, "question_1", "administration", 1)
    rows.judge(connection, 7, "question_2", "presidium", 2, is_confirmed=False)  # counts nowhere yet


SOC = {
    "controls_on_time": {"2024-01": "1/4", "2024-02": "0/1"},
    "actions_on_time": {"2024-02": "1/2"},
    "actions_with_effect": {"2024-T1": "0/1", "2024-T2": "1/1*"},
    "board_reports_on_time": {"2024-02": "1/2"},
    "collaboration_maturity": {
        "2024-T1 administration": "2 (1)", "2024-T1 presidium": "4 (1)", "2024-T2 presidium": "3 (1)*",
    },
    "purposeful_collaboration": {
        "2024-T1 question_1 administration": "1 (1)", "2024-T1 question_1 presidium": "3 (1)",
    },
}  # fmt: skip


def test_what_was_done_in_the_product_is_counted(
    engine: Engine, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = only(catalogue, *OWN)
    deliver(engine, "2024-01-01", org_units=ORGANISATION)
    with writing(engine) as connection:
        world(connection)
    delivered(engine, tmp_path, monkeypatch, "2024-05-10")
    for kpi_id, expected in SOC.items():
        assert table(engine, figures, kpi_id, "soc") == expected, kpi_id
        assert stored(engine, figures.definitions[kpi_id]) == run_check(engine, kpi_id), kpi_id
    assert table(engine, figures, "controls_on_time", TRELLEBORG) == SOC["controls_on_time"]
    assert table(engine, figures, "collaboration_maturity", TRELLEBORG) == {}, "a level stands where it was given"
    assert table(engine, figures, "collaboration_maturity", "norr") == {"2024-T1 unit": "5 (1)"}
    # nothing is done, and a day goes by: what was due becomes late
    delivered(engine, tmp_path, monkeypatch, "2024-05-11")
    later = SOC["controls_on_time"] | {"2024-05": "0/1*"}
    assert table(engine, figures, "controls_on_time", "soc") == later
    # what is changed on a page is another value, and what was known before stays
    with writing(engine) as connection:
        done = {"status": "done", "done_on": date(2024, 2, 10), "cancelled_on": None, "edits": 2}
        connection.execute(update(action).where(action.c.action_no == 3).values(done))
        moved = {"due_on": date(2024, 6, 1), "edits": 2}
        connection.execute(update(control_occasion).where(control_occasion.c.occasion_no == 6).values(moved))
        rows.judge(connection, 8, "maturity", "presidium", 5, follows=1)
    delivered(engine, tmp_path, monkeypatch, "2024-05-12")
    assert compute(engine, figures).kind == "incremental"
    assert table(engine, figures, "actions_on_time", "soc") == {"2024-02": "2/3"}
    assert table(engine, figures, "controls_on_time", "soc") == SOC["controls_on_time"]
    assert table(engine, figures, "collaboration_maturity", "soc")["2024-T1 presidium"] == "5 (1)"
    assert check(engine, figures) == []
    for kpi_id in OWN:
        assert stored(engine, figures.definitions[kpi_id]) == run_check(engine, kpi_id), kpi_id
    known = compute_as_known_on(engine, figures, OWN, date(2024, 5, 11), unit_code="soc")
    assert as_table(figures, known["controls_on_time"]) == later
    for kpi_id in OWN[1:]:
        assert as_table(figures, known[kpi_id]) == SOC[kpi_id], kpi_id
