"""Rules that depend on what the warehouse already holds, or on the delivery as a whole.

Contract.md: population by single ages or by their sum, not both in a year; a centre delivers referrals or counts for a
month, never both (the later is refused).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from etl.rules.check import Checked
from etl.rules.problem import Problem
from etl.rules.reported import ALL_AGES
from etl.table import Rows
from warehouse.tables import VERSIONED


def standing_problems(connection: Connection, checked: Checked, usable: NDArray[np.bool_]) -> list[Problem]:
    """The problems of usable rows (those that no other rule has refused)."""
    rows = np.flatnonzero(usable)
    match checked.canonical.dataset.name:
        case "population":
            return _mixed_ages(connection, checked, rows)
        case "referrals":
            return _counted_already(connection, checked, rows)
        case "referral_counts":
            return _listed_already(connection, checked, rows)
        case _:
            return []


def _mixed_ages(connection: Connection, checked: Checked, rows: Rows) -> list[Problem]:
    table = VERSIONED["population"]
    codes, years, ages = (checked.typed[name].objects(rows) for name in ("municipality_code", "year", "age"))
    stored = connection.execute(
        select(table.c.municipality_code, table.c.year, table.c.age)
        .where(table.c.ended_by.is_(None), table.c.municipality_code.in_({str(code) for code in codes}))
        .distinct()
    )
    form = {(code, year): age == ALL_AGES for code, year, age in stored}
    wrong = [
        row
        for row, code, year, age in zip(rows.tolist(), codes, years, ages, strict=True)
        if form.setdefault((code, year), age == ALL_AGES) != (age == ALL_AGES)
    ]
    sentence = (
        "summa och enskilda åldrar blandas – året finns redan i den andra formen. "
        "Leverera antingen 0-17 eller varje ålder."
    )
    return _problems("age", "mixed_ages", wrong, sentence)


def _counted_already(connection: Connection, checked: Checked, rows: Rows) -> list[Problem]:
    table = VERSIONED["referral_counts"]
    centres = checked.typed["centre_code"].objects(rows)
    months = [f"{day:%Y-%m}" for day in checked.typed["referred_on"].objects(rows)]
    stored = connection.execute(
        select(table.c.centre_code, table.c.month)
        .where(table.c.ended_by.is_(None), table.c.centre_code.in_({str(centre) for centre in centres}))
        .distinct()
    )
    taken = {tuple(row) for row in stored}
    wrong = [row for row, centre, month in zip(rows.tolist(), centres, months, strict=True) if (centre, month) in taken]
    sentence = (
        "månaden är redan levererad som antal – en familjecentral lämnar antingen hänvisningar eller antal för en "
        "månad. Ta bort det ena i källan."
    )
    return _problems("referred_on", "counts_or_referrals", wrong, sentence)


def _listed_already(connection: Connection, checked: Checked, rows: Rows) -> list[Problem]:
    table = VERSIONED["referrals"]
    centres, months = (checked.typed[name].objects(rows) for name in ("centre_code", "month"))
    stored = connection.execute(
        select(table.c.centre_code, table.c.referred_on)
        .where(table.c.ended_by.is_(None), table.c.centre_code.in_({str(centre) for centre in centres}))
        .distinct()
    )
    taken = {(centre, f"{day:%Y-%m}") for centre, day in stored}
    wrong = [row for row, centre, month in zip(rows.tolist(), centres, months, strict=True) if (centre, month) in taken]
    sentence = (
        "månaden är redan levererad som hänvisningar – en familjecentral lämnar antingen hänvisningar eller antal "
        "för en månad. Ta bort det ena i källan."
    )
    return _problems("month", "counts_or_referrals", wrong, sentence)


def _problems(field: str, rule: str, rows: list[int], sentence: str) -> list[Problem]:
    return [Problem(field, rule, np.array(rows, dtype=np.int64), lambda _: sentence)] if rows else []
