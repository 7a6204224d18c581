"""Reads and writes closings: what was closed, what was released of it, and the ledger of every decided count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from control.release.counts import WHOLE, FigureCell, Key, Own, Value
from control.release.decide import Decision
from control.release.due import Closed
from kpi.cells import split_of
from kpi.definition import Shape
from kpi.disclosure.ledger import Entry, Ledger
from kpi.disclosure.table import Relation
from kpi.period import Period
from kpi.store import numbers_of
from kpi.views.rows import Split
from warehouse import clock, closed_tables, tables
from warehouse.contract import LEVELS

_FIRST_HASH = "0" * 64
_EMPTY = Value(None, None, None, 0)
"""Stands in the table for a frozen period that held nothing."""


@dataclass(frozen=True)
class Header:
    """What a closing is, but its contents. `revision`: 0 for the closing itself."""

    board_code: str
    municipality_code: str
    period: Period
    revision: int
    closed_at: datetime
    closed_by: str
    reason: str | None
    run_no: int
    definitions_digest: str
    is_synthetic: bool


@dataclass(frozen=True)
class Stored:
    """A closing that has been stored."""

    release_no: int
    header: Header
    content_hash: str
    previous_hash: str


def closings(connection: Connection) -> tuple[Stored, ...]:
    """Every closing and revision, in order."""
    table = closed_tables.release
    columns = [one for one in table.columns if one.name != "audit"]
    rows = connection.execute(select(*columns).order_by(table.c.release_no))
    return tuple(
        Stored(
            row.release_no,
            Header(
                row.board_code, row.municipality_code, Period.from_code(row.period), row.revision, row.closed_at,
                row.closed_by, row.reason, row.run_no, row.definitions_digest, row.is_synthetic,
            ),
            row.content_hash,
            row.previous_hash,
        )
        for row in rows
    )  # fmt: skip


def closed(connection: Connection, more: Iterable[tuple[str, Period]] = ()) -> Closed:
    """What every board has closed; `more` as if it were."""
    rows = connection.execute(select(closed_tables.release.c.board_code, closed_tables.release.c.period))
    return Closed(frozenset((row.board_code, Period.from_code(row.period)) for row in rows) | frozenset(more))


def read_ledger(connection: Connection) -> Ledger:
    """All decided counts."""
    ledger = Ledger()
    for (audit,) in connection.execute(
        select(closed_tables.release.c.audit).order_by(closed_tables.release.c.release_no)
    ):
        content = json.loads(audit)
        entries = [Entry(*one) for one in content["entries"]]
        ledger.add(entries, [Relation(total, tuple(parts)) for total, parts in content["relations"]])
    return ledger


Frozen = dict[str, dict[tuple[str, Period], dict[Split, Value]]]
"""True values by figure, unit and own period, as they were frozen the last time."""


def read_frozen(connection: Connection, splits: Mapping[int, str]) -> Frozen:
    """The frozen values. A period that held nothing is there, and empty."""
    found: Frozen = {}
    table = closed_tables.closed_value
    rows = connection.execute(
        select(
            tables.kpi.c.kpi_id, tables.kpi_unit.c.unit_code, table.c.period, table.c.split_no, table.c.numerator,
            table.c.denominator, table.c.value, table.c.cases, table.c.release_no,
        )
        .join(tables.kpi, tables.kpi.c.kpi_no == table.c.kpi_no)
        .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == table.c.unit_no)
        .order_by(table.c.release_no)
    ).all()  # fmt: skip
    newest = {(row.kpi_id, row.unit_code, row.period): row.release_no for row in rows}
    for row in rows:
        if row.release_no == newest[(row.kpi_id, row.unit_code, row.period)]:
            own = found.setdefault(row.kpi_id, {}).setdefault((row.unit_code, Period.from_code(row.period)), {})
            value = Value(row.numerator, row.denominator, row.value, row.cases)
            if value != _EMPTY:
                own[split_of(splits[row.split_no])] = value
    return found


def text_of(split: Split) -> str:
    """The inverse of `kpi.cells.split_of`."""
    return ";".join(f"{name}={value}" for name, value in split)


def released(connection: Connection) -> dict[Key, bool]:
    """Every value that has been released, and whether it is hidden."""
    table = closed_tables.release_value
    splits = {row.split_no: split_of(row.split) for row in connection.execute(select(tables.kpi_split))}
    rows = connection.execute(
        select(
            tables.kpi.c.kpi_id, tables.kpi_unit.c.unit_code, table.c.period, table.c.split_no, table.c.is_suppressed
        )
        .join(tables.kpi, tables.kpi.c.kpi_no == table.c.kpi_no)
        .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == table.c.unit_no)
        .order_by(table.c.release_no)
    )
    return {
        (row.kpi_id, row.unit_code, Period.from_code(row.period), splits[row.split_no]): row.is_suppressed
        for row in rows
    }


def write(
    connection: Connection, header: Header, cells: Sequence[FigureCell], frozen: Mapping[str, Own], decision: Decision
) -> Stored:
    """Store a closing. `frozen`: the true values of its own periods, by figure."""
    previous = connection.scalar(
        select(closed_tables.release.c.content_hash).order_by(closed_tables.release.c.release_no.desc()).limit(1)
    )
    audit = _audit(decision)
    values = [_public(cell, cell.key in decision.shown) for cell in sorted(cells, key=lambda cell: cell.key)]
    rows = _frozen_rows(frozen)
    content_hash = _hash_of(header, values, rows, audit, previous or _FIRST_HASH)
    number = connection.execute(
        insert(closed_tables.release)
        .values(
            board_code=header.board_code, municipality_code=header.municipality_code, period=header.period.code,
            revision=header.revision, closed_at=header.closed_at, closed_by=header.closed_by, reason=header.reason,
            run_no=header.run_no, definitions_digest=header.definitions_digest, is_synthetic=header.is_synthetic,
            audit=audit, previous_hash=previous or _FIRST_HASH, content_hash=content_hash,
        )
        .returning(closed_tables.release.c.release_no)
    ).scalar_one()  # fmt: skip
    _write_values(connection, number, values)
    _write_frozen(connection, number, rows)
    return Stored(number, header, content_hash, previous or _FIRST_HASH)


def is_intact(connection: Connection, release_no: int) -> bool:
    """Whether a stored release is what its hash says, and follows on the one before."""
    table = closed_tables.release
    row = connection.execute(select(table).where(table.c.release_no == release_no)).one()
    previous = connection.scalar(
        select(table.c.content_hash).where(table.c.release_no < release_no).order_by(table.c.release_no.desc()).limit(1)
    )
    header = next(one.header for one in closings(connection) if one.release_no == release_no)
    values = _read_values(connection, release_no)
    found = _hash_of(header, values, _read_frozen_rows(connection, release_no), row.audit, row.previous_hash)
    return bool(row.previous_hash == (previous or _FIRST_HASH) and row.content_hash == found)


def newest_release_no(connection: Connection) -> int:
    """0 when nothing has been closed."""
    return int(connection.scalar(select(func.max(closed_tables.release.c.release_no))) or 0)


Public = dict[str, Any]
"""A released value as it is hashed: numbers, or only that it is suppressed."""

_NUMBERS = ("numerator", "denominator", "value", "cases")


def _public(cell: FigureCell, is_shown: bool) -> Public:
    numbers: dict[str, Any] = dict.fromkeys(_NUMBERS)
    if is_shown:
        numbers = _numbers(cell)
    return {
        "kpi": cell.definition.id,
        "unit": cell.unit_code,
        "level": cell.level,
        "period": str(cell.period),
        "split": text_of(cell.split),
        "suppressed": not is_shown,
        **numbers,
    }


def _numbers(cell: FigureCell) -> dict[str, Any]:
    """A shown value. Medians and differences are no sums and are not attacked: they are given as a page rounds them,
    and a difference with the least that its groups must hold, not with what they hold."""
    value, definition = cell.value, cell.definition
    numbers = {one: getattr(value, one) for one in _NUMBERS}
    if cell.counted is not None and definition.shape in (Shape.NUMBER, Shape.GAP) and value.value is not None:
        numbers["value"] = round(value.value, definition.decimals + (2 if definition.is_share else 0))
    if cell.counted is not None and definition.shape is Shape.GAP:
        numbers["cases"] = dict(cell.counted.limits)[cell.counted.denominator] + 1
    return numbers


def _audit(decision: Decision) -> str:
    return json.dumps(
        {
            "entries": [
                [one.place, one.version, one.count, one.limit, one.is_shown, one.is_empty] for one in decision.entries
            ],
            "relations": [[one.total, list(one.parts)] for one in decision.relations],
            "certificate": {cell: [one.low, one.high] for cell, one in sorted(decision.certificate.items())},
            "exposed": list(decision.exposed),
            "unmodelled": decision.unmodelled,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _hash_of(header: Header, values: Sequence[Public], frozen: Sequence[FrozenRow], audit: str, previous: str) -> str:
    content = {
        "board": header.board_code,
        "municipality": header.municipality_code,
        "period": str(header.period),
        "revision": header.revision,
        "reason": header.reason,
        "definitions": header.definitions_digest,
        "synthetic": header.is_synthetic,
        "closed_at": clock.utc(header.closed_at).isoformat(),
        "closed_by": header.closed_by,
        "run": header.run_no,
        "values": list(values),
        "frozen": hashlib.sha256(json.dumps(list(frozen), ensure_ascii=False).encode()).hexdigest(),
        "audit": hashlib.sha256(audit.encode()).hexdigest(),
        "previous": previous,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _write_values(connection: Connection, release_no: int, values: Sequence[Public]) -> None:
    figures = numbers_of(connection, tables.kpi, tables.kpi.c.kpi_id, {one["kpi"] for one in values})
    units = numbers_of(connection, tables.kpi_unit, tables.kpi_unit.c.unit_code, {one["unit"] for one in values})
    splits = numbers_of(connection, tables.kpi_split, tables.kpi_split.c.split, {one["split"] for one in values})
    rows = [
        {
            "kpi_no": figures[one["kpi"]],
            "unit_no": units[one["unit"]],
            "period": Period.parse(one["period"]).code,
            "split_no": splits[one["split"]],
            "release_no": release_no,
            "level": LEVELS.index(one["level"]),
            "is_suppressed": one["suppressed"],
            **{name: one[name] for name in _NUMBERS},
        }
        for one in values
    ]
    if rows:
        connection.execute(insert(closed_tables.release_value), rows)


def _read_values(connection: Connection, release_no: int) -> list[Public]:
    """A release's values as they were hashed."""
    table = closed_tables.release_value
    rows = connection.execute(
        select(table, tables.kpi.c.kpi_id, tables.kpi_unit.c.unit_code, tables.kpi_split.c.split)
        .join(tables.kpi, tables.kpi.c.kpi_no == table.c.kpi_no)
        .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == table.c.unit_no)
        .join(tables.kpi_split, tables.kpi_split.c.split_no == table.c.split_no)
        .where(table.c.release_no == release_no)
    )
    found = sorted(rows, key=lambda row: (row.kpi_id, row.unit_code, Period.from_code(row.period), split_of(row.split)))
    return [
        {
            "kpi": row.kpi_id,
            "unit": row.unit_code,
            "level": LEVELS[row.level],
            "period": str(Period.from_code(row.period)),
            "split": row.split,
            "suppressed": row.is_suppressed,
            **{name: getattr(row, name) for name in _NUMBERS},
        }
        for row in found
    ]


