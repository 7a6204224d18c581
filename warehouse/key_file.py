"""Files that hold a secret key: made once, readable by their owner only (mode 0600)."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def make_key_file(path: Path, key: str) -> None:
    """A new key, whole or not at all, even when two processes start at once: the first one's key is the key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(key + "\n")
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
