"""Which days a board's year is proposed, what is late and what comes next; the days are counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from control.year.days import BoardDate, DateKind, in_order, meeting_day, proposed_days, title_of, what_is_next
from kpi.period import Period, PeriodType

TODAY = date(2026, 3, 2)


def told(closes: PeriodType, today: date) -> dict[str, str]:
    return {f"{one.kind} {one.period}": one.on.isoformat() for one in proposed_days(closes, today)}


def test_a_board_that_closes_tertials() -> None:
    assert told(PeriodType.TERTIAL, date(2026, 1, 5)) == {
        "year 2025": "2026-02-13",  # 45 days after the year: 14 February, a Saturday
        "tertial 2026-T1": "2026-06-12",  # 14 June, a Sunday
        "tertial 2026-T2": "2026-10-15",
        "risk_analysis 2027": "2026-10-15",
        "control_plan 2027": "2026-12-10",
    }
    assert "year 2025" not in told(PeriodType.TERTIAL, TODAY), "a day that has passed is not proposed"


def test_from_september_next_years_days_are_proposed_too() -> None:
    found = told(PeriodType.TERTIAL, date(2026, 9, 1))
    assert found["year 2026"] == "2027-02-12"
    assert found["control_plan 2028"] == "2027-12-10"
    assert "year 2026" not in told(PeriodType.TERTIAL, date(2026, 8, 31))


def test_a_board_that_closes_months_follows_up_each_month_that_does_not_end_a_tertial() -> None:
    found = told(PeriodType.MONTH, date(2026, 1, 5))
    months = [one.split()[1] for one in found if one.startswith("monthly")]
    assert months == [f"2026-{number:02}" for number in (1, 2, 3, 5, 6, 7, 9, 10, 11)]
    assert found["monthly 2026-05"] == "2026-06-30"
    assert found["monthly 2026-06"] == "2026-08-20", "boards do not meet in July"


def test_a_follow_up_waits_for_what_is_closed() -> None:
    """The first tertial lies within the first half-year and within the first two quarters."""
    assert told(PeriodType.QUARTER, TODAY)["tertial 2026-T1"] == "2026-08-14"
    assert told(PeriodType.HALF_YEAR, TODAY)["tertial 2026-T1"] == "2026-08-14"
    assert told(PeriodType.QUARTER, TODAY)["tertial 2026-T2"] == "2026-11-13"
    assert "tertial 2026-T2" not in told(PeriodType.HALF_YEAR, TODAY), "closed in December, followed up next year"
    assert told(PeriodType.HALF_YEAR, date(2027, 1, 4))["tertial 2026-T2"] == "2027-02-12"


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        ("2026-06-19", "2026-06-18"),
        ("2026-05-02", "2026-04-30"),
        ("2026-07-14", "2026-08-20"),
        ("2026-12-31", "2026-12-30"),
    ],
)
def test_a_day_is_a_working_day(day: str, kept: str) -> None:
    assert meeting_day(date.fromisoformat(day)) == date.fromisoformat(kept)


def row(number: int, planned: str, counted: str | None = None, **more: date) -> BoardDate:
    on = date.fromisoformat(planned)
    return BoardDate(
        number, "1287", "1287-SN", DateKind.TERTIAL, Period.parse("2025-T3"), on,
        date.fromisoformat(counted) if counted else on, more.get("done_on"), None, more.get("cancelled_on"), 0,
    )  # fmt: skip


def test_what_is_next_begins_with_what_is_late() -> None:
    late, moved = row(1, "2026-03-01"), row(2, "2026-03-20", "2026-02-01")
    today, soon, far = row(3, "2026-03-02"), row(4, "2026-04-01"), row(5, "2026-04-02")
    done, cancelled = row(6, "2026-02-01", done_on=date(2026, 2, 2)), row(7, "2026-03-10", cancelled_on=TODAY)
    rows = (far, soon, cancelled, today, done, moved, late)
    assert what_is_next(rows, TODAY) == (late, moved, today, soon)
    assert in_order(rows, TODAY) == (late, moved, today, soon, far, cancelled, done)
    assert moved.is_late(TODAY), "another day does not make it on time"
    assert (done.was_in_time, row(8, "2026-02-01", done_on=date(2026, 2, 1)).was_in_time) == (False, True)


def test_titles() -> None:
    shown = [title_of(kind, Period.parse("2026")).replace("\u00a0", " ") for kind in DateKind if kind != "monthly"]
    assert shown == [
        "Riskanalys inför 2026", "Intern kontrollplan 2026", "Tertialuppföljning för 2026", "Årsuppföljning för 2026",
        "Yttrande över revisionsrapport för 2026",
    ]  # fmt: skip
