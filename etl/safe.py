"""Delivered rows made safe to keep: pseudonyms in key, code and person columns, masks everywhere else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from etl.identity.replace import pseudonymise_keys, pseudonymise_persons
from etl.mapping import Mapping, normal
from etl.rules.check import Checked, Context, masked_texts
from etl.table import Column, Table, concat
from warehouse.contract import DATASETS, Kind

UsedHeaders = dict[str, set[tuple[str, str]]]
"""For each delivered header that the mapping uses: the (dataset, field) it goes into."""


def safe_columns(
    tables: Sequence[Table], used: Sequence[UsedHeaders], checked: Sequence[Checked], context: Context
) -> dict[str, Column]:
    """Every delivered column over all tables' rows, safe; a column that a table lacks is blank there."""
    size = sum(len(table) for table in tables)
    municipality = _municipality_of_raw(checked, size)
    safe: dict[str, Column] = {}
    for name in dict.fromkeys(name for table in tables for name in table.columns):
        column = concat([table.columns.get(name, Column.constant("", len(table))) for table in tables])
        fields = set().union(*(each.get(name, set()) for each in used))
        safe[name] = _safe_column(column, fields, municipality, checked, context)
    return safe


def _municipality_of_raw(checked: Sequence[Checked], size: int) -> Column:
    """Each delivered row's municipality, from the first dataset that gives one; '' where none does."""
    for each in checked:
        column = each.canonical.columns.get("municipality_code")
        if column is not None:
            canonical = each.canonical
            raw, rows = canonical.links or (canonical.raw_of, np.arange(len(canonical), dtype=np.int64))
            codes = np.full(size, len(column.values), dtype=np.int32)
            codes[raw] = column.codes[rows]
            return Column(codes, pa.concat_arrays([column.values, pa.array([""], pa.string())]))
    return Column.constant("", size)


def _safe_column(
    column: Column,
    fields: set[tuple[str, str]],
    municipality: Column,
    checked: Sequence[Checked],
    context: Context,
) -> Column:
    kinds = {_kind(dataset, field) for dataset, field in fields if field}
    if Kind.PERSON in kinds:
        return _persons_done(column, fields, checked) or _persons(column, municipality, context)
    if Kind.CODE in kinds:
        return pseudonymise_keys(column, municipality, context.maker, context.as_of)
    return column.with_values(masked_texts(column.values))


def _kind(dataset: str, name: str) -> Kind:
    """A field's kind for this purpose: every key is a code; a shape's person is a person."""
    if name == "person_id":
        return Kind.PERSON
    field = DATASETS[dataset].field(name)
    return Kind.CODE if field.key else field.kind


def _persons_done(column: Column, fields: set[tuple[str, str]], checked: Sequence[Checked]) -> Column | None:
    """The pseudonyms that the check has made already, when its rows are the delivered rows."""
    for each in checked:
        if (each.canonical.dataset.name, "person_id") in fields and each.pseudonyms is not None:
            canonical = each.canonical
            if canonical.links is None and len(canonical) == len(column):
                return each.pseudonyms
    return None


def _persons(column: Column, municipality: Column, context: Context) -> Column:
    return pseudonymise_persons(column, municipality, context.maker, context.as_of).pseudonyms


def unknown_headers(tables: Sequence[Table], used: Sequence[UsedHeaders], mapping: Mapping) -> list[str]:
    """The delivered columns that the mapping does not know."""
    known = {normal(name) for each in used for name in each}
    known |= {
        normal(part.column)
        for mapped in mapping.datasets.values()
        for how in mapped.fields.values()
        for part in how.parts
        if part.column
    }
    return [
        name for name in dict.fromkeys(name for table in tables for name in table.columns) if normal(name) not in known
    ]
