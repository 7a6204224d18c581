"""The attacked world, once for each module that asks for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import attacked_world
from tests.builders.asked import Asked
from tests.builders.attacked_world import World


@pytest.fixture(scope="module")
def world(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = tmp_path_factory.mktemp("attacked") / "samkoll.db"
    shutil.copyfile(_sqlite_template, path)
    made = attacked_world.build(path)
    yield made
    made.engine.dispose()


@pytest.fixture
def ask(world: World) -> Asked:
    return Asked(world)
