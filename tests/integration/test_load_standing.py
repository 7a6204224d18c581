"""Rules about what stands already, where a delivery replaces it or holds both; on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from etl.mapping_loader import load_mappings
from etl.result import LoadResult
from tests.builders.loading import Loading

REFERRALS = {
    "referrals": "{referral_id: id, municipality_code: m, centre_code: c, from_actor: f, to_actor: t, referred_on: d}",
    "referral_counts": "{municipality_code: m, centre_code: c, month: d, from_actor: f, to_actor: t, referred: n}",
}
POPULATION = "{municipality_code: m, year: year, age: age, children: n}"
HEADER = "id;m;c;f;t;d;n\n"
YEARS = "m;year;age;n\n"


@pytest.fixture
def loading(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loading:
    """Sources: `alfa` with snapshots, `beta` with changes; a row with an id is a referral, else a count."""
    folder = tmp_path / "mappings"
    folder.mkdir()
    for source, mode in (("alfa", "snapshot"), ("beta", "delta")):
        text = f"version: 1\nname: {source}\nformat: csv\nfiles: [{source}_*.csv]\ndatasets:\n"
        for dataset, fields in REFERRALS.items():
            skip = "[referral_id]" if dataset == "referrals" else "[referred]"
            text += f"  {dataset}: {{mode: {mode}, files: [{source}_ref*], skip_blank: {skip}, fields: {fields}}}\n"
        text += f"  population: {{mode: {mode}, files: [{source}_pop*], fields: {POPULATION}}}\n"
        (folder / f"{source}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("etl.recognise.load_mappings", lambda: load_mappings.__wrapped__(folder))
    return Loading(engine, tmp_path)


def _ages(year: int) -> str:
    return "".join(f"1287;{year};{age};10\n" for age in range(8))


def _rejected(result: LoadResult) -> dict[str, int]:
    assert result.status == "loaded", result.reason
    return {each.dataset: each.rejected for each in result.counts}


def test_a_snapshot_may_change_a_years_form(loading: Loading) -> None:
    loading.load("alfa_pop.csv", YEARS + _ages(2024), as_of="2025-03-01")
    changed = loading.load("alfa_pop.csv", YEARS + "1287;2024;0-17;200\n", as_of="2025-03-02")
    assert _rejected(changed) == {"population": 0}
    assert loading.current("population", "age", "children") == [("0-17", 200)]
    back = loading.load("alfa_pop.csv", YEARS + _ages(2024), as_of="2025-03-03")
    assert _rejected(back) == {"population": 0}
    assert len(loading.current("population")) == 8


def test_a_snapshot_gives_way_to_another_source_and_may_not_mix_by_itself(loading: Loading) -> None:
    loading.load("beta_pop.csv", YEARS + "1287;2023;0-17;200\n", as_of="2025-03-01")
    mixed = YEARS + "1287;2023;3;10\n1287;2024;0-17;200\n1287;2024;3;10\n"
    assert _rejected(loading.load("alfa_pop.csv", mixed, as_of="2025-03-02")) == {"population": 2}


def test_changes_may_not_change_a_years_form(loading: Loading) -> None:
    loading.load("beta_pop.csv", YEARS + _ages(2024), as_of="2025-03-01")
    changed = loading.load("beta_pop.csv", YEARS + "1287;2024;0-17;200\n", as_of="2025-03-02")
    assert _rejected(changed) == {"population": 1}


LISTED = "R1;1287;C1;bvc;mvc;2025-01-10;\n"
COUNTED = ";1287;C1;bvc;mvc;2025-01;7\n"
OTHER_COUNTED, OTHER_LISTED = COUNTED.replace("C1", "C2"), LISTED.replace("C1", "C2").replace("R1", "R2")


@pytest.mark.parametrize(("first", "then"), [(LISTED, COUNTED), (COUNTED, LISTED)])
def test_a_snapshot_of_both_may_change_a_months_form(loading: Loading, first: str, then: str) -> None:
    both = OTHER_LISTED + OTHER_COUNTED.replace("C2", "C3")
    loading.load("alfa_ref.csv", HEADER + first + both, as_of="2025-03-01")
    changed = loading.load("alfa_ref.csv", HEADER + then + both, as_of="2025-03-02")
    assert _rejected(changed) == {"referrals": 0, "referral_counts": 0}
    listed, counted = (loading.current(dataset, "centre_code") for dataset in REFERRALS)
    assert (("C1",) in listed, ("C1",) in counted) == (then is LISTED, then is COUNTED)


@pytest.mark.parametrize("source", ["alfa", "beta"])
def test_one_delivery_may_not_list_and_count_the_same_month(loading: Loading, source: str) -> None:
    result = loading.load(f"{source}_ref.csv", HEADER + COUNTED + LISTED + OTHER_COUNTED)
    assert _rejected(result) == {"referrals": 0, "referral_counts": 1}
    assert loading.rejects() == [(1, 2, "month", "counts_or_referrals")]
    assert "redan levererad som hänvisningar" in result.problems[0]
    assert loading.current("referral_counts", "centre_code") == [("C2",)]


def test_changes_may_not_change_a_months_form(loading: Loading) -> None:
    loading.load("beta_ref.csv", HEADER + COUNTED, as_of="2025-03-01")
    assert _rejected(loading.load("beta_ref.csv", HEADER + LISTED, as_of="2025-03-02"))["referrals"] == 1
