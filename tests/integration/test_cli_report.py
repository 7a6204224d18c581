"""`samkoll report …` as its user meets it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.builders.command import Samkoll
from tests.builders.paper_world import BOARD, make_world
from tests.builders.pdf import pdf_text
from warehouse.database import open_engine


@pytest.fixture(scope="module")
def closed(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Samkoll:
    """A board with a plan and three closed months."""
    folder = tmp_path_factory.mktemp("reports")
    samkoll = Samkoll(folder)
    database = folder / "var" / "samkoll.db"
    database.parent.mkdir()
    shutil.copyfile(_sqlite_template, database)
    engine = open_engine(f"sqlite:///{database}")
    make_world(engine)
    engine.dispose()
    return samkoll


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx", "html"])
def test_a_report_is_written_in_the_format_of_its_name(closed: Samkoll, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"report.{ending}"
    ran = closed("report", "monthly", "--board", BOARD, "--out", path)
    assert (ran.code, ran.err) == (0, "")
    assert "Uppföljning av intern kontroll i januari" in ran.out
    assert path.read_bytes()[:4] == {"pdf": b"%PDF", "html": b"<!DO"}.get(ending, b"PK\x03\x04")


def test_the_plan_the_answer_and_the_secret_annex(closed: Samkoll, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    assert closed("report", "control-plan", "--board", BOARD, "--out", path).code == 0
    assert "Riskmatris" in pdf_text(path.read_bytes())
    assert closed("report", "audit-answer", "--board", BOARD, "--number", "SN 7", "--out", path).code == 0
    assert "Rekommendation 4" in pdf_text(path.read_bytes())
    assert "dnr SN 7" in pdf_text(path.read_bytes())
    assert closed("report", "monthly", "--board", BOARD, "--out", path, "--secret-annex").code == 0
    assert "Bilaga under sekretess" in pdf_text(path.read_bytes())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("tertial", "--board", BOARD, "--out", "x.pdf"), "har inte stängt ett helt tertial"),
        (("monthly", "--board", "9999", "--out", "x.pdf"), "finns inte"),
        (("monthly", "--board", BOARD, "--out", "x.odt"), "ingen känd ändelse"),
        (("monthly", "--board", BOARD, "--period", "mars", "--out", "x.pdf"), "--period"),
        (("monthly", "--board", BOARD, "--out", "finns-inte/x.pdf"), "går inte att skriva"),
    ],
)
def test_what_cannot_be_written_is_the_users_error(closed: Samkoll, arguments: tuple[str, ...], sentence: str) -> None:
    ran = closed("report", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err
    assert "Traceback" not in ran.err
