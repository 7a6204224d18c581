"""Two people at once: a row is changed by who read it as it is, else nothing is changed and the reader is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, update

from warehouse.errors import UserError


class ChangedMeanwhile(UserError):
    """Somebody else changed the same thing first; nothing was saved. The form keeps what was written in it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} sparades inte: någon annan har ändrat det sedan du öppnade sidan. Det du har skrivit står kvar. "
            "Öppna sidan i en ny flik, jämför och spara igen."
        )


def change(
    connection: Connection, table: Table, which: ColumnElement[bool], seen: int, values: Mapping[str, Any], what: str
) -> None:
    """Update the one row, and count the edit. `seen`: its `edits` when it was read; `what`: its Swedish name, capital
    first. ChangedMeanwhile when it has been changed since, or is gone."""
    done = connection.execute(
        update(table).where(and_(which, table.c.edits == seen)).values(**values, edits=seen + 1)
    ).rowcount
    if done != 1:
        raise ChangedMeanwhile(what)
