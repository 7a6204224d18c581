"""What every run delivers in the contract's own CSV: organisation and context (invented), population (real figures)."""

from __future__ import annotations

import csv
from pathlib import Path

from etl.simulate.files import MARK
from etl.simulate.organisation import municipality_rows, region_rows
from etl.simulate.reference import Municipality
from warehouse.contract import DATASETS


def write_region(folder: Path, region_code: str) -> list[Path]:
    """`org_units` of the region and its own units."""
    return [_write(folder / f"org_units-{MARK}-region-{region_code}.csv", "org_units", region_rows(region_code))]


def write_organisation(folder: Path, municipality: Municipality) -> list[Path]:
    """`org_units` of a municipality: real board names where known, invented units."""
    path = folder / f"org_units-{MARK}-{municipality.code}.csv"
    return [_write(path, "org_units", municipality_rows(municipality))]


def write_population(folder: Path, municipality: Municipality) -> list[Path]:
    """`population`, real and therefore without the synthetic mark; a stand-in figure says so in its name."""
    kind = "UNGEFÄRLIG" if municipality.is_approximate else "SCB"
    row = {
        "municipality_code": municipality.code,
        "year": str(municipality.year),
        "age": "0-17",
        "children": str(municipality.children),
    }
    return [_write(folder / f"population-{kind}-{municipality.code}.csv", "population", [row])]


def write_context(folder: Path, place: str, rows: list[dict[str, str]]) -> list[Path]:
    """`context_values` of a municipality or region: invented, though shaped as Kolada's; none without rows."""
    return [_write(folder / f"context_values-{MARK}-{place}.csv", "context_values", rows)] if rows else []


def _write(path: Path, dataset: str, rows: list[dict[str, str]]) -> Path:
    names = [field.name for field in DATASETS[dataset].fields]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path
