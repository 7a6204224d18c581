"""Recorded time: late rows, corrections, deletions, held deliveries, and figures as they were known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from kpi.access import OPERATOR
from kpi.compute import compute, compute_as_known_on
from kpi.definition import Catalogue, Kind
from kpi.period import Period
from kpi.store import read_stored
from kpi.views.values import figure_values
from tests.builders.random_warehouse import RandomWarehouse
from tests.builders.warehouse import commit_late, deliver
from tests.spec.world import ORGANISATION, cells, deviation, only, sip, table
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.tables import kpi_run


def test_a_correction_changes_today_and_never_what_was_known(engine: Engine, catalogue: Catalogue) -> None:
    deliver(
        engine,
        "2024-02-10",
        org_units=ORGANISATION,
        sips=[sip("a", met_on="2024-01-15"), sip("b", met_on="2024-01-20")],
    )
    assert table(engine, catalogue, "sip_established") == {"2024-01": "2", "2024-02": "0*"}
    deliver(engine, "2024-03-10", sips=[sip("a", met_on="2024-02-03")], gone={"sips": [sip("b")]})
    assert table(engine, catalogue, "sip_established") == {"2024-01": "0", "2024-02": "1", "2024-03": "0*"}
    known = compute_as_known_on(engine, catalogue, ["sip_established"], date(2024, 3, 9))["sip_established"]
    shown = {str(cell.period): cell.numerator for cell in known if cell.unit_code == "norr"}
    assert shown == {"2024-01": 2.0, "2024-02": 0.0}
    before = compute_as_known_on(engine, catalogue, ["sip_established"], date(2024, 2, 9))
    assert before == {"sip_established": []}


def test_due_days_ripen_without_any_changed_row(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviation_feedback_60d")
    deliver(engine, "2024-02-29", org_units=ORGANISATION, deviations=[deviation("a", "2024-01-15")])
    assert table(engine, figures, "deviation_feedback_60d") == {}
    deliver(engine, "2024-03-15", municipalities={"deviations": ["1287"]})
    assert table(engine, figures, "deviation_feedback_60d") == {"2024-03": "0/1*"}


def test_as_of_is_per_municipality(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviation_feedback_60d")
    elsewhere = {**deviation("b", "2024-01-15", unit_code="svedala"), "municipality_code": "1263"}
    svedala = {**ORGANISATION[1], "unit_code": "svedala", "municipality_code": "1263"}
    deliver(engine, "2024-02-01", org_units=[*ORGANISATION, svedala], deviations=[elsewhere])
    deliver(engine, "2024-03-31", deviations=[deviation("a", "2024-01-15")])
    assert table(engine, figures, "deviation_feedback_60d") == {"2024-03": "0/1"}
    assert table(engine, figures, "deviation_feedback_60d", "svedala") == {}, "it has not said anything since"


def test_a_held_delivery_counts_when_it_is_approved(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviations_reported")
    held = deliver(engine, "2024-02-10", org_units=ORGANISATION, status="held")
    deliver(engine, "2024-02-29", deviations=[deviation("a", "2024-01-15")], org_units=ORGANISATION)
    assert table(engine, figures, "deviations_reported") == {"2024-01": "1", "2024-02": "0"}
    commit_late(engine, held, "2024-02-10", deviations=[deviation("b", "2024-01-31")])
    assert table(engine, figures, "deviations_reported") == {"2024-01": "2", "2024-02": "0"}


def test_nothing_new_records_no_run(engine: Engine, catalogue: Catalogue) -> None:
    deliver(engine, "2024-02-29", org_units=ORGANISATION, deviations=[deviation("a", "2024-01-15")])
    assert compute(engine, catalogue).run_no == 1
    assert compute(engine, catalogue).run_no is None


def test_only_what_was_touched_is_computed(engine: Engine, catalogue: Catalogue) -> None:
    deliver(
        engine,
        "2024-06-30",
        org_units=ORGANISATION,
        sips=[sip("a", met_on="2024-01-15"), sip("b", met_on="2024-05-15")],
    )
    compute(engine, catalogue)
    deliver(engine, "2024-06-30", sips=[sip("a", met_on="2024-02-15")])
    summary = compute(engine, catalogue)
    touched = dict(summary.touched)
    assert {id_: count for id_, count in touched.items() if catalogue.definitions[id_].kind is not Kind.STOCK} == {
        "sip_established": 2,  # the month that the meeting left, and the one that it came to
        "sip_consent_unknown": 2,
        "sip_per_1000": None,
        "sip_lead_time": 2,
        "sip_met_30d": 1,
        "sip_declined": 1,
        "sip_child_voice": 2,
        "sip_follow_up_agreed": 2,
        "deviations_per_100_sip": None,
    }
    stocks = ("sip_active", "sip_consent_documented", "sip_coordinator", "sip_dormant")
    assert {id_: touched[id_] for id_ in stocks} == dict.fromkeys(stocks, 6)


def test_limits_leave_the_rest_due(engine: Engine, catalogue: Catalogue) -> None:
    deliver(engine, "2024-03-31", org_units=ORGANISATION, deviations=[deviation("a", "2024-01-15")])
    compute(engine, catalogue)
    deliver(engine, "2024-03-31", deviations=[deviation("b", "2024-01-20"), deviation("c", "2024-02-20")])
    february = Period.parse("2024-02")
    compute(engine, catalogue, first=february, last=february)
    with reading(engine) as connection:
        cells = figure_values(connection, catalogue, OPERATOR, "deviations_reported", unit_code="norr")
    assert [cell.numerator for cell in cells] == [1, 1, 0]
    assert table(engine, catalogue, "deviations_reported") == {"2024-01": "2", "2024-02": "1", "2024-03": "0"}


def test_figures_as_known_on_a_day_are_what_was_shown_then(sqlite_engine: Engine, catalogue: Catalogue) -> None:
    world = RandomWarehouse(21)
    world.start(sqlite_engine)
    shown = {}
    for _ in range(5):
        compute(sqlite_engine, catalogue)
        with reading(sqlite_engine) as connection:
            shown[world.day] = {
                kpi_id: figure_values(connection, catalogue, OPERATOR, kpi_id) for kpi_id in catalogue.definitions
            }
        world.deliver_some(sqlite_engine)
    for day in [day for day in shown if day < world.day]:
        found = compute_as_known_on(sqlite_engine, catalogue, catalogue.definitions, day)
        for kpi_id, known in shown[day].items():
            assert found[kpi_id] == known, (day, kpi_id)


def test_a_run_that_was_overtaken_starts_again(engine: Engine, catalogue: Catalogue) -> None:
    """Another run stores newer values between this one's snapshot and its write: both end with the same values."""
    deliver(engine, "2024-02-29", org_units=ORGANISATION, deviations=[deviation("a", "2024-01-15")])
    compute(engine, catalogue)
    deliver(engine, "2024-02-29", deviations=[deviation("b", "2024-01-16")])
    overtaken = []

    def overtake(step: str, done: int, _total: int) -> None:
        if step == "Räknar" and done == 0 and not overtaken:
            overtaken.append(True)
            deliver(engine, "2024-02-29", deviations=[deviation("c", "2024-01-17")])
            compute(engine, catalogue)

    summary = compute(engine, catalogue, progress=overtake)
    assert summary.run_no is None, "the second attempt found nothing left to do"
    with reading(engine) as connection:
        assert connection.scalar(select(kpi_run.c.run_no).order_by(kpi_run.c.run_no.desc())) == 2
    assert table(engine, catalogue, "deviations_reported") == {"2024-01": "3", "2024-02": "0"}


