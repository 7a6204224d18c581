"""Canonical rows → a system's own file → its mapping → the same canonical rows. That is the test of the mappings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from etl.apply import apply_mapping, wanted_headers
from etl.canonical import Canonical
from etl.mapping import FileFormat
from etl.mapping_loader import load_mappings
from etl.read.csv_table import read_csv
from etl.read.decode import decode
from etl.read.xlsx_tables import read_xlsx
from etl.rules.values import reader_of
from etl.simulate import simulate
from etl.simulate.reference import municipality
from etl.simulate.run import tell_frames
from etl.simulate.story import tell
from warehouse.contract import DATASETS

CODES = ("1287", "1263", "1233")
SEED = 3
UNTIL = date(2026, 11, 22)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round of deliveries without blemishes."""
    out = tmp_path_factory.mktemp("deliveries")
    simulate(out, municipalities=CODES, months=36, seed=SEED, until=UNTIL, blemishes=False)
    return out


def _read(path: Path) -> list[Canonical]:
    (mapping,) = [each for each in load_mappings().values() if each.takes_file(path.name)]
    mapping = mapping.for_file(path.name)
    if mapping.format is FileFormat.CSV:
        content, _ = decode(path.read_bytes(), mapping.encoding)
        tables = [read_csv(content, header=mapping.header, separator=mapping.separator)[0]]
    else:
        tables = read_xlsx(path.read_bytes(), mapping, wanted_headers(mapping), largest_bytes=10**8)
    return apply_mapping(mapping, tables, path.name)


def _as_told(text: str, value: object) -> str:
    if not text.strip():
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return value.isoformat() if isinstance(value, date) else str(value)


def _frame(canonical: Canonical) -> pd.DataFrame:
    """What the mapping gave, read as the contract reads it and written as the story writes it."""
    frame = pd.DataFrame(index=range(len(canonical)))
    for field in canonical.dataset.fields:
        column = canonical.columns.get(field.name)
        if column is None:
            frame[field.name] = ""
            continue
        read = reader_of(field)
        told = [_as_told(text, read(text) if text.strip() else "") for text in column.texts]
        frame[field.name] = [told[code] for code in column.codes]
    return frame


def _sorted(frame: pd.DataFrame, dataset: str) -> pd.DataFrame:
    key = [field.name for field in DATASETS[dataset].key]
    return frame.astype(object).sort_values(key).reset_index(drop=True)


@pytest.mark.parametrize("code", CODES)
def test_every_system_comes_back_as_it_was_told(folder: Path, code: str) -> None:
    told = tell_frames(tell(municipality(code), months=36, until=UNTIL), SEED)
    assert {"sip_activities", "sip_reviews", "agreements", "meetings"} <= set(told)
    files = [path for path in sorted(folder.iterdir()) if f"_SYNTETISK_{code}" in path.name]
    found = {each.dataset.name: each for path in files for each in _read(path)}
    assert set(found) == set(told)
    for name, canonical in found.items():
        assert not canonical.problems, [problem.sentence(int(problem.rows[0])) for problem in canonical.problems]
        assert len(canonical) > 0
        pd.testing.assert_frame_equal(_sorted(_frame(canonical), name), _sorted(told[name], name), obj=f"{code} {name}")
