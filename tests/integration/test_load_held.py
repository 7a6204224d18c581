"""When a delivery waits for a controller, and when it is too late to approve it; on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from etl.mapping_loader import load_mappings
from etl.run import approve
from kpi.access import OPERATOR
from tests.builders.loading import Loading, deviation, sip

PLANS = "{sip_id: id, municipality_code: m, unit_code: u, person_id: id, initiator_actor: a, initiated_on: d}"
REVIEWS = (
    "{review_id: id, municipality_code: m, unit_code: u, reviewed_on: d, needs_stated: b, responsibilities_stated: b, "
    "other_measures_stated: b, lead_principal_stated: b}"
)
HEADER = "kind;id;m;u;a;d;b\n"


@pytest.fixture
def loading(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loading:
    """Beside canonical files: `alfa_*.csv`, a snapshot of plans (kind p) and reviews (kind r)."""
    folder = tmp_path / "mappings"
    folder.mkdir()
    text = "version: 1\nname: Alfa\nformat: csv\nfiles: [alfa_*.csv]\ndatasets:\n"
    for dataset, kind, fields in (("sips", "p", PLANS), ("sip_reviews", "r", REVIEWS)):
        text += f"  {dataset}: {{mode: snapshot, rows: {{column: kind, in: [{kind}]}}, fields: {fields}}}\n"
    (folder / "alfa.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("etl.recognise.load_mappings", lambda: load_mappings.__wrapped__(folder))
    return Loading(engine, tmp_path)


def _both(count: int, *, wrong: int = 0) -> str:
    """As many plans as reviews; of each, the first ones have an impossible day."""
    return HEADER + "".join(
        f"{kind};{kind}{number};1287;U1;skola;2025-01-{'99' if number < wrong else '10'};ja\n"
        for kind in "pr"
        for number in range(count)
    )


def test_rejects_are_judged_over_the_whole_delivery(loading: Loading) -> None:
    result = loading.load("alfa_1.csv", _both(60, wrong=5))
    assert (result.status, loading.current("sips")) == ("held", [])
    assert "10 av leveransens 120 rader avvisas, fler än 5 procent" in str(result.reason)


def test_few_rejects_in_all_hold_nothing(loading: Loading) -> None:
    assert loading.load("alfa_1.csv", _both(60, wrong=4)).status == "loaded"
    assert loading.load("alfa_1.csv", _both(100, wrong=5), as_of="2025-07-01").status == "loaded", "exactly 5 percent"


def test_deletions_are_judged_over_the_whole_delivery(loading: Loading) -> None:
    loading.load("alfa_1.csv", _both(40), as_of="2025-06-01")
    result = loading.load("alfa_1.csv", _both(35), as_of="2025-06-02")
    assert (result.status, len(loading.current("sips"))) == ("held", 40)
    assert "10 av 80 poster saknas i leveransen" in str(result.reason)
    assert loading.load("alfa_1.csv", _both(36), as_of="2025-06-03").status == "loaded"


def test_a_held_delivery_gives_way_to_a_later_one_of_the_same_day(loading: Loading) -> None:
    loading.load("alfa_1.csv", _both(30), as_of="2025-06-01")
    held = loading.load("alfa_1.csv", _both(10), as_of="2025-06-02")
    loading.load("alfa_1.csv", _both(31), as_of="2025-06-02")
    late = approve(loading.engine, loading.settings, int(held.delivery_id or 0), by=OPERATOR)
    assert late.status == "refused"
    assert "Leverans 3 kom efter den här" in str(late.reason)
    assert len(loading.current("sips")) == 31


def test_a_held_delivery_is_approved_beside_other_scopes_of_the_day(loading: Loading) -> None:
    bad = [deviation(f"D{number}", reported_on="2025-01-99") for number in range(10)]
    held = loading.load("deviations.csv", [deviation("D99", reported_on="2025-01-12"), *bad])
    loading.load("deviations-2.csv", [deviation("D1", municipality_code="1263")])
    loading.load("sips.csv", [sip("S1")])
    assert held.status == "held"
    steps: list[str] = []
    loaded = approve(
        loading.engine, loading.settings, int(held.delivery_id or 0), by=OPERATOR,
        progress=lambda step, _done, _total: steps.append(step),
    )  # fmt: skip
    assert (loaded.status, steps) == ("loaded", ["Läser filen", "Skriver rader"])
    assert (date(2025, 1, 12),) in loading.current("deviations", "reported_on")
