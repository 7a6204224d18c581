"""The documents are true where a machine can tell: commands, settings, links, and nobody's machine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer

from cli import app
from warehouse.settings import Settings

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
by_name = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def command_words(group: object) -> dict[str, object]:
    commands: dict[str, object] = getattr(group, "commands", {})
    return commands


@by_name
def test_every_quoted_command_and_option_exists(path: Path) -> None:
    root = typer.main.get_command(app)
    quoted = re.findall(
        r"(?:^|`|”|\bbin/)samkoll ((?:[a-z][a-z-]*)(?: [^`”\n]*)?)", path.read_text("utf-8"), re.MULTILINE
    )
    for line in quoted:
        words = line.split()
        command: object = command_words(root).get(words[0])
        assert command is not None, line
        if command_words(command) and len(words) > 1 and re.fullmatch("[a-z]+", words[1]):
            command = command_words(command).get(words[1])
            assert command is not None, line
        options = {option for parameter in getattr(command, "params", []) for option in parameter.opts}
        unknown = set(re.findall(r"(?<!\S)--[a-z-]+", line)) - options - {"--help"}
        assert not unknown or command_words(command), line


@by_name
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


@by_name
def test_every_test_that_is_named_exists(path: Path) -> None:
    for file, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", path.read_text("utf-8")):
        assert (ROOT / file).is_file(), file
        assert not name or f"def {name}(" in (ROOT / file).read_text("utf-8"), f"{file}::{name}"


def test_every_threat_names_a_test() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    model = text.split("## Threat model")[1].split("\n## ")[0]
    threats = [line for line in model.splitlines() if line.startswith("| ") and not line.startswith("| threat")]
    assert len(threats) > 40
    assert not [line for line in threats if "`tests/" not in line]


def test_operate_describes_every_setting_and_no_other() -> None:
    described = set(re.findall(r"^\| `SAMKOLL_(\w+)`", (ROOT / "docs" / "operate.md").read_text("utf-8"), re.MULTILINE))
    assert described == {name.upper() for name in Settings.model_fields}


@by_name
def test_no_machine_is_named(path: Path) -> None:
    assert not re.search(r"(?<!\w)/(work|root|tmp|home)/", path.read_text("utf-8"))


def test_every_dependency_has_its_reason() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    decisions = (ROOT / "docs" / "decisions.md").read_text("utf-8")
    for requirement in [*declared["project"]["dependencies"], *declared["dependency-groups"]["dev"]]:
        name = re.split(r"[\[<>=]", requirement)[0]
        if not name.endswith("-stubs"):
            assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", decisions), name
