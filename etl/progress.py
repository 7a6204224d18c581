"""How far long work has come, told in its row of the warehouse while it goes on, so that pages can show it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine, Table, update

from warehouse.database import write_unless_busy

Progress = Callable[[str, int, int], None]
"""Called with a step's Swedish name, how much is done, and of how much."""
IDLE = {"step": None, "step_done": None, "step_total": None}
"""What the row says when nothing goes on."""
_EVERY_S = 1.0


@dataclass
class Told:
    """A `Progress` that writes into the row of `table` with this key, at most once a second, and never within the
    work's own transaction: what cannot be written at once is left untold."""

    engine: Engine
    table: Table
    number: int
    clock: Callable[[], float] = time.monotonic
    _next: float = field(default=0.0, init=False)

    def __call__(self, step: str, done: int, total: int) -> None:
        """Tell it, when it is time."""
        if self.clock() < self._next:
            return
        self._next = self.clock() + _EVERY_S
        (key,) = self.table.primary_key.columns
        statement = (
            update(self.table)
            .where(key == self.number, self.table.c.state == "running")
            .values(step=step, step_done=done, step_total=total)
        )
        write_unless_busy(self.engine, statement)
