"""Samples that nobody chooses: drawn by a recorded seed, so that they can be drawn again. Pure, but for the seed."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import secrets
from collections.abc import Iterable
from typing import Any, TypeVar

T = TypeVar("T", bound=Any)
_SEED_BITS = 24
"""Eight digits at most: ten would look like an identity number, which the log does not keep."""


def new_seed() -> int:
    """A seed that nobody could foresee."""
    return secrets.randbits(_SEED_BITS)


def draw(things: Iterable[T], size: int, seed: int) -> list[T]:
    """So many of the things, sorted; the same again for the same things and seed."""
    dice = random.Random(seed)  # noqa: S311  # nosec B311 # a sample that can be drawn again
    return dice.sample(sorted(things), size)


def new_key() -> str:
    """A key for one fingerprint."""
    return secrets.token_hex(16)


def fingerprint(things: Iterable[T], key: str) -> str:
    """Proves later which list was drawn from: of the same things in any order, with the same key, the same again. The
    key is kept beside the sample, so that nobody can guess what the list held from the fingerprint alone."""
    whole = json.dumps(sorted(things), ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key.encode(), whole.encode(), hashlib.sha256).hexdigest()
