"""The lock file records the default package index and nothing else, whatever index its maker used."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DEFAULT_INDEX = {"https://pypi.org", "https://files.pythonhosted.org"}


def recorded_addresses(lock: str) -> set[str]:
    """Every scheme and host that a lock file mentions."""
    return set(re.findall(r"[a-z+]+://[^/\"'\s]*", lock))


def test_no_address_but_the_default_index_is_recorded() -> None:
    assert recorded_addresses((ROOT / "uv.lock").read_text(encoding="utf-8")) == DEFAULT_INDEX


@pytest.mark.parametrize(
    "line", ['source = { registry = "http://mirror.example/simple" }', 'url = "file:///wheels/a.whl"']
)
def test_another_address_is_seen(line: str) -> None:
    assert recorded_addresses(line) - DEFAULT_INDEX


def test_every_package_but_our_own_comes_from_the_index() -> None:
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    other = {package["name"] for package in packages if package["source"] != {"registry": "https://pypi.org/simple"}}
    assert other == {"samkoll"}


def test_the_lock_holds_every_declared_dependency() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = [*declared["project"]["dependencies"], *declared["dependency-groups"]["dev"]]
    wanted = {re.split(r"[\[<>=~!]", name)[0].lower().replace(".", "-") for name in names}
    locked = {package["name"] for package in tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]}
    assert wanted <= locked
