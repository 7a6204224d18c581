"""What the figures about plans and calls mean, by small tables."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, SKANE, TRELLEBORG, cells, only, sip, table


def test_established_counts_first_meetings_unless_consent_is_declined(engine: Engine, catalogue: Catalogue) -> None:
    deliver(
        engine,
        "2024-04-15",
        org_units=ORGANISATION,
        sips=[
            sip("given", met_on="2024-01-31"),
            sip("unknown consent counts", met_on="2024-02-29", consent="unknown"),
            sip("withdrawn was established", met_on="2024-02-01", consent="withdrawn", consent_on="2024-02-10"),
            sip("declined is not", consent="declined"),
            sip("no meeting yet", called_on="2024-01-20"),
        ],
    )
    assert table(engine, only(catalogue, "sip_established"), "sip_established") == {
        "2024-01": "1",
        "2024-02": "2",
        "2024-03": "0",
        "2024-04": "0*",
    }


def test_silence_is_zero_within_coverage_and_missing_outside(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_established", "deviations_reported", "sip_call_complete")
    deliver(engine, "2024-03-31", org_units=ORGANISATION, sips=[sip("a", initiated_on="2024-02-10")])
    assert table(engine, figures, "sip_established") == {"2024-02": "0", "2024-03": "0"}
    assert table(engine, figures, "sip_established", "söder") == {"2024-02": "0", "2024-03": "0"}
    assert table(engine, figures, "deviations_reported") == {}, "no deviations were ever delivered"
    assert table(engine, figures, "sip_call_complete") == {}, "a share of nothing is missing, not zero"
    assert table(engine, figures, "sip_established", "bup") == {}, "the region's own unit rests on no municipality"


def test_above_municipalities_silence_is_zero_only_when_all_below_cover(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_established")
    svedala = [{**ORGANISATION[1], "unit_code": "svedala", "municipality_code": "1263"}]
    rows = [sip("a", met_on="2024-01-15")]
    deliver(engine, "2024-03-31", org_units=[*ORGANISATION, *svedala], sips=rows)
    assert table(engine, figures, "sip_established", SKANE) == {"2024-01": "1"}
    late = sip("b", municipality_code="1263", initiated_on="2024-02-01", unit_code="svedala")
    deliver(engine, "2024-03-20", sips=[late])
    assert table(engine, figures, "sip_established", SKANE) == {"2024-01": "1", "2024-02": "0", "2024-03": "0*"}


def test_active_is_a_stock_on_the_last_day(engine: Engine, catalogue: Catalogue) -> None:
    deliver(
        engine,
        "2024-04-10",
        org_units=ORGANISATION,
        sips=[
            sip("stays", met_on="2024-01-31"),
            sip("closed on the last day is not active", met_on="2024-01-05", closed_on="2024-02-29"),
            sip("closed the day after still is", met_on="2024-01-05", closed_on="2024-03-01"),
            sip("opened and closed within a month", met_on="2024-02-01", closed_on="2024-02-20"),
            sip("same day", met_on="2024-02-01", closed_on="2024-02-01"),
            sip("withdrawn in March", met_on="2024-01-05", consent="withdrawn", consent_on="2024-03-15"),
            sip("withdrawn, nobody knows when", met_on="2024-01-05", consent="withdrawn"),
            sip("after as-of", met_on="2024-04-10", closed_on="2024-04-10"),
        ],
    )
    assert table(engine, only(catalogue, "sip_active"), "sip_active") == {
        "2024-01": "4",
        "2024-02": "3",
        "2024-03": "1",
        "2024-04": "1*",
    }


@pytest.mark.parametrize(
    ("birth_date", "last_active"),
    [
        ("2006-03-01", "2024-02"),
        ("2006-03-31", "2024-02"),
        ("2006-04-01", "2024-03"),
        ("2006-02-28", "2024-01"),
        ("2004-02-29", None),
        ("2008-02-29", "2024-05"),
        (None, "2024-05"),
    ],
)
def test_active_ends_on_the_18th_birthday(
    engine: Engine, catalogue: Catalogue, birth_date: str | None, last_active: str | None
) -> None:
    deliver(engine, "2024-05-31", org_units=ORGANISATION, sips=[sip("a", met_on="2024-01-02", birth_date=birth_date)])
    active = [
        period for period, value in table(engine, only(catalogue, "sip_active"), "sip_active").items() if value == "1"
    ]
    assert (active[-1] if active else None) == last_active


def test_one_born_on_leap_day_turns_18_on_the_first_of_march(engine: Engine, catalogue: Catalogue) -> None:
    rows = [sip("a", initiated_on="2026-01-01", met_on="2026-01-02", birth_date="2008-02-29")]
    deliver(engine, "2026-03-31", org_units=ORGANISATION, sips=rows)
    assert table(engine, only(catalogue, "sip_active"), "sip_active") == {
        "2026-01": "1",
        "2026-02": "1",
        "2026-03": "0",
    }


def test_school_initiated_takes_the_initiator_when_nobody_else_called(engine: Engine, catalogue: Catalogue) -> None:
    deliver(
        engine,
        "2024-02-29",
        org_units=ORGANISATION,
        sips=[
            sip("school called", called_on="2024-01-10", calling_actor="skola"),
            sip("school initiated and called", called_on="2024-01-10", initiator_actor="elevhalsa"),
            sip("school initiated, other called", called_on="2024-01-10", initiator_actor="skola", calling_actor="bup"),
            sip("never called", initiator_actor="skola"),
        ],
    )
    assert table(engine, only(catalogue, "sip_school_initiated"), "sip_school_initiated") == {"2024-01": "2/3"}


def test_a_complete_call_states_purpose_and_question(engine: Engine, catalogue: Catalogue) -> None:
    deliver(
        engine,
        "2024-02-29",
        org_units=ORGANISATION,
        sips=[
            sip("both", called_on="2024-01-31", purpose_stated=True, question_stated=True),
            sip("one", called_on="2024-01-31", purpose_stated=True),
            sip("none, declined afterwards", called_on="2024-02-01", consent="declined"),
        ],
    )
    assert table(engine, only(catalogue, "sip_call_complete"), "sip_call_complete") == {
        "2024-01": "1/2",
        "2024-02": "0/1",
    }


def test_lead_time_is_an_exact_median_recomputed_at_every_level(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_lead_time")
    deliver(
        engine,
        "2024-02-29",
        org_units=ORGANISATION,
        sips=[
            sip("same day", met_on="2024-01-01"),
            sip("ten", met_on="2024-01-11"),
            sip("fifteen", met_on="2024-01-16", unit_code="söder"),
            sip("thirty", met_on="2024-01-31", unit_code="söder"),
            sip("none yet"),
        ],
    )
    assert table(engine, figures, "sip_lead_time") == {"2024-01": "5 (2)"}
    assert table(engine, figures, "sip_lead_time", "söder") == {"2024-01": "22.5 (2)"}
    assert table(engine, figures, "sip_lead_time", "soc") == {"2024-01": "12.5 (4)"}


def test_per_1000_divides_by_the_years_children_and_marks_older_years(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_per_1000")
    children = [{"municipality_code": "1287", "year": 2023, "age": str(age), "children": 500} for age in range(18)]
    children.append({"municipality_code": "1287", "year": 2024, "age": "0-17", "children": 10_000})
    days = ["2022-12-01", "2023-04-30", "2024-05-01", "2025-01-01", "2025-01-02"]
    deliver(
        engine,
        "2025-02-10",
        org_units=ORGANISATION,
        population=children,
        sips=[sip(day, initiated_on=day, met_on=day) for day in days],
    )
    assert table(engine, figures, "sip_per_1000", TRELLEBORG) == {
        "2022-T3": "1/9000",
        "2023-T1": "1/9000",
        "2023-T2": "0/9000",
        "2023-T3": "0/9000",
        "2024-T1": "0/10000",
        "2024-T2": "1/10000",
        "2024-T3": "0/10000",
        "2025-T1": "2/10000*",
    }
    found = cells(engine, figures, "sip_per_1000", SKANE)
    assert [cell.note is not None for cell in found] == [True, *[False] * 7]
    assert found[-1].value == pytest.approx(0.2)
    assert table(engine, figures, "sip_per_1000", "norr") == {}


def test_per_1000_has_no_value_without_children_and_sums_what_is_known(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_per_1000")
    svedala = {**ORGANISATION[1], "unit_code": "svedala", "municipality_code": "1263"}
    child = {"municipality_code": "1287", "year": 2024, "age": "0-17", "children": 8000}
    rows = [
        sip("a", met_on="2024-01-15"),
        sip("b", municipality_code="1263", unit_code="svedala", met_on="2024-02-15"),
        sip("c", unit_code="bup", met_on="2024-03-15"),
    ]
    deliver(engine, "2024-04-30", org_units=[*ORGANISATION, svedala], population=[child], sips=rows)
    assert table(engine, figures, "sip_per_1000", "svedala") == {}
    assert table(engine, figures, "sip_per_1000", TRELLEBORG) == {"2024-T1": "1/8000"}
    assert table(engine, figures, "sip_per_1000", SKANE) == {"2024-T1": "2/8000"}, "Trelleborg's and BUP's own"


def test_a_year_with_only_some_ages_is_not_known(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_per_1000")
    ages = [{"municipality_code": "1287", "year": 2024, "age": str(age), "children": 500} for age in range(17)]
    deliver(engine, "2024-04-30", org_units=ORGANISATION, population=ages, sips=[sip("a", met_on="2024-01-15")])
    assert table(engine, figures, "sip_per_1000", TRELLEBORG) == {}
    year_before = {"municipality_code": "1287", "year": 2023, "age": "0-17", "children": 8000}
    deliver(engine, "2024-04-30", population=[year_before])
    assert table(engine, figures, "sip_per_1000", TRELLEBORG) == {"2024-T1": "1/8000"}
    deliver(engine, "2024-04-30", population=[{**ages[0], "age": "17"}])
    assert table(engine, figures, "sip_per_1000", TRELLEBORG) == {"2024-T1": "1/9000"}
