"""What a shape makes of a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from etl.mapping import normal
from etl.read.refusal import DeliveryRefused
from etl.rules.values import BadValue
from etl.table import Column, Rows, Table


@dataclass(frozen=True, eq=False)
class Shaped:
    """New rows: their columns by header, and which delivered rows each was made of.

    `raw_of` is each new row's first delivered row; `links` are all pairs (delivered row, new row), sorted by neither.
    `used` says which delivered headers went in. `bad` are cells that could not be used:
    (new row, header, what is wrong).
    """

    columns: dict[str, Column]
    raw_of: Rows
    links: tuple[Rows, Rows]
    used: frozenset[str]
    bad: tuple[tuple[int, str, BadValue], ...] = field(default=())


def find_columns(table: Table, wanted: Iterable[str]) -> dict[str, tuple[str, Column]]:
    """For each wanted header: as it is written, and its column. DeliveryRefused when one is missing."""
    by_name = {normal(name): (name, column) for name, column in table.columns.items()}
    wanted = list(wanted)
    missing = [name for name in wanted if normal(name) not in by_name]
    if missing:
        raise missing_columns(missing, table)
    return {name: by_name[normal(name)] for name in wanted}


def missing_columns(missing: Iterable[str], table: Table) -> DeliveryRefused:
    """The sentence for columns that a delivery must have."""
    where = f"Bladet ”{table.sheet}” saknar" if table.sheet else "Filen saknar"
    listed = ", ".join(f"”{name}”" for name in missing)
    return DeliveryRefused(
        f"{where} kolumner som måste finnas: {listed}. Rubrikerna är: {', '.join(table.columns)}. "
        "Rätta exporten eller mappningen och leverera filen på nytt."
    )
