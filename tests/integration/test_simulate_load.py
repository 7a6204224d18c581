"""A simulated round is loaded with next to no rejects, and a few bad rows of each kind have something to show."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from etl.result import LoadResult
from etl.run import load
from etl.simulate import simulate
from warehouse.database import open_engine
from warehouse.settings import Settings
from warehouse.tables import VERSIONED, delivery

CODES = ("1287", "1263", "1233")
UNTIL = date(2026, 11, 22)
Loaded = tuple[Engine, list[LoadResult]]

pytestmark = pytest.mark.xdist_group("simulated")  # one worker, so that the round is made and loaded once


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "in"
    simulate(folder, municipalities=CODES, months=36, seed=1, until=UNTIL)
    return folder


@pytest.fixture(scope="module")
def loaded(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, deliveries: Path) -> Iterator[Loaded]:
    """The round in a SQLite warehouse; not to be changed by a test."""
    folder = tmp_path_factory.mktemp("loaded")
    shutil.copyfile(_sqlite_template, folder / "samkoll.db")
    engine = open_engine(f"sqlite:///{folder / 'samkoll.db'}")
    yield engine, _load(engine, folder, deliveries)
    engine.dispose()


def _load(engine: Engine, tmp_path: Path, folder: Path) -> list[LoadResult]:
    return load(engine, Settings(data_dir=tmp_path / "var"), [folder], as_of=UNTIL)


@pytest.mark.slow
def test_all_is_loaded_with_few_rejects_of_many_kinds(loaded: Loaded) -> None:
    _check_all_is_loaded(loaded[1])


@pytest.mark.slow
@pytest.mark.postgres
def test_all_is_loaded_on_postgresql(postgres_engine: Engine, tmp_path: Path, deliveries: Path) -> None:
    _check_all_is_loaded(_load(postgres_engine, tmp_path, deliveries))


def _check_all_is_loaded(results: list[LoadResult]) -> None:
    assert {result.status for result in results} == {"loaded", "skipped"}
    assert [result.file_name for result in results if result.status == "skipped"] == ["LÄSMIG.txt"]
    counts = {(result.file_name, each.dataset): each for result in results for each in result.counts}
    assert all(each.rejected <= 4 for each in counts.values())
    for code in CODES:
        plans = counts[f"verksamhetssystem_SYNTETISK_{code}.csv", "sips"]
        assert (plans.rejected, plans.out_of_scope) == (4, 3)
        assert counts[f"avvikelser_SYNTETISK_{code}.xlsx", "deviations"].rejected == 3
        assert counts[f"planeringsstod_SYNTETISK_{code}.csv", "sip_participants"].duplicate == 1
        assert counts[f"planeringsinsatser_SYNTETISK_{code}.csv", "sip_activities"].rejected == 2
        assert counts[f"planeringsgranskning_SYNTETISK_{code}.csv", "sip_reviews"].rejected == 1
        assert counts[f"samverkansregister_avtal_SYNTETISK_{code}.xlsx", "agreements"].rejected == 1
        assert counts[f"samverkansregister_moten_SYNTETISK_{code}.xlsx", "meetings"].rejected == 1
        assert counts[f"context_values-SYNTETISK-{code}.csv", "context_values"].rejected == 0
    assert counts["context_values-SYNTETISK-region-12.csv", "context_values"].inserted == 5
    said = "\n".join(problem for result in results for problem in result.problems)
    for kind in (
        "okänd kod",
        "omöjligt datum",
        "fel datumordning",
        "för få celler",
        "felaktigt datum",
        "okänt ja/nej-värde",
    ):
        assert kind in said


@pytest.mark.slow
def test_invented_deliveries_are_marked_and_real_figures_are_not(loaded: Loaded) -> None:
    with loaded[0].connect() as connection:
        marked = {row.file_name: row.is_synthetic for row in connection.execute(select(delivery))}
        placed = select(func.count()).select_from(VERSIONED["org_units"])
        assert connection.scalar(placed) == 12 + 9 + 16 + 5
    assert all(is_synthetic == ("SYNTETISK" in name) for name, is_synthetic in marked.items())
    assert {name for name, is_synthetic in marked.items() if not is_synthetic} == {
        "population-SCB-1233.csv", "population-SCB-1287.csv", "population-UNGEFÄRLIG-1263.csv",
    }  # fmt: skip


@pytest.mark.slow
def test_no_identity_number_telephone_or_address_is_stored(loaded: Loaded) -> None:
    """The story's free text holds such things on purpose."""
    table = VERSIONED["deviations"]
    with loaded[0].connect() as connection:
        texts = list(connection.scalars(select(table.c.description)))
    assert sum("Test Testsson" in text for text in texts) >= 2
    assert not [text for text in texts if re.search(r"\d{4}|@|070", text)]


@pytest.mark.slow
def test_a_held_delivery_waits_and_the_rest_is_loaded(sqlite_engine: Engine, tmp_path: Path) -> None:
    simulate(tmp_path / "in", municipalities=CODES, months=36, seed=1, until=UNTIL, held=True)
    results = _load(sqlite_engine, tmp_path, tmp_path / "in")
    held = [result for result in results if result.status == "held"]
    assert [result.file_name for result in held] == ["avvikelser_SYNTETISK_1233.xlsx"]
    assert "5 procent" in (held[0].reason or "")
    assert {result.status for result in results} == {"held", "loaded", "skipped"}
