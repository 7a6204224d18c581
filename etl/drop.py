"""The drop folder: what SFTP leaves is loaded and moved to `done/` or `held/`; never deleted, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

DONE, HELD = "done", "held"
_UNFINISHED = (".part", ".filepart", ".tmp", ".crdownload")


@dataclass
class Watch:
    """Sizes and times of the files in a drop folder as last seen, to tell a finished transfer from one under way."""

    folder: Path
    settle_s: float
    _seen: dict[Path, tuple[int, int, float]] = field(default_factory=dict)

    def settled_files(self, now_s: float) -> list[Path]:
        """Files whose size and time have stood still for `settle_s` seconds, sorted by path; `now_s` is monotonic."""
        seen: dict[Path, tuple[int, int, float]] = {}
        for path in waiting_files(self.folder):
            state = path.stat()
            size, changed_ns, since = self._seen.get(path, (-1, -1, now_s))
            if (size, changed_ns) != (state.st_size, state.st_mtime_ns):
                since = now_s
            seen[path] = (state.st_size, state.st_mtime_ns, since)
        self._seen = seen
        return [path for path, (_, _, since) in seen.items() if now_s - since >= self.settle_s]


def waiting_files(folder: Path) -> list[Path]:
    """Regular files, not what a stranger links to, in the folder and the folders that sources have in it."""
    if not folder.is_dir():
        return []
    put_away = {folder / DONE, folder / HELD}
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and put_away.isdisjoint(path.parents)
        and not path.name.startswith(".")
        and path.suffix.lower() not in _UNFINISHED
    )


def put_away(path: Path, folder: Path, where: str, *, reason: str | None = None) -> Path:
    """Move a file to `done` or `held` under the drop folder, by a free name; `reason` is written beside it."""
    target_folder = folder / where
    target_folder.mkdir(parents=True, exist_ok=True)
    target = _reserve(target_folder, path)
    path.replace(target)
    if reason:
        target.with_name(f"{target.name}.orsak.txt").write_text(f"{reason}\n", encoding="utf-8")
    return target


def _reserve(folder: Path, path: Path) -> Path:
    """An empty file of ours by a free name, so that nothing of anybody else's is written over."""
    for number in count(1):
        name = path.name if number == 1 else f"{path.stem} ({number}){path.suffix}"
        try:
            (folder / name).touch(exist_ok=False)
        except FileExistsError:
            continue
        return folder / name
    raise AssertionError("count() does not end")
