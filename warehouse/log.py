"""The program's log: JSON lines in the data folder, readable lines on stderr. Every value is masked before it is kept.

Both structlog's and other libraries' records take this way. The mask is handed in: what an identity number looks like
is the loader's knowledge.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, MutableMapping
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

import structlog

Mask = Callable[[str], str]


def log_file(data_dir: Path) -> Path:
    """Where the log of an installation is kept."""
    return data_dir / "log" / "samkoll.jsonl"


def configure_log(data_dir: Path, mask: Mask, *, stderr_level: int = logging.WARNING) -> None:
    """Send everything from INFO up to the file and from `stderr_level` up to stderr, masked.

    The file is made at the first record and followed when another program rotates it.
    """
    before = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
    ]
    masked = _Masked(mask)
    to_file = _LogFile(log_file(data_dir), encoding="utf-8", delay=True)
    to_file.setFormatter(
        _formatter(
            [*before, structlog.processors.format_exc_info],
            masked,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        )
    )
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.setFormatter(
        _formatter([*before, _without_traceback], masked, structlog.dev.ConsoleRenderer(colors=False))
    )
    to_stderr.setLevel(stderr_level)
    logging.basicConfig(level=logging.INFO, handlers=[to_file, to_stderr], force=True)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a job is still running is no news
    logging.getLogger("alembic").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class _LogFile(WatchedFileHandler):
    """Makes its folder when there is something to write, and says in one line when it cannot be written."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        print(f"Loggen {self.baseFilename} går inte att skriva.", file=sys.stderr)


def _without_traceback(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.pop("exc_info", None)
    return event


class _Masked:
    """A processor: every name and value of the event as masked text, whatever type it came as."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {self._mask(name): self._safe(value) for name, value in event.items()}

    def _safe(self, value: object) -> object:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, dict):
            return {self._mask(str(name)): self._safe(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._safe(inner) for inner in value]
        text = str(value)
        safe = self._mask(text)
        return value if safe == text and isinstance(value, int | float) else safe


def _formatter(
    before: list[Any], masked: _Masked, renderer: Callable[..., str | bytes]
) -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[],
        processors=[*before, structlog.stdlib.ProcessorFormatter.remove_processors_meta, masked, renderer],
    )
