"""The definitions file as it is now: a change is picked up without a restart, a broken file takes nothing down.

    live = LiveCatalogue(settings.definitions, settings.last_good_definitions)
    live.state().catalogue

The last file that held is kept beside the data, so that it serves also after a restart.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from kpi.definition import Catalogue
from kpi.loader import DefinitionError, read_catalogue
from kpi.yaml_tree import Problem

_log = logging.getLogger(__name__)
Stamp = tuple[int, int, int] | None


@dataclass(frozen=True)
class LiveState:
    """The catalogue that serves and the bytes it was read from; and the bytes on disk, right or wrong. `problems`:
    what is wrong with the file on disk, empty when it is the one that serves; `error` tells them as lines."""

    catalogue: Catalogue
    data: bytes
    on_disk: bytes
    problems: tuple[Problem, ...] = ()
    error: str | None = None

    @property
    def is_current(self) -> bool:
        """Whether the file on disk is the one that serves."""
        return self.error is None

    @property
    def digest(self) -> str:
        """SHA-256 of the file that serves."""
        return digest_of(self.data)


class LiveCatalogue:
    """One per process. Asking is cheap: the file is read again only when its size, time or place has changed."""

    def __init__(self, path: Path, last_good: Path) -> None:
        self.path = path
        self._last_good = last_good
        self._lock = Lock()
        self._stamp: Stamp = None
        self._state: LiveState | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue that serves now."""
        return self.state().catalogue

    def state(self) -> LiveState:
        """As it is now. DefinitionError when the file is broken and no good one has ever been read."""
        with self._lock:
            stamp = _stamp_of(self.path)
            if self._state is None or stamp != self._stamp:
                self._state = self._read()
                self._stamp = stamp
            return self._state

    def _read(self) -> LiveState:
        try:
            data = self.path.read_bytes()
            if self._state is not None and data == self._state.data:
                return LiveState(self._state.catalogue, data, data)
            state = LiveState(read_catalogue(data, self.path.name), data, data)
        except (DefinitionError, OSError) as error:
            return self._fall_back(error)
        _keep(self._last_good, state.data)
        for warning in state.catalogue.warnings:
            _log.warning(warning)
        return state

    def _fall_back(self, error: DefinitionError | OSError) -> LiveState:
        if isinstance(error, OSError):
            error = DefinitionError(self.path.name, [Problem(1, 1, "filen finns inte eller går inte att läsa")])
        _log.error("definitions file refused, the last good one serves: %s", error)
        good = self._state
        if good is None:
            try:
                data = self._last_good.read_bytes()
                good = LiveState(read_catalogue(data, self.path.name), data, data)
            except (OSError, DefinitionError):
                raise error from None
        return LiveState(good.catalogue, good.data, self._bytes(), error.problems, str(error))

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError:
            return b""


def digest_of(data: bytes) -> str:
    """SHA-256, as the history names a file."""
    return hashlib.sha256(data).hexdigest()


def replace_file(path: Path, data: bytes) -> None:
    """The file's new content, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        os.chmod(name, mode)  # noqa: PTH101  # by name, as made
        os.replace(name, path)  # noqa: PTH105  # by name, as made
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _keep(path: Path, data: bytes) -> None:
    """The last good copy; one that cannot be written costs a warning, not the service."""
    try:
        if not path.exists() or path.read_bytes() != data:
            replace_file(path, data)
    except OSError as error:
        _log.warning("the last good definitions could not be kept: %s", error)


def _stamp_of(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