FrozenRow = tuple[str, str, int, str, float | None, float | None, float | None, int]
"""Figure, unit, period, split, numerator, denominator, value and cases, as a frozen value is stored and hashed."""


def _frozen_rows(frozen: Mapping[str, Own]) -> list[FrozenRow]:
    rows = [
        (id_, unit, period.code, text_of(split), value.numerator, value.denominator, value.value, value.cases)
        for id_, own in frozen.items()
        for (unit, period), by in own.items()
        for split, value in (by or {WHOLE: _EMPTY}).items()
    ]
    return sorted(rows, key=lambda row: row[:4])


def _write_frozen(connection: Connection, release_no: int, frozen: Sequence[FrozenRow]) -> None:
    figures = numbers_of(connection, tables.kpi, tables.kpi.c.kpi_id, {row[0] for row in frozen})
    units = numbers_of(connection, tables.kpi_unit, tables.kpi_unit.c.unit_code, {row[1] for row in frozen})
    splits = numbers_of(connection, tables.kpi_split, tables.kpi_split.c.split, {row[3] for row in frozen})
    rows = [
        {
            "release_no": release_no,
            "kpi_no": figures[id_],
            "unit_no": units[unit],
            "period": period,
            "split_no": splits[split],
            "numerator": numerator,
            "denominator": denominator,
            "value": value,
            "cases": cases,
        }
        for id_, unit, period, split, numerator, denominator, value, cases in frozen
    ]
    if rows:
        connection.execute(insert(closed_tables.closed_value), rows)


def _read_frozen_rows(connection: Connection, release_no: int) -> list[FrozenRow]:
    table = closed_tables.closed_value
    rows = connection.execute(
        select(
            tables.kpi.c.kpi_id, tables.kpi_unit.c.unit_code, table.c.period, tables.kpi_split.c.split,
            table.c.numerator, table.c.denominator, table.c.value, table.c.cases,
        )
        .select_from(table)
        .join(tables.kpi, tables.kpi.c.kpi_no == table.c.kpi_no)
        .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == table.c.unit_no)
        .join(tables.kpi_split, tables.kpi_split.c.split_no == table.c.split_no)
        .where(table.c.release_no == release_no)
    )  # fmt: skip
    return sorted((tuple(row) for row in rows), key=lambda row: row[:4])
