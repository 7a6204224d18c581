"""Others' statistics as cells: values as the source gives them, at the unit that they are about. Nothing is summed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pyarrow as pa
from sqlalchemy import Connection, select

from kpi.definition import Definition, Kind
from kpi.moment import known
from kpi.organisation import Unit
from kpi.period import Period, PeriodType
from kpi.pieces import EVENTS
from kpi.placement import Placement
from warehouse.contract import LEVELS
from warehouse.tables import VERSIONED

_BOTH_SEXES = "T"
_SCHEMA = pa.schema(
    [
        ("kpi_no", pa.int32()), ("unit_code", pa.string()), ("level_no", pa.int64()), ("period", pa.int64()),
        ("split", pa.string()), ("numerator", pa.float64()), ("denominator", pa.float64()), ("cases", pa.int64()),
        ("value", pa.float64()), ("basis", pa.int16()),
    ]
)  # fmt: skip


def context_cells(
    connection: Connection, definitions: Sequence[Definition], placements: Iterable[Placement], on: date | None
) -> list[pa.Table]:
    """The cells of the context figures; a year without a value has none, since null is never 0."""
    wanted = [(number, one) for number, one in enumerate(definitions) if one.kind is Kind.CONTEXT]
    if not wanted:
        return []
    places = _places(placements)
    table = VERSIONED["context_values"]
    series = {code for _, one in wanted for code in one.meaning.series}
    rows = connection.execute(
        select(table.c.kpi_id, table.c.municipality_code, table.c.year, table.c.value).where(
            known(table, on), table.c.kpi_id.in_(series), table.c.sex == _BOTH_SEXES, table.c.value.is_not(None)
        )
    ).all()
    found = [
        (number, unit.code, LEVELS.index(unit.level), year.code, f"series={row.kpi_id}" if one.split else "", None,
         None, 0, row.value, EVENTS)
        for number, one in wanted
        for row in rows
        if row.kpi_id in one.meaning.series
        for year in [Period(PeriodType.YEAR, row.year, 1)]
        for unit in [_unit_of(row.municipality_code, year, places)]
        if unit is not None and unit.level in one.levels and _holds(one, year)
    ]  # fmt: skip
    columns = list(zip(*found, strict=True)) if found else [()] * len(_SCHEMA)
    return [pa.table([pa.array(values, field.type) for values, field in zip(columns, _SCHEMA, strict=True)], _SCHEMA)]


def _places(placements: Iterable[Placement]) -> dict[str, list[Placement]]:
    """The placements of municipalities and regions by the codes that a source may know them under: a region also by
    its county's two digits, as Kolada's four (`0012`)."""
    found: dict[str, list[Placement]] = {}
    for one in placements:
        own = one.chain[0]
        codes = {own.municipality_code, own.code} if own.level in ("municipality", "region") else set()
        for code in [code for code in codes if code]:
            found.setdefault(code.zfill(4) if own.level == "region" else code, []).append(one)
    return found


def _unit_of(code: str, year: Period, places: dict[str, list[Placement]]) -> Unit | None:
    known_as = places.get(code) or places.get(code.zfill(4), [])
    standing = [one for one in known_as if one.first <= year.last_day <= one.last] or known_as
    return standing[-1].chain[0] if standing else None


def _holds(definition: Definition, year: Period) -> bool:
    first, last = definition.meaning.first, definition.meaning.last
    return (first is None or first.year <= year.year) and (last is None or year.year <= last.year)
