"""From a table of counts to what is shown, what is hidden, and the proof that hidden counts stay hidden. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kpi.disclosure.attack import Interval, Known, attack
from kpi.disclosure.search import forced_to_zero, hidden_cells
from kpi.disclosure.system import System, systems
from kpi.disclosure.table import Table, TableError

Progress = Callable[[str, int, int], None]
"""Called with a step's Swedish name, how much is done, and of how much."""


@dataclass(frozen=True)
class Protected:
    """Every cell of a table is either published or hidden. `certificate`: what the last attack found of each primary
    cell; every interval holds 0 … `hide_up_to`."""

    published: Mapping[str, int]
    hidden: tuple[str, ...]
    certificate: Mapping[str, Interval]


def protect(table: Table, progress: Progress | None = None) -> Protected:
    """Hide every count up to `hide_up_to`, and as little more as it takes.

    TableError when the relations force a cell to zero: then everybody knows it, whatever is hidden.
    """
    parts = systems(table)
    _refuse_forced(parts)
    hidden: set[str] = set()
    done = 0
    for part in parts:
        small = int((part.counts <= table.hide_up_to).sum())

        def step(met: int, needs: int, before: int = done, here: int = small) -> None:
            if progress:
                progress("Döljer", before + here * met // needs, len(table.primary))

        flags = hidden_cells(part, table.hide_up_to, step)
        hidden.update(cell for cell, is_hidden in zip(part.cells, flags, strict=True) if is_hidden)
        done += small
    published = {cell: count for cell, count in table.cells.items() if cell not in hidden}
    certificate = attack(Known.after(published, hidden, table.relations), table.primary, progress)
    assert all(one.holds(0, table.hide_up_to) for one in certificate.values())
    return Protected(published, tuple(sorted(hidden)), certificate)


def _refuse_forced(parts: list[System]) -> None:
    forced = [
        cell for part in parts for cell, is_forced in zip(part.cells, forced_to_zero(part), strict=True) if is_forced
    ]
    if forced:
        named = ", ".join(sorted(forced)[:10]) + (" …" if len(forced) > 10 else "")
        raise TableError(
            f"Det går inte att dölja {named}: relationerna tvingar antalet till 0 oavsett vad som döljs, till exempel "
            "när en summa är lika med en av sina delar. Rätta relationerna, eller ta bort celler som inte kan finnas."
        )
