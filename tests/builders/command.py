"""Runs `samkoll` as a user does, in a folder and an environment of its own: within this process, or as the installed
command. Within costs a fifth, for the imports are done; whatever the process itself does is tested as a process.
"""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import structlog
from sqlalchemy import Connection, Engine, event

import cli

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

    def __call__(self, *arguments: str | Path, stdin: str = "") -> Ran:
        """Run a command to its end within this process; `stdin` is what it reads, when it reads."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with (
            chdir(self.folder),
            mock.patch.dict(os.environ, self.environment | {"COLUMNS": "80"}, clear=True),
            mock.patch.object(sys, "argv", [SAMKOLL, *map(str, arguments)]),
            mock.patch.object(sys.modules["__main__"], "__package__", ""),  # else the help says ”python -m pytest”
            mock.patch.object(sys, "excepthook"),
            mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")),
            redirect_stdout(out),
            redirect_stderr(err),
            _log_of_its_own(),
            _connections_end(),
        ):
            try:
                cli.main()
            except SystemExit as ended:
                code = ended.code
        assert isinstance(code, int)
        return Ran(code, *(_written(stream) for stream in (out, err)))

    def process(self, *arguments: str | Path, stdin: str | None = None) -> Ran:
        """Run the installed command to its end, as a process."""
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


@contextmanager
def _log_of_its_own() -> Iterator[None]:
    """The command opens its log; what pytest and other tests log to stands untouched afterwards."""
    root, configure = logging.getLogger(), structlog.configure
    handlers, level = root.handlers, root.level
    root.handlers = []

    def configure_for_now(**how: Any) -> None:
        configure(**how | {"cache_logger_on_first_use": False})  # what is kept would write to a closed log later

    try:
        with mock.patch.object(structlog, "configure", configure_for_now):
            yield
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers = handlers
        root.setLevel(level)
        structlog.reset_defaults()


@contextmanager
def _connections_end() -> Iterator[None]:
    """Its database connections end with the command, as a process's do."""
    engines: set[Engine] = set()

    def note(connection: Connection) -> None:
        engines.add(connection.engine)

    event.listen(Engine, "engine_connect", note)
    try:
        yield
    finally:
        event.remove(Engine, "engine_connect", note)
        for engine in engines:
            engine.dispose()


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8")
