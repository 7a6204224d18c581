"""Sentences about who comes to meetings, and about where plans stop. `~` stands for a no-break space."""

from __future__ import annotations

from dashboard.process_words import attendance_lead, between, school_lead
from kpi.attendance import Attended, Called, SchoolGap, attendance
from kpi.format import NBSP
from kpi.period import Period
from kpi.process import Step, process

MARCH = Period.parse("2025-03")


def plain(told: str) -> str:
    return told.replace(NBSP, "~")


def gap(school: tuple[int, int], others: tuple[int, int]) -> SchoolGap:
    return SchoolGap(MARCH, Attended(*school), Attended(*others))


def test_who_is_absent_most() -> None:
    rows = [Called(MARCH, "skola", "bup", 28, 7), Called(MARCH, "socialtjanst", "bup", 40, 35),
            Called(MARCH, "skola", "skola", 50, 10), Called(MARCH, "skola", "polis", 3, 0)]  # fmt: skip
    told = "52 av 121 kallade deltog (43~%). Mest uteblir BUP när skolan kallar: 21 av 28 deltog inte."
    assert plain(attendance_lead(attendance(rows), 5)) == told, "the caller's own, and few cases, are not told of"
    assert plain(attendance_lead(attendance(rows[3:]), 5)) == "0 av 3 kallade deltog."
    assert "Inga professionella" in attendance_lead(attendance([]), 5)


def test_school_beside_others() -> None:
    assert plain(school_lead(gap((153, 116), (206, 174)), 10)) == (
        "När skolan kallar deltog 116 av 153 kallade (76~%), på övriga möten 174 av 206 (84~%). "
        "Andelen är 9~procentenheter lägre när skolan kallar."
    )
    assert "högre när skolan" in school_lead(gap((20, 18), (20, 10)), 10)
    assert school_lead(gap((20, 10), (20, 10)), 10).endswith("Andelen är lika stor.")
    few = school_lead(gap((4, 1), (206, 174)), 10)
    assert few.endswith("för få fall för att jämföras.")
    assert "%" not in few
    assert "kan inte jämföras" in school_lead(gap((0, 0), (20, 10)), 10)


def test_where_plans_stop() -> None:
    found = process([])
    assert between(found.at(Step.CALL)) == "mellan initiativet och kallelsen"
    assert between(found.at(Step.MEETING)) == "mellan kartläggningen och mötet"
