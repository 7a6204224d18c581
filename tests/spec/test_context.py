"""Others' statistics: as given, at the unit they are about, and never made up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, SKANE, TRELLEBORG, Row, cells, only, table, unit

REGION = "12"
COUNTY = [{**row, "unit_code": REGION} if row["unit_code"] == SKANE else row for row in ORGANISATION]
"""The organisation with the region under its county's code."""
COUNTY = [row | {"parent_code": REGION} if row["parent_code"] == SKANE else row for row in COUNTY]


def given(kpi_id: str, code: str, year: int, value: float | None, sex: str = "T", **fields: Any) -> Row:
    return {"kpi_id": kpi_id, "municipality_code": code, "year": year, "sex": sex, "value": value} | fields


def test_the_regions_value_under_koladas_code(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "bup_first_visit_90d")
    deliver(
        engine,
        "2024-05-10",
        org_units=COUNTY,
        context_values=[
            given("U72552", "0012", 2021, 67.4),
            given("U72552", "0012", 2022, None, status="Missing"),
            given("U72552", "0012", 2023, 0),
            given("U72552", "0012", 2023, 55.5, "K"),
            given("U72552", "0012", 2022, 44.4, "M"),
            given("U72552", "1287", 2023, 99.9),  # about a municipality: not this figure's
            given("U72552", "0001", 2023, 88.8),  # another region
            given("N15608", "0012", 2023, 77.7),
        ],
    )
    assert table(engine, figures, "bup_first_visit_90d", REGION) == {"2021": "67.4", "2023": "0"}
    assert table(engine, figures, "bup_first_visit_90d", TRELLEBORG) == {}
    (first, _) = cells(engine, figures, "bup_first_visit_90d", REGION)
    assert (first.numerator, first.denominator, first.cases) == (None, None, 0)

    corrected = [given("U72552", "0012", 2022, 61.25), given("U72552", "0012", 2023, None)]
    deliver(engine, "2024-06-10", context_values=corrected)
    assert table(engine, figures, "bup_first_visit_90d", REGION) == {"2021": "67.4", "2022": "61.25"}
    deliver(engine, "2024-06-10", gone={"context_values": [given("U72552", "0012", 2021, None)]})
    assert table(engine, figures, "bup_first_visit_90d", REGION) == {"2022": "61.25"}


def test_the_region_under_its_own_code(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "bup_first_visit_90d")
    rows = [given("U72552", REGION, 2023, 50.5), given("U72552", "0012", 2022, 40)]
    deliver(engine, "2024-05-10", org_units=ORGANISATION, context_values=rows)
    assert table(engine, figures, "bup_first_visit_90d", SKANE) == {}, "a region of another code"
    deliver(engine, "2024-05-10", org_units=COUNTY)
    assert table(engine, figures, "bup_first_visit_90d", REGION) == {"2022": "40", "2023": "50.5"}, "it arrived"


def test_series_stand_apart_and_are_never_summed(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "school_health_access", "youth_influence")
    svedala = unit("svedala", "municipality", REGION, "1263")
    deliver(
        engine,
        "2024-05-10",
        org_units=[*COUNTY, svedala],
        context_values=[
            given("N15608", "1287", 2022, 71.2),
            given("N15638", "1287", 2022, 48.9),
            given("N15608", "1287", 2023, None, status="Private"),
            given("N15608", "1263", 2023, 80),
            given("N15638", "0012", 2023, 60),  # about a region: not this figure's
            given("U33578", "1263", 2023, 100),
            given("U33578", "1263", 2023, 90, "K"),
            given("U33578", "0012", 2023, 50),
            given("U33578", "1233", 2023, 10),  # a municipality that we do not know
        ],
    )
    assert table(engine, figures, "school_health_access", TRELLEBORG) == {"2022 N15608": "71.2", "2022 N15638": "48.9"}
    assert table(engine, figures, "school_health_access", "svedala") == {"2023 N15608": "80"}
    assert table(engine, figures, "youth_influence", "svedala") == {"2023": "100"}
    assert table(engine, figures, "youth_influence", TRELLEBORG) == {}, "zeros are never made"
    for kpi_id in figures.definitions:
        assert table(engine, figures, kpi_id, REGION) == {}
        assert table(engine, figures, kpi_id, "soc") == {}
