"""Finds things by the words of their names: all the words asked for, anywhere; the best match first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Findable:
    """Something to find. `also`: words it is found by, after those of its name."""

    name: str
    also: str = ""
    kind: str = ""
    about: str = ""
    address: str = ""


def find(asked: str, things: Iterable[Findable], *, most: int = 50) -> list[Findable]:
    """Those that hold every word asked for, as the beginning of a word or, from three letters, anywhere in it; names
    that begin so first, then other names, then the rest, each in the order given. Nothing for nothing."""
    words = _WORDS.findall(asked.casefold())
    if not words:
        return []
    ranked = [(rank, one) for one in things if (rank := _rank(words, one)) is not None]
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])][:most]


def _rank(words: list[str], one: Findable) -> int | None:
    name, also = one.name.casefold(), one.also.casefold()
    if not all(_holds(word, name) or _holds(word, also) for word in words):
        return None
    if name.startswith(words[0]):
        return 0
    return 1 if all(_holds(word, name) for word in words) else 2


def _holds(word: str, text: str) -> bool:
    return word in text if len(word) >= 3 else any(one.startswith(word) for one in _WORDS.findall(text))
