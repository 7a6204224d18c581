"""Figures to compare with: invented and marked so, missing where nothing was published, as Kolada's catalogue says."""

from __future__ import annotations

import csv
from datetime import date
from itertools import pairwise

import pytest

from etl.simulate import simulate
from warehouse.contract import DATASETS

UNTIL = date(2026, 11, 22)
CODES = ("1287", "1263", "1233", "2380")


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    folder = tmp_path_factory.mktemp("context")
    simulate(folder, municipalities=CODES, months=36, seed=1, until=UNTIL)
    found: list[dict[str, str]] = []
    for path in sorted(folder.glob("context_values*")):
        assert "SYNTETISK" in path.name
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, delimiter=";")
    return found


def test_each_figure_belongs_to_its_level_and_is_told_by_sex_where_kolada_does(rows: list[dict[str, str]]) -> None:
    told = {(row["kpi_id"], row["municipality_code"], row["sex"]) for row in rows}
    municipal = {
        (kpi_id, code, sex) for kpi_id in ("N15608", "N15638", "U33578") for code in CODES for sex in ("T", "K", "M")
    }
    assert told == municipal | {("U72552", "0012", "T"), ("U72552", "0023", "T")}
    keys = [tuple(row[field.name] for field in DATASETS["context_values"].key) for row in rows]
    assert len(set(keys)) == len(keys)


def test_the_pupils_survey_comes_every_second_year_and_nothing_is_told_of_the_running_year(
    rows: list[dict[str, str]],
) -> None:
    for code in CODES:
        mine = [row for row in rows if row["municipality_code"] == code]
        for kpi_id in ("N15608", "N15638"):
            years = sorted({int(row["year"]) for row in mine if row["kpi_id"] == kpi_id})
            assert {after - before for before, after in pairwise(years)} == {2}
    assert max(row["year"] for row in rows) == "2025"


def test_a_value_is_there_with_a_blank_status_or_missing_and_never_zero(rows: list[dict[str, str]]) -> None:
    missing = [row for row in rows if row["value"] == ""]
    assert 3 <= len(missing) < len(rows) / 4
    assert all((row["status"] == "") == (row["value"] != "") for row in rows)
    assert all(0 < float(row["value"]) <= 100 for row in rows if row["value"])


def test_all_lie_between_girls_and_boys(rows: list[dict[str, str]]) -> None:
    values = {(row["kpi_id"], row["municipality_code"], row["year"], row["sex"]): row["value"] for row in rows}
    for (*key, sex), value in values.items():
        girls, boys = values.get((*key, "K"), ""), values.get((*key, "M"), "")
        if sex == "T" and value and girls and boys:
            assert min(float(girls), float(boys)) <= float(value) <= max(float(girls), float(boys))
