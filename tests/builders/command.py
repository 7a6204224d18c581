"""Runs the installed `samkoll` command as a user does: in a folder and an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAMKOLL = str(Path(sys.executable).with_name("samkoll"))


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its answer, when it was asked for JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Samkoll:
    """An installation in a folder; `settings` without the prefix SAMKOLL_."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the command: nothing of this machine's settings."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAMKOLL_")}
        return inherited | {f"SAMKOLL_{name}".upper(): value for name, value in self.settings.items()}

    def __call__(self, *arguments: str | Path, stdin: str | None = None) -> Ran:
        """Run a command to its end; `stdin` is what it reads, when it reads."""
        ran = subprocess.run(
            [SAMKOLL, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            input=stdin,
            timeout=300,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def start(self, *arguments: str, stderr: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
        """Start a command that runs until it is stopped; its log is in var/log."""
        return subprocess.Popen(
            [SAMKOLL, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