def test_an_empty_warehouse_has_no_values(engine: Engine, catalogue: Catalogue) -> None:
    assert compute(engine, catalogue).written == 0
    with reading(engine) as connection:
        assert figure_values(connection, catalogue, OPERATOR, "sip_established") == []


def test_a_figure_that_is_taken_away_keeps_its_values(engine: Engine, catalogue: Catalogue) -> None:
    deliver(engine, "2024-02-29", org_units=ORGANISATION, deviations=[deviation("a", "2024-01-15")])
    compute(engine, catalogue)
    rest = {id_: one for id_, one in catalogue.definitions.items() if id_ != "deviations_reported"}
    summary = compute(engine, replace(catalogue, definitions=rest))
    assert (summary.run_no, summary.touched) == (2, ())
    with reading(engine) as connection:
        assert len(read_stored(connection, "deviations_reported")) == 4
    with pytest.raises(UserError, match="Menade du"), reading(engine) as connection:
        figure_values(connection, replace(catalogue, definitions=rest), OPERATOR, "deviations_reported")


def test_a_failed_run_changes_nothing_and_is_recorded(engine: Engine, catalogue: Catalogue) -> None:
    deliver(engine, "2024-02-29", org_units=ORGANISATION, deviations=[deviation("a", "2024-01-15")])

    def stop(step: str, done: int, _total: int) -> None:
        if step == "Sparar" and done == 9:
            raise MemoryError

    with pytest.raises(MemoryError):
        compute(engine, catalogue, progress=stop)
    with reading(engine) as connection:
        run = connection.execute(select(kpi_run.c.status, kpi_run.c.reason)).one()
        assert read_stored(connection, "sip_established") == {}
    assert (run.status, run.reason) == ("failed", "Oväntat fel (MemoryError). Se loggen.")
    assert table(engine, catalogue, "deviations_reported") == {"2024-01": "1", "2024-02": "0"}


def test_outside_its_validity_a_figure_has_nothing_not_zero(engine: Engine, catalogue: Catalogue) -> None:
    deliver(
        engine,
        "2024-06-30",
        org_units=ORGANISATION,
        sips=[sip("a", met_on="2024-01-15"), sip("b", met_on="2024-04-15")],
    )
    established = catalogue.definitions["sip_established"]
    meaning = replace(established.meaning, first=Period.parse("2024-02"), last=Period.parse("2024-05"))
    limited = replace(established, meaning=meaning, definition_hash="limited")
    shown = table(engine, replace(catalogue, definitions={established.id: limited}), established.id)
    assert shown == {"2024-02": "0", "2024-03": "0", "2024-04": "1", "2024-05": "0"}


def test_a_rolling_value_says_how_many_of_its_months_are_held(engine: Engine, catalogue: Catalogue) -> None:
    deliver(engine, "2024-04-30", org_units=ORGANISATION, deviations=[deviation("a", "2024-02-10")])
    reported = catalogue.definitions["deviations_reported"]
    rolling = replace(reported, meaning=replace(reported.meaning, rolling=3), definition_hash="rolling")
    found = cells(engine, replace(catalogue, definitions={reported.id: rolling}), reported.id, "norr")
    assert [(str(one.period), one.value, one.note) for one in found] == [
        ("2024-02", 1.0, "Bara 1 av de 3 månaderna har uppgifter."),
        ("2024-03", 1.0, "Bara 2 av de 3 månaderna har uppgifter."),
        ("2024-04", 1.0, None),
    ]
