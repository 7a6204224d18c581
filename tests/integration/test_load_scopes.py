"""Which municipalities a delivery speaks for, and what it may end there; on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from etl.mapping_loader import load_mappings
from etl.run import replay
from kpi.access import OPERATOR
from tests.builders.loading import Loading, counts, deviation
from warehouse.database import reading
from warehouse.tables import delivery_scope

SAME = "{{{}}}"
MAPPING = """version: 1
name: Samlingskälla
format: csv
files: [alfa_*.csv]
datasets:
"""
FIELDS = {
    "deviations": "deviation_id municipality_code unit_code reported_on reporting_actor counterpart_actor category",
    "training": "unit_code month subject staff trained",
}
UNITS = (
    "unit_code;name;level;municipality_code\n"
    "T1;Norr;unit;1287\nT2;Söder;unit;1287\nV1;Svedala;unit;1263\nR1;BUP;unit;\n"
)
TRAINING = "unit_code;month;subject;staff;trained\n"


@pytest.fixture
def loading(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loading:
    """Beside canonical files: `alfa_<dataset>.csv`, snapshots."""
    folder = tmp_path / "mappings"
    folder.mkdir()
    text = MAPPING
    for dataset, fields in FIELDS.items():
        same = ", ".join(f"{name}: {name}" for name in fields.split())
        text += f"  {dataset}: {{mode: snapshot, files: [alfa_{dataset}*], fields: {SAME.format(same)}}}\n"
    (folder / "alfa.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("etl.recognise.load_mappings", lambda: load_mappings.__wrapped__(folder))
    return Loading(engine, tmp_path)


def _scopes(loading: Loading) -> list[tuple[int, str, str]]:
    columns = (delivery_scope.c.delivery_id, delivery_scope.c.municipality_code, delivery_scope.c.as_of)
    with reading(loading.engine) as connection:
        rows = connection.execute(select(*columns).order_by(*columns[:2])).all()
    return [(number, code, str(as_of)) for number, code, as_of in rows]


def _others(*numbers: str) -> list[dict[str, str]]:
    return [deviation(number, municipality_code="1263") for number in numbers]


# --- rejected rows ------------------------------------------------------------


def test_a_rejected_row_does_not_make_a_snapshot_speak_for_its_municipality(loading: Loading) -> None:
    loading.load("alfa_deviations_v.csv", _others("V1", "V2"), as_of="2025-02-01")
    bad = deviation("V3", municipality_code="1263", reported_on="2025-01-99")
    result = loading.load("alfa_deviations_t.csv", [deviation("T1"), bad], as_of="2025-03-20")
    assert counts(result) == {"read": 2, "inserted": 1, "rejected": 1}
    assert loading.current("deviations", "deviation_id") == [("T1",), ("V1",), ("V2",)]
    assert _scopes(loading) == [(1, "1263", "2025-02-01"), (2, "1287", "2025-03-20")]
    loading.load("alfa_deviations_t.csv", [deviation("T1")], as_of="2025-03-21")
    assert loading.rejects() == [(2, 3, "reported_on", "impossible_date")], "not that municipality's snapshot"
    loading.load("alfa_deviations_v.csv", _others("V1"), as_of="2025-03-21")
    assert loading.rejects() == []


def test_changes_that_were_all_rejected_move_no_as_of(loading: Loading) -> None:
    loading.load("deviations.csv", [deviation("D1")], as_of="2025-03-01")
    bad = [deviation("D2", category="x"), deviation("D3", reported_on="2025-03-05", municipality_code="1263")]
    assert counts(loading.load("deviations.csv", bad[:1], as_of="2025-04-01")) == {"read": 1, "rejected": 1}
    assert loading.load("deviations.csv", bad[:1], as_of="2025-04-01").status == "unchanged"
    assert _scopes(loading) == [(1, "1287", "2025-03-01")]
    assert loading.load("deviations.csv", [deviation("D4")], as_of="2025-03-02").status == "loaded"


def test_a_replayed_row_takes_the_latest_day_of_its_own_municipality(loading: Loading) -> None:
    late = deviation("V1", municipality_code="1263", reported_on="2025-03-05")
    loading.load("deviations.csv", [deviation("T1"), late], as_of="2025-03-01")
    loading.load("deviations-v.csv", _others("V2"), as_of="2025-03-10")
    (result,) = replay(loading.engine, loading.settings, by=OPERATOR)
    assert counts(result) == {"read": 1, "inserted": 1}
    assert _scopes(loading)[-1] == (3, "1263", "2025-03-10")


# --- a row's municipality is its unit's -----------------------------------------


def test_a_municipality_ends_no_other_units_training(loading: Loading) -> None:
    loading.load("org_units.csv", UNITS, as_of="2025-01-01")
    trelleborg = TRAINING + "T1;2025-01;secrecy;10;5\nT2;2025-01;secrecy;10;5\n"
    loading.load("alfa_training_t.csv", trelleborg, as_of="2025-03-10")
    svedala = loading.load("alfa_training_v.csv", TRAINING + "V1;2025-01;secrecy;8;4\n", as_of="2025-03-01")
    assert counts(svedala) == {"read": 1, "inserted": 1}, "neither older nor the other's whole scope"
    shrunk = loading.load("alfa_training_t.csv", TRAINING + "T1;2025-01;secrecy;10;5\n", as_of="2025-03-11")
    assert counts(shrunk) == {"read": 1, "unchanged": 1, "deleted": 1}
    assert loading.current("training", "unit_code") == [("T1",), ("V1",)]
    assert [scope for scope in _scopes(loading) if scope[0] > 1] == [
        (2, "1287", "2025-03-10"), (3, "1263", "2025-03-01"), (4, "1287", "2025-03-11"),
    ]  # fmt: skip


def test_units_that_are_not_known_yet_have_no_municipality(loading: Loading) -> None:
    loading.load("alfa_training_t.csv", TRAINING + "T1;2025-01;secrecy;10;5\nT2;2025-01;secrecy;10;5\n")
    assert _scopes(loading) == [(1, "", "2025-06-30")]
    loading.load("org_units.csv", UNITS)
    shrunk = loading.load("alfa_training_t.csv", TRAINING + "T1;2025-01;secrecy;10;5\n")
    assert counts(shrunk) == {"read": 1, "unchanged": 1, "deleted": 1}


def test_reported_values_have_an_as_of_per_municipality(loading: Loading) -> None:
    loading.load("org_units.csv", UNITS, as_of="2025-01-01")
    head = "kpi_id;unit_code;period;numerator\n"
    loading.load("reported_values.csv", head + "deviations_reported;T1;2025-05;4\n", as_of="2025-08-31")
    other = loading.load("reported_values-v.csv", head + "deviations_reported;V1;2025-05;4\n", as_of="2025-06-15")
    assert other.status == "loaded"
    older = loading.load("reported_values.csv", head + "deviations_reported;T2;2025-05;4\n", as_of="2025-08-30")
    assert older.status == "refused"
    assert "för kommun 1287" in str(older.reason)
