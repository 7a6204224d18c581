"""Shapes beyond a row per thing: each module turns a sheet into such rows, whose columns the mapping then uses."""

from __future__ import annotations

from collections.abc import Mapping as ByName
from dataclasses import replace

from etl.mapping import Count, Matrix, Shape, Training
from etl.rules.values import FORMULA
from etl.shapes.count import count_rows
from etl.shapes.matrix import melt_matrix
from etl.shapes.shaped import Shaped
from etl.shapes.training import sum_training
from etl.table import Table


def shape_table(table: Table, shape: Shape, names: ByName[str, str]) -> Shaped:
    """The table in the mapping's shape; `names` are the values of the file's and sheet's names."""
    match shape:
        case Matrix():
            return melt_matrix(table, shape)
        case Training():
            return _with_formulas(table, sum_training(table, shape, names))
        case Count():
            return _with_formulas(table, count_rows(table, shape))


def _with_formulas(table: Table, shaped: Shaped) -> Shaped:
    """A sum over a cell that is a formula cannot be used."""
    cells = {row: sorted(headers & shaped.used) for row, headers in table.formulas.items()}
    bad = [
        (int(made), headers[0], FORMULA)
        for delivered, made in zip(*(rows.tolist() for rows in shaped.links), strict=True)
        if (headers := cells.get(delivered))
    ]
    return replace(shaped, bad=(*shaped.bad, *bad)) if bad else shaped
