"""When controls come due, by tables written by hand, and which law asked what on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from control.occasions.due import Adopted, due_day, periods_due, wanted
from control.occasions.law import Law, law_on
from control.plan.content import Frequency
from kpi.period import Period
from tests.builders.plan_world import EXTRACT, MONTHLY, plan


@pytest.mark.parametrize(
    ("frequency", "periods"),
    [
        (Frequency.MONTH, [f"2025-{month:02}" for month in range(1, 13)]),
        (Frequency.QUARTER, ["2025-K1", "2025-K2", "2025-K3", "2025-K4"]),
        (Frequency.TERTIAL, ["2025-T1", "2025-T2", "2025-T3"]),
        (Frequency.HALF_YEAR, ["2025-H1", "2025-H2"]),
        (Frequency.YEAR, ["2025"]),
    ],
)
def test_a_plan_adopted_before_its_year_has_all_its_periods(frequency: Frequency, periods: list[str]) -> None:
    assert [str(one) for one in periods_due(2025, frequency, date(2024, 12, 12))] == periods


@pytest.mark.parametrize(
    ("adopted", "frequency", "periods"),
    [
        ("2025-05-20", Frequency.QUARTER, ["2025-K2", "2025-K3", "2025-K4"]),
        ("2025-06-30", Frequency.QUARTER, ["2025-K3", "2025-K4"]),  # ends that very day: over when it was adopted
        ("2025-06-29", Frequency.HALF_YEAR, ["2025-H1", "2025-H2"]),
        ("2025-12-31", Frequency.YEAR, []),
        ("2026-02-01", Frequency.MONTH, []),
    ],
)
def test_a_plan_adopted_in_its_year_has_those_that_end_later(
    adopted: str, frequency: Frequency, periods: list[str]
) -> None:
    assert [str(one) for one in periods_due(2025, frequency, date.fromisoformat(adopted))] == periods


@pytest.mark.parametrize(
    ("period", "day"),
    [("2025-01", "2025-02-15"), ("2025-T1", "2025-05-15"), ("2025-12", "2026-01-15"), ("2025", "2026-01-15")],
)
def test_it_is_due_fifteen_days_after_its_period(period: str, day: str) -> None:
    assert due_day(Period.parse(period)) == date.fromisoformat(day)
    assert due_day(Period.parse(period), 0) == Period.parse(period).last_day


def test_each_control_counts_from_the_decision_since_which_it_has_stood() -> None:
    rare = replace(MONTHLY, frequency=Frequency.QUARTER)
    december, may, september = date(2024, 12, 12), date(2025, 5, 20), date(2025, 9, 10)
    first, second = Adopted(december, plan(EXTRACT)), Adopted(may, plan(EXTRACT, MONTHLY))
    third = Adopted(september, plan(replace(EXTRACT, what="annat"), rare))
    assert {key for key in wanted(2025, [first, second]) if key[0] == EXTRACT.id} == {
        (EXTRACT.id, code) for code in (202521, 202522, 202523)
    }
    assert sorted(code for name, code in wanted(2025, [first, second]) if name == MONTHLY.id) == [
        202505, 202506, 202507, 202508, 202509, 202510, 202511, 202512,
    ]  # fmt: skip
    found = wanted(2025, [first, second, third])
    assert len([key for key in found if key[0] == EXTRACT.id]) == 3, "other words are the same control"
    assert sorted(code for name, code in found if name == MONTHLY.id) == [202543, 202544]


@pytest.mark.parametrize(
    ("day", "law"),
    [("2019-01-01", Law.SOL_2001), ("2025-06-30", Law.SOL_2001), ("2025-07-01", Law.SOL_2025)],
)
def test_the_law_is_the_days(day: str, law: Law) -> None:
    assert law_on(date.fromisoformat(day)) is law
    assert {"sol_2001": "2001:453", "sol_2025": "2025:400"}[law] in law.paragraph
