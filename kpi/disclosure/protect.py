"""From a table of counts to what is shown, what is hidden, and the proof that hidden counts stay hidden. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import compress

import numpy as np

from kpi.disclosure.attack import Interval, Known, attack
from kpi.disclosure.search import forced_to_zero, hide
from kpi.disclosure.system import systems
from kpi.disclosure.table import Before, Table, TableError

Progress = Callable[[str, int, int], None]
"""Called with a step's Swedish name, how much is done, and of how much."""

_NOTHING = Before()


@dataclass(frozen=True)
class Protected:
    """Every cell of a table is either published or hidden. `certificate`: what the last attack found of each primary
    cell, but those that were shown before; every interval holds 0 … the cell's limit, but for the cells in `exposed`:
    what was shown before gives them away, in part or in full, whatever is hidden."""

    published: Mapping[str, int]
    hidden: tuple[str, ...]
    certificate: Mapping[str, Interval]
    exposed: tuple[str, ...] = ()


def protect(table: Table, progress: Progress | None = None, *, before: Before = _NOTHING) -> Protected:
    """Hide every count up to its limit, and as little more as it takes. What is settled `before` stays so.

    TableError when the relations force a cell to zero: then everybody knows it, whatever is hidden. ValueError when
    `before` does not fit the table.
    """
    before.check(table)
    _refuse_forced(table, before)
    primary = [cell for cell in table.primary if cell not in before.shown]
    hidden: set[str] = set()
    exposed: set[str] = set()
    done = 0
    for part in systems(table, before.shown):
        small = int(part.primary.sum())

        def step(met: int, needs: int, earlier: int = done, here: int = small) -> None:
            if progress:
                progress("Döljer", earlier + here * met // needs, len(primary))

        found = hide(part, np.array([cell in before.hidden for cell in part.cells]), step)
        hidden.update(compress(part.cells, found.hidden))
        exposed.update(compress(part.cells, found.exposed))
        done += small
    published = {cell: count for cell, count in table.cells.items() if cell not in hidden}
    certificate = attack(Known.after(published, hidden, table.relations), primary, progress)
    assert all(one.holds(0, table.limit_of(cell)) for cell, one in certificate.items() if cell not in exposed)
    return Protected(published, tuple(sorted(hidden)), certificate, tuple(sorted(exposed)))


def _refuse_forced(table: Table, before: Before) -> None:
    """What was shown before forces nothing here: only the relations do, for the cells that are not out already."""
    forced = {cell for part in systems(table) for cell in compress(part.cells, forced_to_zero(part))} - before.shown
    if forced:
        named = ", ".join(sorted(forced)[:10]) + (" …" if len(forced) > 10 else "")
        raise TableError(
            f"Det går inte att dölja {named}: relationerna tvingar antalet till 0 oavsett vad som döljs, till exempel "
            "när en summa är lika med en av sina delar. Rätta relationerna, eller ta bort celler som inte kan finnas."
        )
