"""A value that is hidden: a type of its own, so that it can never pass for zero, nothing or a number. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn


class Reason(StrEnum):
    """Why a released reader does not see a value. One reason for all counts: nothing tells small cells from those that
    are hidden to protect them."""

    TOO_FEW = "too_few"
    NOT_RELEASED = "not_released"

    @property
    def words(self) -> str:
        """In Swedish, for people."""
        return _WORDS[self]


_WORDS = {
    Reason.TOO_FEW: "visas inte (för få fall)",
    Reason.NOT_RELEASED: "visas inte (perioden är inte stängd)",
}


@dataclass(frozen=True)
class Suppressed:
    """Stands in a hidden value's place. Its text is the marker; its `words` say why."""

    reason: Reason = Reason.TOO_FEW

    def __str__(self) -> str:
        return ".."

    @property
    def words(self) -> str:
        """The reason, in Swedish."""
        return self.reason.words

    def __bool__(self) -> NoReturn:
        raise TypeError("a suppressed value is neither true nor false: ask isinstance(value, Suppressed)")


SUPPRESSED = Suppressed()
"""The marker of what is hidden because the cases are too few."""
