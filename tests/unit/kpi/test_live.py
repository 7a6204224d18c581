"""A changed file is picked up; a broken one takes nothing down, not even over a restart."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kpi.live import LiveCatalogue, replace_file
from kpi.loader import DefinitionError
from warehouse.settings import ROOT

SHIPPED = (ROOT / "kpi_definitions.yaml").read_text(encoding="utf-8")
RENAMED = SHIPPED.replace("name: Aktiva SIP vid periodens slut", "name: Planer som gäller", 1)
BROKEN = SHIPPED.replace("    span: active", "    span: aktiv", 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kpi_definitions.yaml"
    path.write_text(SHIPPED, encoding="utf-8")
    return path


@pytest.fixture
def live(file: Path, tmp_path: Path) -> LiveCatalogue:
    return LiveCatalogue(file, tmp_path / "last-good.yaml")


def test_a_changed_file_is_picked_up(live: LiveCatalogue, file: Path) -> None:
    before = live.state()
    assert before.is_current
    file.write_text(RENAMED, encoding="utf-8")
    after = live.state()
    assert after.catalogue.definitions["sip_active"].name == "Planer som gäller"
    assert after.digest != before.digest
    assert live.state() is after, "an unchanged file is not read again"


def test_a_touched_file_is_the_same_catalogue(live: LiveCatalogue, file: Path) -> None:
    before = live.catalogue
    os.utime(file, (1, 1))
    assert live.catalogue is before


def test_a_broken_file_is_told_and_the_last_good_one_serves(live: LiveCatalogue, file: Path) -> None:
    good = live.catalogue
    file.write_text(BROKEN, encoding="utf-8")
    state = live.state()
    assert state.catalogue is good
    assert not state.is_current
    assert "Menade du ”active”?" in (state.error or "")
    assert state.on_disk.decode() == BROKEN
    file.write_text(SHIPPED, encoding="utf-8")
    assert live.state().is_current


def test_a_broken_file_serves_the_last_good_one_after_a_restart(
    live: LiveCatalogue, file: Path, tmp_path: Path
) -> None:
    live.state()
    file.write_text(BROKEN, encoding="utf-8")
    again = LiveCatalogue(file, tmp_path / "last-good.yaml").state()
    assert again.catalogue.definitions.keys() == live.catalogue.definitions.keys()
    assert again.problems


def test_a_file_that_vanishes_takes_nothing_down(live: LiveCatalogue, file: Path) -> None:
    good = live.catalogue
    file.unlink()
    assert live.state().catalogue is good
    assert "finns inte" in (live.state().error or "")


def test_without_any_good_file_there_is_nothing_to_serve(file: Path, tmp_path: Path) -> None:
    file.write_text(BROKEN, encoding="utf-8")
    with pytest.raises(DefinitionError):
        LiveCatalogue(file, tmp_path / "last-good.yaml").state()


def test_a_file_is_replaced_whole_and_keeps_its_rights(file: Path) -> None:
    file.chmod(0o640)
    replace_file(file, RENAMED.encode())
    assert file.read_text(encoding="utf-8") == RENAMED
    assert file.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in file.parent.iterdir()] == [file.name], "nothing is left beside it"
