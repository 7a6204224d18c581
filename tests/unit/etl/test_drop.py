"""What lies in the drop folder is taken when its size stands still, and moved without writing over anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.drop import DONE, HELD, Watch, put_away


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drop" / "socialtjansten").mkdir(parents=True)
    return tmp_path / "drop"


def test_a_file_is_settled_when_it_has_stood_still(folder: Path) -> None:
    watch = Watch(folder, settle_s=10)
    file = folder / "sips.csv"
    file.write_text("a")
    assert watch.settled_files(100) == []
    assert watch.settled_files(109) == []
    file.write_text("ab")
    assert watch.settled_files(110) == []
    assert watch.settled_files(119) == []
    assert watch.settled_files(120) == [file]


def test_what_is_not_a_finished_delivery_is_left(folder: Path, tmp_path: Path) -> None:
    for name in ("x.csv.part", "x.csv.filepart", ".sips.csv.swp", "done/old.csv", "held/old.csv"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    secret = tmp_path / "secret.csv"
    secret.write_text("x")
    (folder / "link.csv").symlink_to(secret)
    wanted = folder / "socialtjansten" / "sips.csv"
    wanted.write_text("x")
    assert Watch(folder, settle_s=0).settled_files(0) == [wanted]


def test_a_missing_folder_holds_nothing(tmp_path: Path) -> None:
    assert Watch(tmp_path / "none", settle_s=0).settled_files(0) == []


def test_nothing_is_written_over(folder: Path) -> None:
    for text in ("first", "second", "third"):
        (folder / "sips.csv").write_text(text)
        put_away(folder / "sips.csv", folder, DONE)
    put_away_texts = {path.name: path.read_text() for path in (folder / DONE).iterdir()}
    assert put_away_texts == {"sips.csv": "first", "sips (2).csv": "second", "sips (3).csv": "third"}
    assert not (folder / "sips.csv").exists()


def test_the_reason_lies_beside_the_held_file(folder: Path) -> None:
    (folder / "sips.csv").write_text("x")
    target = put_away(folder / "sips.csv", folder, HELD, reason="Kolumnen sip_id saknas.")
    assert (folder / HELD / "sips.csv.orsak.txt").read_text() == "Kolumnen sip_id saknas.\n"
    assert target.read_text() == "x"
