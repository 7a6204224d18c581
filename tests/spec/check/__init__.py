"""Hand-written check queries: every figure once more, in plain SQL on the warehouse itself, not by the compiler.

    rows = run_check(engine, "sip_established")     {(unit_code, period, split): (numerator, denominator, cases, value)}

A query is `prelude.sql`, the figure's own file, and `additive.sql`, which adds the file's `event` rows up the tree. The
file's first comment lines tell what is not as usual:

    -- period: tertial | year          the periods that additive.sql groups by (month)
    -- smallest: board | municipality  the smallest level with cells (unit)
    -- whole                           the file is the rest of the query; it gives every column itself

Both databases run the same text; the few functions that they spell differently are made here for the test.
"""

from __future__ import annotations

import re
import sqlite3
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from kpi.definition import Definition, Kind
from kpi.store import read_stored
from warehouse.contract import LEVELS
from warehouse.database import reading, writing

_FOLDER = Path(__file__).parent
CHECKED = tuple(sorted(path.stem for path in _FOLDER.glob("*.sql") if path.stem not in ("prelude", "additive")))
Checked = dict[tuple[str, int, str], tuple[float | None, float | None, int, float]]

_PERIOD_OF = {"month": "month_of", "tertial": "tertial_of", "year": "year_code"}
_TOLD = re.compile(r"(?m)^-- (period|smallest): (\w+)$")
_WHOLE = re.compile(r"(?m)^-- whole$")

_POSTGRES = """
set local jit = off;
set local enable_nestloop = off;
create or replace function plus_days(d date, n int) returns date language sql immutable as 'select d + n';
create or replace function plus_months(d date, n int) returns date language sql immutable
    as 'select cast(d + make_interval(months => n) as date)';
create or replace function days_apart(a date, b date) returns int language sql immutable as 'select b - a';
create or replace function month_of(d date) returns int language sql immutable
    as 'select cast(extract(year from d) * 100 + extract(month from d) as int)';
create or replace function year_of(d date) returns int language sql immutable
    as 'select cast(extract(year from d) as int)';
create or replace function year_code(d date) returns int language sql immutable
    as 'select cast(extract(year from d) * 100 as int)';
create or replace function tertial_of(d date) returns int language sql immutable
    as 'select cast(extract(year from d) as int) * 100 + 21 + (cast(extract(month from d) as int) - 1) / 4';
create or replace function month_start(d date) returns date language sql immutable
    as 'select cast(date_trunc(''month'', d) as date)';
create or replace function month_end(d date) returns date language sql immutable
    as 'select cast(date_trunc(''month'', d) + interval ''1 month'' as date) - 1';
create or replace function tertial_start(d date) returns date language sql immutable
    as 'select make_date(cast(extract(year from d) as int), (cast(extract(month from d) as int) - 1) / 4 * 4 + 1, 1)';
create or replace function tertial_end(d date) returns date language sql immutable
    as 'select cast(tertial_start(d) + interval ''4 months'' as date) - 1';
create or replace function turns_18(d date) returns date language sql immutable
    as 'select cast(make_date(cast(extract(year from d) as int) + 18, cast(extract(month from d) as int), 1) as date)
        + cast(extract(day from d) as int) - 1';
create or replace function first_of_month(m text) returns date language sql immutable
    as 'select cast(m || ''-01'' as date)';
create or replace function depth_of(l text) returns int language sql immutable
    as 'select array_position(
        array[''region'', ''delregional'', ''municipality'', ''board'', ''administration'', ''unit''], l)';
"""


def run_check(engine: Engine, kpi_id: str) -> Checked:
    """The figure's cells by its check query; a share of nothing is no cell."""
    text = _query(own_text(kpi_id))
    with writing(engine) as connection:
        raw: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            _teach(raw)
        else:
            connection.exec_driver_sql(_POSTGRES)
        rows = connection.exec_driver_sql(text).mappings().all()
    cells = {_key(row): _cell(row) for row in rows}
    assert len(cells) == len(rows), f"{kpi_id}: two rows for a cell"
    return cells


