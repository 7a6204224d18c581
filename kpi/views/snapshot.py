"""What every read in one transaction shares: the organisation, and what deliveries say of every figure. Read once."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cached_property
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select

from kpi.cells import split_of
from kpi.coverage import Coverage, Standing
from kpi.definition import Definition
from kpi.moment import committed_since, read_as_of
from kpi.organisation import Organisation
from kpi.read_coverage import read_children
from kpi.reported import DATASET, reported_days
from kpi.runs import latest_run
from kpi.views.organisation import read_organisation
from warehouse import tables


class Snapshot:
    """Of one reading transaction; gone with its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def organisation(self) -> Organisation:
        """The tree as known now."""
        return read_organisation(self._connection)

    def standing(self, definition: Definition) -> Standing:
        """What deliveries say of the figure, as the run that stored its values saw it."""
        return Standing(
            self._coverage.get(definition.id, {}),
            self._reported if definition.adds_up else {},
            self._first_children if definition.meaning.divides_by_children else {},
            self._delivering,
        )

    @cached_property
    def _coverage(self) -> dict[str, dict[str, Coverage]]:
        table = tables.kpi_coverage
        rows = self._connection.execute(
            select(tables.kpi.c.kpi_id, table.c.municipality_code, table.c.first_on, table.c.as_of).join(
                tables.kpi, tables.kpi.c.kpi_no == table.c.kpi_no
            )
        )
        found: dict[str, dict[str, Coverage]] = {}
        for kpi_id, municipality, first_on, as_of in rows:
            found.setdefault(kpi_id, {})[municipality] = Coverage(first_on, as_of)
        return found

    @cached_property
    def splits(self) -> dict[int, str]:
        """The few splits by number; looked up here, since no database guesses how few they are."""
        rows = self._connection.execute(select(tables.kpi_split.c.split_no, tables.kpi_split.c.split))
        return {row.split_no: row.split for row in rows}

    def parts(self, definition: Definition) -> int:
        """How many parts a value of the figure may have: the stored splits by its columns, 1 without."""
        return max(self._split_sizes.get(definition.split, 0), 1)

    @cached_property
    def _split_sizes(self) -> Counter[tuple[str, ...]]:
        return Counter(tuple(name for name, _ in split_of(split)) for split in self.splits.values())

    @cached_property
    def _delivering(self) -> frozenset[str]:
        return frozenset(code for by_municipality in self._coverage.values() for code in by_municipality)

    @cached_property
    def _reported(self) -> dict[str, date]:
        scope = tables.delivery_scope
        is_any = select(scope.c.delivery_id).where(scope.c.dataset == DATASET).limit(1)
        if self._connection.execute(is_any).first() is None:
            return {}
        base = latest_run(self._connection)
        unseen = committed_since(self._connection, base.cut) if base else []
        return reported_days(read_as_of(self._connection, without=unseen))

    @cached_property
    def _first_children(self) -> dict[str, int]:
        return {municipality: min(by_year) for municipality, by_year in read_children(self._connection).items()}


_open: WeakKeyDictionary[Connection, Snapshot] = WeakKeyDictionary()


def snapshot(connection: Connection) -> Snapshot:
    """The snapshot of a reading transaction (`warehouse.database.reading`): a connection that is used for one."""
    return _open.setdefault(connection, Snapshot(connection))
