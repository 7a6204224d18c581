"""Counts that a municipality reports itself: either events or a report for a cell, never both."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Engine, delete, select

from kpi.compute import compute_as_known_on
from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, SKANE, TRELLEBORG, deviation, only, table, unit
from warehouse.database import reading, writing
from warehouse.tables import delivery_scope, kpi_run


def reported(kpi_id: str, unit_code: str, period: str, numerator: int, **more: Any) -> dict[str, Any]:
    return {"kpi_id": kpi_id, "unit_code": unit_code, "period": period, "split": "", "numerator": numerator} | more


def test_reported_counts_add_up_the_tree_beside_events(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviations_reported")
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
    assert table(engine, figures, "deviations_reported", "soc") == {"2024-01": "6", "2024-02": "0", "2024-03": "0"}
    assert table(engine, figures, "deviations_reported", TRELLEBORG) == {
        "2024-01": "6",
        "2024-02": "3",
        "2024-03": "0",
    }
    with reading(engine) as connection:
        scope = connection.scalar(select(kpi_run.c.scope))
    assert scope is not None
    assert scope["reported_left_out"] == {"deviations_reported": 2}


def test_reported_shares_and_splits(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_call_complete", "sip_absence_by_actor", "sip_lead_time")
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
    assert table(engine, figures, "sip_call_complete", "soc") == {"2024-01": "4/10"}
    assert table(engine, figures, "sip_absence_by_actor", "soc") == {"2024-01 bup": "2/5"}
    assert table(engine, figures, "sip_lead_time") == {}


def test_a_corrected_report_replaces_the_first(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_established")
    deliver(
        engine,
        "2024-02-29",
        org_units=ORGANISATION,
        reported_values=[reported("sip_established", "norr", "2024-01", 5)],
    )
    assert table(engine, figures, "sip_established") == {"2024-01": "5"}
    deliver(engine, "2024-03-31", reported_values=[reported("sip_established", "norr", "2024-01", 6)])
    assert table(engine, figures, "sip_established") == {"2024-01": "6"}


SVEDALA = unit("svedala", "municipality", SKANE, "1263")
BARA = unit("bara", "unit", "svedala", "1263")


def report_to(engine: Engine, as_of: str, municipality: str, *rows: dict[str, Any]) -> None:
    """A delivery of reported values that speaks for the municipality alone."""
    with_scope = {"reported_values": [municipality]}
    number = deliver(engine, as_of, municipalities=with_scope, reported_values=rows)
    with writing(engine) as connection:
        scope = delivery_scope.c
        connection.execute(delete(delivery_scope).where(scope.delivery_id == number, scope.municipality_code == ""))


def test_a_month_reported_before_its_end_is_preliminary_until_a_later_report(
    engine: Engine, catalogue: Catalogue
) -> None:
    deliver(engine, "2024-01-01", org_units=ORGANISATION)
    report_to(engine, "2024-01-20", "1287", reported("sip_established", "norr", "2024-01", 5))
    assert table(engine, catalogue, "sip_established") == {"2024-01": "5*"}
    assert table(engine, catalogue, "sip_established", "soc") == {"2024-01": "5*"}
    known = compute_as_known_on(engine, catalogue, ["sip_established"], date(2024, 1, 20))
    assert {cell.status for cell in known["sip_established"]} == {"preliminary"}
    report_to(engine, "2024-02-05", "1287")
    assert table(engine, catalogue, "sip_established") == {"2024-01": "5"}


def test_another_municipality_s_report_shows_no_later_period(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_established")
    deliver(engine, "2024-01-01", org_units=[*ORGANISATION, SVEDALA, BARA])
    early = [reported("sip_established", "norr", month, 5) for month in ("2024-01", "2024-03")]
    report_to(engine, "2024-01-31", "1287", *early)
    report_to(engine, "2024-03-31", "1263", reported("sip_established", "bara", "2024-03", 7))
    assert table(engine, figures, "sip_established") == {"2024-01": "5"}
    assert table(engine, figures, "sip_established", "bara") == {"2024-03": "7"}
    report_to(engine, "2024-03-01", "1287")
    assert table(engine, figures, "sip_established") == {"2024-01": "5", "2024-03": "5*"}


def test_a_finished_report_is_not_preliminary_since_events_lag(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviations_reported")
    deliver(engine, "2024-02-10", org_units=ORGANISATION, deviations=[deviation("a", "2024-01-15")])
    deliver(engine, "2024-02-10", deviations=[deviation("b", "2024-02-01", unit_code="skolan")])
    report_to(engine, "2024-03-31", "1287", reported("deviations_reported", "söder", "2024-02", 4))
    assert table(engine, figures, "deviations_reported", "söder") == {"2024-01": "0", "2024-02": "4"}
    assert table(engine, figures, "deviations_reported", "soc") == {"2024-01": "1", "2024-02": "4"}
    assert table(engine, figures, "deviations_reported", TRELLEBORG) == {"2024-01": "1", "2024-02": "5*"}
