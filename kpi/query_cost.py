"""What a read may cost: values asked for, told before anything is read. Pure.

Everything × everything is refused politely, with what to narrow. The operator's command line has no such limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.errors import TooMuch


@dataclass(frozen=True)
class Asked:
    """One figure's part of a read: how many units and periods it spans, and how many parts each value may have."""

    units: int
    periods: int
    parts: int = 1

    @property
    def cells(self) -> int:
        """At most so many values."""
        return self.units * self.periods * self.parts


def check_cost(asked: Sequence[Asked], most_cells: int) -> None:
    """TooMuch when the read may hold more values than `most_cells`; the sentence names the widest part of it."""
    if sum(one.cells for one in asked) > most_cells:
        raise TooMuch(f"Det är för mycket på en gång: fler än {most_cells} värden. {_narrower(asked)}")


def _narrower(asked: Sequence[Asked]) -> str:
    if len(asked) > 1 and max(one.cells for one in asked) < sum(one.cells for one in asked) // 2:
        return "Välj färre nyckeltal åt gången."
    widest = max(asked, key=lambda one: one.cells)
    if widest.units > 1 and widest.units >= widest.periods:
        return "Välj en enhet eller en nämnd."
    return "Välj en kortare tid."