def stored(engine: Engine, definition: Definition) -> dict[tuple[object, ...], tuple[Any, ...]]:
    """The figure's stored cells in the same form. Of a distribution only the whole: its parts must add up to it, which
    is checked here."""
    with reading(engine) as connection:
        cells = {key: cell[1:] for key, cell in read_stored(connection, definition.id).items()}
    if definition.kind is not Kind.DISTRIBUTION:
        return cells
    whole = {key: cell for key, cell in cells.items() if key[2] == ""}
    for unit, period, split in whole:
        parts = [cell for key, cell in cells.items() if key[:2] == (unit, period) and key[2] != split]
        assert sum(part[0] for part in parts) == whole[unit, period, split][1], (definition.id, unit, period)
        assert {part[1] for part in parts} == {whole[unit, period, split][1]}
    return whole


def file_text(name: str) -> str:
    """A file of this folder."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


own_text = file_text
"""A figure's own query; a test of a figure that is not shipped puts its text here."""


def _query(own: str) -> str:
    """The figure's own query between what it stands on and what adds it up."""
    told = {"period": "month", "smallest": "unit"} | dict(_TOLD.findall(own))
    if told["smallest"] not in LEVELS:
        raise ValueError(f"{told['smallest']} is no level")
    if _WHOLE.search(own):
        return "\n".join([file_text("prelude"), own])
    summed = file_text("additive").replace("month_of", _PERIOD_OF[told["period"]])
    return "\n".join([file_text("prelude"), own, summed.replace("'unit'", f"'{told['smallest']}'")])


def _key(row: Any) -> tuple[str, int, str]:
    return row["unit_code"], int(row["period"]), row["split"]


def _cell(row: Any) -> tuple[float | None, float | None, int, float]:
    numerator, denominator = (None if row[name] is None else float(row[name]) for name in ("numerator", "denominator"))
    return numerator, denominator, int(row["cases"]), float(row["value"])


def _teach(raw: sqlite3.Connection) -> None:
    """SQLite holds days as ISO text."""
    functions: dict[str, tuple[int, Callable[..., Any]]] = {
        "plus_days": (2, lambda text, days: (_day(text) + timedelta(days=days)).isoformat()),
        "plus_months": (2, _plus_months),
        "days_apart": (2, lambda first, last: (_day(last) - _day(first)).days),
        "month_of": (1, lambda text: _day(text).year * 100 + _day(text).month),
        "year_of": (1, lambda text: _day(text).year),
        "year_code": (1, lambda text: _day(text).year * 100),
        "tertial_of": (1, lambda text: _day(text).year * 100 + 21 + (_day(text).month - 1) // 4),
        "month_start": (1, lambda text: _day(text).replace(day=1).isoformat()),
        "month_end": (1, _month_end),
        "tertial_start": (1, _tertial_start),
        "tertial_end": (1, lambda text: _month_end(_plus_months(_tertial_start(text), 3))),
        "turns_18": (1, _turns_18),
        "first_of_month": (1, lambda text: f"{text}-01"),
        "depth_of": (1, lambda level: LEVELS.index(level) + 1),
    }
    for name, (arity, function) in functions.items():
        raw.create_function(name, arity, _null_in_null_out(function), deterministic=True)


def _null_in_null_out(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: None if None in values else function(*values)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _plus_months(text: str, months: int) -> str:
    """The same day of another month, or that month's last."""
    day = _day(text)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])).isoformat()


def _month_end(text: str) -> str:
    day = _day(text)
    return day.replace(day=monthrange(day.year, day.month)[1]).isoformat()


def _tertial_start(text: str) -> str:
    day = _day(text)
    return day.replace(month=(day.month - 1) // 4 * 4 + 1, day=1).isoformat()


def _turns_18(text: str) -> str:
    """Born on a leap day: on 1 March."""
    born = _day(text)
    return (date(born.year + 18, born.month, 1) + timedelta(days=born.day - 1)).isoformat()
