"""Everything that can be done with a delivery's bytes before the warehouse is asked. Pure: no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from etl.apply import apply_mapping, names_of, used_headers, wanted_headers
from etl.canonical import Canonical, keep_rows
from etl.deliveries import safe_name
from etl.identity.pseudonym import Pseudonymiser
from etl.keys import Keys
from etl.mapping import FileFormat, Mapping, Mode
from etl.read.csv_table import read_csv
from etl.read.decode import decode
from etl.read.xlsx_tables import read_xlsx
from etl.rules.check import Checked, Context, check_rows
from etl.rules.counted import Figure, figures_of
from etl.rules.typed import combined_codes
from etl.safe import safe_columns, unknown_headers
from etl.table import Column, Rows, Table
from kpi.loader import load_catalogue
from warehouse.settings import Settings

Places = dict[str, set[tuple[str | None, int]]]
"""Per dataset: (sheet, line) of delivered rows."""
_MUNICIPALITY_DIGITS = 4


@dataclass(frozen=True, eq=False)
class Prepared:
    """A delivery as checked rows. `columns` are the delivered columns, safe to keep, over all tables' rows;
    `named_municipality` is what the file's name or a constant tells, '' when neither does.
    """

    file_name: str
    encoding: str | None
    separator: str | None
    tables: Sequence[Table]
    checked: Sequence[Checked]
    columns: dict[str, Column]
    warnings: tuple[str, ...]
    named_municipality: str

    @property
    def lines(self) -> NDArray[np.int32]:
        """Every delivered row's line."""
        return np.concatenate([table.lines for table in self.tables])


def prepare(
    content: bytes,
    mapping: Mapping,
    file_name: str,
    as_of: date,
    *,
    keys: Keys,
    settings: Settings,
    only: Places | None = None,
) -> Prepared:
    """Read and check a delivery; with `only`, just the canonical rows that came of those places, as a delta.

    DeliveryRefused when the delivery as a whole cannot be used.
    """
    base = PurePosixPath(file_name).name
    tables, encoding, separator = _read(content, mapping, settings)
    used = [used_headers(mapping, table) for table in tables]
    canonical = apply_mapping(mapping, tables, base)
    maker = Pseudonymiser(keys.pseudonym_key(mapping.board), board=mapping.board, source=mapping.source)
    context = Context(as_of, maker, _figures(mapping, settings))
    widths, width = _widths(tables)
    checked = [check_rows(each, widths, width, context) for each in canonical]
    if only is not None:
        places = [(table.sheet, line) for table in tables for line in table.lines.tolist()]
        wanted = [_rows_at(each.canonical, places, only.get(each.canonical.dataset.name, set())) for each in checked]
        parts = [replace(keep_rows(each, rows), mode=Mode.DELTA) for each, rows in zip(canonical, wanted, strict=True)]
        checked = [
            replace(check_rows(part, widths, width, context), answered=_answered(whole, rows))
            for part, whole, rows in zip(parts, checked, wanted, strict=True)
        ]
    columns = safe_columns(tables, used, checked, context)
    return Prepared(
        safe_name(file_name),
        encoding,
        separator,
        tables,
        checked,
        columns,
        tuple(_warnings(tables, used, mapping, checked)),
        _named_municipality(mapping, base, canonical),
    )


def _figures(mapping: Mapping, settings: Settings) -> dict[str, Figure]:
    """The figures that a delivery may report; the definitions are read when it can hold reports."""
    return figures_of(load_catalogue(settings.definitions)) if "reported_values" in mapping.datasets else {}


def _read(content: bytes, mapping: Mapping, settings: Settings) -> tuple[list[Table], str | None, str | None]:
    if mapping.format is FileFormat.XLSX:
        largest = settings.max_file_mb * 1024**2
        return read_xlsx(content, mapping, wanted_headers(mapping), largest_bytes=largest), None, None
    text, encoding = decode(content, mapping.encoding)
    table, separator = read_csv(text, header=mapping.header, separator=mapping.separator)
    return [table], encoding, separator


def _widths(tables: Sequence[Table]) -> tuple[dict[int, int], int]:
    """The delivered rows of wrong width, over all tables, and the header's width."""
    widths: dict[int, int] = {}
    first = 0
    for table in tables:
        widths |= {first + row: width for row, width in table.wrong_widths.items()}
        first += len(table)
    return widths, max(len(table.columns) for table in tables)


def _rows_at(
    canonical: Canonical, places: Sequence[tuple[str | None, int]], wanted: set[tuple[str | None, int]]
) -> Rows:
    rows = [row for row, raw in enumerate(canonical.raw_of.tolist()) if places[raw] in wanted]
    return np.array(rows, dtype=np.int64)


def _answered(whole: Checked, rows: Rows) -> NDArray[np.bool_]:
    """For those rows: whether a sound row of the delivery beside them has the same key."""
    keys = combined_codes(whole.key, len(whole))
    beside = whole.is_sound
    beside[rows] = False
    return np.isin(keys[rows], keys[beside])


def _named_municipality(mapping: Mapping, base: str, canonical: Sequence[Canonical]) -> str:
    """The municipality that the file's name or a constant tells; '' when neither does."""
    candidates = [names_of(mapping, base, None).get("municipality", "")]
    for each in canonical:
        how = mapping.datasets[each.dataset.name].fields.get("municipality_code")
        candidates.append((how.value if how is not None else None) or "")
    return next((code for code in candidates if len(code) == _MUNICIPALITY_DIGITS and code.isdigit()), "")


def _warnings(
    tables: Sequence[Table], used: list[dict[str, set[tuple[str, str]]]], mapping: Mapping, checked: Sequence[Checked]
) -> list[str]:
    warnings = []
    if unknown := unknown_headers(tables, used, mapping):
        warnings.append(f"Okända kolumner sparas men används inte: {', '.join(unknown)}.")
    lines = np.concatenate([table.lines for table in tables])
    for each in checked:
        outside = np.flatnonzero(each.out_of_scope)
        if len(outside):
            shown = ", ".join(str(line) for line in lines[each.canonical.raw_of[outside[:10]]].tolist())
            more = " med flera" if len(outside) > 10 else ""
            warnings.append(
                f"{each.canonical.dataset.name}: {len(outside)} rader ligger utanför (personen hade fyllt 18 år vid "
                f"initiated_on eller har skyddad identitet). De räknas men lagras inte: rad {shown}{more}."
            )
    return warnings
