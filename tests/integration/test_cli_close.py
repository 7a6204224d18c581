"""`samkoll close`, `closing` and `release list` as their user meets them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.builders.command import Samkoll

pytestmark = pytest.mark.xdist_group("loaded")  # one worker, so that it is loaded once

BOARD = "1287-SN"


@pytest.fixture(scope="module")
def closed(loaded: Samkoll, tmp_path_factory: pytest.TempPathFactory) -> Samkoll:
    """The canonical deliveries with one closed tertial."""
    samkoll = Samkoll(Path(shutil.copytree(loaded.folder, tmp_path_factory.mktemp("closed") / "copy")))
    ran = samkoll.process("close", "2025-T1", "--board", BOARD)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{BOARD}: 2025-T1 är stängd (release 1).")
    return samkoll


def test_what_is_closed_is_listed_whole_and_with_its_sort(closed: Samkoll) -> None:
    (one,) = closed("release", "list", "--json").json
    assert (one["board"], one["period"], one["revision"], one["intact"]) == (BOARD, "2025-T1", 0, True)
    assert closed("closing", "--json").json == [{"board": BOARD, "every": "tertial"}]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("close", "2025-T1", "--board", BOARD), "redan stängd"),
        (("close", "2025-Q1", "--board", BOARD), "ett kvartal (2025-K1)"),
        (("close", "2025-T1", "--board", "9999"), "finns inte"),
        (("close", "2025-T1", "--board", BOARD, "--revision", " "), "säga varför"),
        (("closing", "--board", "9999"), "finns inte"),
        (("closing", "--board", BOARD, "--every", "vecka"), "går inte att stänga"),
    ],
)
def test_what_cannot_be_done_is_the_users_error(closed: Samkoll, arguments: tuple[str, ...], sentence: str) -> None:
    ran = closed(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err
    assert "Traceback" not in ran.err
