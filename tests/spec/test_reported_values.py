"""Counts that a municipality reports itself: either events or a report for a cell, never both."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select

from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, TRELLEBORG, deviation, table
from warehouse.database import reading
from warehouse.tables import kpi_run


def reported(kpi_id: str, unit_code: str, period: str, numerator: int, **more: Any) -> dict[str, Any]:
    return {"kpi_id": kpi_id, "unit_code": unit_code, "period": period, "split": "", "numerator": numerator} | more


def test_reported_counts_add_up_the_tree_beside_events(engine: Engine, catalogue: Catalogue) -> None:
    deliver(
        engine,
        "2024-03-31",
        org_units=ORGANISATION,
        deviations=[deviation("a", "2024-01-15")],
        reported_values=[
            reported("deviations_reported", "söder", "2024-01", 5),
            reported("deviations_reported", "norr", "2024-01", 99),  # norr has an event of its own
            reported("deviations_reported", "bild", "2024-02", 7),
            reported("deviations_reported", "skolan", "2024-02", 3),  # finer than its board's
            reported("deviations_reported", "söder", "2024-04", 8),  # begins after as-of
        ],
    )
    assert table(engine, catalogue, "deviations_reported", "soc") == {"2024-01": "6", "2024-02": "0", "2024-03": "0"}
    assert table(engine, catalogue, "deviations_reported", TRELLEBORG) == {
        "2024-01": "6",
        "2024-02": "3",
        "2024-03": "0",
    }
    with reading(engine) as connection:
        scope = connection.scalar(select(kpi_run.c.scope))
    assert scope is not None
    assert scope["reported_left_out"] == {"deviations_reported": 2}


def test_reported_shares_and_splits(engine: Engine, catalogue: Catalogue) -> None:
    deliver(
        engine,
        "2024-03-31",
        org_units=ORGANISATION,
        reported_values=[
            reported("sip_call_complete", "norr", "2024-01", 3, denominator=4),
            reported("sip_call_complete", "söder", "2024-01", 1, denominator=6),
            reported("sip_absence_by_actor", "norr", "2024-01", 2, denominator=5, split="actor=bup"),
            reported("sip_absence_by_actor", "norr", "2024-01", 2, denominator=5),  # a split figure has no total
            reported("sip_lead_time", "norr", "2024-01", 30, denominator=1),  # a median is not additive
        ],
    )
    assert table(engine, catalogue, "sip_call_complete", "soc") == {"2024-01": "4/10"}
    assert table(engine, catalogue, "sip_absence_by_actor", "soc") == {"2024-01 bup": "2/5"}
    assert table(engine, catalogue, "sip_lead_time") == {}


def test_a_corrected_report_replaces_the_first(engine: Engine, catalogue: Catalogue) -> None:
    deliver(
        engine,
        "2024-02-29",
        org_units=ORGANISATION,
        reported_values=[reported("sip_established", "norr", "2024-01", 5)],
    )
    assert table(engine, catalogue, "sip_established") == {"2024-01": "5"}
    deliver(engine, "2024-03-31", reported_values=[reported("sip_established", "norr", "2024-01", 6)])
    assert table(engine, catalogue, "sip_established") == {"2024-01": "6"}
