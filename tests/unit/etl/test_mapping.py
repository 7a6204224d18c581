"""The mapping format: the documented example loads, and every way to be wrong is told with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etl.mapping import Mode, canonical_mapping
from etl.mapping_loader import MAPPINGS, MappingError, load_mapping, load_mappings
from warehouse.contract import DATASETS
from warehouse.settings import ROOT

EXAMPLE = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "add-a-source.md").read_text(encoding="utf-8"), re.S)[0]


def _load(folder: Path, text: str) -> object:
    path = folder / "exempel.yaml"
    path.write_text(text, encoding="utf-8")
    return load_mapping(path)


def test_the_documented_example_is_a_valid_mapping(tmp_path: Path) -> None:
    path = tmp_path / "exempel.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    mapping = load_mapping(path)
    assert mapping.source == "exempel"
    assert mapping.takes_file("sip-EXPORT_1287_2025.CSV")
    assert not mapping.takes_file("avvikelser.csv")
    assert mapping.datasets["sips"].mode is Mode.SNAPSHOT
    assert mapping.code_table("actor") == {"socialtjänst": "socialtjanst", "skola": "skola", "bup": "bup"}


def test_every_shipped_mapping_loads() -> None:
    assert set(load_mappings()) == {path.stem for path in MAPPINGS.glob("*.yaml")}


@pytest.mark.parametrize("name", [name for name, one in DATASETS.items() if not one.is_own])
def test_every_dataset_has_a_canonical_mapping(name: str) -> None:
    mapping = canonical_mapping(name)
    assert mapping.takes_file(f"{name}.csv")
    assert set(mapping.datasets[name].fields) == {field.name for field in DATASETS[name].fields}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (EXAMPLE.replace("mode: snapshot", "mode: allt"), r"exempel.yaml:18: datasets.sips.mode: värdet är inget"),
        (EXAMPLE.replace("board:", "bord:"), r"exempel.yaml:7: bord: nyckeln finns inte"),
        (EXAMPLE.replace("  sips:\n", "  controls:\n"), "controls hämtar Samkoll ur sin egen interna kontroll"),
        (EXAMPLE.replace("sip_id: Plannummer", "sip_nr: Plannummer"), "inget fält som heter sip_nr"),
        (EXAMPLE.replace("sip_id: Plannummer\n", "\n"), "obligatoriska fältet sip_id saknar mappning"),
        (EXAMPLE.replace("codes: actor", "codes: aktor"), "kodlistan aktor finns inte"),
        (EXAMPLE.replace("{name: municipality}\n", "{name: kommun}\n"), "namnet kommun finns inte"),
        (EXAMPLE.replace("Nej: declined", "Nej: nej"), "översätts till ”nej”, som consent inte tillåter"),
        (EXAMPLE.replace("{value: municipality}", "{value: municipality, column: X}"), "ange exakt ett av"),
        (EXAMPLE.replace("  sips:", "  sippar:"), "inget dataset som heter sippar"),
        (EXAMPLE.replace("[0-9]{4})", "[0-9]{4}"), "inget giltigt mönster"),
        ("", "filen är tom"),
        ("a: [", "ingen giltig YAML"),
    ],
)
def test_a_wrong_mapping_is_refused_with_line_and_sentence(tmp_path: Path, wrong: str, said: str) -> None:
    with pytest.raises(MappingError, match=re.escape(said).replace(r"\.\*", ".*")):
        _load(tmp_path, wrong)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    wrong = EXAMPLE.replace("mode: snapshot", "mode: allt").replace("format: csv", "format: pdf")
    with pytest.raises(MappingError) as told:
        _load(tmp_path, wrong)
    assert len(str(told.value).splitlines()) == 2
