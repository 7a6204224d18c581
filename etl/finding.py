"""What `samkoll doctor` tells: one finding for each thing that it looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How bad a finding is."""

    GOOD = "good"
    NOTE = "note"  # to know or to do, but nothing is broken
    WRONG = "wrong"

    @property
    def word(self) -> str:
        """In Swedish, short."""
        return {"good": "ok", "note": "obs", "wrong": "FEL"}[self.value]


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    name: str
    grade: Grade
    text: str
    remedy: str = ""
