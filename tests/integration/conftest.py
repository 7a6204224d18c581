"""The `samkoll` command in an installation of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.command import Samkoll

CANONICAL = Path(__file__).parents[1] / "fixtures" / "canonical"


@pytest.fixture
def samkoll(tmp_path: Path) -> Samkoll:
    """A new installation."""
    return Samkoll(tmp_path)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Samkoll:
    """The canonical deliveries loaded and computed; not to be changed by a test, who is in the group `loaded`."""
    samkoll = Samkoll(tmp_path_factory.mktemp("loaded"))
    assert samkoll("load", CANONICAL, "--source", "canonical", "--as-of", "2025-06-30").code == 0
    assert samkoll("compute").code == 0
    return samkoll
