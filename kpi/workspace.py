"""A DuckDB in memory with what the compiled queries read: datasets, facts, the organisation, as-of days, periods.

Everything goes in as Arrow and every statement is a rendered tree; DuckDB never opens the warehouse itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, lru_cache
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy import ColumnElement, Select, select, type_coerce
from sqlalchemy.types import Date
from sqlglot import exp

from kpi.definition import Definition
from kpi.facts import MUNICIPALITY_PLACE
from kpi.period import Period, PeriodType, periods_between
from kpi.pieces import ADDEND
from kpi.placement import Placement
from kpi.program import rendered, table_statement
from kpi.reading import Reader, schema_of
from warehouse.contract import DATASETS, LEVELS, Kind
from warehouse.tables import VERSIONED

_EARLIEST, _LATEST = date(1, 1, 1), date(9999, 12, 31)
_FIRST_YEAR = 1900
_NEVER, _ALWAYS = 0, 999_999
"""Below and above every stored period code."""


class Workspace:
    """One computation's tables. Names are those that `kpi.compile` reads."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def execute(self, statement: str) -> None:
        """Run a rendered statement (`kpi.program`)."""
        self._connection.execute(statement)

    def answer(self, query: str) -> pa.Table:
        """The result of a rendered query."""
        return self._connection.sql(query).to_arrow_table()

    def run(self, query: exp.Query) -> pa.Table:
        """The result of a query tree."""
        return self.answer(rendered(query))

    def keep(self, table: str, query: exp.Query) -> None:
        """Store a query tree's result under a name."""
        self.execute(table_statement(table, query))

    def view(self, table: str, query: exp.Query) -> None:
        """Name a query tree without running it."""
        self.execute(table_statement(table, query, "VIEW"))

    def fill(self, table: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Store Arrow rows under a name."""
        self._connection.register("arriving", rows)
        self.execute(_kept_statement(table))
        self._connection.unregister("arriving")

    def append(self, table: str, rows: pa.Table) -> None:
        """Add Arrow rows to a kept table, column by name."""
        self._connection.register("arriving", rows)
        columns = [exp.to_identifier(name, quoted=True) for name in rows.column_names]
        target = exp.Schema(this=exp.to_table(table), expressions=columns)
        statement = exp.Insert(this=target, expression=exp.select(*rows.column_names).from_("arriving"))
        self.execute(rendered(statement))
        self._connection.unregister("arriving")

    def add_organisation(self, found: Sequence[Placement]) -> None:
        """The tables `place`, `placement`, `ancestor` and `home`."""
        places, homes = [], {}
        placed = []
        for number, one in enumerate(found):
            own = one.chain[0]
            days = max(one.first, _EARLIEST), min(one.last, _LATEST)
            codes = [one.unit_code]
            if own.level == "municipality" and own.municipality_code:
                codes.append(MUNICIPALITY_PLACE + own.municipality_code)
            places += [(code, number, *days, own.level == "board") for code in codes]
            placed.append((number, one.unit_code, one.municipality.code if one.municipality else None))
            homes[one.unit_code] = own.municipality_code or ""
        self.fill(
            "place",
            _table(places, unit_code=pa.string(), placement_no=pa.int64(), first_on=pa.date32(), last_on=pa.date32(),
                   is_board=pa.bool_()),
        )  # fmt: skip
        self.fill("placement", _table(placed, placement_no=pa.int64(), unit_code=pa.string(), municipality=pa.string()))
        above = [
            (number, unit.code, LEVELS.index(unit.level)) for number, one in enumerate(found) for unit in one.chain
        ]
        self.fill("ancestor", _table(above, placement_no=pa.int64(), unit_code=pa.string(), level_no=pa.int64()))
        self.fill("home", _table(list(homes.items()), unit_code=pa.string(), municipality_code=pa.string()))

    def add_figures(self, definitions: Sequence[Definition], clocks: Sequence[int]) -> None:
        """The table `figure`; a figure's number is its place in the sequence. And `addend`, empty."""
        rows = [
            (
                number,
                clock,
                one.shape.value,
                one.period.value,
                LEVELS.index(one.levels[0]),
                LEVELS.index(one.levels[-1]),
                one.meaning.per or 1,
                any(measure.parts for measure in one.meaning.measures),
                one.meaning.is_stock,
                one.meaning.first.to(one.period).code if one.meaning.first else _NEVER,
                one.meaning.last.to(one.period).code if one.meaning.last else _ALWAYS,
            )
            for number, (one, clock) in enumerate(zip(definitions, clocks, strict=True))
        ]
        self.fill(
            "figure",
            _table(
                rows, kpi_no=pa.int32(), clock=pa.int32(), shape=pa.string(), type=pa.string(), largest=pa.int64(),
                smallest=pa.int64(), per=pa.int64(), has_parts=pa.bool_(), is_stock=pa.bool_(), first=pa.int64(),
                last=pa.int64(),
            ),
        )  # fmt: skip
        types = dict.fromkeys(ADDEND, pa.int64()) | dict.fromkeys(
            ("municipality_code", "split", "match"), pa.string()
        ) | {"n": pa.float64(), "d": pa.float64()}  # fmt: skip
        self.fill("addend", _table([], **types))

    def add_as_of(self, clocks: Sequence[Mapping[str, date]]) -> None:
        """The table `as_of`: per clock the as-of days by municipality."""
        rows = [(clock, code, day) for clock, days in enumerate(clocks) for code, day in days.items()]
        self.fill("as_of", _table(rows, clock=pa.int32(), municipality_code=pa.string(), as_of=pa.date32()))

    def add_calendar(self, last_year: int, windows: frozenset[int]) -> None:
        """The tables `calendar` (every period of every type up to the year's end) and `reach` (which of them a month
        counts in; `windows`: the lengths of rolling windows)."""
        calendar, reach = _calendar(last_year, windows)
        self.fill("calendar", calendar)
        self.fill("reach", reach)

    def add_covered(self, rows: Iterable[tuple[int, str, int, date, int | None, bool, bool]]) -> None:
        """The table `covered`."""
        self.fill(
            "covered",
            _table(
                list(rows), kpi_no=pa.int32(), municipality=pa.string(), period=pa.int64(), day=pa.date32(),
                children=pa.int64(), is_whole=pa.bool_(), is_divided=pa.bool_(),
            ),
        )  # fmt: skip

    def add_roster(self, rows: Iterable[tuple[int, int, str, int, int]]) -> None:
        """The table `roster`."""
        self.fill(
            "roster",
            _table(list(rows), kpi_no=pa.int32(), placement_no=pa.int64(), unit_code=pa.string(), period=pa.int64(),
                   month=pa.int64()),
        )  # fmt: skip


@cache
def _kept_statement(table: str) -> str:
    return table_statement(table, exp.select("*").from_("arriving"))


@lru_cache(maxsize=8)
def _calendar(last_year: int, windows: frozenset[int]) -> tuple[pa.Table, pa.Table]:
    calendar, reach = [], []
    months = periods_between(Period(PeriodType.MONTH, _FIRST_YEAR, 1), Period(PeriodType.MONTH, last_year, 12))
    for type_, length in ((PeriodType.MONTH, 1), (PeriodType.TERTIAL, 4), (PeriodType.YEAR, 12)):
        for end in range(length, len(months) + 1, length):
            newest = months[end - 1]
            period = newest.to(type_)
            first_on = months[end - length].first_day
            calendar.append((type_.value, period.code, newest.code, first_on, newest.last_day))
            for window in {0, *windows}:
                inside = months[max(end - (window or length), 0) : end]
                reach += [(type_.value, window, one.code, period.code, first_on) for one in inside]
    return (
        _table(calendar, type=pa.string(), period=pa.int64(), month=pa.int64(), first_on=pa.date32(),
               last_on=pa.date32()),
        _table(reach, type=pa.string(), rolling=pa.int64(), month=pa.int64(), period=pa.int64(), first_on=pa.date32()),
    )  # fmt: skip


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
