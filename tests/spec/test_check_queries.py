"""Every figure equals its hand-written check query, on both databases, whatever has been delivered."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from kpi.compute import check, compute
from kpi.definition import Catalogue, Definition
from tests.builders.random_warehouse import deliveries
from tests.spec.check import CHECKED, run_check, stored


def assert_equal(engine: Engine, definition: Definition) -> int:
    kpi_id = definition.id
    ours, theirs = stored(engine, definition), run_check(engine, kpi_id)
    assert ours.keys() == theirs.keys(), kpi_id
    for key, cell in theirs.items():
        assert ours[key][:3] == cell[:3], (kpi_id, key)
        assert ours[key][3] == pytest.approx(cell[3], rel=1e-12), (kpi_id, key)
    return len(ours)


def test_every_shipped_figure_has_a_check_query(catalogue: Catalogue) -> None:
    assert set(CHECKED) == set(catalogue.definitions)


@pytest.mark.parametrize("seed", [1, 2])
def test_figures_equal_their_check_queries(engine: Engine, catalogue: Catalogue, seed: int) -> None:
    for _ in deliveries(engine, seed, 6):
        pass
    compute(engine, catalogue)
    for kpi_id in CHECKED:
        assert assert_equal(engine, catalogue.definitions[kpi_id]) > 0, f"{kpi_id} has no cells to compare"


@pytest.mark.parametrize("seed", [13])
def test_incremental_equals_full_and_the_check_queries(sqlite_engine: Engine, catalogue: Catalogue, seed: int) -> None:
    check_step_by_step(sqlite_engine, catalogue, seed)


@pytest.mark.postgres
def test_the_same_on_postgresql(postgres_engine: Engine, catalogue: Catalogue) -> None:
    check_step_by_step(postgres_engine, catalogue, 12)


def check_step_by_step(engine: Engine, catalogue: Catalogue, seed: int) -> None:
    kinds = []
    for _ in deliveries(engine, seed, 6):
        kinds.append(compute(engine, catalogue).kind)
        assert check(engine, catalogue) == []
    assert kinds == ["full", *["incremental"] * 6]
    for kpi_id in CHECKED:
        assert_equal(engine, catalogue.definitions[kpi_id])
