"""The warehouse that the browser tests look at: simulated files, loaded and computed the way the product does it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from etl.run import load
from etl.simulate import simulate
from kpi.compute import compute
from kpi.loader import load_catalogue
from warehouse.database import open_engine
from warehouse.migrate import upgrade
from warehouse.settings import ROOT, Settings

UNTIL = date(2026, 11, 22)


def prepare(folder: Path) -> tuple[Engine, Settings]:
    """Three municipalities over 36 months; Vellinge's deviations wait for a decision."""
    definitions = folder / "kpi_definitions.yaml"
    definitions.write_bytes((ROOT / "kpi_definitions.yaml").read_bytes())  # a test may save; the shipped file is ours
    settings = Settings(data_dir=folder / "var", definitions=definitions, requests_per_minute=10_000)
    engine = open_engine(settings.warehouse_url)
    upgrade(engine)
    files = folder / "files"
    simulate(files, municipalities=("1287", "1263", "1233"), months=36, seed=1, until=UNTIL, held=True)
    load(engine, settings, [files], as_of=UNTIL)
    compute(engine, load_catalogue(settings.definitions))
    return engine, settings
