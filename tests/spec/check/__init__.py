"""Hand-written check queries: every figure once more, in plain SQL on the warehouse itself, not by the compiler.

    rows = run_check(engine, "sip_established")     {(unit_code, period, split): (numerator, denominator, cases, value)}

A query is `prelude.sql`, the figure's own file, and for an additive figure `additive.sql`. Both databases run the same
text; the few day functions that they spell differently are made here for the test.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from warehouse.database import writing

_FOLDER = Path(__file__).parent
CHECKED = tuple(sorted(path.stem for path in _FOLDER.glob("*.sql") if path.stem not in ("prelude", "additive")))
_WHOLE = ("sip_lead_time", "sip_per_1000")
Checked = dict[tuple[str, int, str], tuple[float | None, float | None, int, float]]

_POSTGRES = """
create or replace function plus_days(d date, n int) returns date language sql immutable as 'select d + n';
create or replace function days_apart(a date, b date) returns int language sql immutable as 'select b - a';
create or replace function month_of(d date) returns int language sql immutable
    as 'select cast(extract(year from d) * 100 + extract(month from d) as int)';
create or replace function year_of(d date) returns int language sql immutable
    as 'select cast(extract(year from d) as int)';
create or replace function tertial_of(d date) returns int language sql immutable
    as 'select cast(extract(year from d) as int) * 100 + 21 + (cast(extract(month from d) as int) - 1) / 4';
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
"""


def run_check(engine: Engine, kpi_id: str) -> Checked:
    """The figure's cells by its check query; cells without cases are left out."""
    parts = ["prelude", kpi_id] if kpi_id in _WHOLE else ["prelude", kpi_id, "additive"]
    text = "\n".join(own_text(part) if part == kpi_id else file_text(part) for part in parts)
    with writing(engine) as connection:
        raw: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            _teach(raw)
        else:
            connection.exec_driver_sql(_POSTGRES)
        rows = connection.exec_driver_sql(text).mappings().all()
    return {key: cell for row in rows if (cell := _cell(kpi_id, row)) is not None for key in [_key(row)]}


def file_text(name: str) -> str:
    """A file of this folder."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


own_text = file_text
"""A figure's own query; a test of a figure that is not shipped puts its text here."""


def _key(row: Any) -> tuple[str, int, str]:
    return row["unit_code"], int(row["period"]), row["split"]


def _cell(kpi_id: str, row: Any) -> tuple[float | None, float | None, int, float] | None:
    if kpi_id == "sip_lead_time":
        return None, None, int(row["cases"]), float(row["value"])
    numerator = float(row["numerator"])
    if row["denominator"] is None:
        return numerator, None, int(numerator), numerator
    denominator = float(row["denominator"])
    if kpi_id == "sip_per_1000":
        return numerator, denominator, int(numerator), numerator * 1000 / denominator
    return numerator, denominator, int(denominator), numerator / denominator


def _teach(raw: sqlite3.Connection) -> None:
    """SQLite holds days as ISO text."""

    def day(text: str) -> date:
        return date.fromisoformat(text)

    def month_end(text: str) -> str:
        return ((day(text).replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).isoformat()

    def tertial_start(text: str) -> str:
        return day(text).replace(month=(day(text).month - 1) // 4 * 4 + 1, day=1).isoformat()

    def tertial_end(text: str) -> str:
        return month_end(day(text).replace(month=(day(text).month - 1) // 4 * 4 + 4, day=1).isoformat())

    def turns_18(text: str) -> str:
        born = day(text)
        return (date(born.year + 18, born.month, 1) + timedelta(days=born.day - 1)).isoformat()

    functions: dict[str, tuple[int, Any]] = {
        "plus_days": (2, lambda text, days: (day(text) + timedelta(days=days)).isoformat()),
        "days_apart": (2, lambda first, last: (day(last) - day(first)).days),
        "month_of": (1, lambda text: day(text).year * 100 + day(text).month),
        "year_of": (1, lambda text: day(text).year),
        "tertial_of": (1, lambda text: day(text).year * 100 + 21 + (day(text).month - 1) // 4),
        "month_end": (1, month_end),
        "tertial_start": (1, tertial_start),
        "tertial_end": (1, tertial_end),
        "turns_18": (1, turns_18),
        "first_of_month": (1, lambda text: f"{text}-01"),
    }
    for name, (arity, function) in functions.items():
        raw.create_function(name, arity, _null_in_null_out(function), deterministic=True)


def _null_in_null_out(function: Any) -> Any:
    return lambda *values: None if None in values else function(*values)
