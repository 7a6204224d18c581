"""No value reaches the log unmasked, whatever type it has and whichever library wrote it.

In a process of its own: the log takes over the root logger, which pytest uses too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

SECRET = "191212121212"

_PROGRAM = """
import logging, sys
from pathlib import Path
import structlog
from warehouse.log import configure_log
configure_log(Path(sys.argv[1]), lambda text: text.replace("191212121212", "[doldt]"))
logger = structlog.get_logger("test")
logger.info("en händelse", count=3, ok=True, path=Path("var"))
number = 191212121212
logger.warning(f"text {number}", number=number, **{f"key{number}": [number, {"in": f"{number}"}, {number}]})
logging.getLogger("library").error("library %s", number)
for each in (logger, logging.getLogger("library")):
    try:
        raise ValueError(f"rad 7: {number}")
    except ValueError:
        each.exception("misslyckades")
"""


@dataclass(frozen=True)
class Written:
    lines: list[dict[str, object]]
    file: str
    stderr: str


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("log")
    command = [sys.executable, "-c", _PROGRAM, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    text = (folder / "log" / "samkoll.jsonl").read_text(encoding="utf-8")
    return Written([json.loads(line) for line in text.splitlines()], text, ran.stderr)


def test_every_place_is_masked(written: Written) -> None:
    assert SECRET not in written.file + written.stderr
    assert written.file.count("[doldt]") == 9
    assert written.stderr.count("[doldt]") == 7  # without the two tracebacks


def test_the_file_holds_one_json_document_a_line_with_the_traceback(written: Written) -> None:
    assert written.lines[0] == written.lines[0] | {
        "event": "en händelse", "count": 3, "ok": True, "path": "var", "level": "info", "logger": "test",
    }  # fmt: skip
    assert ["Traceback" in str(line.get("exception")) for line in written.lines] == [False, False, False, True, True]


def test_stderr_shows_warnings_without_tracebacks(written: Written) -> None:
    assert "en händelse" not in written.stderr
    assert written.stderr.count("misslyckades") == 2
    assert "Traceback" not in written.stderr
