"""What the user points at: files, folders and zip archives, as a list of files to load, in an order of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from etl.read.container import open_container, read_member
from etl.read.refusal import DeliveryRefused
from warehouse.errors import UserError

_ARCHIVE = ".zip"


@dataclass(frozen=True)
class Incoming:
    """A file to load. `name` is what it is called (`archive.zip/file.csv` inside an archive); its size is in bytes."""

    name: str
    size: int
    read: Callable[[], bytes]
    is_explicit: bool = False
    refused: str | None = None
    """Why it cannot be taken in at all (a damaged archive)."""


def find_files(paths: Sequence[Path], *, largest_bytes: int) -> list[Incoming]:
    """Every file that the paths hold; folders and archives sorted by name. UserError when a path does not exist."""
    found: list[Incoming] = []
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and not inner.is_symlink() and not _is_hidden(inner.relative_to(path)):
                    found += _file_or_archive(inner, largest_bytes, is_explicit=False)
        elif path.is_file():
            found += _file_or_archive(path, largest_bytes, is_explicit=True)
        else:
            raise UserError(f"{path} finns inte eller är ingen fil. Kontrollera sökvägen.")
    return found


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") and part != ".." for part in path.parts)


def _file_or_archive(path: Path, largest_bytes: int, *, is_explicit: bool) -> list[Incoming]:
    size = path.stat().st_size
    if path.suffix.casefold() != _ARCHIVE or size > largest_bytes:
        return [Incoming(path.name, size, path.read_bytes, is_explicit)]
    try:
        return _members(path, path.read_bytes(), largest_bytes)
    except DeliveryRefused as refusal:
        return [Incoming(path.name, size, path.read_bytes, is_explicit, str(refusal))]


def _members(path: Path, content: bytes, largest_bytes: int) -> list[Incoming]:
    """An archive's files, read one at a time in memory; nothing is unpacked to disk."""
    container = open_container(content, largest_bytes=largest_bytes, kind="Arkivet")
    found = []
    for member in sorted(container.infolist(), key=lambda each: each.filename):
        inner = PurePosixPath(member.filename.replace("\\", "/"))
        if not member.is_dir() and not _is_hidden(Path(*inner.parts)) and inner.name:
            read = partial(read_member, container, member.filename, "Arkivet")
            found.append(Incoming(f"{path.name}/{inner.name}", member.file_size, read))
    return found
