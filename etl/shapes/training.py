"""A training register, a row per person and course: how many are concerned, how many trained in the last 12 months."""

from __future__ import annotations

from collections.abc import Mapping as ByName

import numpy as np
from numpy.typing import NDArray

from etl.mapping import Training, normal
from etl.rules.values import BadValue, read_day, read_month
from etl.shapes.count import group_rows
from etl.shapes.shaped import Shaped, find_columns
from etl.table import Column, Table

_MONTHS = 12


def sum_training(table: Table, shape: Training, names: ByName[str, str]) -> Shaped:
    """The `by` columns, @staff and @trained (persons), in the order of each group's first row.

    A day that cannot be read makes its whole group unusable: a sum without it would be wrong.
    """
    rule = shape.trained.column if shape.trained is not None else shape.completed or ""
    wanted = [*shape.by, shape.person, rule]
    month_is_named = shape.month in names
    if shape.month is not None and not month_is_named and shape.month not in wanted:
        wanted.append(shape.month)
    found = find_columns(table, wanted)
    size = len(table)
    groups, first = group_rows([found[name][1] for name in shape.by], size)
    people, first_of_person = group_rows([found[name][1] for name in (*shape.by, shape.person)], size)
    bad: list[tuple[int, str, BadValue]] = []
    if shape.trained is not None:
        words = {normal(text) for text in shape.trained.values}
        trained = found[rule][1].rows_in(words, normal)
    else:
        months = Column.constant(names[shape.month or ""], size) if month_is_named else found[shape.month or ""][1]
        header, days = found[rule]
        completed, wrong_days = _month_numbers(days, is_day=True)
        until, wrong_months = _month_numbers(months, is_day=False)
        trained = (completed <= until) & (completed > until - _MONTHS)
        wrong = {**wrong_days, **wrong_months}
        bad = [(int(groups[row]), header, error) for row, error in sorted(wrong.items())]
    trained_people = np.zeros(len(first_of_person), dtype=np.bool_)
    np.logical_or.at(trained_people, people, trained)
    group_of_person = groups[first_of_person]
    columns = {name: found[name][1].take(first) for name in shape.by}
    columns["@staff"] = _counted(np.bincount(group_of_person, minlength=len(first)))
    columns["@trained"] = _counted(np.bincount(group_of_person[trained_people], minlength=len(first)))
    used = frozenset(name for name, _ in found.values())
    return Shaped(columns, first, (np.arange(size, dtype=np.int64), groups), used, tuple(bad))


def _counted(counts: NDArray[np.int64]) -> Column:
    return Column.of_texts([str(count) for count in counts.tolist()])


def _month_numbers(column: Column, *, is_day: bool) -> tuple[NDArray[np.int64], dict[int, BadValue]]:
    """Per row: year × 12 + month (a blank: long ago), and the rows whose text is no day or month."""
    numbers = np.full(len(column.texts), -(10**6), dtype=np.int64)
    wrong: dict[int, BadValue] = {}
    for index, text in enumerate(column.texts):
        if text.strip():
            try:
                value = read_day(text.strip()).isoformat() if is_day else read_month(text.strip())
                numbers[index] = int(value[:4]) * 12 + int(value[5:7])
            except BadValue as error:
                wrong |= dict.fromkeys(np.flatnonzero(column.codes == index).tolist(), error)
    return numbers[column.codes], wrong
