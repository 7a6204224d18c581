"""Rejected rows: what closes them, and what a replay may and may not change; on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from etl.mapping_loader import load_mappings
from etl.run import replay
from kpi.access import OPERATOR
from tests.builders.loading import Loading, counts, deviation

MAPPING = """version: 1
name: Avvikelser
format: csv
files: [avv_*.csv]
codes: {part: {BUP: bup}, slag: {A: A}}
datasets:
  deviations:
    fields:
      deviation_id: {join: [{column: Slag, codes: slag}, {column: Nr}]}
      municipality_code: {value: '1287'}
      unit_code: Enhet
      reported_on: Dag
      reporting_actor: {value: skola}
      counterpart_actor: {column: Part, codes: part}
      category: {value: annan}
"""
HEADER = "Slag;Nr;Enhet;Dag;Part\n"


@pytest.fixture
def loading(engine: Engine, tmp_path: Path) -> Loading:
    return Loading(engine, tmp_path)


@pytest.fixture
def mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source system's mapping that the test may mend."""
    folder = tmp_path / "mappings"
    folder.mkdir()
    path = folder / "avv.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    monkeypatch.setattr("etl.recognise.load_mappings", lambda: load_mappings.__wrapped__(folder))
    return path


def _mend(mapping: Path) -> None:
    """Both code tables learn their missing code."""
    mended = MAPPING.replace("BUP: bup", "BUP: bup, Hab: habilitering").replace("A: A", "A: A, Ny: A")
    mapping.write_text(mended, encoding="utf-8")


def _parts(loading: Loading) -> list[tuple[object, ...]]:
    return loading.current("deviations", "deviation_id", "counterpart_actor")


def test_a_contradicting_row_stays_rejected_when_it_comes_alone(loading: Loading) -> None:
    loading.load("deviations.csv", [deviation("D1", reported_on="2025-01-10")], as_of="2025-05-31")
    rows = [deviation("D1", reported_on="2025-01-10"), deviation("D1", reported_on="2025-02-10")]
    assert counts(loading.load("deviations.csv", rows)) == {"read": 2, "unchanged": 1, "rejected": 1}
    assert replay(loading.engine, loading.settings, by=OPERATOR) == []
    assert loading.current("deviations", "reported_on") == [(date(2025, 1, 10),)]
    assert loading.rejects() == [(2, 3, "deviation_id", "repeated_key")]


def test_a_mended_row_never_overturns_its_own_delivery(loading: Loading, mapping: Path) -> None:
    loading.load("avv_1.csv", HEADER + "A;1;E;2025-01-01;Hab\nA;1;E;2025-01-01;BUP\nA;2;E;2025-01-01;Hab\n")
    _mend(mapping)
    (result,) = replay(loading.engine, loading.settings, by=OPERATOR)
    assert counts(result) == {"read": 2, "inserted": 1, "rejected": 1}
    assert _parts(loading) == [("A1", "bup"), ("A2", "habilitering")]
    assert loading.rejects() == [(2, 2, "deviation_id", "superseded")]
    assert "i samma eller en senare leverans" in result.problems[0]
    assert replay(loading.engine, loading.settings, by=OPERATOR) == []


@pytest.mark.parametrize(("content", "said"), [("Hab", "unchanged"), ("BUP", "rejected")])
def test_a_key_that_becomes_readable_gives_way_to_a_later_delivery(
    loading: Loading, mapping: Path, content: str, said: str
) -> None:
    loading.load("avv_1.csv", HEADER + "Ny;1;E;2025-01-01;Hab\nNy;2;E;2025-01-01;BUP\n", as_of="2025-06-01")
    _mend(mapping)
    loading.load("avv_2.csv", HEADER + f"A;1;E;20250101;{content}\n", as_of="2025-06-01")
    (result,) = replay(loading.engine, loading.settings, by=OPERATOR)
    assert counts(result) == {"read": 2, "inserted": 1, said: 1}
    assert _parts(loading) == [("A1", "habilitering" if content == "Hab" else "bup"), ("A2", "bup")]


# --- rejects whose key could not be read ----------------------------------------


def test_a_reject_without_a_key_waits_for_its_own_row(loading: Loading) -> None:
    nameless = deviation("", category="oklart_ansvar")
    loading.load("deviations.csv", [deviation("D1"), nameless], as_of="2025-06-01")
    loading.load("deviations.csv", [deviation("D2")], as_of="2025-06-02")
    loading.load("deviations.csv", [deviation("D3", municipality_code="1263", category="oklart_ansvar")])
    assert loading.rejects() == [(1, 3, "deviation_id", "required")], "the file's name answers nothing"
    loading.load("deviations-ny.csv", [nameless])
    assert loading.rejects() == [(4, 2, "deviation_id", "required")], "told once, by the latest delivery"
    loading.load("deviations.csv", [{**nameless, "deviation_id": "D4"}])
    assert loading.rejects() == []


def test_a_replay_answers_the_rows_that_it_takes_again(loading: Loading, mapping: Path) -> None:
    loading.load("avv_1.csv", HEADER + "Ny;1;E;2025-01-01;Hab\nFel;2;E;2025-01-01;BUP\n")
    assert len(loading.rejects()) == 2
    _mend(mapping)
    replay(loading.engine, loading.settings, by=OPERATOR)
    assert loading.rejects() == [(2, 3, "deviation_id", "unknown_code")]
