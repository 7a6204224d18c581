"""The days between two dates, as SQL that both databases understand."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class days_between(FunctionElement[int]):  # noqa: N801 - it reads as a function in a query
    """`days_between(later, earlier)`: whole days; null where either is."""

    type = Integer()
    inherit_cache = True

    def __init__(self, later: ColumnElement[date], earlier: ColumnElement[date]) -> None:
        super().__init__(later, earlier)


@compiles(days_between, "postgresql")
def _in_postgresql(element: days_between, compiler: Any, **more: Any) -> str:
    later, earlier = (compiler.process(one, **more) for one in element.clauses)
    return f"({later} - {earlier})"


@compiles(days_between, "sqlite")
def _in_sqlite(element: days_between, compiler: Any, **more: Any) -> str:
    later, earlier = (compiler.process(one, **more) for one in element.clauses)
    return f"cast(julianday({later}) - julianday({earlier}) as integer)"
