"""Rules that depend on what the warehouse already holds, or on the delivery as a whole.

Contract.md: population by single ages or by their sum, not both in a year; a centre delivers referrals or counts for a
month, never both (the later is refused).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Table, and_, not_, select

from etl.rules.check import Checked
from etl.rules.problem import Problem
from etl.rules.reported import ALL_AGES
from etl.table import Rows
from warehouse.tables import VERSIONED

CentreMonth = tuple[str, str]
WAYS_OF_REFERRALS = {
    "referrals": ("referred_on", "referral_counts", "antal"),
    "referral_counts": ("month", "referrals", "hänvisningar"),
}
"""Each way of telling of referrals: the field with its time, the other way, and the other way's Swedish word."""


@dataclass(frozen=True)
class Beside:
    """What stands beside a dataset's rows in their own delivery.

    `replaced`: the datasets that it gives as snapshots, so that the source's own rows there are ended by it;
    `centre_months`: the centres and months that its other dataset of referrals has given already.
    """

    source_id: int
    replaced: frozenset[str] = frozenset()
    centre_months: frozenset[CentreMonth] = frozenset()


def standing_problems(
    connection: Connection, checked: Checked, usable: NDArray[np.bool_], beside: Beside
) -> list[Problem]:
    """The problems of usable rows (those that no other rule has refused)."""
    rows = np.flatnonzero(usable)
    match checked.canonical.dataset.name:
        case "population":
            return _mixed_ages(connection, checked, rows, beside)
        case "referrals" | "referral_counts":
            return _told_otherwise(connection, checked, rows, beside)
        case _:
            return []


def centre_months(checked: Checked, rows: Rows) -> list[CentreMonth]:
    """The centre and month of those rows of referrals or of counts."""
    centres = checked.typed["centre_code"].objects(rows)
    if checked.canonical.dataset.name == "referral_counts":
        return list(zip(map(str, centres), map(str, checked.typed["month"].objects(rows)), strict=True))
    days = checked.typed["referred_on"].objects(rows)
    return [(str(centre), f"{day:%Y-%m}") for centre, day in zip(centres, days, strict=True)]


def _mixed_ages(connection: Connection, checked: Checked, rows: Rows, beside: Beside) -> list[Problem]:
    table = VERSIONED["population"]
    codes, years, ages = (checked.typed[name].objects(rows) for name in ("municipality_code", "year", "age"))
    stored = connection.execute(
        select(table.c.municipality_code, table.c.year, table.c.age)
        .where(_stays(table, checked, rows, beside), table.c.municipality_code.in_({str(code) for code in codes}))
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


def _told_otherwise(connection: Connection, checked: Checked, rows: Rows, beside: Beside) -> list[Problem]:
    """Referrals of a month that is counted, or counts of a month that is listed."""
    name = checked.canonical.dataset.name
    field, other, told = WAYS_OF_REFERRALS[name]
    table = VERSIONED[other]
    own = centre_months(checked, rows)
    month = table.c[WAYS_OF_REFERRALS[other][0]]
    stored = connection.execute(
        select(table.c.centre_code, month)
        .where(_stays(table, checked, rows, beside), table.c.centre_code.in_({centre for centre, _ in own}))
        .distinct()
    )
    taken = {(centre, f"{when:%Y-%m}" if isinstance(when, date) else when) for centre, when in stored}
    taken |= beside.centre_months
    wrong = [row for row, place in zip(rows.tolist(), own, strict=True) if place in taken]
    sentence = (
        f"månaden är redan levererad som {told} – en familjecentral lämnar antingen hänvisningar eller antal för en "
        "månad. Ta bort det ena i källan."
    )
    return _problems(field, "counts_or_referrals", wrong, sentence)


def _stays(table: Table, checked: Checked, rows: Rows, beside: Beside) -> ColumnElement[bool]:
    """Current rows that the delivery does not replace: its own source's in a snapshot's municipalities go."""
    if table.name not in beside.replaced:
        return table.c.ended_by.is_(None)
    codes = {str(code) for code in checked.typed["municipality_code"].objects(rows)}
    replaced = and_(table.c.source_id == beside.source_id, table.c.municipality_code.in_(codes))
    return and_(table.c.ended_by.is_(None), not_(replaced))


def _problems(field: str, rule: str, rows: list[int], sentence: str) -> list[Problem]:
    return [Problem(field, rule, np.array(rows, dtype=np.int64), lambda _: sentence)] if rows else []
