"""A DuckDB in memory with what the compiled queries read: datasets, facts, the organisation, as-of days, periods.

Everything goes in as Arrow and every statement is a rendered tree; DuckDB never opens the warehouse itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy import ColumnElement, Select, select, type_coerce
from sqlalchemy.types import Date
from sqlglot import exp

from kpi.definition import Fact
from kpi.facts import Needs, fact_query
from kpi.period import Period, PeriodType, periods_between
from kpi.placement import Placement
from kpi.reading import Reader, schema_of
from warehouse.contract import DATASETS, LEVELS, Kind
from warehouse.tables import VERSIONED

DIALECT = "duckdb"
_EARLIEST, _LATEST = date(1, 1, 1), date(9999, 12, 31)


class Workspace:
    """One computation's tables. Names are those that `kpi.compile` reads."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def run(self, query: exp.Query) -> pa.Table:
        """The result of a query tree."""
        return self._connection.sql(query.sql(DIALECT, identify=True)).to_arrow_table()

    def keep(self, table: str, query: exp.Query) -> None:
        """Store a query tree's result under a name."""
        self._create("TABLE", table, query)

    def view(self, table: str, query: exp.Query) -> None:
        """Name a query tree without running it."""
        self._create("VIEW", table, query)

    def fill(self, table: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Store Arrow rows under a name."""
        self._connection.register("arriving", rows)
        self.keep(table, exp.select("*").from_("arriving"))
        self._connection.unregister("arriving")

    def append(self, table: str, rows: pa.Table) -> None:
        """Add Arrow rows to a kept table, column by name."""
        self._connection.register("arriving", rows)
        columns = [exp.to_identifier(name, quoted=True) for name in rows.column_names]
        target = exp.Schema(this=exp.to_table(table), expressions=columns)
        statement = exp.Insert(this=target, expression=exp.select(*rows.column_names).from_("arriving"))
        self._connection.execute(statement.sql(DIALECT, identify=True))
        self._connection.unregister("arriving")

    def _create(self, kind: str, table: str, query: exp.Query) -> None:
        statement = exp.Create(this=exp.to_table(table), kind=kind, expression=query, replace=True)
        self._connection.execute(statement.sql(DIALECT, identify=True))

    def add_facts(self, facts: Mapping[str, Fact], columns: Needs, prefix: str = "") -> None:
        """Every needed fact as a view over the datasets' tables of that prefix."""
        for fact in facts.values():
            if fact.name in columns:
                self.view(f"{prefix}{fact.name}", fact_query(fact, columns[fact.name], prefix))

    def add_organisation(self, found: Sequence[Placement]) -> None:
        """The tables `placement` and `ancestor`."""
        self.fill(
            "placement",
            pa.table(
                {
                    "placement_no": pa.array(range(len(found)), pa.int64()),
                    "unit_code": pa.array([one.unit_code for one in found], pa.string()),
                    "first_on": pa.array([max(one.first, _EARLIEST) for one in found], pa.date32()),
                    "last_on": pa.array([min(one.last, _LATEST) for one in found], pa.date32()),
                }
            ),
        )
        above = [
            (number, unit.code, LEVELS.index(unit.level)) for number, one in enumerate(found) for unit in one.chain
        ]
        self.fill("ancestor", _table(above, placement_no=pa.int64(), unit_code=pa.string(), level_no=pa.int64()))

    def add_as_of(self, by_fact: Mapping[str, Mapping[str, date]]) -> None:
        """The table `as_of`."""
        rows = [(fact, municipality, day) for fact, days in by_fact.items() for municipality, day in days.items()]
        self.fill("as_of", _table(rows, fact=pa.string(), municipality_code=pa.string(), as_of=pa.date32()))

    def add_calendar(self, first: date, last: date) -> None:
        """The table `calendar`: every period of every type that touches first..last."""
        periods = [
            period
            for type_ in PeriodType
            for period in periods_between(Period.containing(first, type_), Period.containing(last, type_))
        ]
        rows = [(one.type.value, one.code, one.first_day, one.last_day) for one in periods]
        self.fill(
            "calendar",
            _table(rows, type=pa.string(), period=pa.int64(), first_on=pa.date32(), last_on=pa.date32()),
        )

    def add_covered(self, rows: Iterable[tuple[str, str, str, int, date, int, bool]]) -> None:
        """The table `covered`: kpi_id, municipality_code, unit_code, period, day, children, is_whole."""
        self.fill(
            "covered",
            _table(
                list(rows),
                kpi_id=pa.string(),
                municipality_code=pa.string(),
                unit_code=pa.string(),
                period=pa.int64(),
                day=pa.date32(),
                children=pa.int64(),
                is_whole=pa.bool_(),
            ),
        )


@contextmanager
def open_workspace() -> Iterator[Workspace]:
    """An empty workspace, gone when the block ends."""
    connection = duckdb.connect(":memory:")
    try:
        yield Workspace(connection)
    finally:
        connection.close()


def rows_of(dataset: str, columns: Iterable[str]) -> Select[Any]:
    """A select of those fields of a dataset's versions; a month is given as its first day."""
    table = VERSIONED[dataset]
    chosen: list[ColumnElement[Any]] = []
    for name in sorted(columns):
        field = DATASETS[dataset].field(name)
        column = table.c[field.column]
        if field.kind is Kind.MONTH:
            chosen.append(type_coerce(column.concat("-01"), Date).label(name))
        else:
            chosen.append(column.label(name))
    return select(*chosen)


def read_into(workspace: Workspace, reader: Reader, table: str, query: Select[Any]) -> None:
    """Stream a select's rows into the workspace."""
    workspace.fill(table, reader.batches(query, schema_of(query)))


def _table(rows: Sequence[tuple[Any, ...]], **types: pa.DataType) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(types)
    return pa.table(
        {name: pa.array(values, type_) for (name, type_), values in zip(types.items(), columns, strict=True)}
    )
