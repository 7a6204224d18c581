"""Samples that nobody chooses: drawn by a recorded seed, so that they can be drawn again. Pure, but for the seed."""

from __future__ import annotations

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
