"""The whole way on simulated deliveries: files → versions → figures, each equal to its hand-written check query."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from etl.run import load
from etl.simulate import simulate
from kpi.compute import check, compute
from kpi.loader import load_catalogue
from tests.spec.check import CHECKED, run_check, stored
from warehouse.settings import ROOT, Settings

UNTIL = date(2025, 9, 30)


@pytest.mark.slow
def test_simulated_deliveries_give_what_the_check_queries_say(engine: Engine, tmp_path: Path) -> None:
    files = tmp_path / "in"
    simulate(files, municipalities=["1287", "1263"], months=30, seed=7, until=UNTIL)
    settings = Settings(
        data_dir=tmp_path / "var",
        pseudonym_key=SecretStr("en nyckel bara för proven, minst 32 tecken"),
        encryption_key=SecretStr("en annan nyckel bara för proven, 32 tecken"),
    )
    catalogue = load_catalogue(ROOT / "kpi_definitions.yaml")
    load(engine, settings, [files], as_of=UNTIL)
    compute(engine, catalogue)
    assert check(engine, catalogue) == []
    for kpi_id in CHECKED:
        ours, expected = stored(engine, catalogue.definitions[kpi_id]), run_check(engine, kpi_id)
        assert ours.keys() == expected.keys(), kpi_id
        assert expected or catalogue.definitions[kpi_id].is_own, f"{kpi_id} has no cells to compare"
        for key, cell in expected.items():
            assert ours[key][:3] == cell[:3], (kpi_id, key)
            assert ours[key][3] == pytest.approx(cell[3], rel=1e-12), (kpi_id, key)
